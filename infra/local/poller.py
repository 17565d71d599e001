"""What Lambda's event source mapping does, locally: receive a message, call the handler, delete on success."""

import argparse
import importlib
import json
import logging
import os
import time
from collections.abc import Callable
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.workers.conversions import warm
from infra.local.invocation import Context
from infra.local.lifeline import become_child, report_ready

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]

LONG_POLL_S = 20
RETRY_S = 1

_log = logging.getLogger("poller")


def event_of(message: dict[str, Any], queue_arn: str, region: str) -> dict[str, Any]:
    """The event that Lambda makes of one received message."""
    record = {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": message.get("MessageAttributes", {}),
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": region,
    }
    return {"Records": [record]}


def poll_once(sqs: Any, queue_url: str, queue_arn: str, handler: Handler) -> bool:
    """Wait for a message and hand it to ``handler``, which may leave it in the queue. True when there was one."""
    answer = sqs.receive_message(
        QueueUrl=queue_url,
        WaitTimeSeconds=LONG_POLL_S,
        MaxNumberOfMessages=1,
        AttributeNames=["All"],
        MessageAttributeNames=["All"],
    )
    for message in answer.get("Messages", []):
        event = event_of(message, queue_arn, sqs.meta.region_name)
        if _succeeds(handler, event, queue_arn):
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
    return bool(answer.get("Messages"))


def _succeeds(handler: Handler, event: dict[str, Any], queue_arn: str) -> bool:
    try:
        response = handler(event, Context(queue_arn.rpartition(":")[2]))
    except Exception:  # noqa: BLE001 - what Lambda does with whatever a handler raises
        _log.exception("the handler failed; the message stays in the queue")
        return False
    failures = json.loads(json.dumps(response or {})).get("batchItemFailures", [])
    return not failures


def _poll_for_ever(sqs: Any, queue_url: str, handler: Handler) -> None:
    attributes = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])
    queue_arn = attributes["Attributes"]["QueueArn"]
    report_ready()
    while True:
        try:
            poll_once(sqs, queue_url, queue_arn, handler)
        except (BotoCoreError, ClientError):
            _log.exception("the queue does not answer")
            time.sleep(RETRY_S)


def main() -> None:
    """Serve one queue until the process is ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queue", required=True, help="variable that holds the queue's URL")
    parser.add_argument("--handler", required=True, help="module:function")
    parser.add_argument("--warm", help="worker whose engines to start before the first message")
    parser.add_argument("--nice", type=int, default=0, help="how far to step back for other processes")
    arguments = parser.parse_args()
    become_child()
    os.nice(arguments.nice)
    module, _, function = arguments.handler.partition(":")
    handler: Handler = getattr(importlib.import_module(module), function)
    if arguments.warm:
        warm(arguments.warm)
    _poll_for_ever(boto3.client("sqs"), os.environ[arguments.queue], handler)


if __name__ == "__main__":
    main()

"""What Lambda's event source mapping does, locally: receive messages, call the handler, delete what succeeded."""

import argparse
import importlib
import json
import logging
import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.workers.conversions import warm
from infra.local.invocation import Context
from infra.local.lifeline import become_child, report_ready

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]

AUTOGROUP = Path("/proc/self/autogroup")
LONG_POLL_S = 20
RETRY_S = 1

_log = logging.getLogger("poller")


def event_of(messages: Sequence[dict[str, Any]], queue_arn: str, region: str) -> dict[str, Any]:
    """The event that Lambda makes of received messages."""
    return {"Records": [_record(message, queue_arn, region) for message in messages]}


def _record(message: dict[str, Any], queue_arn: str, region: str) -> dict[str, Any]:
    return {
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


def poll_once(sqs: Any, queue_url: str, queue_arn: str, handler: Handler, batch: int = 1) -> bool:
    """Wait for up to ``batch`` messages and hand them to ``handler``, which may leave some in the queue.

    True when there were any.
    """
    answer = sqs.receive_message(
        QueueUrl=queue_url,
        WaitTimeSeconds=LONG_POLL_S,
        MaxNumberOfMessages=batch,
        AttributeNames=["All"],
        MessageAttributeNames=["All"],
    )
    messages = answer.get("Messages", [])
    if messages:
        failed = _failures(handler, event_of(messages, queue_arn, sqs.meta.region_name), queue_arn)
        for message in messages:
            if message["MessageId"] not in failed:
                sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
    return bool(messages)


def _failures(handler: Handler, event: dict[str, Any], queue_arn: str) -> set[str]:
    """Ids of the messages that stay in the queue: those that the handler names, all when it fails."""
    try:
        response = handler(event, Context(queue_arn.rpartition(":")[2]))
    except Exception:  # noqa: BLE001 - what Lambda does with whatever a handler raises
        _log.exception("the handler failed; its messages stay in the queue")
        return {record["messageId"] for record in event["Records"]}
    reported = json.loads(json.dumps(response or {})).get("batchItemFailures", [])
    return {one["itemIdentifier"] for one in reported}


def _poll_for_ever(sqs: Any, queue_url: str, handler: Handler, batch: int) -> None:
    attributes = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])
    queue_arn = attributes["Attributes"]["QueueArn"]
    report_ready()
    while True:
        try:
            poll_once(sqs, queue_url, queue_arn, handler, batch)
        except (BotoCoreError, ClientError):
            _log.exception("the queue does not answer")
            time.sleep(RETRY_S)


def _with_rests(handler: Handler) -> Handler:
    """``handler``, which rests half as long as it worked: the local AWS serves all alike, whoever waits."""

    def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
        started = time.monotonic()
        try:
            return handler(event, context)
        finally:
            time.sleep((time.monotonic() - started) / 2)

    return handle


def _step_back(niceness: int) -> None:
    """Leave the processor to others: this process, and its session with its engines, which Linux weighs as one."""
    os.nice(niceness)
    with suppress(OSError):  # a kernel without groups by session weighs each process by itself
        AUTOGROUP.write_text(str(niceness))


def main() -> None:
    """Serve one queue until the process is ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queue", required=True, help="variable that holds the queue's URL")
    parser.add_argument("--handler", required=True, help="module:function")
    parser.add_argument("--batch", type=int, default=1, help="messages handed over at a time, at most")
    parser.add_argument("--warm", help="worker whose engines to start before the first message")
    parser.add_argument("--nice", type=int, default=0, help="how far to step back for others, with rests")
    arguments = parser.parse_args()
    become_child()
    _step_back(arguments.nice)
    module, _, function = arguments.handler.partition(":")
    handler: Handler = getattr(importlib.import_module(module), function)
    if arguments.nice:
        handler = _with_rests(handler)
        report_ready()  # nobody waits for the engines of batches: they start when the others have
    if arguments.warm:
        warm(arguments.warm)
    _poll_for_ever(boto3.client("sqs"), os.environ[arguments.queue], handler, arguments.batch)


if __name__ == "__main__":
    main()

"""What calls the functions beside the gateway: queues, the stream of conversions, the schedule."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.local import poller, stream_poller
from infra.local.sweeper import schedule_event
from infra.rehearsal.checks import is_enabled
from infra.rehearsal.functions import Function, FunctionFailed
from infra.template import Resolver

SCHEDULE_S = 5
"""Instead of a minute: a rehearsal has no time."""

_LOG = logging.getLogger("rehearsal")


def start(
    mappings: Mapping[str, Mapping[str, Any]], functions: Mapping[str, Function], resolver: Resolver, client: Any
) -> threading.Event:
    """Begin to pass on what arrives; the event ends it. ``client``: makes a client of a service."""
    ending = threading.Event()
    for mapping in mappings.values():
        if not is_enabled(mapping, resolver):
            continue
        function = functions[mapping["FunctionName"]["Ref"]]
        source = mapping["EventSourceArn"]
        if "ScalingConfig" in mapping:
            queue = queue_of(source)
            url = str(resolver.value({"Ref": queue}))
            work = _of_queue(client("sqs"), url, function, int(mapping["BatchSize"]))
        else:
            work = _of_stream(client("dynamodbstreams"), str(resolver.value({"Ref": "ConversionsTable"})), function)
        threading.Thread(target=_repeat, args=(work, ending, 0.2), daemon=True).start()
    sweep = functions["Sweeper"]
    threading.Thread(
        target=_repeat, args=(lambda: sweep.invoke(schedule_event()), ending, SCHEDULE_S), daemon=True
    ).start()
    return ending


def queue_of(source: Mapping[str, Any]) -> str:
    """The logical id of a queue, from ``{"Fn::GetAtt": [queue, "Arn"]}`` or ``{"Fn::Sub": "${queue.Arn}"}``."""
    written = source.get("Fn::GetAtt") or source["Fn::Sub"].strip("${}").split(".")
    return str(written[0])


def _of_queue(sqs: Any, url: str, function: Function, batch: int) -> Callable[[], Any]:
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    def handle(event: dict[str, Any], _context: object) -> Any:
        try:
            return function.invoke(event)
        except FunctionFailed as error:
            _LOG.warning("%s; its messages stay in the queue", error)
            failures = [{"itemIdentifier": record["messageId"]} for record in event["Records"]]
            return {"batchItemFailures": failures}

    return lambda: poller.poll_once(sqs, url, arn, handle, batch)


def _of_stream(streams: Any, table: str, function: Function) -> Callable[[], Any]:
    (stream,) = streams.list_streams(TableName=table)["Streams"]
    rounds = stream_poller.poll(streams, stream["StreamArn"], lambda event, _context: function.invoke(event))
    return lambda: next(rounds)


def _repeat(work: Callable[[], Any], ending: threading.Event, pause_s: float) -> None:
    while not ending.is_set():
        try:
            work()
        except (BotoCoreError, ClientError, FunctionFailed) as error:
            if not ending.is_set():
                _LOG.warning("%s", error)
                time.sleep(1)
        ending.wait(pause_s)

"""What Lambda's event source mapping does for the tally, locally: read the stream, filter, call the handler."""

import json
import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra import template
from infra.local.invocation import Context
from infra.local.lifeline import become_child, report_ready

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]
Record = dict[str, Any]

INTERVAL_S = 0.5
RETRY_S = 1.0
FUNCTION, SOURCE = "Tally", "TallyDynamodbEventSource"

_log = logging.getLogger("stream_poller")


def mapping() -> dict[str, Any]:
    """The template's event source mapping of the tally."""
    properties = template.load()["Resources"][FUNCTION]["Properties"]
    source: dict[str, Any] = properties["Events"][SOURCE]["Properties"]
    return source


def matches(pattern: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    """Whether ``record`` has what ``pattern`` asks for: for each name one of the values listed."""
    return all(
        name in record and (matches(wanted, record[name]) if isinstance(wanted, dict) else record[name] in wanted)
        for name, wanted in pattern.items()
    )


def event_of(records: Sequence[Record], stream_arn: str) -> dict[str, Any]:
    """The event that Lambda makes of stream records."""
    told = [record | {"eventSourceARN": stream_arn} for record in records]
    event: dict[str, Any] = json.loads(json.dumps({"Records": told}, default=datetime.timestamp))
    return event


def deliver(records: Sequence[Record], stream_arn: str, handler: Handler, retries: int) -> None:
    """Call ``handler`` with ``records``, again from the one it names as failed; after ``retries`` that one is left."""
    left = list(records)
    attempts = 0
    while left:
        failed = _first_failure(left, stream_arn, handler)
        attempts = attempts + 1 if failed == 0 else 1
        left = left[failed:]
        if left and attempts > retries:
            _log.error("given up: %s", left.pop(0)["dynamodb"]["Keys"])
            attempts = 0
        elif left:
            time.sleep(RETRY_S)


def _first_failure(records: Sequence[Record], stream_arn: str, handler: Handler) -> int:
    """Where in ``records`` the handler failed; their number when it did not."""
    try:
        answer = handler(event_of(records, stream_arn), Context("tally"))
    except Exception:  # noqa: BLE001 - what Lambda does with whatever a handler raises
        _log.exception("the handler failed; the records are told again")
        return 0
    failed = {one["itemIdentifier"] for one in answer.get("batchItemFailures", [])}
    numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
    return next((at for at, number in enumerate(numbers) if number in failed), len(numbers))


def batches(streams: Any, stream_arn: str, size: int) -> Iterator[list[Record]]:
    """The records of a stream of one shard, from its beginning on; an empty batch when there is nothing new."""
    shard = streams.describe_stream(StreamArn=stream_arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(StreamArn=stream_arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    position = iterator["ShardIterator"]
    while True:
        answer = streams.get_records(ShardIterator=position, Limit=size)
        position = answer["NextShardIterator"]
        yield answer["Records"]


def poll(streams: Any, stream_arn: str, handler: Handler) -> Iterator[bool]:
    """Hand what is new to ``handler``, for ever; yields each time whether a whole batch was there."""
    source = mapping()
    size = source.get("BatchSize", 100)
    patterns = [json.loads(one["Pattern"]) for one in source["FilterCriteria"]["Filters"]]
    for records in batches(streams, stream_arn, size):
        wanted = [record for record in records if any(matches(pattern, record) for pattern in patterns)]
        deliver(wanted, stream_arn, handler, source["MaximumRetryAttempts"])
        yield len(records) == size


def main() -> None:
    """Serve the conversions table's stream until the process is ended."""
    become_child()
    from app import tally

    streams = boto3.client("dynamodbstreams")
    (stream,) = streams.list_streams(TableName=os.environ["CONVERSIONS_TABLE"])["Streams"]
    report_ready()
    while True:
        try:
            for is_full in poll(streams, stream["StreamArn"], tally):
                time.sleep(0 if is_full else INTERVAL_S)
        except (BotoCoreError, ClientError):
            # From the beginning again: what is counted drops out.
            _log.exception("the stream does not answer")
            time.sleep(RETRY_S)


if __name__ == "__main__":
    main()

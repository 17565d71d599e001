"""Locally, the table's stream reaches the tally as Lambda's event source mapping would bring it."""

import json
import threading
from typing import Any
from uuid import uuid4

import boto3
import pytest

from infra import template
from infra.local import moto_server, resources, stream_poller
from infra.local.stream_poller import Handler


@pytest.fixture
def conversions() -> Any:
    """The conversions table with its stream, and that stream's ARN."""
    listening = moto_server.server(0, "stream")
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    dynamodb = client("dynamodb", listening.port)
    name = resources.create_tables(template.load(), dynamodb, f"stream-{uuid4().hex[:6]}")["ConversionsTable"]
    arn = dynamodb.describe_table(TableName=name)["Table"]["LatestStreamArn"]
    yield dynamodb, name, arn
    listening.shutdown()


def client(service: str, port: int) -> Any:
    """A client of the local AWS."""
    return boto3.client(
        service,  # type: ignore[call-overload]
        endpoint_url=f"http://127.0.0.1:{port}",
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )


def change(conversions: Any, conversion_id: str, **attributes: str) -> None:
    """Put a row in place of the one before."""
    dynamodb, name, _ = conversions
    values = {"conversion_id": conversion_id} | attributes
    dynamodb.put_item(TableName=name, Item={key: {"S": value} for key, value in values.items()})


def look(conversions: Any, handler: Handler, times: int = 1) -> None:
    """Look at the stream."""
    streams = client("dynamodbstreams", int(conversions[0].meta.endpoint_url.rpartition(":")[2]))
    looking = stream_poller.poll(streams, conversions[2], handler)
    for _ in range(times):
        next(looking)


def test_the_handler_hears_of_a_row_when_it_ends_and_of_nothing_else(conversions: Any) -> None:
    for ending, attributes in (("success", {}), ("failed", {"problem": "x"})):
        change(conversions, ending, status="processing")
        change(conversions, ending, status="processing", lease_owner="w")
        change(conversions, ending, status=ending, **attributes)
        change(conversions, ending, status=ending, counted="general_user", **attributes)
    heard: list[dict[str, Any]] = []

    def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
        heard.extend(json.loads(json.dumps(event))["Records"])
        return {"batchItemFailures": []}

    look(conversions, handler, times=3)
    assert [record["dynamodb"]["NewImage"]["status"]["S"] for record in heard] == ["success", "failed"]
    assert all(record["eventName"] == "MODIFY" for record in heard)
    assert all(record["eventSourceARN"] == conversions[2] for record in heard)
    assert all(isinstance(record["dynamodb"]["ApproximateCreationDateTime"], float) for record in heard)


def test_records_come_again_from_the_one_that_failed(conversions: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_poller, "RETRY_S", 0)
    for name in "abcd":
        change(conversions, name, status="processing")
        change(conversions, name, status="success")
    heard: list[str] = []

    def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
        names = [record["dynamodb"]["Keys"]["conversion_id"]["S"] for record in event["Records"]]
        heard.append("".join(names))
        if "c" not in names or heard.count("cd"):
            return {"batchItemFailures": []}
        number = event["Records"][names.index("c")]["dynamodb"]["SequenceNumber"]
        return {"batchItemFailures": [{"itemIdentifier": number}]}

    look(conversions, handler)
    assert heard == ["abcd", "cd"]


def test_a_record_is_left_when_it_fails_as_often_as_lambda_tries(
    conversions: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream_poller, "RETRY_S", 0)
    for name in "ab":
        change(conversions, name, status="processing")
        change(conversions, name, status="success")
    heard: list[str] = []

    def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
        heard.append("".join(record["dynamodb"]["Keys"]["conversion_id"]["S"] for record in event["Records"]))
        if "a" in heard[-1]:
            raise TimeoutError
        return {"batchItemFailures": []}

    look(conversions, handler)
    assert heard == ["ab"] * (stream_poller.mapping()["MaximumRetryAttempts"] + 1) + ["b"]

"""The handler of the conversions table's stream."""

from functools import cache
from typing import Any

from chalicelib.services import Service, open_service, tally


@cache
def _service() -> Service:
    return open_service()


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Count the conversions that ended; from the first that could not be counted, the stream is read again."""
    records = [record["dynamodb"] for record in event["Records"]]
    failed = tally.tally(_service(), [record["NewImage"] for record in records])
    return {"batchItemFailures": [] if failed is None else [{"itemIdentifier": records[failed]["SequenceNumber"]}]}

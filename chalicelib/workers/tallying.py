"""The handler of the conversions table's stream."""

from functools import cache
from typing import Any

from chalicelib.services import Service, line, open_service, tally


@cache
def _service() -> Service:
    return open_service()


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Let the next in line follow those who ended, and count them; from the first that failed the stream is read again.

    Each does its work whatever becomes of the other, and repeats what it did without harm.
    """
    records = [record["dynamodb"] for record in event["Records"]]
    images = [record["NewImage"] for record in records]
    failed = [at for at in (line.leave(_service(), images), tally.tally(_service(), images)) if at is not None]
    return {"batchItemFailures": [{"itemIdentifier": records[min(failed)]["SequenceNumber"]}] if failed else []}

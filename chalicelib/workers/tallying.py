"""The handler of the conversions table's stream."""

from functools import cache
from typing import Any

from chalicelib.services import Service, events, line, open_service, results, tally


@cache
def _service() -> Service:
    return open_service()


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Call the next in line, count those who ended, gather those of batches and tell webhooks.

    What failed is told again from there.
    Each does its work whatever becomes of the other, and repeats what it did without harm.
    """
    records = [record["dynamodb"] for record in event["Records"]]
    images = [record["NewImage"] for record in records]
    uses = (line.leave, tally.tally, results.gather, events.tell)
    failed = [at for at in (use(_service(), images) for use in uses) if at is not None]
    return {"batchItemFailures": [{"itemIdentifier": records[min(failed)]["SequenceNumber"]}] if failed else []}

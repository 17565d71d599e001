"""The handler of the conversions table's stream."""

from functools import cache
from typing import Any

from chalicelib.services import Service, open_service, results, tally


@cache
def _service() -> Service:
    return open_service()


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Count conversions that ended, and gather those of batches; from the first that failed they are told again.

    Each does its work whatever becomes of the other, and repeats what it did without harm.
    """
    records = [record["dynamodb"] for record in event["Records"]]
    images = [record["NewImage"] for record in records]
    failed = [at for at in (tally.tally(_service(), images), results.gather(_service(), images)) if at is not None]
    return {"batchItemFailures": [{"itemIdentifier": records[min(failed)]["SequenceNumber"]}] if failed else []}

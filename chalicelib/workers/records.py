"""Takes the records of a queue's event one by one; those that broke are reported, for the queue to deliver again."""

import json
import logging
from collections.abc import Callable
from typing import Any

_log = logging.getLogger(__name__)


def each(event: dict[str, Any], take: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Hand the body of each record to ``take``; the answer names the records for which it raised."""
    failures = []
    for record in event["Records"]:
        try:
            take(json.loads(record["body"]))
        except Exception:  # noqa: BLE001 - logged; the queue delivers it again
            _log.exception("message failed", extra={"message_id": record["messageId"]})
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}

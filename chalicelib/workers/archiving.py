"""The handler of the queue of archives: a message names a batch whose results become one file."""

import json
import logging
from functools import cache
from typing import Any

from chalicelib.services import Service, archive, open_service

_log = logging.getLogger(__name__)


@cache
def _service() -> Service:
    return open_service()


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Build each record's archive; a record that broke is reported, for the queue to deliver again."""
    failures = []
    for record in event["Records"]:
        try:
            archive.build(_service(), json.loads(record["body"])["batch_id"])
        except Exception:  # noqa: BLE001 - logged; the queue delivers it again
            _log.exception("message failed", extra={"message_id": record["messageId"]})
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}

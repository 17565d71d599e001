"""The handler of the queue of archives: a message names a batch whose results become one file."""

from functools import cache
from typing import Any

from chalicelib.services import Service, archive, open_service
from chalicelib.workers import records


@cache
def _service() -> Service:
    return open_service()


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Build each record's archive."""
    return records.each(event, lambda body: archive.build(_service(), body["batch_id"]))

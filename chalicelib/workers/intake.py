"""The handler of the queue in which the bucket tells what arrived: under ``inbox/`` and ``batch/``."""

from functools import cache
from typing import Any

from chalicelib.services import Service, awaiting, fetches, intake, open_service
from chalicelib.store.queues import arrived_keys
from chalicelib.workers import records


@cache
def _service() -> Service:
    return open_service()


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Take every object in; a message of which one could not be is delivered again."""
    return records.each(event, _take)


def _take(message: dict[str, Any]) -> None:
    for key in arrived_keys(message):
        if fetches.is_fetched_key(key):
            awaiting.arrived(_service(), key)
        else:
            intake.arrived(_service(), key)

"""The handler of the queue in which the bucket tells what arrived: under ``inbox/`` and ``batch/``."""

from collections.abc import Iterable
from functools import cache
from typing import Any
from urllib.parse import unquote_plus

from chalicelib.services import Service, intake, open_service
from chalicelib.workers import records


@cache
def _service() -> Service:
    return open_service()


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Take every object in; a message of which one could not be is delivered again."""
    return records.each(event, _take)


def _take(message: dict[str, Any]) -> None:
    for key in keys(message):
        intake.arrived(_service(), key)


def keys(message: dict[str, Any]) -> Iterable[str]:
    """Keys of the objects that ``message`` tells of: S3's own, or ``{"key": …}`` of whoever makes up for a lost one.

    None for S3's test when it is told of the queue, and for the empty objects that consoles make for a folder.
    """
    told = [unquote_plus(one["s3"]["object"]["key"]) for one in message.get("Records", [])]
    if "key" in message:
        told.append(message["key"])
    return [key for key in told if not key.endswith("/")]

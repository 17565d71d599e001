"""Structured JSON logs, each line with the id it belongs to, and a stopwatch for the steps of a request."""

import logging
import sys
import time
from contextvars import ContextVar

from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

CORRELATION_ID: ContextVar[str | None] = ContextVar("correlation_id", default=None)
"""The request's id in the API, the conversion's id in a worker."""
_SERVICE = "convertpro"
_QUIET = ("botocore", "urllib3", "pynamodb")


def configure(level: str) -> None:
    """Make the root logger write JSON lines to stdout at ``level``. Calling it again changes the level only."""
    root = logging.getLogger()
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    if any(isinstance(handler.formatter, LambdaPowertoolsFormatter) for handler in root.handlers):
        return
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(LambdaPowertoolsFormatter(utc=True, service=_SERVICE))
    handler.addFilter(_correlate)
    root.handlers = [handler]


class Stopwatch:
    """Milliseconds of each step, in order; a lap ends one step and begins the next."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._since = time.perf_counter()

    def lap(self, name: str) -> None:
        """End the step ``name``."""
        now = time.perf_counter()
        self.laps[name] = round((now - self._since) * 1000, 1)
        self._since = now

    def server_timing(self) -> str:
        """The laps as a ``Server-Timing`` header (W3C)."""
        return ", ".join(f"{name};dur={milliseconds}" for name, milliseconds in self.laps.items())


def _correlate(record: logging.LogRecord) -> bool:
    record.request_id = CORRELATION_ID.get()
    return True

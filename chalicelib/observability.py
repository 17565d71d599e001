"""Structured JSON logs, each line with the id it belongs to, and a stopwatch for the steps of a request."""

import json
import logging
import sys
import time
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

CORRELATION_ID: ContextVar[str | None] = ContextVar("correlation_id", default=None)
"""The request's id in the API, the conversion's id in a worker."""
_SERVICE = "convertpro"
_QUIET = ("botocore", "urllib3", "pynamodb")
_STANDARD = {*logging.makeLogRecord({}).__dict__, "asctime", "message", "taskName"}
"""What every record has; the rest is what the line was given as ``extra``."""


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON: level, place, message, time (UTC), service, ``extra``, an exception's trace."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "level": record.levelname,
            "location": f"{record.funcName}:{record.lineno}",
            "message": record.getMessage(),
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "service": _SERVICE,
        }
        line |= {name: value for name, value in record.__dict__.items() if name not in _STANDARD}
        if record.exc_info and record.exc_info[0]:
            line |= {"exception": self.formatException(record.exc_info), "exception_name": record.exc_info[0].__name__}
        return json.dumps(line, default=str, ensure_ascii=False)


def configure(level: str) -> None:
    """Make the root logger write JSON lines to stdout at ``level``. Calling it again changes the level only."""
    root = logging.getLogger()
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    if any(isinstance(handler.formatter, JsonFormatter) for handler in root.handlers):
        return
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
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

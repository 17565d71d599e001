"""Structured JSON logs, each line with the id of the request or conversion it belongs to."""

import logging
import sys
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


def _correlate(record: logging.LogRecord) -> bool:
    record.request_id = CORRELATION_ID.get()
    return True

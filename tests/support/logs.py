"""The log as a deployed function writes it, at its most talkative."""

import contextlib
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

from chalicelib import observability


@contextlib.contextmanager
def logged() -> Iterator[io.StringIO]:
    """What is logged inside the context, as text."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers, root.level
    root.handlers = []
    logging.getLogger("moto").setLevel(logging.WARNING)  # not there where the product runs, and very talkative
    with contextlib.redirect_stdout(stream):
        observability.configure("DEBUG")
    try:
        yield stream
    finally:
        root.handlers = handlers
        root.setLevel(level)


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    """What was logged, each line a JSON object."""
    return [json.loads(line) for line in log.getvalue().splitlines()]

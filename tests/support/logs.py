"""The log as a deployed function writes it, at its most talkative, and a search for what must not be in any."""

import contextlib
import io
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chalicelib import observability

SECRETS = {
    "a JSON web token": r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}",
    "an API key": r"cp_[0-9A-Z]{26}_",
    "a header that carries a token": r"(?i)bearer\s|authorization[\"':= ]",
    "a seeded account's password": r"password123",
    "a password's hash": r"\$argon2",
    "a signed address": r"X-Amz-Signature|X-Amz-Credential",
}
"""What is never logged, by how it looks."""


def secrets_in(logs: Path, *more: str) -> list[str]:
    """Which secrets, by their looks and by ``more`` of their texts, are in the logs of a service; ``log: what``."""
    files = {log.name: log.read_text(errors="replace") for log in logs.iterdir()}
    assert any(files.values()), "nothing was logged: there is nothing to look at"
    looks = SECRETS | {text: re.escape(text) for text in more}
    return [f"{name}: {what}" for name, text in files.items() for what, look in looks.items() if re.search(look, text)]


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

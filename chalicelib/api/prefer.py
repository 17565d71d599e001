"""The ``Prefer`` header (RFC 7240): how long a client wants to wait."""

import re
from dataclasses import dataclass

LONGEST_WAIT_S = 25
"""The gateway ends a request after 29 s; this leaves room for storing and answering."""


@dataclass(frozen=True)
class Preference:
    """Seconds to wait, and what ``Preference-Applied`` says of it (None: the client asked for nothing)."""

    wait_s: float
    applied: str | None = None


def parse(header: str | None, default_s: float, longest_s: float = LONGEST_WAIT_S) -> Preference:
    """What the client prefers; preferences that are unknown or malformed are ignored, as the RFC asks."""
    for part in (header or "").lower().split(","):
        preference = part.partition(";")[0].strip()
        if preference == "respond-async":
            return Preference(0, preference)
        wait = re.fullmatch(r"wait\s*=\s*\"?([0-9]{1,6})\"?", preference)
        if wait:
            seconds = min(int(wait[1]), longest_s)
            return Preference(seconds, f"wait={int(seconds)}")
    return Preference(min(default_s, longest_s))

"""Moments as OOXML takes them."""

import re
from datetime import UTC, datetime

_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?")


def moment(given: str | None) -> str | None:
    """An ISO 8601 moment in UTC, to the second; None when it is none. Without a zone it is taken as UTC."""
    if given is None or not _ISO.fullmatch(given):
        return None
    try:
        parsed = datetime.fromisoformat(given)
        aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
        return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")
    except (ValueError, OverflowError):
        return None

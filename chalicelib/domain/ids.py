"""Identifiers: opaque, unguessable enough, and sortable by time."""

from datetime import datetime

from ulid import ULID


def new_id(moment: datetime) -> str:
    """A ULID of ``moment``: 26 characters whose order is the order of time."""
    return str(ULID.from_datetime(moment))


def first_id_at(moment: datetime) -> str:
    """The smallest id that ``moment`` can have: a bound for queries by time. Ids begin with 1970."""
    return str(ULID.from_timestamp(max(0.0, moment.timestamp())))[:10] + "0" * 16


def entry_moment(moment: datetime, revision: int) -> str:
    """The sort key of a ledger entry: its time in milliseconds, then the user's revision.

    Two entries of one millisecond keep the order in which they moved the balance.
    """
    return f"{int(moment.timestamp() * 1000):014d}-{revision:010d}"


def is_id(text: str) -> bool:
    """Whether ``text`` has the shape of an id."""
    return len(text) == 26 and text.isalnum() and text.isascii()

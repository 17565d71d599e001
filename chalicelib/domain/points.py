"""The points ledger: what an entry is, and the names of its causes."""

from dataclasses import dataclass
from enum import StrEnum

TOPUP_MAX = 1_000_000
DEFAULT_FLAT_COST = 3


class EntryStatus(StrEnum):
    """Why points moved."""

    SPENT = "spent"
    REFUNDED = "refunded"
    TOPUP = "topup"
    OPENING = "opening"
    CORRECTION = "correction"


@dataclass(frozen=True)
class LedgerEntry:
    """One movement of points. ``entry_id`` is its cause, so that a cause is booked once; ``amount`` is signed."""

    user_id: str
    entry_id: str
    status: EntryStatus
    amount: int
    balance_after: int
    created_by: str
    created_at: str
    action: str | None = None
    conversion_id: str | None = None
    note: str | None = None


def spent_id(conversion_id: str) -> str:
    """The entry of a conversion's charge."""
    return f"{conversion_id}#spent"


def refunded_id(conversion_id: str) -> str:
    """The entry of a conversion's refund."""
    return f"{conversion_id}#refunded"

"""Bodies of points."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from chalicelib.api.schemas.base import Body, Out, PageQuery, Text, Timestamp, Whole
from chalicelib.domain.points import TOPUP_MAX, EntryStatus


def _not_zero(amount: int) -> int:
    if amount == 0:
        raise ValueError("must not be 0")
    return amount


class BalanceOut(Out):
    """Points left; null: unlimited."""

    balance: int | None


class RulesOut(Out):
    """What a conversion costs, in points."""

    flat_cost_per_request: int


class RulesIn(Body):
    """What a conversion shall cost, in points."""

    flat_cost_per_request: Annotated[int, Field(ge=0, le=TOPUP_MAX), Whole]


class LedgerQuery(PageQuery):
    """Whose entries: one's own, or of a user in one's sight."""

    user_id: str | None = None


class LedgerEntryOut(Out):
    """One movement of points; ``amount`` is signed, spent is negative."""

    id: str
    action: str | None
    amount: int
    status: EntryStatus
    conversion_id: str | None
    balance_after: int
    note: str | None
    created_by: str
    created_at: Timestamp


class LedgerOut(Out):
    """A page of entries, newest first."""

    items: list[LedgerEntryOut]
    limit: int
    next_cursor: str | None


class MyPointOut(Out):
    """The caller's points at a glance."""

    user_id: str
    available_points: int | None
    point_status: Literal["available", "empty", "unlimited"]
    total_topup: int
    total_spent: int
    total_refunded: int
    total_corrected: int
    history: list[LedgerEntryOut]


class TopupIn(Body):
    """Points to give."""

    user_id: Annotated[Text, Field(max_length=64)]
    amount: Annotated[int, Field(ge=1, le=TOPUP_MAX), Whole]
    note: Annotated[Text, Field(max_length=500)] | None = None


class CorrectionIn(Body):
    """Points to put right: ``amount`` is signed."""

    user_id: Annotated[Text, Field(max_length=64)]
    amount: Annotated[int, Field(ge=-TOPUP_MAX, le=TOPUP_MAX), Whole, AfterValidator(_not_zero)]
    note: Annotated[Text, Field(min_length=1, max_length=500)]


class GrantOut(Out):
    """A booked top-up or correction."""

    user_id: str
    balance: int
    entry_id: str

"""Bodies of one's own dashboard."""

from typing import Annotated

from pydantic import Field

from chalicelib.api.schemas.accounts import ActiveApiOut, UserOut
from chalicelib.api.schemas.base import Body, Out, Timestamp
from chalicelib.api.schemas.conversions import ConversionOut

Day = Annotated[str, Field(description="A day in UTC.", json_schema_extra={"format": "date"})]
Rate = Annotated[float | None, Field(ge=0, le=1, description="Share of successes; null when nothing ended.")]
Latency = Annotated[int | None, Field(description="Milliseconds from request to end; null when nothing ended.")]


class CountsOut(Out):
    """What became of requests that ended; ``points`` are net of refunds."""

    requests: int
    success: int
    failed: int
    points: int
    success_rate: Rate
    average_latency_ms: Latency


class ActionCountsOut(CountsOut):
    """The same, of one action."""

    action: str
    label: str


class DayOut(CountsOut):
    """The same, of one day."""

    day: Day


class UsageDayOut(DayOut):
    """A day, and its actions as far as they were used."""

    actions: list[ActionCountsOut]


class StatusTotalsOut(Out):
    """Requests of all time that ended, by status."""

    success: int
    failed: int


class SummaryOut(Out):
    """The current month so far, and totals of all time. ``balance`` is null for super users: unlimited."""

    month: Annotated[str, Field(examples=["2026-03"])]
    requests: int
    points: int
    success_rate: Rate
    average_latency_ms: Latency
    balance: int | None
    totals: StatusTotalsOut


class UsedApiOut(ActiveApiOut):
    """A conversion as the caller may use it, and as it was used."""

    requests: int
    success: int
    failed: int
    success_rate: Rate
    last_used_at: Timestamp | None


class OverviewOut(Out):
    """The caller's dashboard."""

    user: UserOut
    summary: SummaryOut
    performance_30_days: list[DayOut]
    active_apis: list[UsedApiOut]
    recent_history: list[ConversionOut]


class UsageQuery(Body):
    """How far back, and whose: one's own, or of a user in one's sight."""

    days: Annotated[int, Field(ge=1, le=90)] = 30
    user_id: str | None = None


class UsageOut(Out):
    """Requests and points by day, oldest first and without gaps, and by action."""

    user_id: str
    days: int
    by_day: list[UsageDayOut]
    by_action: list[ActionCountsOut]

"""One's own dashboard: a month at a glance, and the usage of up to 90 days."""

from dataclasses import dataclass

from chalicelib.domain.conversion import Conversion
from chalicelib.domain.tally import Counts
from chalicelib.domain.users import User
from chalicelib.services import Service, accounts, conversions, points, usage
from chalicelib.services.usage import Day
from chalicelib.store.stats import Counter

PERFORMANCE_DAYS = 30
RECENT = 10


@dataclass(frozen=True)
class Overview:
    """``month``: the current one, so far; ``totals``: of all time, by action; ``cost``: of the next conversion."""

    user: User
    cost: int
    month: str
    in_month: Counts
    days: list[Day]
    totals: dict[str, Counter]
    recent: tuple[Conversion, ...]


@dataclass(frozen=True)
class Usage:
    """What a user's requests of some days came to."""

    user: User
    days: list[Day]
    actions: dict[str, Counts]


def overview(service: Service, user: User) -> Overview:
    """What ``user`` sees first."""
    today = usage.today(service)
    days = usage.last_days(today, max(PERFORMANCE_DAYS, today.day))
    found = usage.by_day(usage.read_days(service, [user.user_id], days), days)
    in_month = sum((one.counts for one in found[-today.day :]), Counts())
    totals = {one.action: one for one in service.store.stats.totals(user.user_id)}
    recent = conversions.history(service, user, conversions.HistoryFilter(), None, RECENT).rows
    cost = points.cost_for(service, user)
    return Overview(user, cost, f"{today:%Y-%m}", in_month, found[-PERFORMANCE_DAYS:], totals, recent)


def history(service: Service, actor: User, user_id: str | None, number: int) -> Usage:
    """The usage of the last ``number`` days: one's own, or of a ``user_id`` in ``actor``'s sight.

    Raises ``Forbidden``, ``NotFound``.
    """
    owner = accounts.get_in_sight(service, actor, user_id)
    days = usage.last_days(usage.today(service), number)
    counters = usage.read_days(service, [owner.user_id], days)
    return Usage(owner, usage.by_day(counters, days), usage.by_action(counters))

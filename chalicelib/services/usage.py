"""Counters as people look at them: by day without gaps, and by action."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.conversions import CATALOGUE
from chalicelib.domain.tally import Counts
from chalicelib.services import Service
from chalicelib.store.stats import Counter


@dataclass(frozen=True)
class Day:
    """What ended of one day's requests; ``actions`` holds those that were used."""

    day: str
    counts: Counts
    actions: dict[str, Counts]


def today(service: Service) -> date:
    """The current day, in UTC."""
    return service.clock().date()


def last_days(until: date, number: int) -> list[str]:
    """The last ``number`` days up to ``until``, oldest first."""
    return [(until - timedelta(days=back)).isoformat() for back in reversed(range(number))]


def read_days(service: Service, scopes: Iterable[str], days: Sequence[str]) -> list[Counter]:
    """The counters of ``scopes`` on ``days``: one read for each scope."""
    return [one for scope in scopes for one in service.store.stats.days(scope, days[0], days[-1])]


def by_day(counters: Iterable[Counter], days: Iterable[str]) -> list[Day]:
    """One entry for each of ``days``, those without any request too."""
    found: dict[str, list[Counter]] = {day: [] for day in days}
    for one in counters:
        if one.day in found:
            found[one.day].append(one)
    return [Day(day, total(of_day), _used(of_day)) for day, of_day in found.items()]


def by_action(counters: Iterable[Counter]) -> dict[str, Counts]:
    """One entry for each action of the catalogue, in its order, those that were not used too."""
    used = _used(counters)
    return {spec.action: used.get(spec.action, Counts()) for spec in CATALOGUE}


def total(counters: Iterable[Counter]) -> Counts:
    """All of ``counters`` together."""
    return sum((one.counts for one in counters), Counts())


def _used(counters: Iterable[Counter]) -> dict[str, Counts]:
    used: dict[str, Counts] = {}
    for one in counters:
        used[one.action] = used.get(one.action, Counts()) + one.counts
    return used

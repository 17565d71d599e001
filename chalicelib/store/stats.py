"""Counters in DynamoDB: a group of rows is marked as counted and added up in one transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from chalicelib.domain.tally import TOTAL, CounterKey, Counts, Ended, bucket_of, sums
from chalicelib.store.conditional import update_if
from chalicelib.store.conversions import mark_counted
from chalicelib.store.tables_reporting import StatItem
from chalicelib.store.transactions import Transactor, Write

_AFTER_EVERY_ACTION = "~"


@dataclass(frozen=True)
class Counter:
    """A counter as it stands. ``day`` is ``total`` for all time; ``last_used_at`` is kept for users' totals."""

    day: str
    action: str
    counts: Counts
    last_used_at: str | None = None


class Stats:
    """Reads and writes of the counters."""

    def __init__(self, transactor: Transactor) -> None:
        self._transactor = transactor

    def count(self, rows: Sequence[Ended]) -> None:
        """Mark ``rows`` and add them up, together or not at all.

        Raises ``ConditionFailed`` with the ids of rows that are counted already.
        """
        marks = [mark_counted(row) for row in rows]
        self._transactor.commit([*marks, *(_add(key, counts) for key, counts in sums(rows).items())])

    def note_use(self, user_id: str, action: str, at: str) -> None:
        """Note when ``user_id`` last used ``action``; an older moment than the one noted changes nothing."""
        newer = StatItem.last_used_at.does_not_exist() | (StatItem.last_used_at < at)
        update_if(StatItem(user_id, bucket_of(TOTAL, action)), [StatItem.last_used_at.set(at)], newer)

    def days(self, scope: str, first: str, last: str) -> list[Counter]:
        """The counters of ``scope`` by day and action, from the day ``first`` to the day ``last``."""
        return list(self._between(scope, first, f"{last}#{_AFTER_EVERY_ACTION}"))

    def totals(self, scope: str) -> list[Counter]:
        """The counters of ``scope`` of all time, by action."""
        return list(self._between(scope, bucket_of(TOTAL, ""), bucket_of(TOTAL, _AFTER_EVERY_ACTION)))

    def _between(self, scope: str, first: str, last: str) -> Iterator[Counter]:
        for item in StatItem.query(scope, StatItem.bucket.between(first, last)):
            day, _, action = item.bucket.partition("#")
            figures = (item.requests, item.succeeded, item.failed, item.points, item.latency_ms)
            yield Counter(day, action, Counts(*(int(figure or 0) for figure in figures)), item.last_used_at)


def _add(key: CounterKey, counts: Counts) -> Write:
    actions = [getattr(StatItem, name).add(value) for name, value in asdict(counts).items()]
    return Write(f"{key.scope} {key.bucket}", StatItem(key.scope, key.bucket), None, actions)

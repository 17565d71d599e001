"""The lines in DynamoDB: which conversions of a user may be at work, and which are next."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pynamodb.expressions.condition import size
from pynamodb.expressions.update import Action

from chalicelib.domain.conversion import LineKey, Status
from chalicelib.store.conditional import update_if
from chalicelib.store.tables import ConversionItem
from chalicelib.store.tables_lines import LineItem

_ABSOLVED: list[Action] = [LineItem.strikes.remove(), LineItem.one_at_a_time.remove()]


@dataclass(frozen=True)
class Line:
    """A line as it stands. ``last_refused`` is the latest that had to wait, for as long as any may be waiting;
    ``moved_at`` (epoch seconds) when somebody came in or left. ``one_at_a_time``: too many used up their time."""

    key: LineKey
    admitted: frozenset[str] = frozenset()
    last_refused: str | None = None
    moved_at: float = 0
    revision: int = 0
    one_at_a_time: bool = False


class Lines:
    """Reads and writes of the lines. Each write is one conditional update."""

    def get(self, key: LineKey) -> Line:
        """The line, read consistently."""
        try:
            item = LineItem.get(str(key), consistent_read=True)
        except LineItem.DoesNotExist:
            return Line(key)
        admitted, moved_at = frozenset(item.admitted or ()), float(item.moved_at or 0)
        return Line(key, admitted, item.last_refused, moved_at, int(item.revision or 0), bool(item.one_at_a_time))

    def admit(self, key: LineKey, conversion_id: str, limit: int, now: float) -> bool:
        """Admit the conversion while fewer than ``limit`` are, or note that one has to wait; whether it is admitted.

        One of the two is written, on what the other one saw: whoever takes another out afterwards knows of it.
        """
        while True:
            if self._enter(key, conversion_id, limit, now):
                return True
            if self._refuse(key, conversion_id, limit):
                return False

    def leave(self, key: LineKey, conversion_ids: Iterable[str], now: float, *, absolves: bool = False) -> bool:
        """Take conversions out of a line in which nobody waits; False when somebody may: see :meth:`replace`.

        ``absolves``: the last of them succeeded, and strikes are forgotten.
        """
        actions = [
            LineItem.admitted.delete(set(conversion_ids)),
            LineItem.moved_at.set(now),
            LineItem.revision.add(1),
            *(_ABSOLVED if absolves else []),
        ]
        nobody_waits = LineItem.line_id.exists() & LineItem.last_refused.does_not_exist()
        return update_if(LineItem(str(key)), actions, nobody_waits)

    def replace(self, seen: Line, admitted: frozenset[str], last_refused: str | None, now: float) -> bool:
        """Write who is admitted, if the line is still as it was ``seen``."""
        actions = [
            LineItem.admitted.set(set(admitted)) if admitted else LineItem.admitted.remove(),
            LineItem.last_refused.set(last_refused) if last_refused else LineItem.last_refused.remove(),
            LineItem.moved_at.set(now),
            LineItem.revision.add(1),
        ]
        return update_if(LineItem(str(seen.key)), actions, LineItem.revision == seen.revision)

    def strike(self, key: LineKey, conversion_id: str, ended_s: float, most: int, within_s: float) -> None:
        """Note that a conversion used up its time; from the ``most``-th ``within_s`` seconds on, one runs at a time."""
        item = LineItem(str(key))
        noted = LineItem.strikes.add({f"{ended_s:.0f}#{conversion_id}"})
        item.update(actions=[noted, LineItem.revision.add(1)])
        recent = {one for one in item.strikes or () if float(one.partition("#")[0]) > ended_s - within_s}
        old = set(item.strikes or ()) - recent
        actions: list[Action] = [LineItem.strikes.delete(old)] if old else []
        if len(recent) >= most:
            actions += [LineItem.one_at_a_time.set(True), LineItem.revision.add(1)]
        if actions:
            item.update(actions=actions)

    def absolve(self, key: LineKey) -> None:
        """A conversion succeeded: forget the strikes, if there are any."""
        update_if(LineItem(str(key)), [*_ABSOLVED, LineItem.revision.add(1)], LineItem.strikes.exists())

    def next_in(self, key: LineKey, limit: int) -> list[str]:
        """At most ``limit`` ids of the line in order of acceptance; a moment old, and with those just admitted."""
        rows = ConversionItem.by_line.query(str(key), limit=limit)
        return [row.conversion_id for row in rows]

    def waiting_by_id(self, conversion_ids: Iterable[str]) -> dict[str, bool]:
        """Those of ``conversion_ids`` that are open, read consistently, and whether each still waits."""
        rows = ConversionItem.batch_get(list(conversion_ids), consistent_read=True)
        return {row.conversion_id: row.waiting is not None for row in rows if row.status == Status.PROCESSING.value}

    def _enter(self, key: LineKey, conversion_id: str, limit: int, now: float) -> bool:
        actions = [LineItem.admitted.add({conversion_id}), LineItem.moved_at.set(now), LineItem.revision.add(1)]
        room = LineItem.admitted.does_not_exist() | ((_size() < limit) & LineItem.one_at_a_time.does_not_exist())
        return update_if(LineItem(str(key)), actions, room | LineItem.admitted.contains(conversion_id))

    def _refuse(self, key: LineKey, conversion_id: str, limit: int) -> bool:
        actions = [LineItem.last_refused.set(conversion_id), LineItem.revision.add(1)]
        somebody, another = LineItem.admitted.exists(), ~LineItem.admitted.contains(conversion_id)
        full = somebody & ((_size() >= limit) | LineItem.one_at_a_time.exists()) & another
        return update_if(LineItem(str(key)), actions, full)


def _size() -> Any:
    return size(LineItem.admitted)  # type: ignore[no-untyped-call]

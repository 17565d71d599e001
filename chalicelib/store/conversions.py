"""Conversion rows in DynamoDB: every change of state is one conditional write."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import reduce
from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.pagination import ResultIterator

from chalicelib.domain.conversion import Conversion, Lease, Status
from chalicelib.domain.tally import Ended
from chalicelib.domain.users import Role
from chalicelib.store.conditional import update_if
from chalicelib.store.conversion_rows import DUE_SHARDS, KEPT, OPEN, conversion_of_item, shard_of, to_conversion_item
from chalicelib.store.pages import Page, Position, read_page
from chalicelib.store.tables import ConversionItem
from chalicelib.store.transactions import Write


class Conversions:
    """Reads and state changes of conversions."""

    def get(self, conversion_id: str) -> Conversion | None:
        """The row, read consistently."""
        try:
            return conversion_of_item(ConversionItem.get(conversion_id, consistent_read=True))
        except ConversionItem.DoesNotExist:
            return None

    def get_all(self, conversion_ids: Iterable[str]) -> list[Conversion]:
        """Those of the rows that there are, in any order, read consistently."""
        return [conversion_of_item(row) for row in ConversionItem.batch_get(list(conversion_ids), consistent_read=True)]

    def claim(self, conversion_id: str, lease: Lease, now: float) -> Conversion | None:
        """Take the row for ``lease.owner`` until ``lease.until`` if it is open, free, and has attempts left.

        ``lease.attempts`` is how many attempts there may be. None when someone else has it or it has ended.
        """
        free = (ConversionItem.lease_until < now) & (ConversionItem.attempts < lease.attempts)
        actions = [
            ConversionItem.lease_owner.set(lease.owner or ""),
            ConversionItem.lease_until.set(lease.until),
            ConversionItem.due_at.set(lease.until),
            ConversionItem.attempts.add(1),
            ConversionItem.waiting.remove(),
        ]
        return self._update(conversion_id, actions, _is_open() & free)

    def complete(self, conversion: Conversion, due_at: float) -> Conversion | None:
        """Give the row its awaited inputs, and its place in line; None when it has ended, or has them already."""
        actions = [
            ConversionItem.inputs.set([asdict(one) for one in conversion.inputs]),
            ConversionItem.due_at.set(due_at),
        ]
        if conversion.line:
            actions.append(ConversionItem.waiting.set(str(conversion.line)))
        untouched = ConversionItem.awaits_files == True  # noqa: E712 - a condition's own notation
        return self._update(
            conversion.conversion_id, [*actions, ConversionItem.awaits_files.remove()], _is_open() & untouched
        )

    def call(self, conversion_id: str, now: float, due_at: float) -> Conversion | None:
        """Take the row out of its line, to be looked at again ``due_at``; None when it does not wait any more."""
        actions = [
            ConversionItem.waiting.remove(),
            ConversionItem.called_at.set(now),
            ConversionItem.due_at.set(due_at),
        ]
        return self._update(conversion_id, actions, _is_open() & ConversionItem.waiting.exists())

    def renew(self, conversion_id: str, lease: Lease, progress: dict[str, Any] | None) -> bool:
        """Extend ``lease`` and write the progress; False when the lease was lost."""
        actions: list[Action] = [
            ConversionItem.lease_until.set(lease.until),
            ConversionItem.due_at.set(lease.until),
        ]
        if progress:
            actions.append(ConversionItem.progress.set(progress))
        return self._update(conversion_id, actions, _held_by(lease.owner)) is not None

    def release(self, conversion_id: str, owner: str, due_at: float) -> bool:
        """Give the lease back, for another attempt."""
        actions = [
            ConversionItem.lease_owner.remove(),
            ConversionItem.lease_until.set(0),
            ConversionItem.due_at.set(due_at),
        ]
        return self._update(conversion_id, actions, _held_by(owner)) is not None

    def postpone(self, conversion: Conversion, due_at: float) -> bool:
        """Move the sweeper's next look at an open row to ``due_at``; False when it changed meanwhile."""
        seen = (
            ConversionItem.due_at == conversion.due_at if conversion.due_at else ConversionItem.due_at.does_not_exist()
        )
        shard = ConversionItem.due_shard.set(shard_of(OPEN, conversion.conversion_id))
        actions = [shard, ConversionItem.due_at.set(due_at)]
        return self._update(conversion.conversion_id, actions, _is_open() & seen) is not None

    def succeed(self, conversion: Conversion, owner: str) -> Conversion | None:
        """Settle: one conditional update. ``conversion`` carries result and times. None when the lease was lost."""
        result = conversion.result
        actions = [
            *_ending(Status.SUCCESS, conversion.updated_at),
            ConversionItem.due_shard.set(shard_of(KEPT, conversion.conversion_id)),
            ConversionItem.due_at.set(
                datetime.fromisoformat(conversion.expires_at or conversion.updated_at).timestamp()
            ),
            ConversionItem.result.set(asdict(result) if result else None),
            ConversionItem.expires_at.set(conversion.expires_at or ""),
        ]
        return self._update(conversion.conversion_id, actions, _held_by(owner))

    def mark_deleted(self, conversion_id: str, updated_at: str) -> None:
        """Record that the files of an ended conversion are gone."""
        actions = [ConversionItem.deleted.set(True), ConversionItem.updated_at.set(updated_at), *_never_due()]
        self._update(conversion_id, actions, ConversionItem.status != Status.PROCESSING.value)

    def due(self, now: float, limit: int, what: str = OPEN) -> Iterator[str]:
        """Ids of at most ``limit`` conversions a shard, ``OPEN`` or ``KEPT``, that the sweeper should look at."""
        for shard in range(DUE_SHARDS):
            rows = ConversionItem.by_due.query(f"{what}#{shard}", ConversionItem.due_at < now, limit=limit)
            yield from (row.conversion_id for row in rows)

    def page(
        self,
        owner_id: str,
        filters: tuple[str | None, Status | None],
        bounds: tuple[str, str],
        start: Position | None,
        limit: int,
    ) -> Page[Conversion]:
        """A page of ``owner_id``'s conversions, newest first: of an action and a status, ids inside ``bounds``."""

        def query(count: int) -> ResultIterator[ConversionItem]:
            return ConversionItem.by_owner.query(
                owner_id,
                ConversionItem.conversion_id.between(*bounds),
                filter_condition=_matches(*filters),
                scan_index_forward=False,
                limit=count,
                last_evaluated_key=start,
            )

        return read_page(query, conversion_of_item, limit)

    def latest_counted(self, role: Role, limit: int) -> list[Ended]:
        """The newest conversions that the tally has counted, of owners who had ``role`` at the request."""
        return [
            _ended(item) for item in ConversionItem.by_counted.query(role.value, scan_index_forward=False, limit=limit)
        ]

    def _update(self, conversion_id: str, actions: Sequence[Action], condition: Condition) -> Conversion | None:
        item = ConversionItem(conversion_id)
        return conversion_of_item(item) if update_if(item, actions, condition) else None


def put_new(conversion: Conversion) -> Write:
    """The write of a new row."""
    return Write("conversion", to_conversion_item(conversion), ConversionItem.conversion_id.does_not_exist())


def settle_failed(conversion: Conversion, seen: Conversion, *, untouched: bool) -> Write:
    """The write that fails the row, if nobody took, settled or (``untouched``) renewed it since it was ``seen``."""
    unchanged = (ConversionItem.attempts == seen.lease.attempts) & (
        ConversionItem.lease_owner == seen.lease.owner
        if seen.lease.owner
        else ConversionItem.lease_owner.does_not_exist()
    )
    if untouched:
        unchanged &= ConversionItem.due_at == seen.due_at
    actions = [
        *_ending(Status.FAILED, conversion.updated_at),
        *_never_due(),
        ConversionItem.problem.set(asdict(conversion.problem) if conversion.problem else None),
        ConversionItem.points_charged.set(conversion.points_charged),
    ]
    if conversion.balance_after is not None:
        actions.append(ConversionItem.balance_after.set(conversion.balance_after))
    return Write("conversion", ConversionItem(conversion.conversion_id), _is_open() & unchanged, actions)


def mark_counted(ended: Ended) -> Write:
    """The write that marks an ended row as counted, if it is not yet; its label is the row's id."""
    uncounted = ConversionItem.counted.does_not_exist() & ConversionItem.ended_at.exists()
    actions = [ConversionItem.counted.set(ended.owner_role.value)]
    return Write(ended.conversion_id, ConversionItem(ended.conversion_id), uncounted, actions)


def ended_of(image: dict[str, Any]) -> Ended:
    """The ended conversion of a stream record's image of its row. Raises ``ValueError`` when it has not ended."""
    item = ConversionItem.from_raw_data(image)
    if None in (item.conversion_id, item.owner_id, item.action, item.created_at, item.ended_at):
        raise ValueError(f"{item.conversion_id} has not ended")
    return _ended(item)


def conversion_of(image: dict[str, Any]) -> Conversion:
    """The conversion of a stream record's image of its row."""
    return conversion_of_item(ConversionItem.from_raw_data(image))


def _ended(item: ConversionItem) -> Ended:
    return Ended(
        conversion_id=item.conversion_id,
        owner_id=item.owner_id,
        owner_role=Role(item.counted or item.owner_role),
        action=item.action,
        succeeded=item.status == Status.SUCCESS.value,
        points=int(item.points_charged),
        created_at=item.created_at,
        ended_at=item.ended_at,
    )


def _matches(action: str | None, status: Status | None) -> Condition | None:
    conditions: list[Condition] = [ConversionItem.action == action] if action else []
    if status:
        conditions.append(ConversionItem.status == status.value)
    return reduce(_both, conditions) if conditions else None


def _both(one: Condition, other: Condition) -> Condition:
    both: Condition = one & other
    return both


def _is_open() -> Condition:
    return ConversionItem.status == Status.PROCESSING.value


def _held_by(owner: str | None) -> Condition:
    return _both(_is_open(), ConversionItem.lease_owner == owner)


def _ending(status: Status, updated_at: str) -> list[Action]:
    return [
        ConversionItem.status.set(status.value),
        ConversionItem.updated_at.set(updated_at),
        ConversionItem.ended_at.set(updated_at),
        ConversionItem.waiting.remove(),
    ]


def _never_due() -> list[Action]:
    return [ConversionItem.due_shard.remove(), ConversionItem.due_at.remove()]

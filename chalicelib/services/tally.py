"""Tally: conversions that ended are counted, each once, however often and in whatever order they are told."""

import logging
from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.domain.tally import CounterKey, Ended
from chalicelib.services import Service
from chalicelib.store.conversions import ended_of
from chalicelib.store.transactions import ConditionFailed

TRANSACTION_ITEMS = 100
"""DynamoDB's own limit."""

_log = logging.getLogger(__name__)


def tally(service: Service, images: Sequence[dict[str, Any]]) -> int | None:
    """Count the rows of ``images`` (as the table's stream has them).

    Answers the position of the first that could not be counted: from there on they are to be told again.
    """
    rows, unreadable = _read(images)
    for start, group in groups(rows):
        try:
            count(service, group)
        except Exception:  # noqa: BLE001 - logged; the stream tells it again, and what is counted drops out
            _log.exception("counting failed")
            return start
    return unreadable


def count(service: Service, rows: Sequence[Ended]) -> int:
    """Count those of ``rows`` (as many as fit into a transaction) that are not counted yet; how many they were."""
    _note_uses(service, rows)
    left = {row.conversion_id: row for row in rows}
    while left:
        try:
            service.store.stats.count(tuple(left.values()))
        except ConditionFailed as error:
            for conversion_id in error.failed:
                left.pop(conversion_id)
        else:
            break
    return len(left)


def groups(rows: Sequence[Ended]) -> Iterator[tuple[int, list[Ended]]]:
    """``rows``, each once, in groups that fit into a transaction; with the position at which each group begins."""
    start = 0
    group: dict[str, Ended] = {}
    items: set[str | CounterKey] = set()
    for position, row in enumerate(rows):
        touched: set[str | CounterKey] = {row.conversion_id, *row.keys}
        if len(items | touched) > TRANSACTION_ITEMS:
            yield start, list(group.values())
            start, group, items = position, {}, set()
        group[row.conversion_id] = row
        items |= touched
    if group:
        yield start, list(group.values())


def _read(images: Sequence[dict[str, Any]]) -> tuple[list[Ended], int | None]:
    """The rows before the first image that is none, and where that is."""
    rows: list[Ended] = []
    for position, image in enumerate(images):
        try:
            rows.append(ended_of(image))
        except Exception:  # noqa: BLE001 - logged; told again it ends in the dead-letter queue, and others go on
            _log.exception("not a conversion that ended")
            return rows, position
    return rows, None


def _note_uses(service: Service, rows: Sequence[Ended]) -> None:
    """Before the counting: repeated after a crash in between, it changes nothing."""
    by_action: dict[tuple[str, str], str] = {}
    by_user: dict[str, str] = {}
    for row in rows:
        key = (row.owner_id, row.action)
        by_action[key] = max(by_action.get(key, ""), row.created_at)
        by_user[row.owner_id] = max(by_user.get(row.owner_id, ""), row.created_at)
    for (user_id, action), at in by_action.items():
        service.store.stats.note_use(user_id, action, at)
    for user_id, at in by_user.items():
        service.store.activity.converted(user_id, at)

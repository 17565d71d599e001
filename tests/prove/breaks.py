"""Broken builds, to show that the proof finds them: each takes one protection away, here and nowhere else."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any
from unittest import mock

from ulid import ULID

from chalicelib.domain.conversion import Conversion
from chalicelib.domain.folders import FolderPath
from chalicelib.domain.users import User
from chalicelib.services import Service, arrival, results, run, settle
from chalicelib.store import charging, conversions
from chalicelib.store.batch_rows import file_of
from chalicelib.store.conversions import settle_failed
from chalicelib.store.tables_files import BatchFileItem
from chalicelib.store.transactions import Write
from chalicelib.store.users import move_points

Patch = tuple[Any, str, Any]


def _charge_without_condition() -> list[Patch]:
    """A charge no longer asks whether the user still is what the cost was decided on."""

    def unconditional(user: User, **change: int) -> Write:
        write = move_points(user, **change)
        return replace(write, condition=None) if "spent" in change else write

    return [(charging, "move_points", unconditional)]


def _refund_without_cause() -> list[Patch]:
    """A refund has a key of its own each time it is booked."""
    return [(settle, "refunded_id", lambda conversion_id: f"{conversion_id}#refunded#{ULID()}")]


def _refund_of_ended() -> list[Patch]:
    """A refund has a key of its own, and the row no longer needs to be open for it."""

    def unconditional(conversion: Conversion, seen: Conversion, *, untouched: bool) -> Write:
        return replace(settle_failed(conversion, seen, untouched=untouched), condition=None)

    return [*_refund_without_cause(), (charging, "settle_failed", unconditional)]


def _settle_without_lease() -> list[Patch]:
    """A worker whose lease went to another one settles all the same."""
    return [(conversions, "_held_by", lambda _owner: conversions._is_open())]


def _last_end_wins() -> list[Patch]:
    """Under ``results/`` lies what ended last, whatever came last."""

    def show(service: Service, path: FolderPath) -> None:
        files = [row for row in map(file_of, BatchFileItem.scan(BatchFileItem.source_key == path.key)) if row]
        rows = {file.file_id: service.store.conversions.get(file.conversion_id or "") for file in files}
        ended = [(file, row) for file in files if (row := rows[file.file_id]) and not row.is_open]
        if ended:
            results._lay(service, path, max(ended, key=lambda one: one[1].updated_at)[0])

    return [(results, "show", show)]


def _failures_stand() -> list[Patch]:
    """What failed is no more converted when it is put again than what succeeded."""
    return [(arrival, "_stands", lambda _service, seen: seen.revision > 0)]


def _retries_wait_for_ever() -> list[Patch]:
    """A file that was to be tried again waits for its object also when that was replaced."""
    return [(arrival, "_abandon", lambda _service, _seen: None)]


def _boundless_rows() -> list[Patch]:
    """Reports and warnings are stored as they come."""
    return [(run, "fitting", lambda warnings, report: (tuple(warnings), report))]


BREAKS: dict[str, Callable[[], list[Patch]]] = {
    "charge-condition": _charge_without_condition,
    "refund-cause": _refund_without_cause,
    "refund-twice": _refund_of_ended,
    "settle-lease": _settle_without_lease,
    "folder-newest": _last_end_wins,
    "folder-repeat": _failures_stand,
    "folder-retry": _retries_wait_for_ever,
    "row-size": _boundless_rows,
}


@contextmanager
def broken(name: str | None) -> Iterator[None]:
    """The build without the protection of ``name``; None: the build as it is."""
    with ExitStack() as patches:
        for module, attribute, stand_in in BREAKS[name]() if name else []:
            patches.enter_context(mock.patch.object(module, attribute, stand_in))
        yield

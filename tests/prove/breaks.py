"""Broken builds, to show that the proof finds them: each takes one protection away, here and nowhere else."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any
from unittest import mock

from ulid import ULID

from chalicelib.domain.conversion import Conversion
from chalicelib.domain.users import User
from chalicelib.services import settle
from chalicelib.store import charging, conversions
from chalicelib.store.conversions import settle_failed
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


BREAKS: dict[str, Callable[[], list[Patch]]] = {
    "charge-condition": _charge_without_condition,
    "refund-cause": _refund_without_cause,
    "refund-twice": _refund_of_ended,
    "settle-lease": _settle_without_lease,
}


@contextmanager
def broken(name: str | None) -> Iterator[None]:
    """The build without the protection of ``name``; None: the build as it is."""
    with ExitStack() as patches:
        for module, attribute, stand_in in BREAKS[name]() if name else []:
            patches.enter_context(mock.patch.object(module, attribute, stand_in))
        yield

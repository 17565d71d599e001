"""Points: balance, ledger, rules, top-ups and corrections."""

import json
import time
from dataclasses import dataclass
from typing import ClassVar

from chalicelib.domain.audit import AuditEntry, Change
from chalicelib.domain.clock import rfc3339
from chalicelib.domain.errors import Conflict, FieldError, InvalidRequest, Unavailable
from chalicelib.domain.ids import entry_moment, new_id
from chalicelib.domain.points import EntryStatus, LedgerEntry
from chalicelib.domain.users import User
from chalicelib.services import Service, accounts, idempotency
from chalicelib.services.audit import Author
from chalicelib.services.idempotency import KeyUse
from chalicelib.store.charging import AlreadyDone, KeyTaken, Movement, Stale
from chalicelib.store.pages import Page, Position

CONTENTION_BUDGET_S = 10.0
"""How long a movement of points is tried anew while others change the same user."""


@dataclass(frozen=True)
class Topup:
    """Points to give. ``amount`` in points."""

    user_id: str
    amount: int
    note: str | None = None
    status: ClassVar[EntryStatus] = EntryStatus.TOPUP
    told_as: ClassVar[Change] = Change.POINTS_GIVEN


@dataclass(frozen=True)
class Correction(Topup):
    """Points to put right. ``amount`` in points, signed; ``note`` says why."""

    status: ClassVar[EntryStatus] = EntryStatus.CORRECTION
    told_as: ClassVar[Change] = Change.POINTS_CORRECTED


@dataclass(frozen=True)
class Given:
    """A booked top-up or correction."""

    entry: LedgerEntry
    replayed: bool = False


def cost_for(service: Service, user: User) -> int:
    """Points that the next conversion of ``user`` costs; super users are never charged."""
    return 0 if user.is_super else service.store.rules.flat_cost()


def entries(
    service: Service, actor: User, user_id: str | None, start: Position | None, limit: int
) -> Page[LedgerEntry]:
    """A page of ledger entries, newest first: one's own, or of a ``user_id`` in ``actor``'s sight."""
    owner = accounts.get_in_sight(service, actor, user_id)
    return service.store.ledger.page(owner.user_id, start, limit)


def grant(  # noqa: PLR0913, PLR0917 - who, what, and where from
    service: Service, actor: User, wanted: Topup, route: str, key: str | None, address: str = ""
) -> Given:
    """Book a top-up or a correction, once for a key.

    Raises ``NotFound``, ``InvalidRequest`` (a super user), ``IdempotencyMismatch``, ``Conflict`` (below zero).
    """
    body = json.dumps([wanted.user_id, wanted.amount, wanted.note]).encode()
    use = idempotency.key_use(service, actor, route, key, body)
    deadline = time.monotonic() + CONTENTION_BUDGET_S
    attempt = 0
    while time.monotonic() < deadline:
        target = _toppable(service, actor, wanted.user_id)
        replay, replaces = _replayed(service, target, use)
        if replay:
            return replay
        movement = _movement(service, actor, target, wanted)
        record = use.record(service, movement.entry.entry_id, replaces) if use else None
        try:
            service.store.charging.grant(
                target, movement, record, _told(Author(service, actor, address), wanted, movement)
            )
        except (Stale, KeyTaken):
            service.store.transactor.pause(attempt)
            attempt += 1
            continue
        except AlreadyDone:
            pass
        return Given(movement.entry)
    raise Unavailable("The ledger is busy; nothing was booked. Try again in a moment.")


def _told(author: Author, wanted: Topup, movement: Movement) -> AuditEntry:
    entry = movement.entry
    return author.entry(
        wanted.told_as, entry.user_id, amount=entry.amount, note=entry.note, ledger_entry=entry.entry_id
    )


def set_flat_cost(service: Service, actor: User, cost: int, address: str = "") -> None:
    """Make conversions cost ``cost`` points from the next charge on."""
    before = service.store.rules.flat_cost()
    entry = Author(service, actor, address).entry(Change.RULES_CHANGED, flat_cost_per_request=cost, before=before)
    service.store.rules.set_flat_cost(cost, entry)


def _toppable(service: Service, actor: User, user_id: str) -> User:
    target = accounts.get(service, actor, user_id)
    if target.is_super:
        fault = FieldError(("body", "user_id"), "is a super user, whose points are unlimited")
        raise InvalidRequest("Super users are never charged; they have no points to move.", (fault,))
    return target


def _replayed(service: Service, target: User, use: KeyUse | None) -> tuple[Given | None, str | None]:
    if use is None:
        return None, None
    record, holds = idempotency.find(service, use)
    if record is None or not holds:
        return None, record.created if record else None
    idempotency.require_same_request(record, use)
    entry = service.store.ledger.get(target.user_id, record.created)
    return (Given(entry, replayed=True) if entry else None), record.created


def _movement(service: Service, actor: User, target: User, wanted: Topup) -> Movement:
    now, balance = service.clock(), target.points.balance + wanted.amount
    if balance < 0:
        raise Conflict(f"The balance is {target.points.balance}; it can't go below zero. Nothing was booked.")
    entry = LedgerEntry(
        user_id=target.user_id,
        entry_id=f"{new_id(now)}#{wanted.status.value}",
        status=wanted.status,
        amount=wanted.amount,
        balance_after=balance,
        created_by=actor.user_id,
        created_at=rfc3339(now),
        note=wanted.note,
    )
    return Movement(entry, entry_moment(now, target.revision + 1))

"""Charge: pay for a conversion and create its row, in one transaction on what the user is at that moment."""

import time
from dataclasses import dataclass

from chalicelib.domain.clock import rfc3339
from chalicelib.domain.conversion import Conversion, Status, StoredFile
from chalicelib.domain.errors import Forbidden, InsufficientPoints, Unauthenticated, Unavailable
from chalicelib.domain.ids import entry_moment
from chalicelib.domain.points import EntryStatus, LedgerEntry, spent_id
from chalicelib.domain.users import User
from chalicelib.domain.versions import ANONYMOUS, VersionPolicy
from chalicelib.services import Service, points
from chalicelib.services.idempotency import KeyUse
from chalicelib.services.submission import Checked
from chalicelib.store.charging import AlreadyDone, Movement, Stale


@dataclass(frozen=True)
class Order:
    """What is to be paid for: the new row's id, what was checked, on which terms, and the key's use."""

    conversion_id: str
    checked: Checked
    policy: VersionPolicy
    use: KeyUse | None = None
    replaces: str | None = None


def require_permitted(user: User, action: str) -> None:
    """Raise ``Forbidden`` when ``user`` may not run conversions of ``action``."""
    if not user.may(action):
        raise Forbidden(f"Conversion not permitted: {action}")


def cost_for(service: Service, user: User, policy: VersionPolicy) -> int:
    """Points that the next conversion of ``user`` costs on the terms of ``policy``."""
    return points.cost_for(service, user) if policy.is_charged else 0


def require_points(user: User, cost: int) -> None:
    """Raise ``InsufficientPoints`` when the balance does not cover ``cost``."""
    balance = user.points.balance
    if not user.is_super and balance < cost:
        raise InsufficientPoints(
            f"This conversion costs {cost} points and the balance is {balance}; ask an administrator to top up.",
            balance=balance,
            required=cost,
        )


def charge(service: Service, user: User, order: Order, inputs: tuple[StoredFile, ...]) -> Conversion:
    """Pay and create the row; decide anew on the fresh user whenever it changed meanwhile.

    Raises ``KeyTaken``, ``SourceTaken``, ``InsufficientPoints``, ``Forbidden``, ``Unauthenticated`` or ``Unavailable``:
    nothing is booked then.
    """
    deadline = time.monotonic() + points.CONTENTION_BUDGET_S
    retries = 0
    while time.monotonic() < deadline:
        require_permitted(user, order.checked.spec.action)
        cost = cost_for(service, user, order.policy)
        require_points(user, cost)
        conversion, movement = _row(service, user, order, inputs, cost)
        record = order.use.record(service, order.conversion_id, order.replaces) if order.use else None
        try:
            payer = None if user is ANONYMOUS else user
            service.store.charging.charge(payer, conversion, movement, record, order.checked.claims)
        except AlreadyDone:
            return _lost_and_found(service, order)
        except Stale:
            service.store.transactor.pause(retries)
            retries += 1
            user = _afresh(service, user)
            continue
        return conversion
    raise Unavailable("The ledger is busy; nothing was charged. Try again in a moment.")


def _lost_and_found(service: Service, order: Order) -> Conversion:
    """The row that an earlier try wrote, whose answer was lost on the way."""
    conversion = service.store.conversions.get(order.conversion_id)
    if conversion is None:
        raise Unavailable("The conversion could not be started; nothing was charged. Try again.")
    return conversion


def _afresh(service: Service, user: User) -> User:
    fresh = service.store.users.get(user.user_id)
    if fresh is None or not fresh.is_active or fresh.token_epoch != user.token_epoch:
        raise Unauthenticated("The token has been revoked; log in again.")
    return fresh


def _row(
    service: Service, user: User, order: Order, inputs: tuple[StoredFile, ...], cost: int
) -> tuple[Conversion, Movement | None]:
    now = service.clock()
    at = rfc3339(now)
    action = order.checked.spec.action
    balance_after = None if user.is_super or user is ANONYMOUS else user.points.balance - cost
    conversion = Conversion(
        conversion_id=order.conversion_id,
        owner_id=user.user_id,
        action=action,
        status=Status.PROCESSING,
        inputs=inputs,
        options=order.checked.options.for_engine(),
        created_at=at,
        updated_at=at,
        points_charged=cost,
        balance_after=balance_after,
        version=order.policy.name,
        owner_role=user.role,
        has_secret=order.checked.password is not None,
        is_waiting=user is not ANONYMOUS and not any(one.awaits for one in inputs),
        due_at=now.timestamp() + service.settings.queue_grace_s,
        place=order.checked.place,
        delivers=order.checked.deliver_to is not None,
    )
    if balance_after is None or not cost:
        return conversion, None
    entry = LedgerEntry(
        user_id=user.user_id,
        entry_id=spent_id(order.conversion_id),
        status=EntryStatus.SPENT,
        amount=-cost,
        balance_after=balance_after,
        created_by=user.user_id,
        created_at=at,
        action=action,
        conversion_id=order.conversion_id,
    )
    return conversion, Movement(entry, entry_moment(now, user.revision + 1))

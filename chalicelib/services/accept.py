"""Accept: replay or check, store, charge, queue."""

import json
import logging
import time
from dataclasses import dataclass

from chalicelib.conversions import BY_ACTION
from chalicelib.domain.clock import rfc3339
from chalicelib.domain.conversion import Conversion, Status, StoredFile, object_prefix
from chalicelib.domain.errors import Forbidden, InsufficientPoints, Unauthenticated, Unavailable
from chalicelib.domain.ids import entry_moment, new_id
from chalicelib.domain.points import EntryStatus, LedgerEntry, spent_id
from chalicelib.domain.users import User
from chalicelib.services import Service, idempotency, points
from chalicelib.services.idempotency import KeyUse
from chalicelib.services.submission import Checked, Submission, check
from chalicelib.store.charging import AlreadyDone, KeyTaken, Movement, Stale

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Accepted:
    """A conversion that is under way or has ended; ``replayed`` when an earlier request made it."""

    conversion: Conversion
    replayed: bool = False


@dataclass(frozen=True)
class _Attempt:
    """What one acceptance works with: the new row's id, what is checked, the key's use."""

    conversion_id: str
    checked: Checked
    use: KeyUse | None
    replaces: str | None


def require_permitted(user: User, action: str) -> None:
    """Raise ``Forbidden`` when ``user`` may not run conversions of ``action``."""
    if not user.may(action):
        raise Forbidden(f"Conversion not permitted: {action}")


def accept(service: Service, user: User, submission: Submission, route: str, key: str | None) -> Accepted:
    """Take a submission in, or answer with what the same key made before.

    Raises ``InvalidRequest``, ``PayloadTooLarge``, ``InsufficientPoints`` or ``IdempotencyMismatch``, and keeps
    nothing then.
    """
    use = idempotency.key_use(service, user, route, key, *submission.parts()) if key else None
    replay, replaces = _replayed(service, use)
    if replay:
        return replay
    checked = check(service.settings, submission)
    _require_points(user, points.cost_for(service, user))
    attempt = _Attempt(new_id(service.clock()), checked, use, replaces)
    inputs = _store(service, attempt)
    try:
        accepted = _charge(service, user, attempt, inputs)
    except Exception:
        _discard(service, attempt)
        raise
    if accepted.replayed:
        _discard(service, attempt)
    else:
        _enqueue(service, accepted.conversion)
    return accepted


def _replayed(service: Service, use: KeyUse | None) -> tuple[Accepted | None, str | None]:
    """What the key made before, or the id of a record that may be replaced: expired, or failed on our side."""
    if use is None:
        return None, None
    record, holds = idempotency.find(service, use)
    if record is None:
        return None, None
    conversion = service.store.conversions.get(record.created) if holds else None
    if conversion is None or (conversion.problem and not conversion.problem.client_fault):
        return None, record.created
    idempotency.require_same_request(record, use)
    return Accepted(conversion, replayed=True), None


def _require_points(user: User, cost: int) -> None:
    balance = user.points.balance
    if not user.is_super and balance < cost:
        raise InsufficientPoints(
            f"This conversion costs {cost} points and the balance is {balance}; ask an administrator to top up.",
            balance=balance,
            required=cost,
        )


def _store(service: Service, attempt: _Attempt) -> tuple[StoredFile, ...]:
    prefix = object_prefix(attempt.conversion_id)
    stored = []
    for number, file in enumerate(attempt.checked.files):
        key = f"{prefix}in/{number}"
        service.store.files.put(key, file.body)
        stored.append(StoredFile(key, file.name, file.kind, len(file.body)))
    if attempt.checked.password:
        secret = json.dumps({"password": attempt.checked.password}).encode()
        service.store.files.put(secret_key(attempt.conversion_id), secret, secret=True)
    return tuple(stored)


def secret_key(conversion_id: str) -> str:
    """Where a conversion's secret option waits until it settles."""
    return f"{object_prefix(conversion_id)}secret"


def _discard(service: Service, attempt: _Attempt) -> None:
    prefix = object_prefix(attempt.conversion_id)
    keys = [f"{prefix}in/{number}" for number in range(len(attempt.checked.files))]
    service.store.files.delete([*keys, secret_key(attempt.conversion_id)])


def _charge(service: Service, user: User, attempt: _Attempt, inputs: tuple[StoredFile, ...]) -> Accepted:
    """Pay and create the row; decide anew on the fresh user whenever it changed meanwhile."""
    deadline = time.monotonic() + points.CONTENTION_BUDGET_S
    retries = 0
    while time.monotonic() < deadline:
        require_permitted(user, attempt.checked.spec.action)
        cost = points.cost_for(service, user)
        _require_points(user, cost)
        conversion, movement = _row(service, user, attempt, inputs, cost)
        record = attempt.use.record(service, attempt.conversion_id, attempt.replaces) if attempt.use else None
        try:
            service.store.charging.charge(user, conversion, movement, record)
        except AlreadyDone:
            return _lost_and_found(service, attempt)
        except KeyTaken:
            replay, _ = _replayed(service, attempt.use)
            if replay:
                return replay
            raise Unavailable("Another request with this Idempotency-Key is under way; try again.") from None
        except Stale:
            service.store.transactor.pause(retries)
            retries += 1
            user = _afresh(service, user)
            continue
        return Accepted(conversion)
    raise Unavailable("The ledger is busy; nothing was charged. Try again in a moment.")


def _lost_and_found(service: Service, attempt: _Attempt) -> Accepted:
    """The row that an earlier try wrote, whose answer was lost on the way."""
    conversion = service.store.conversions.get(attempt.conversion_id)
    if conversion is None:
        raise Unavailable("The conversion could not be started; nothing was charged. Try again.")
    return Accepted(conversion)


def _afresh(service: Service, user: User) -> User:
    fresh = service.store.users.get(user.user_id)
    if fresh is None or not fresh.is_active or fresh.token_epoch != user.token_epoch:
        raise Unauthenticated("The token has been revoked; log in again.")
    return fresh


def _row(
    service: Service, user: User, attempt: _Attempt, inputs: tuple[StoredFile, ...], cost: int
) -> tuple[Conversion, Movement | None]:
    now = service.clock()
    at = rfc3339(now)
    action = attempt.checked.spec.action
    balance_after = None if user.is_super else user.points.balance - cost
    conversion = Conversion(
        conversion_id=attempt.conversion_id,
        owner_id=user.user_id,
        action=action,
        status=Status.PROCESSING,
        inputs=inputs,
        options=attempt.checked.options.for_engine(),
        created_at=at,
        updated_at=at,
        points_charged=cost,
        balance_after=balance_after,
        has_secret=attempt.checked.password is not None,
        due_at=now.timestamp() + service.settings.queue_grace_s,
    )
    if balance_after is None or not cost:
        return conversion, None
    entry = LedgerEntry(
        user_id=user.user_id,
        entry_id=spent_id(attempt.conversion_id),
        status=EntryStatus.SPENT,
        amount=-cost,
        balance_after=balance_after,
        created_by=user.user_id,
        created_at=at,
        action=action,
        conversion_id=attempt.conversion_id,
    )
    return conversion, Movement(entry, entry_moment(now, user.revision))


def _enqueue(service: Service, conversion: Conversion) -> None:
    """Tell the worker; when that fails the sweeper does it: the row is there and paid for."""
    try:
        service.store.queues.send(BY_ACTION[conversion.action].worker, conversion.conversion_id)
    except Exception:  # noqa: BLE001 - whatever it was, the sweeper makes up for it
        _log.warning(
            "queueing failed, left to the sweeper",
            exc_info=True,
            extra={"conversion_id": conversion.conversion_id},
        )

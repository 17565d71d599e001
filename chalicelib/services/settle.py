"""Settle: a conversion ends once, in success, or in failure with its points given back."""

import time
from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.clock import rfc3339
from chalicelib.domain.conversion import Conversion, Result, Status
from chalicelib.domain.errors import ConversionInterrupted, ConvertProError, Unavailable, problem_of
from chalicelib.domain.ids import entry_moment
from chalicelib.domain.points import EntryStatus, LedgerEntry, refunded_id
from chalicelib.domain.previews import source_preview_keys
from chalicelib.domain.users import User
from chalicelib.services import Service, points
from chalicelib.services.accept import secret_key
from chalicelib.store.charging import AlreadyDone, Movement, Stale


def succeed(service: Service, conversion: Conversion, owner: str, result: Result) -> bool:
    """Settle as a success, if ``owner`` still holds the lease; then the inputs go. False when the lease was lost."""
    now = service.clock()
    expires = now + timedelta(seconds=service.settings.result_lifetime_s)
    ended = replace(conversion, result=result, updated_at=rfc3339(now), expires_at=rfc3339(expires))
    settled = service.store.conversions.succeed(ended, owner) is not None
    if settled:
        _delete_leftovers(service, ended)
    else:
        tidy(service, conversion.conversion_id)
    return settled


def fail(service: Service, seen: Conversion, error: ConvertProError) -> bool:
    """Settle the row that was ``seen`` as failed and refund it; False when someone took or settled it meanwhile."""
    return _fail(service, seen, error, untouched=False)


def give_up(service: Service, seen: Conversion) -> bool:
    """Fail a row that somebody else may be at work on; False also when that one gave a sign of life since."""
    return _fail(service, seen, interrupted(), untouched=True)


def interrupted() -> ConversionInterrupted:
    """What is told of a conversion that came to nothing by our doing."""
    return ConversionInterrupted("The conversion was interrupted on our side; nothing was charged. Try again.")


def _fail(service: Service, seen: Conversion, error: ConvertProError, *, untouched: bool) -> bool:
    deadline = time.monotonic() + points.CONTENTION_BUDGET_S
    retries = 0
    while time.monotonic() < deadline:
        failed, refund = _failure(service, seen, error)
        try:
            service.store.charging.fail(failed, seen, refund, untouched=untouched)
        except AlreadyDone:
            tidy(service, seen.conversion_id)
            return False
        except Stale:
            service.store.transactor.pause(retries)
            retries += 1
            continue
        _delete_leftovers(service, failed)
        return True
    raise Unavailable("The ledger is busy; the refund will be tried again.")


def tidy(service: Service, conversion_id: str) -> None:
    """Delete what is not needed any more once the row has ended: whoever ended it may have died before."""
    conversion = service.store.conversions.get(conversion_id)
    if conversion and not conversion.is_open:
        _delete_leftovers(service, conversion)


def _delete_leftovers(service: Service, ended: Conversion) -> None:
    """Delete what a client handed in, pictures of it, its secret, and results of attempts that settled nothing."""
    keys = [*(file.key for file in ended.inputs), *source_preview_keys(ended.conversion_id)]
    if ended.has_secret:
        keys.append(secret_key(ended.conversion_id))
    attempts = (ended.result_key(attempt) for attempt in range(1, ended.lease.attempts + 1))
    settled = ended.result.file.key if ended.result else None
    service.store.files.delete([*keys, *(key for key in attempts if key != settled)])


def _failure(
    service: Service, seen: Conversion, error: ConvertProError
) -> tuple[Conversion, tuple[User, Movement] | None]:
    at = rfc3339(service.clock())
    failed = replace(seen, status=Status.FAILED, problem=problem_of(error), updated_at=at)
    user = service.store.users.account(seen.owner_id) if seen.points_charged else None
    if user is None:
        return failed, None
    movement = _refund(service, user, seen)
    return failed.refunded(movement.entry.balance_after), (user, movement)


def _refund(service: Service, user: User, seen: Conversion) -> Movement:
    now = service.clock()
    entry = LedgerEntry(
        user_id=user.user_id,
        entry_id=refunded_id(seen.conversion_id),
        status=EntryStatus.REFUNDED,
        amount=seen.points_charged,
        balance_after=user.points.balance + seen.points_charged,
        created_by=user.user_id,
        created_at=rfc3339(now),
        action=seen.action,
        conversion_id=seen.conversion_id,
    )
    return Movement(entry, entry_moment(now, user.revision + 1))

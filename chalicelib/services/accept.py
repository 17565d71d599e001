"""Accept: replay or check, store, charge, queue."""

import logging
from dataclasses import dataclass

from chalicelib.domain.conversion import Conversion, StoredFile, object_prefix
from chalicelib.domain.errors import Unavailable, UploadMissing, UploadUsed
from chalicelib.domain.ids import new_id
from chalicelib.domain.users import User
from chalicelib.domain.versions import V3, VersionPolicy
from chalicelib.services import Service, deliveries, idempotency, line, secret_options
from chalicelib.services.charge import Order, charge, cost_for, require_points
from chalicelib.services.idempotency import KeyUse
from chalicelib.services.submission import Checked, Submission, check
from chalicelib.store.charging import KeyTaken, SourceTaken
from chalicelib.store.files import ObjectChanged

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Accepted:
    """A conversion that is under way or has ended; ``replayed`` when an earlier request made it."""

    conversion: Conversion
    replayed: bool = False


def accept(
    service: Service, user: User, submission: Submission, key: str | None = None, policy: VersionPolicy = V3
) -> Accepted:
    """Take a submission in on the terms of ``policy``, or answer with what the same key made before.

    Raises ``InvalidRequest``, ``PayloadTooLarge``, ``InsufficientPoints``, ``IdempotencyMismatch``, ``UploadMissing``
    or ``UploadUsed``, and keeps nothing then.
    """
    route = f"{policy.prefix}/{submission.spec.slug}"
    use = idempotency.key_use(service, user, route, key, *submission.parts()) if key else None
    replay, replaces = _replayed(service, use)
    if replay:
        return replay
    checked = _checked(service, submission)
    order = Order(new_id(service.clock()), checked, policy, use, replaces)
    require_points(user, cost_for(service, user, policy))
    try:
        inputs = _store(service, order)
        conversion = charge(service, user, order, inputs)
    except KeyTaken as error:
        _discard(service, order)
        replay, _ = _replayed(service, use)
        if replay is None:
            raise Unavailable("Another request with this Idempotency-Key is under way; try again.") from error
        return replay
    except SourceTaken as error:
        _discard(service, order)
        raise UploadUsed("This upload started a conversion already; make a new upload for another one.") from error
    except ObjectChanged as error:
        _discard(service, order)
        raise _replaced() from error
    except Exception:
        _discard(service, order)
        raise
    _enqueue(service, conversion)
    _consume(service, submission)
    return Accepted(conversion)


def _checked(service: Service, submission: Submission) -> Checked:
    """What :func:`check` makes of it; what waits in the bucket may go while it is read."""
    try:
        return check(service.settings, submission)
    except ObjectChanged as error:
        raise _replaced() from error


def _replaced() -> UploadMissing:
    return UploadMissing("The uploaded file was replaced or removed meanwhile; upload it again.")


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


def _store(service: Service, order: Order) -> tuple[StoredFile, ...]:
    prefix = object_prefix(order.conversion_id)
    stored = []
    for number, file in enumerate(order.checked.files):
        key = f"{prefix}in/{number}"
        file.source.store(service.store.files, key)
        stored.append(StoredFile(key, file.name, file.kind, file.source.size, file.source.awaits))
    if order.checked.password:
        secret_options.keep(service, secret_key(order.conversion_id), order.checked.password)
    if order.checked.deliver_to:
        deliveries.keep(service, order.conversion_id, order.checked.deliver_to)
    return tuple(stored)


def secret_key(conversion_id: str) -> str:
    """Where a conversion's secret option waits until it settles."""
    return f"{object_prefix(conversion_id)}secret"


def _discard(service: Service, order: Order) -> None:
    prefix = object_prefix(order.conversion_id)
    keys = [f"{prefix}in/{number}" for number in range(len(order.checked.files))]
    service.store.files.delete([*keys, secret_key(order.conversion_id)])
    if order.checked.deliver_to:
        deliveries.discard(service, order.conversion_id)


def _consume(service: Service, submission: Submission) -> None:
    """Delete what was copied; the bucket's lifecycle does it when this fails."""
    try:
        for stat in submission.consumes:
            service.store.files.delete_version(stat)
    except Exception:  # noqa: BLE001 - the conversion is accepted, whatever becomes of its source
        _log.warning("a source was not deleted", exc_info=True)


def _enqueue(service: Service, conversion: Conversion) -> None:
    """Tell the worker, or let it wait; when that fails the sweeper does it: the row is there and paid for."""
    try:
        if not conversion.awaited:
            line.enter(service, conversion)
    except Exception:  # noqa: BLE001 - whatever it was, the sweeper makes up for it
        _log.warning(
            "queueing failed, left to the sweeper",
            exc_info=True,
            extra={"conversion_id": conversion.conversion_id},
        )

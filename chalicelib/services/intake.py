"""Intake: an object that arrived becomes a conversion, or is recorded as refused; once, however often it is told."""

import logging
from collections.abc import Callable

from chalicelib.domain.batches import FileStatus
from chalicelib.domain.errors import (
    ConversionInterrupted,
    ConvertProError,
    InvalidRequest,
    ServiceFailure,
    Unavailable,
    UploadMissing,
    UploadUsed,
    problem_of,
)
from chalicelib.services import Service, batch_progress, results
from chalicelib.services.accept import accept
from chalicelib.services.arrival import Arrival, look
from chalicelib.services.arrival_order import order_of
from chalicelib.store.files import ObjectUnreadable

Take = Callable[[Service, Arrival], bool]

_TRIES = 12

_log = logging.getLogger(__name__)


def arrived(service: Service, key: str) -> None:
    """An object was put under ``key``. Raises what is worth another delivery: failures of ours."""
    _take_in(service, key, _convert)


def give_up(service: Service, key: str) -> None:
    """An object was told of too often to no avail: that is recorded as its end. Raises failures of ours."""
    error = ConversionInterrupted("The file could not be taken in, by our doing; nothing was charged. Put it again.")
    _take_in(service, key, lambda service, arrival: _refuse(service, arrival, error))


def _take_in(service: Service, key: str, take: Take) -> None:
    """Look at the object and take it, anew whenever another one came, or was taken, in between."""
    for attempt in range(_TRIES):
        arrival = look(service, key)
        if arrival is None or take(service, arrival):
            return
        service.store.transactor.pause(attempt)
    raise Unavailable("Others put files there at the same time; it will be tried again.")


def _convert(service: Service, arrival: Arrival) -> bool:
    """False when something else came first."""
    try:
        order = order_of(service, arrival)
        conversion_id = accept(service, order.user, order.submission).conversion.conversion_id
    except (UploadUsed, UploadMissing):
        return False
    except ServiceFailure:
        raise
    except ObjectUnreadable as error:
        return _refuse(service, arrival, _unreadable(error))
    except ConvertProError as error:
        return _refuse(service, arrival, error)
    place = arrival.file.place
    batch_progress.note(service, arrival.batch, {place: batch_progress.Fate(FileStatus.PROCESSING, conversion_id)})
    _log.info("an object became a conversion", extra={"conversion_id": conversion_id, "batch_id": place.batch_id})
    return True


def _unreadable(cause: ObjectUnreadable) -> InvalidRequest:
    error = InvalidRequest(
        "S3 does not hand out this object: it is encrypted with a key of your own, or lies in an archive. "
        "Put it again without a key, in the storage class STANDARD."
    )
    error.__cause__ = cause
    return error


def _refuse(service: Service, arrival: Arrival, error: ConvertProError) -> bool:
    """Record it, then show it: told again, what died in between is made up for. False when others came first."""
    if not batch_progress.refuse(service, arrival.batch, arrival.file, problem_of(error), arrival.refusal):
        return False
    _log.info("an object was refused: %s", error.code, extra={"batch_id": arrival.batch.batch_id})
    if arrival.path:
        results.show(service, arrival.path)
    batch_progress.finish_if_ended(service, arrival.batch.batch_id)
    return True

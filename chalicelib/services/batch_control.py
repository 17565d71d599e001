"""What an owner does with a batch on the way: try again what failed, cancel what has not started."""

import time
from collections.abc import Iterator

from chalicelib.domain import folders
from chalicelib.domain.batches import Batch, BatchFile, FileStatus, archive_key, secret_key
from chalicelib.domain.clock import rfc3339
from chalicelib.domain.errors import Cancelled, Conflict, Forbidden, problem_of
from chalicelib.domain.users import User
from chalicelib.services import Service, batch_progress, batches, conversions, results, settle
from chalicelib.store.files import ObjectUnreadable

REQUEST_S = 15.0
"""What one request works on it; the rest of a retry is asked for again, that of a cancellation the sweeper's."""


def retry(service: Service, actor: User, batch_id: str) -> Batch:
    """Let the failed files whose objects are still there wait anew, and tell the intake of them.

    Raises ``NotFound``, ``Forbidden`` when it is another's, ``Conflict`` when it was cancelled.
    """
    batch = batches.get(service, actor, batch_id)
    if batch.owner_id != actor.user_id:
        raise Forbidden("Only its owner may try a batch again: it is charged to the owner.")
    if batch.cancelled_at:
        raise Conflict("The batch was cancelled; order a new one.")
    deadline = time.monotonic() + REQUEST_S
    for file in _waiting_or_failed(service, batch):
        if file.status is FileStatus.WAITING or batch_progress.try_again(service, batch, file):
            service.store.queues.tell_intake(file.source_key)
        if time.monotonic() > deadline:
            break
    return batches.get(service, actor, batch_id)


def _waiting_or_failed(service: Service, batch: Batch) -> Iterator[BatchFile]:
    """Those whose objects are there. That one waits is told once more: the telling may have been lost."""
    for file in service.store.batches.files(batch.batch_id):
        if file.status in (FileStatus.FAILED, FileStatus.WAITING) and _is_there(service, file):
            yield file


def _is_there(service: Service, file: BatchFile) -> bool:
    """Whether the object lies where it came, and is not a newer one, under a folder's key."""
    if folders.parse(file.source_key):
        newest = service.store.arrivals.newest(file.source_key)
        if newest.arrival.place != file.place:
            return False
    try:
        return service.store.files.stat(file.source_key) is not None
    except ObjectUnreadable:
        return True


def cancel(service: Service, actor: User, batch_id: str) -> None:
    """Cancel what has not started, and remove the files; what is at work ends. Safe to repeat. Raises ``NotFound``."""
    batch = batches.get(service, actor, batch_id)
    if batch.deadline is not None:
        service.store.batches.cancel(batch_id, rfc3339(service.clock()), service.now_s())
    carry_out(service, batch, time.monotonic() + REQUEST_S)


def carry_out(service: Service, batch: Batch, deadline: float) -> None:
    """Do what a cancellation asks for, as far as it is not done, until ``deadline`` (monotonic seconds)."""
    service.store.files.delete([archive_key(batch.batch_id), secret_key(batch.batch_id)])
    is_all = True
    for file in service.store.batches.files(batch.batch_id):
        if time.monotonic() > deadline:
            return
        is_all &= _cancel_file(service, batch, file)
    if is_all and batch.deadline is not None:
        service.store.batches.cancelled(batch.batch_id)


def _cancel_file(service: Service, batch: Batch, file: BatchFile) -> bool:
    """Whether nothing of the file is left to do; False when it was taken at this very moment."""
    cancelled = Cancelled("The batch was cancelled before this file's turn came; nothing was charged for it.")
    conversion = service.store.conversions.get(file.conversion_id) if file.conversion_id else None
    if conversion is None and file.status is FileStatus.WAITING:
        if not batch_progress.refuse(service, batch, file, problem_of(cancelled)):
            return False
    elif conversion and conversion.is_open:
        if not conversion.lease.attempts:
            settle.fail(service, conversion, cancelled)
        return True
    elif conversion and conversion.result:
        conversions.delete_result(service, conversion)
    path = folders.parse(file.source_key)
    if path is None or service.store.arrivals.newest(path.key).arrival.place == file.place:
        service.store.files.delete([file.source_key, *(results.shown_keys(path) if path else [])])
    return True

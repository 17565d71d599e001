"""What an owner does with a batch on the way: try again what failed, cancel what has not started."""

import time
from collections.abc import Sequence
from itertools import islice

from chalicelib.domain import folders
from chalicelib.domain.batches import Batch, BatchFile, FileStatus, archive_key, secret_key
from chalicelib.domain.clock import rfc3339
from chalicelib.domain.conversion import Conversion
from chalicelib.domain.errors import Cancelled, Conflict, Forbidden, Unavailable, problem_of
from chalicelib.domain.users import User
from chalicelib.services import Service, arrival, batch_progress, batches, conversions, results, settle
from chalicelib.store.arrivals import Newest, supersede

REQUEST_S = 15.0
"""What one request works on it; the rest of a retry is asked for again, that of a cancellation the sweeper's."""

_AT_ONCE = 100


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
    for file in service.store.batches.files(batch.batch_id):
        if file.status in (FileStatus.FAILED, FileStatus.WAITING):
            _tell_again(service, batch, file)
        if time.monotonic() > deadline:
            break
    return batches.get(service, actor, batch_id)


def _tell_again(service: Service, batch: Batch, file: BatchFile) -> None:
    """Have a file taken in whose object is there. One that waits is told once more: the telling may have been lost."""
    is_of_folder = folders.parse(file.source_key) is not None
    newest = service.store.arrivals.newest(file.source_key) if is_of_folder else None
    stat = arrival.describe(service, file.source_key)
    if stat is None or (newest and (newest.arrival.place, newest.arrival.put) != (file.place, stat.put_name)):
        return
    # Whoever looked at another object before this, and takes it afterwards, must look again: this file waits then.
    more = [supersede(newest, newest.arrival, file.place)] if newest else []
    if file.status is FileStatus.WAITING or batch_progress.try_again(service, batch, file, more):
        service.store.queues.tell_intake(file.source_key)


def cancel(service: Service, actor: User, batch_id: str) -> None:
    """Cancel what has not started, and remove the files; what is at work ends. Safe to repeat.

    Raises ``NotFound``, and ``Unavailable`` when a day's folders hold more than one request clears.
    """
    batch = batches.get(service, actor, batch_id)
    if batch.deadline is not None:
        service.store.batches.cancel(batch_id, rfc3339(service.clock()), service.now_s())
    if not carry_out(service, batch, time.monotonic() + REQUEST_S) and batch.deadline is None:
        raise Unavailable("A part of what was dropped is cancelled and removed; send this again for the rest.")


def carry_out(service: Service, batch: Batch, deadline: float) -> bool:
    """Do what is left of a cancellation, until ``deadline`` (monotonic seconds); whether all of it is done.

    First comes what has not started, since any of it may be converted, and charged, meanwhile.
    """
    service.store.files.delete([archive_key(batch.batch_id), secret_key(batch.batch_id)])
    is_stopped = _stop_all(service, batch, deadline)
    is_done = _remove_all(service, batch, deadline) and is_stopped
    if is_done and batch.deadline is not None:
        service.store.batches.cancelled(batch.batch_id)
    return is_done


def _stop_all(service: Service, batch: Batch, deadline: float) -> bool:
    is_all = True
    for file in service.store.batches.files(batch.batch_id):
        if time.monotonic() > deadline:
            return False
        if file.status.rank < FileStatus.SUCCESS.rank:
            is_all &= _stop(service, batch, file)
    return is_all


def _stop(service: Service, batch: Batch, file: BatchFile) -> bool:
    """Whether the file will start nothing any more; False when it was taken at this very moment."""
    cancelled = Cancelled("The batch was cancelled before this file's turn came; nothing was charged for it.")
    conversion = service.store.conversions.get(file.conversion_id) if file.conversion_id else None
    if conversion is None:
        return batch_progress.refuse(service, batch, file, problem_of(cancelled))
    if conversion.is_open and not conversion.lease.attempts:
        settle.fail(service, conversion, cancelled)
    return True


def _remove_all(service: Service, batch: Batch, deadline: float) -> bool:
    """What is removed already costs next to nothing: each call gets on."""
    lying = set[str]()
    if batch.deadline is None:
        lying.update(service.store.files.keys_under(f"{folders.INBOX}{batch.owner_id}/"))
    else:
        service.store.files.delete_under(batches.object_prefix(batch.batch_id))
    files = service.store.batches.files(batch.batch_id)
    while some := list(islice(files, _AT_ONCE)):
        rows = service.store.conversions.get_all([file.conversion_id for file in some if file.conversion_id])
        _remove_from_folders(service, some, rows, lying)
        for row in rows:
            if row.result and not row.deleted:
                if time.monotonic() > deadline:
                    return False
                conversions.delete_result(service, row)
    return True


def _remove_from_folders(
    service: Service, files: Sequence[BatchFile], rows: Sequence[Conversion], lying: set[str]
) -> None:
    """Remove what is shown of files that have ended, and those that were refused; where nothing newer came."""
    is_open = {row.conversion_id: row.is_open for row in rows}
    paths = {file.source_key: path for file in files if (path := folders.parse(file.source_key))}
    newest = service.store.arrivals.newest_of(paths)
    ended = [file for file in files if file.source_key in newest and not is_open.get(file.conversion_id or "")]
    last = [file for file in ended if newest[file.source_key].arrival.place == file.place]
    service.store.files.delete([key for file in last for key in results.shown_keys(paths[file.source_key])])
    for key, now in service.store.arrivals.newest_of(file.source_key for file in last).items():
        if now.revision != newest[key].revision:
            results.show(service, paths[key])  # what was removed may have been another one's
    for file in last:
        if file.source_key in lying and not file.conversion_id:
            _remove_if_same(service, newest[file.source_key])


def _remove_if_same(service: Service, refused: Newest) -> None:
    """A new object may lie there, of which nobody knows yet."""
    stat = arrival.describe(service, refused.key)
    if stat and stat.put_name == refused.arrival.put:
        service.store.files.delete_version(stat)

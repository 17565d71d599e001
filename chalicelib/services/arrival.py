"""Arrival: what an object that was put is: new, told of again, or a repeat of what is there already."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain import folders
from chalicelib.domain.batches import Batch, BatchFile, BatchPlace, FileStatus
from chalicelib.domain.clock import rfc3339
from chalicelib.domain.errors import UploadMissing, problem_of
from chalicelib.domain.filekinds import safe_name
from chalicelib.domain.folders import FolderPath
from chalicelib.services import Service, batch_progress, batches, results
from chalicelib.store import arrivals
from chalicelib.store.arrivals import Newest, claim_arrival, supersede
from chalicelib.store.batches import claim_waiting
from chalicelib.store.files import ObjectStat, ObjectUnreadable
from chalicelib.store.transactions import Claim, Write

_UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Arrival:
    """An object, the file of a batch that it is, and the writes by which a conversion, or a refusal, takes it."""

    stat: ObjectStat
    batch: Batch
    file: BatchFile
    claims: tuple[Claim, ...]
    refusal: Sequence[Write] = ()
    path: FolderPath | None = None
    options: ObjectStat | None = None


def look(service: Service, key: str) -> Arrival | None:
    """What lies under ``key``; None when there is nothing to do about it, or that was done here."""
    if key.startswith(batches.PREFIX):
        return _of_batch(service, key)
    path = folders.parse(key)
    if path is None or path.is_options or path.is_litter or service.store.users.get(path.user_id) is None:
        return None
    return _of_folder(service, path)


def folder_batch(service: Service, user_id: str) -> Batch:
    """The batch of what ``user_id`` drops into folders today (UTC)."""
    now = service.clock()
    return Batch(batch_id=f"{user_id}-{now:%Y%m%d}", owner_id=user_id, created_at=rfc3339(now))


def _of_batch(service: Service, key: str) -> Arrival | None:
    batch_id, _, file_id = key.removeprefix(batches.PREFIX).partition("/")
    batch = service.store.batches.get(batch_id) if batch_id and file_id else None
    file = service.store.batches.get_file(BatchPlace(batch_id, file_id)) if batch else None
    stat = describe(service, key)
    if batch is None or file is None or stat is None:
        return None
    if batch.cancelled_at:
        service.store.files.delete([key])
        return None
    if file.status is not FileStatus.WAITING:
        # Told again; the taking may have died before it was counted.
        batch_progress.catch_up(service, batch, file)
        return None
    return Arrival(stat, batch, file, (claim_waiting(file, rfc3339(service.clock())),))


def _of_folder(service: Service, path: FolderPath) -> Arrival | None:
    """The newest is read before the object: whoever writes on it unchanged has looked at nothing older."""
    seen = service.store.arrivals.newest(path.key)
    stat = describe(service, path.key)
    if stat is None:
        _abandon(service, seen)
        return None
    options = describe(service, path.options_key)
    came = arrivals.Arrival(stat.put_name, stat.etag, options.etag if options else "")
    if came.put == seen.arrival.put and not _may_succeed_now(service, seen, came):
        return _told_again(service, path, seen, (stat, options))
    if (came.etag, came.options) == (seen.arrival.etag, seen.arrival.options) and _stands(service, seen):
        service.store.files.delete_version(stat)
        return None
    _abandon(service, seen)
    batch = folder_batch(service, path.user_id)
    file = _new_file(service, path, batch, stat, seen.revision + 1)
    claims = claim_arrival(seen, came, file)
    return Arrival(stat, batch, file, claims, [supersede(seen, came, file.place)], path, options)


def _told_again(
    service: Service, path: FolderPath, seen: Newest, objects: tuple[ObjectStat, ObjectStat | None]
) -> Arrival | None:
    """The very put that is the newest already: make up for what its taking died before."""
    stat, options = objects
    file = _file_of(service, seen)
    if file is None:
        return None
    # That of the day on which it was taken, which may not have a header yet.
    batch = service.store.batches.get(file.batch_id) or Batch(file.batch_id, path.user_id, file.updated_at)
    if file.status is FileStatus.WAITING:
        again = arrivals.Arrival(seen.arrival.put, stat.etag, options.etag if options else "")
        write = supersede(seen, again, file.place)
        claims = (claim_waiting(file, rfc3339(service.clock())), lambda _conversion_id: write)
        return Arrival(stat, batch, file, claims, [write], path, options)
    batch_progress.catch_up(service, batch, file)
    if file.conversion_id:
        service.store.files.delete_version(stat)
    else:
        results.show(service, path)
    return None


def _abandon(service: Service, seen: Newest) -> None:
    """What was to be tried again waits in vain once its object was replaced or removed."""
    file = _file_of(service, seen)
    batch = service.store.batches.get(file.batch_id) if file and file.status is FileStatus.WAITING else None
    if file and batch:
        gone = UploadMissing("The file was replaced by another one, or removed, before it could be tried again.")
        batch_progress.refuse(service, batch, file, problem_of(gone))


def _may_succeed_now(service: Service, seen: Newest, came: arrivals.Arrival) -> bool:
    """Whether no conversion was made of the newest, and its folder has other options by now."""
    file = _file_of(service, seen)
    refused = file is not None and file.status is FileStatus.FAILED and not file.conversion_id
    return refused and came.options != seen.arrival.options


def _file_of(service: Service, seen: Newest) -> BatchFile | None:
    return service.store.batches.get_file(seen.arrival.place) if seen.arrival.place else None


def _stands(service: Service, seen: Newest) -> bool:
    """Whether the conversion of the newest is open, or succeeded: the same put again is a repeat then."""
    file = _file_of(service, seen)
    conversion = service.store.conversions.get(file.conversion_id) if file and file.conversion_id else None
    return conversion is not None and conversion.problem is None


def _new_file(service: Service, path: FolderPath, batch: Batch, stat: ObjectStat, number: int) -> BatchFile:
    """``number`` counts what came under its key: no two have the same id."""
    digest = hashlib.sha256(f"{stat.key}\n{number}".encode()).hexdigest()
    now = service.clock()
    return BatchFile(
        batch_id=batch.batch_id,
        file_id=f"{int(now.timestamp()):011d}-{digest[:24]}",
        filename=safe_name(path.name, fallback="document"),
        size=stat.size,
        slug=path.slug,
        source_key=stat.key,
        status=FileStatus.WAITING,
        updated_at=rfc3339(now),
    )


def describe(service: Service, key: str) -> ObjectStat | None:
    """What lies there. What S3 does not even describe is refused when it is to be read."""
    try:
        return service.store.files.stat(key)
    except ObjectUnreadable:
        return ObjectStat(key, 0, _UNREADABLE)


def require_readable(stat: ObjectStat) -> None:
    """Raise ``ObjectUnreadable`` for what :func:`look` could not describe."""
    if stat.etag == _UNREADABLE:
        raise ObjectUnreadable(stat.key)

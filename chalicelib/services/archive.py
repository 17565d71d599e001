"""Archives: the results of a batch that has ended, in one zip."""

import logging
from collections.abc import Iterator
from datetime import timedelta

from chalicelib.domain.batches import Archive, Batch, BatchFile, FileStatus, archive_key
from chalicelib.domain.clock import rfc3339
from chalicelib.domain.errors import Gone, Problem, problem_of
from chalicelib.services import Service, conversions, events, results
from chalicelib.store.archives import Member

_log = logging.getLogger(__name__)


def build(service: Service, batch_id: str) -> None:
    """Pack what a finished batch came to; told again, it does nothing."""
    batch = service.store.batches.get(batch_id)
    if batch is None or batch.finished_at is None or batch.archive is not None:
        return
    key, size = None, 0
    if batch.counts.get(FileStatus.SUCCESS):
        key = archive_key(batch_id)
        size = service.store.archives.write(key, _members(service, batch))
    # Before the zip is recorded: whoever dies in between is asked for it again, and tells nobody twice.
    events.tell_of_batch(service, batch)
    expires = service.clock() + timedelta(seconds=service.settings.result_lifetime_s)
    service.store.batches.packed(batch, Archive(key, size, rfc3339(expires)))
    _log.info("batch packed", extra={"batch_id": batch_id, "bytes": size})


def _members(service: Service, batch: Batch) -> Iterator[Member]:
    """A result for each file, or why there is none."""
    for file in service.store.batches.files(batch.batch_id):
        yield _member(service, file)


def _member(service: Service, file: BatchFile) -> Member:
    if file.status is FileStatus.MISSING:
        return _problem(service, file, Problem("upload-missing", "Upload missing", "The file never arrived.", True))
    if file.problem:
        return _problem(service, file, file.problem)
    conversion = service.store.conversions.get(file.conversion_id or "")
    if conversion is None or conversion.result is None or not conversions.is_available(service, conversion):
        gone = Gone("The result was deleted or had expired before the batch ended.")
        return _problem(service, file, problem_of(gone))
    result = conversion.result.file
    return Member(f"{file.filename}.{result.kind}", result.key)


def _problem(service: Service, file: BatchFile, problem: Problem) -> Member:
    return Member(f"{file.filename}.error.json", results.problem_file(service, problem))

"""Uploads in batches: a file that came, or comes by URL, is laid where the batch awaits it."""

from collections.abc import Sequence

from chalicelib.domain.batches import Batch, BatchFile
from chalicelib.domain.errors import UploadUsed, problem_of
from chalicelib.services import Service, batch_progress, fetches
from chalicelib.store.files import ObjectChanged
from chalicelib.store.uploads import Upload


def take(service: Service, batch: Batch, files: Sequence[BatchFile], uploads: Sequence[Upload | None]) -> None:
    """Let ``files`` of a batch be those of ``uploads``: all of them, or none. Raises ``UploadUsed``."""
    taken: list[Upload] = []
    for file, upload in zip(files, uploads, strict=True):
        if upload is None:
            continue
        if not service.store.uploads.assign(upload, file.place):
            for one in taken:
                service.store.uploads.release(one)
            raise UploadUsed(f"Upload {upload.upload_id} was used already; make a new upload.")
        taken.append(upload)


def begin(service: Service, files: Sequence[BatchFile], uploads: Sequence[Upload | None]) -> None:
    """Lay down what is there already; the rest follows as it comes."""
    for file, upload in zip(files, uploads, strict=True):
        if upload:
            _lay(service, upload, file)


def go_on(service: Service, upload: Upload) -> None:
    """An upload by URL has come, or never will: its batch is told. Safe to repeat."""
    place = upload.place
    file = service.store.batches.get_file(place) if place else None
    batch = service.store.batches.get(place.batch_id) if place else None
    if file is None or batch is None or file.conversion_id or file.has_ended:
        return
    failure = fetches.failure_of(service, upload.upload_id)
    if failure:
        batch_progress.refuse(service, batch, file, problem_of(failure))
        batch_progress.finish_if_ended(service, batch.batch_id)
    else:
        _lay(service, upload, file)


def _lay(service: Service, upload: Upload, file: BatchFile) -> None:
    """Copy it to where the bucket tells the intake of it, as of any file of a batch."""
    stat = service.store.files.stat(upload.key)
    try:
        if stat:
            service.store.files.copy(stat, file.source_key)
            service.store.files.delete_version(stat)
    except ObjectChanged:
        return  # somebody else laid it down

"""Batches and their files as rows, and back."""

from pynamodb.expressions.update import Action

from chalicelib.domain.batches import Archive, Batch, BatchFile, FileStatus
from chalicelib.domain.errors import Problem
from chalicelib.store.tables_files import BatchFileItem, BatchItem

HEADER, FILE = "batch", "file#"
OPEN = "open"


def described(file: BatchFile) -> list[Action]:
    """A folder's file that was refused has no row yet."""
    return [
        BatchFileItem.filename.set(BatchFileItem.filename | file.filename),
        BatchFileItem.size.set(BatchFileItem.size | file.size),
        BatchFileItem.source_key.set(BatchFileItem.source_key | file.source_key),
        *([BatchFileItem.slug.set(BatchFileItem.slug | file.slug)] if file.slug else []),
    ]


def founding(batch: Batch) -> list[Action]:
    """A header that is not there yet is made by its first count."""
    return [
        BatchItem.owner_id.set(BatchItem.owner_id | batch.owner_id),
        BatchItem.created_at.set(BatchItem.created_at | batch.created_at),
    ]


def to_item(batch: Batch) -> BatchItem:
    """The header of a new batch."""
    return BatchItem(
        batch_id=batch.batch_id,
        item=HEADER,
        owner_id=batch.owner_id,
        created_at=batch.created_at,
        slug=batch.slug,
        options=batch.options,
        has_secret=batch.has_secret,
        deadline=batch.deadline,
        open_batch=OPEN,
        due_at=batch.deadline,
        waiting=batch.counts.get(FileStatus.WAITING, 0),
    )


def batch_of(item: BatchItem) -> Batch:
    """The batch of a header."""
    return Batch(
        batch_id=item.batch_id,
        owner_id=item.owner_id,
        created_at=item.created_at,
        slug=item.slug,
        options=item.options or {},
        has_secret=bool(item.has_secret),
        deadline=None if item.deadline is None else float(item.deadline),
        due_at=None if item.due_at is None else float(item.due_at),
        counts={status: int(getattr(item, status.value) or 0) for status in FileStatus},
        finished_at=item.finished_at,
        cancelled_at=item.cancelled_at,
        archive=Archive(**item.archive) if item.archive else None,
    )


def to_file_item(file: BatchFile) -> BatchFileItem:
    """The row of a new file."""
    return BatchFileItem(
        batch_id=file.batch_id,
        item=FILE + file.file_id,
        filename=file.filename,
        size=file.size,
        slug=file.slug,
        source_key=file.source_key,
        status=file.status.value,
        updated_at=file.updated_at,
        counted=file.counted.value if file.counted else None,
    )


def file_of(item: BatchFileItem) -> BatchFile:
    """The file of a row."""
    return BatchFile(
        batch_id=item.batch_id,
        file_id=item.item.removeprefix(FILE),
        filename=item.filename,
        size=int(item.size),
        slug=item.slug,
        source_key=item.source_key,
        status=FileStatus(item.status),
        updated_at=item.updated_at,
        counted=FileStatus(item.counted) if item.counted else None,
        conversion_id=item.conversion_id,
        problem=Problem(**item.problem) if item.problem else None,
    )

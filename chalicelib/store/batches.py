"""Batches in DynamoDB: a header with counters, a row for each file, and which objects were converted."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.pagination import ResultIterator

from chalicelib.domain.batches import Archive, Batch, BatchFile, BatchPlace, FileStatus
from chalicelib.domain.errors import Problem
from chalicelib.store.conditional import update_if
from chalicelib.store.pages import Page, Position, read_page
from chalicelib.store.tables_files import ArrivalItem, BatchFileItem, BatchItem
from chalicelib.store.transactions import SOURCE, Claim, Transactor, Write

HEADER, FILE = "batch", "file#"
OPEN = "open"
MOVES_AT_ONCE = 90
"""Rows of one transaction, which holds 100, beside the header."""


@dataclass(frozen=True)
class Move:
    """A file becomes ``to``. ``problem`` says why it failed."""

    file: BatchFile
    to: FileStatus
    problem: Problem | None = None


class Batches:
    """Reads and writes of the table of batches."""

    def __init__(self, transactor: Transactor) -> None:
        self._transactor = transactor

    def create(self, batch: Batch, files: Sequence[BatchFile]) -> None:
        """Write a new batch: its files first, so that no header counts a file that is not there."""
        with BatchFileItem.batch_write() as rows:
            for file in files:
                rows.save(_to_file_item(file))
        _to_item(batch).save()

    def get(self, batch_id: str) -> Batch | None:
        """The header, read consistently."""
        try:
            return _batch(BatchItem.get(batch_id, HEADER, consistent_read=True))
        except BatchItem.DoesNotExist:
            return None

    def get_file(self, place: BatchPlace) -> BatchFile | None:
        """One file, read consistently."""
        try:
            return _file(BatchFileItem.get(place.batch_id, FILE + place.file_id, consistent_read=True))
        except BatchFileItem.DoesNotExist:
            return None

    def get_files(self, places: Sequence[BatchPlace]) -> list[BatchFile]:
        """Those of the files that there are, read consistently."""
        keys = [(place.batch_id, FILE + place.file_id) for place in places]
        return [_file(item) for item in BatchFileItem.batch_get(keys, consistent_read=True)]

    def page(self, owner_id: str, start: Position | None, limit: int) -> Page[Batch]:
        """A page of an owner's batches, newest first."""

        def query(count: int) -> ResultIterator[BatchItem]:
            return BatchItem.by_owner.query(
                owner_id, scan_index_forward=False, limit=count, last_evaluated_key=start, page_size=count
            )

        return read_page(query, _batch, limit)

    def file_page(self, batch_id: str, start: Position | None, limit: int) -> Page[BatchFile]:
        """A page of a batch's files, in the order in which they were announced or came."""

        def query(count: int) -> ResultIterator[BatchFileItem]:
            return BatchFileItem.query(
                batch_id,
                BatchFileItem.item.startswith(FILE),
                limit=count,
                last_evaluated_key=start,
                page_size=count,
                consistent_read=True,
            )

        return read_page(query, _file, limit)

    def files(self, batch_id: str) -> Iterator[BatchFile]:
        """All files of a batch, read a page at a time."""
        rows = BatchFileItem.query(batch_id, BatchFileItem.item.startswith(FILE), consistent_read=True)
        return (_file(item) for item in rows)

    def due(self, now: float, limit: int) -> list[str]:
        """Ids of at most ``limit`` batches that the sweeper should look at."""
        rows = BatchItem.by_due.query(OPEN, BatchItem.due_at < now, limit=limit)
        return [row.batch_id for row in rows]

    def move(self, batch: Batch, moves: Sequence[Move], at: str) -> None:
        """Move files and count them, together or not at all; a header that is not there yet is made of ``batch``.

        Raises ``ConditionFailed`` when one of them was counted as something else meanwhile.
        """
        changes: Counter[FileStatus] = Counter()
        writes = []
        for move in moves:
            changes[move.to] += 1
            if move.file.counted:
                changes[move.file.counted] -= 1
            writes.append(_move(move, at))
        counted = [getattr(BatchItem, status.value).add(change) for status, change in changes.items() if change]
        header = Write("header", BatchItem(batch.batch_id, HEADER), None, [*_founding(batch), *counted])
        self._transactor.commit([*writes, header])

    def finish(self, batch_id: str, at: str, due_at: float) -> bool:
        """Record that every file has ended; False when that was recorded before."""
        actions = [BatchItem.finished_at.set(at), BatchItem.due_at.set(due_at)]
        still_open = BatchItem.finished_at.does_not_exist() & BatchItem.open_batch.exists()
        return update_if(BatchItem(batch_id, HEADER), actions, still_open)

    def postpone(self, batch: Batch, due_at: float) -> bool:
        """Move the sweeper's next look; False when someone else did."""
        unchanged = BatchItem.due_at == batch.due_at
        return update_if(BatchItem(batch.batch_id, HEADER), [BatchItem.due_at.set(due_at)], unchanged)

    def packed(self, batch_id: str, archive: Archive) -> bool:
        """Record the zip; nobody looks after the batch any more."""
        actions = [
            BatchItem.archive.set(asdict(archive)),
            BatchItem.open_batch.remove(),
            BatchItem.due_at.remove(),
        ]
        return update_if(BatchItem(batch_id, HEADER), actions, BatchItem.archive.does_not_exist())


def claim_waiting(file: BatchFile, at: str) -> Claim:
    """The write by which a conversion takes a file that was announced."""

    def claim(conversion_id: str) -> Write:
        actions = [
            BatchFileItem.status.set(FileStatus.PROCESSING.value),
            BatchFileItem.conversion_id.set(conversion_id),
            BatchFileItem.updated_at.set(at),
        ]
        waiting = BatchFileItem.status == FileStatus.WAITING.value
        return Write(SOURCE, BatchFileItem(file.batch_id, FILE + file.file_id), waiting, actions)

    return claim


def claim_arrival(file: BatchFile, etag: str) -> tuple[Claim, Claim]:
    """The writes by which a conversion takes an object of a folder: that it came, and its row."""

    def arrival(conversion_id: str) -> Write:
        item = ArrivalItem(arrival_id(file.source_key), etag, conversion_id=conversion_id)
        return Write(SOURCE, item, ArrivalItem.item.does_not_exist())

    def row(conversion_id: str) -> Write:
        item = _to_file_item(file)
        item.status, item.conversion_id = FileStatus.PROCESSING.value, conversion_id
        return Write(SOURCE, item, BatchFileItem.item.does_not_exist())

    return arrival, row


def arrival_id(source_key: str) -> str:
    """The partition of an object's arrivals; a hash, since an object's key may be as long as a partition's name."""
    return f"arrival#{hashlib.sha256(source_key.encode()).hexdigest()}"


def _move(move: Move, at: str) -> Write:
    file = move.file
    actions: list[Action] = [
        BatchFileItem.counted.set(move.to.value),
        BatchFileItem.status.set(move.to.value),
        BatchFileItem.updated_at.set(at),
    ]
    if move.problem:
        actions.append(BatchFileItem.problem.set(asdict(move.problem)))
    counted = BatchFileItem.counted
    unchanged: Condition = counted == file.counted.value if file.counted else counted.does_not_exist()
    if not file.counted:
        actions += _described(file)
    # A conversion takes a waiting file without counting it: the file must not be refused or go missing then.
    if file.conversion_id is None and move.to.rank == FileStatus.FAILED.rank:
        untaken = BatchFileItem.status.does_not_exist() | (BatchFileItem.status == FileStatus.WAITING.value)
        unchanged &= untaken
    return Write(file.file_id, BatchFileItem(file.batch_id, FILE + file.file_id), unchanged, actions)


def _described(file: BatchFile) -> list[Action]:
    """A folder's file that was refused has no row yet."""
    return [
        BatchFileItem.filename.set(BatchFileItem.filename | file.filename),
        BatchFileItem.size.set(BatchFileItem.size | file.size),
        BatchFileItem.source_key.set(BatchFileItem.source_key | file.source_key),
        *([BatchFileItem.slug.set(BatchFileItem.slug | file.slug)] if file.slug else []),
    ]


def _founding(batch: Batch) -> list[Action]:
    return [
        BatchItem.owner_id.set(BatchItem.owner_id | batch.owner_id),
        BatchItem.created_at.set(BatchItem.created_at | batch.created_at),
    ]


def _to_item(batch: Batch) -> BatchItem:
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


def _batch(item: BatchItem) -> Batch:
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
        archive=Archive(**item.archive) if item.archive else None,
    )


def _to_file_item(file: BatchFile) -> BatchFileItem:
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


def _file(item: BatchFileItem) -> BatchFile:
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

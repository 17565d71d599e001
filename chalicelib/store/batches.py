"""Batches in DynamoDB: a header with counters, and a row for each file."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.pagination import ResultIterator

from chalicelib.domain.batches import Archive, Batch, BatchFile, BatchPlace, FileStatus
from chalicelib.domain.errors import Problem
from chalicelib.store.batch_rows import (
    FILE,
    HEADER,
    OPEN,
    batch_of,
    described,
    file_of,
    founding,
    to_file_item,
    to_item,
)
from chalicelib.store.conditional import update_if
from chalicelib.store.pages import Page, Position, read_page
from chalicelib.store.tables_files import BatchFileItem, BatchItem
from chalicelib.store.transactions import SOURCE, Claim, Transactor, Write

MOVES_AT_ONCE = 90
"""Rows of one transaction, which holds 100, beside the header."""


@dataclass(frozen=True)
class Move:
    """A file becomes ``to``. ``problem`` says why it failed."""

    file: BatchFile
    to: FileStatus
    problem: Problem | None = None

    @property
    def reopens(self) -> bool:
        """Whether a file that had ended is tried again."""
        return self.to is FileStatus.WAITING


class Batches:
    """Reads and writes of the table of batches."""

    def __init__(self, transactor: Transactor) -> None:
        self._transactor = transactor

    def create(self, batch: Batch, files: Sequence[BatchFile]) -> None:
        """Write a new batch: its files first, so that no header counts a file that is not there."""
        with BatchFileItem.batch_write() as rows:
            for file in files:
                rows.save(to_file_item(file))
        to_item(batch).save()

    def get(self, batch_id: str) -> Batch | None:
        """The header, read consistently."""
        try:
            return batch_of(BatchItem.get(batch_id, HEADER, consistent_read=True))
        except BatchItem.DoesNotExist:
            return None

    def get_file(self, place: BatchPlace) -> BatchFile | None:
        """One file, read consistently."""
        try:
            return file_of(BatchFileItem.get(place.batch_id, FILE + place.file_id, consistent_read=True))
        except BatchFileItem.DoesNotExist:
            return None

    def get_files(self, places: Sequence[BatchPlace]) -> list[BatchFile]:
        """Those of the files that there are, read consistently."""
        keys = [(place.batch_id, FILE + place.file_id) for place in places]
        return [file_of(item) for item in BatchFileItem.batch_get(keys, consistent_read=True)]

    def page(self, owner_id: str, start: Position | None, limit: int) -> Page[Batch]:
        """A page of an owner's batches, newest first."""

        def query(count: int) -> ResultIterator[BatchItem]:
            return BatchItem.by_owner.query(
                owner_id, scan_index_forward=False, limit=count, last_evaluated_key=start, page_size=count
            )

        return read_page(query, batch_of, limit)

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

        return read_page(query, file_of, limit)

    def files(self, batch_id: str) -> Iterator[BatchFile]:
        """All files of a batch, read a page at a time."""
        rows = BatchFileItem.query(batch_id, BatchFileItem.item.startswith(FILE), consistent_read=True)
        return (file_of(item) for item in rows)

    def due(self, now: float, limit: int) -> list[str]:
        """Ids of at most ``limit`` batches that the sweeper should look at."""
        rows = BatchItem.by_due.query(OPEN, BatchItem.due_at < now, limit=limit)
        return [row.batch_id for row in rows]

    def move(self, batch: Batch, moves: Sequence[Move], at: str, more: Sequence[Write] = ()) -> None:
        """Move files and count them, together or not at all; a header that is not there yet is made of ``batch``.

        ``more`` is written with it. Raises ``ConditionFailed`` when one of the files was counted as something else, or
        taken by another conversion, meanwhile.
        """
        changes: Counter[FileStatus] = Counter()
        writes = []
        for move in moves:
            changes[move.to] += 1
            if move.file.counted:
                changes[move.file.counted] -= 1
            writes.append(_move(move, at))
        counted = [getattr(BatchItem, status.value).add(change) for status, change in changes.items() if change]
        reopened = _reopened(batch) if any(move.reopens for move in moves) else []
        header = Write("header", BatchItem(batch.batch_id, HEADER), None, [*founding(batch), *counted, *reopened])
        self._transactor.commit([*writes, header, *more])

    def finish(self, batch_id: str, at: str, due_at: float) -> bool:
        """Record that every file has ended; False when that was recorded before."""
        actions = [BatchItem.finished_at.set(at), BatchItem.due_at.set(due_at)]
        still_open = BatchItem.finished_at.does_not_exist() & BatchItem.open_batch.exists()
        still_open &= BatchItem.cancelled_at.does_not_exist()
        return update_if(BatchItem(batch_id, HEADER), actions, still_open)

    def postpone(self, batch: Batch, due_at: float) -> bool:
        """Move the sweeper's next look; False when someone else did."""
        unchanged = BatchItem.due_at == batch.due_at
        return update_if(BatchItem(batch.batch_id, HEADER), [BatchItem.due_at.set(due_at)], unchanged)

    def packed(self, batch: Batch, archive: Archive) -> bool:
        """Record the zip of ``batch`` as it was finished; nobody looks after it any more."""
        actions = [
            BatchItem.archive.set(asdict(archive)),
            BatchItem.open_batch.remove(),
            BatchItem.due_at.remove(),
        ]
        same = (BatchItem.finished_at == batch.finished_at) & BatchItem.cancelled_at.does_not_exist()
        return update_if(BatchItem(batch.batch_id, HEADER), actions, BatchItem.archive.does_not_exist() & same)

    def cancel(self, batch_id: str, at: str, due_at: float) -> None:
        """Record that nothing of a batch starts any more; the sweeper looks after it from ``due_at`` on."""
        actions = [
            BatchItem.cancelled_at.set(BatchItem.cancelled_at | at),
            BatchItem.archive.remove(),
            BatchItem.open_batch.set(OPEN),
            BatchItem.due_at.set(due_at),
        ]
        update_if(BatchItem(batch_id, HEADER), actions, BatchItem.owner_id.exists())

    def cancelled(self, batch_id: str) -> None:
        """Record that all of a cancelled batch was done."""
        actions = [BatchItem.open_batch.remove(), BatchItem.due_at.remove()]
        update_if(BatchItem(batch_id, HEADER), actions, BatchItem.cancelled_at.exists())


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


def _move(move: Move, at: str) -> Write:
    file = move.file
    actions: list[Action] = [
        BatchFileItem.counted.set(move.to.value),
        BatchFileItem.status.set(move.to.value),
        BatchFileItem.updated_at.set(at),
    ]
    if move.problem:
        actions.append(BatchFileItem.problem.set(asdict(move.problem)))
    if move.reopens:
        actions += [BatchFileItem.problem.remove(), BatchFileItem.conversion_id.remove()]
    if not file.counted:
        actions += described(file)
    return Write(file.file_id, BatchFileItem(file.batch_id, FILE + file.file_id), _unchanged(move), actions)


def _unchanged(move: Move) -> Condition:
    """What was counted is as it was seen, and so is the conversion that has the file."""
    file = move.file
    counted, taken = BatchFileItem.counted, BatchFileItem.conversion_id
    unchanged: Condition = counted == file.counted.value if file.counted else counted.does_not_exist()
    unchanged &= taken == file.conversion_id if file.conversion_id else taken.does_not_exist()
    # A conversion takes a waiting file without counting it: the file must not be refused or go missing then.
    if file.conversion_id is None and move.to.rank == FileStatus.FAILED.rank:
        unchanged &= BatchFileItem.status.does_not_exist() | (BatchFileItem.status == FileStatus.WAITING.value)
    return unchanged


def _reopened(batch: Batch) -> list[Action]:
    """An ordered batch of which a file is tried again has not finished; a folder's never does."""
    if batch.deadline is None:
        return []
    return [
        BatchItem.finished_at.remove(),
        BatchItem.archive.remove(),
        BatchItem.open_batch.set(OPEN),
        BatchItem.due_at.set(batch.deadline),
    ]

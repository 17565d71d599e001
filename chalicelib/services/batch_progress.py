"""How far a batch is: its files are counted as what they have come to, each once, and its end is noticed."""

from collections.abc import Iterable, Mapping

from chalicelib.domain.batches import Batch, BatchFile, BatchPlace, FileStatus, secret_key
from chalicelib.domain.clock import rfc3339
from chalicelib.domain.errors import Problem, Unavailable
from chalicelib.services import Service
from chalicelib.store.batches import MOVES_AT_ONCE, Move
from chalicelib.store.transactions import ConditionFailed

ARCHIVE_GRACE_S = 1_800
"""After this the sweeper asks for the zip again: twice what one attempt may take."""

_TRIES = 20

Fates = Mapping[BatchPlace, tuple[FileStatus, Problem | None]]


def refuse(service: Service, batch: Batch, file: BatchFile, problem: Problem) -> bool:
    """A file failed without a conversion; False when one took it, or it was refused before."""
    return _commit(service, batch, [Move(file, FileStatus.FAILED, problem)])


def lose(service: Service, batch: Batch, file: BatchFile) -> bool:
    """A file never came; False when it came after all."""
    return _commit(service, batch, [Move(file, FileStatus.MISSING)])


def note(service: Service, batch: Batch, fates: Fates) -> None:
    """Files of ``batch`` became something; what they were counted as already, or are past, changes nothing."""
    places = list(fates)
    for start in range(0, len(places), MOVES_AT_ONCE):
        _note_some(service, batch, {place: fates[place] for place in places[start : start + MOVES_AT_ONCE]})
    finish_if_ended(service, batch.batch_id)


def finish_if_ended(service: Service, batch_id: str) -> None:
    """When every file has ended: record it, and ask for the zip. A folder's batch goes on."""
    batch = service.store.batches.get(batch_id)
    if batch is None or batch.deadline is None or not batch.has_ended:
        return
    if service.store.batches.finish(batch_id, rfc3339(service.clock()), service.now_s() + ARCHIVE_GRACE_S):
        if batch.has_secret:
            service.store.files.delete([secret_key(batch_id)])
        service.store.queues.ask_for_archive(batch_id)


def _note_some(service: Service, batch: Batch, fates: Fates) -> None:
    for attempt in range(_TRIES):
        files = service.store.batches.get_files(list(fates))
        moves = [move for file in files if (move := _move_of(file, fates))]
        if not moves or _commit(service, batch, moves):
            return
        service.store.transactor.pause(attempt)
    raise Unavailable("The batch is busy; its count will be tried again.")


def _move_of(file: BatchFile, fates: Fates) -> Move | None:
    status, problem = fates[file.place]
    counted = file.counted or FileStatus.WAITING
    return Move(file, status, problem) if status.rank > counted.rank else None


def _commit(service: Service, batch: Batch, moves: Iterable[Move]) -> bool:
    try:
        service.store.batches.move(batch, list(moves), rfc3339(service.clock()))
    except ConditionFailed:
        return False
    return True

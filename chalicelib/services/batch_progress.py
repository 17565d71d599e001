"""How far a batch is: its files are counted as what they have come to, each once, and its end is noticed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from chalicelib.domain.batches import Batch, BatchFile, BatchPlace, FileStatus, secret_key
from chalicelib.domain.clock import rfc3339
from chalicelib.domain.errors import Problem, Unavailable
from chalicelib.services import Service
from chalicelib.store.batches import MOVES_AT_ONCE, Move
from chalicelib.store.transactions import ConditionFailed, Write

ARCHIVE_GRACE_S = 1_800
"""After this the sweeper asks for the zip again: twice what one attempt may take."""

_TRIES = 20


class Fate(NamedTuple):
    """What became of a file in the hands of a conversion; of another one that has it by now, it is no news."""

    status: FileStatus
    conversion_id: str | None
    problem: Problem | None = None


Fates = Mapping[BatchPlace, Fate]


def refuse(service: Service, batch: Batch, file: BatchFile, problem: Problem, more: Sequence[Write] = ()) -> bool:
    """A file failed without a conversion; False when one took it, it was refused before, or ``more`` is refused."""
    return _commit(service, batch, [Move(file, FileStatus.FAILED, problem)], more)


def try_again(service: Service, batch: Batch, file: BatchFile, more: Sequence[Write] = ()) -> bool:
    """A file that failed waits anew; False when it changed meanwhile, or ``more`` is refused."""
    return _commit(service, batch, [Move(file, FileStatus.WAITING)], more)


def catch_up(service: Service, batch: Batch, file: BatchFile) -> None:
    """Count a file that a conversion took, and whose taker died before it did so."""
    if file.status is FileStatus.PROCESSING and file.counted is not FileStatus.PROCESSING:
        note(service, batch, {file.place: Fate(FileStatus.PROCESSING, file.conversion_id)})
    else:
        finish_if_ended(service, batch.batch_id)


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
        if batch.has_secret and not batch.counts.get(FileStatus.FAILED):
            service.store.files.delete([secret_key(batch_id)])  # what failed can be tried again
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
    fate = fates[file.place]
    counted = file.counted or FileStatus.WAITING
    is_news = fate.status.rank > counted.rank and file.conversion_id == fate.conversion_id
    return Move(file, fate.status, fate.problem) if is_news else None


def _commit(service: Service, batch: Batch, moves: Iterable[Move], more: Sequence[Write] = ()) -> bool:
    try:
        service.store.batches.move(batch, list(moves), rfc3339(service.clock()), more)
    except ConditionFailed:
        return False
    return True

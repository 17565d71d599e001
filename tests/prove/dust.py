"""The settling of the dust: without faults, until nothing is left to do."""

from collections.abc import Callable, Iterator
from functools import partial
from random import Random
from typing import Any

from chalicelib.domain.errors import ConvertProError
from chalicelib.store.batch_rows import HEADER
from chalicelib.store.tables_files import BatchItem
from tests.prove import operations, operations_inside
from tests.prove.operations import Scene
from tests.prove.violations import Kind, Violation
from tests.prove.world import World

SOON_ROUNDS, ROUNDS = 20, 60
SOON_S, LATER_S = 61, 3_600
"""The sweeper looks ever less often at what waits long, and a batch waits a day for its files."""


def settle(made: World) -> Iterator[Violation]:
    """Clients who heard nothing ask again; then deliveries, sweeps and the stream, until nothing is open."""
    scene = Scene(made, made.service(), Random(0))
    for wish in made.conversions:
        if wish.key and not wish.made:
            yield from _calm("ask again", partial(operations.ask, scene, wish))
    for number in range(ROUNDS):
        made.queues.redrive()
        while made.queues.messages:
            yield from _calm("deliver", partial(operations_inside.work, scene))
        yield from _calm("sweep", partial(operations_inside.sweep_once, scene))
        yield from _calm("tell", partial(operations_inside.tell_rest, scene))
        is_any_open = _is_any_open(made)
        if not made.queues.messages and not is_any_open and not _is_any_batch_open():
            return
        made.timeline.sleep(SOON_S if is_any_open and number < SOON_ROUNDS else LATER_S)


def _calm(name: str, act: Callable[[], Any]) -> Iterator[Violation]:
    try:
        act()
    except ConvertProError:
        pass
    except Exception as error:  # noqa: BLE001 - the finding
        yield Violation(Kind.UNEXPECTED, f"{name}, with no fault left: {error!r}")


def _is_any_open(made: World) -> bool:
    return any(row.get("status") == {"S": "processing"} for row in operations_inside.all_rows(made))


def _is_any_batch_open() -> bool:
    """Whether a batch, other than a folder's, has no zip yet."""
    is_unpacked = BatchItem.deadline.exists() & BatchItem.archive.does_not_exist()
    is_unpacked &= BatchItem.cancelled_at.does_not_exist() | BatchItem.open_batch.exists()
    return any(BatchItem.scan((BatchItem.item == HEADER) & is_unpacked, consistent_read=True))

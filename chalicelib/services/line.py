"""The line: so many conversions of a user are at work at a time; the others wait, in order of acceptance."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chalicelib.conversions import BY_ACTION
from chalicelib.domain.conversion import Conversion, Lane, LineKey
from chalicelib.domain.errors import ConversionTimeout
from chalicelib.services import Service
from chalicelib.store.conversions import conversion_of
from chalicelib.store.lines import Line

STRIKES, STRIKES_WITHIN_S = 3, 3_600

_log = logging.getLogger(__name__)


def enter(service: Service, conversion: Conversion) -> None:
    """Send a new conversion to its worker when there is room, else let it wait."""
    if join(service, conversion):
        dispatch(service, conversion)
    elif conversion.line:
        # Those who ended may not have been taken out yet: nobody waits for the stream to tell of them.
        advance(service, conversion.line)


def join(service: Service, conversion: Conversion) -> bool:
    """Whether the conversion may be at work; if not, it waits until :func:`advance` calls it. Safe to repeat."""
    key = conversion.line
    return key is None or service.store.lines.admit(
        key, conversion.conversion_id, limit(service, key.lane), service.now_s()
    )


def leave(service: Service, images: Sequence[dict[str, Any]]) -> int | None:
    """Take the rows of ``images``, which have ended, out of their lines, and call the next ones.

    Answers the position of the first that could not be: from there on they are to be told again.
    """
    positions: dict[LineKey, int] = {}
    ended: dict[LineKey, list[Conversion]] = defaultdict(list)
    failed: list[int] = []
    for position, image in enumerate(images):
        try:
            conversion = conversion_of(image)
        except Exception:  # noqa: BLE001 - logged; told again it ends in the dead-letter queue, and others go on
            _log.exception("not a conversion")
            failed.append(position)
            continue
        if conversion.line:
            positions.setdefault(conversion.line, position)
            ended[conversion.line].append(conversion)
    failed += [positions[key] for key, rows in ended.items() if not _left(service, key, rows)]
    return min(failed, default=None)


def advance(service: Service, key: LineKey) -> None:
    """Let go of those who have ended, by their rows, and call the next ones in order of acceptance."""
    while True:
        seen = service.store.lines.get(key)
        if not seen.admitted and not seen.last_refused:
            return
        working, waiting = _standing(service, seen)
        most = 1 if seen.one_at_a_time else limit(service, key.lane)
        called = waiting[: max(0, most - len(working))]
        admitted, last_refused = working.union(called), seen.last_refused if waiting else None
        if (admitted, last_refused) == (seen.admitted, seen.last_refused):
            return
        if service.store.lines.replace(seen, admitted, last_refused, service.now_s()):
            break
    for conversion_id in called:
        _call(service, conversion_id)


def dispatch(service: Service, conversion: Conversion) -> None:
    """Send the conversion to its worker."""
    worker = BY_ACTION[conversion.action].worker_for(conversion.options)
    service.store.queues.send(worker, conversion.lane, conversion.conversion_id)


def limit(service: Service, lane: Lane) -> int:
    """How many conversions of a user may be at work in a lane."""
    settings = service.settings
    return settings.max_active_per_user if lane is Lane.INTERACTIVE else settings.max_active_batch_per_user


def _left(service: Service, key: LineKey, ended: Sequence[Conversion]) -> bool:
    try:
        absolves = _judge(service, key, ended)
        ids = [one.conversion_id for one in ended]
        if not service.store.lines.leave(key, ids, service.now_s(), absolves=absolves):
            if absolves:
                service.store.lines.absolve(key)
            advance(service, key)
    except Exception:  # noqa: BLE001 - logged; the stream tells it again, and other lines go on
        _log.exception("a line did not move", extra={"line": str(key)})
        return False
    return True


def _judge(service: Service, key: LineKey, ended: Sequence[Conversion]) -> bool:
    """Whether the strikes are to be forgotten. Documents that use up their time count against their user."""
    for one in ended:
        if one.problem and one.problem.code == ConversionTimeout.code:
            ended_s = datetime.fromisoformat(one.updated_at).timestamp()
            service.store.lines.strike(key, one.conversion_id, ended_s, STRIKES, STRIKES_WITHIN_S)
    # Told again from long ago, a success absolves of nothing: only the newest end of those told decides.
    return max(ended, key=lambda one: one.updated_at).result is not None


def _standing(service: Service, line: Line) -> tuple[frozenset[str], list[str]]:
    """Those of the admitted who have not ended, and who waits, in order.

    The index may lag behind: what it names is looked up, and who was refused last is known without it. Others who
    are missing there are found when that one ends.
    """
    sighted = set(service.store.lines.next_in(line.key, len(line.admitted) + limit(service, line.key.lane)))
    sighted |= {line.last_refused} if line.last_refused else set()
    rows = service.store.lines.waiting_by_id(sighted | line.admitted)
    waiting = [one for one in sighted - line.admitted if rows.get(one)]
    return line.admitted & rows.keys(), sorted(waiting)


def _call(service: Service, conversion_id: str) -> None:
    """Have the conversion worked on; when its message is lost, the sweeper makes up for it."""
    now = service.now_s()
    conversion = service.store.conversions.call(conversion_id, now, now + service.settings.queue_grace_s)
    if conversion is None:
        return
    try:
        dispatch(service, conversion)
    except Exception:  # noqa: BLE001 - whatever it was, the row is due soon
        _log.warning("queueing failed, left to the sweeper", exc_info=True, extra={"conversion_id": conversion_id})

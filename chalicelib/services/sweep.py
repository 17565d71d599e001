"""The sweeper: what is stuck is queued again, and failed with its points given back when nothing helps."""

import logging
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.conversion import Conversion, LineKey
from chalicelib.services import Service, fetches, line, settle

BATCH = 100
GIVE_UP_AFTER_S = 6 * 3_600
"""A conversion that no worker took for this long is failed: its user has long gone away."""

LONGEST_WAIT_S = 900
"""How long a conversion in line is not looked at, at most: that look mends a line whose ends nobody told."""

_log = logging.getLogger(__name__)


@dataclass
class Swept:
    """What one sweep did; ``broken`` are those it could not look after."""

    requeued: int = 0
    failed: int = 0
    broken: int = 0


def sweep(service: Service) -> Swept:
    """Look at every open conversion that is due. One that can't be mended now does not keep the others from it."""
    swept = Swept()
    full: set[LineKey] = set()
    for conversion_id in service.store.conversions.due(service.now_s(), BATCH):
        try:
            conversion = service.store.conversions.get(conversion_id)
            if conversion and conversion.is_open and conversion.due_at < service.now_s():
                _treat(service, conversion, full, swept)
        except Exception:  # noqa: BLE001 - logged and counted; it stays due
            _log.exception("a conversion could not be looked after", extra={"conversion_id": conversion_id})
            swept.broken += 1
    return swept


def _treat(service: Service, conversion: Conversion, full: set[LineKey], swept: Swept) -> None:
    """``full`` are the lines that have no room in this sweep."""
    if is_hopeless(service, conversion):
        swept.failed += settle.give_up(service, conversion)
        _log.error("conversion given up", extra={"conversion_id": conversion.conversion_id})
    elif conversion.awaited:
        fetches.resume(service, conversion.conversion_id)
        service.store.conversions.postpone(conversion, service.now_s() + service.settings.queue_grace_s)
    elif conversion.is_waiting and not _may_work(service, conversion, full):
        patience_s = min(_patience_s(service, conversion), LONGEST_WAIT_S)
        service.store.conversions.postpone(conversion, service.now_s() + patience_s)
    else:
        swept.requeued += _queue_again(service, conversion)


def is_hopeless(service: Service, conversion: Conversion, grace_s: float = 0) -> bool:
    """Whether all attempts were used up, or nothing has come of the conversion for too long, by ``grace_s`` ago.

    Its time in a line does not count for as long as that one moves.
    """
    now_s = service.now_s() - grace_s
    if conversion.lease.attempts >= service.settings.max_attempts and conversion.lease.until < now_s:
        return True
    since_s = conversion.called_at or _created_s(conversion)
    if conversion.is_waiting and conversion.line:
        since_s = max(since_s, service.store.lines.get(conversion.line).moved_at)
    return now_s - since_s > GIVE_UP_AFTER_S


def _may_work(service: Service, conversion: Conversion, full: set[LineKey]) -> bool:
    """Whether the conversion, which waits in line, is admitted; if not, its line is put right, once a sweep."""
    key = conversion.line
    if key in full:
        return False
    if line.join(service, conversion):
        return True
    if key:
        full.add(key)
        line.advance(service, key)
    return False


def _queue_again(service: Service, conversion: Conversion) -> bool:
    now = service.now_s()
    due_at = now + _patience_s(service, conversion)
    rows = service.store.conversions
    # The row first, so that of two sweepers one sends; a send that is lost is made up for by the next look.
    if conversion.is_waiting:
        is_first = rows.call(conversion.conversion_id, now, due_at) is not None
    else:
        is_first = rows.postpone(conversion, due_at)
    if is_first:
        line.dispatch(service, conversion)
        _log.warning("conversion queued again", extra={"conversion_id": conversion.conversion_id})
    return is_first


def _patience_s(service: Service, conversion: Conversion) -> float:
    """Waiting in a long queue is no fault: looks at a row that nobody took yet become rarer with its age."""
    age_s = 0 if conversion.lease.attempts else service.now_s() - _created_s(conversion)
    return max(service.settings.queue_grace_s, age_s)


def _created_s(conversion: Conversion) -> float:
    return datetime.fromisoformat(conversion.created_at).timestamp()

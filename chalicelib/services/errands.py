"""Errands: begun, handed to the courier, and handed to it again when nothing comes of them."""

import logging
import math
from dataclasses import replace

from chalicelib.domain.errands import Errand, ErrandKey
from chalicelib.services import Service

GRACE_S = 60
"""How long a message to the courier may take before the sweeper sends another one."""

LONGEST_DELAY_S = 900
"""A queue delays a message by so much at most; the sweeper is who waits longer."""

_log = logging.getLogger(__name__)


def begin(service: Service, errand: Errand) -> bool:
    """Have the courier run a new errand; begun before, it is not begun again: False then."""
    now = service.now_s()
    is_new = service.store.errands.create(replace(errand, next_at=errand.next_at or now, due_at=now + GRACE_S))
    if is_new:
        _send(service, errand.key, 0)
    return is_new


def wait(service: Service, errand: Errand, lease_until: float) -> None:
    """Let an errand wait for its next try."""
    now = service.now_s()
    delay_s = max(0, math.ceil(errand.next_at - now))
    by_queue = delay_s <= LONGEST_DELAY_S
    # A short wait ends with a message that is sent now, a long one with the sweeper's look.
    waiting = replace(errand, due_at=errand.next_at + (GRACE_S if by_queue else 0))
    if service.store.errands.settle(waiting, lease_until) and by_queue:
        _send(service, errand.key, delay_s)


def _send(service: Service, key: ErrandKey, delay_s: int) -> None:
    try:
        service.store.queues.send_courier(key, delay_s)
    except Exception:  # noqa: BLE001 - whatever it was, the row is there and the sweeper makes up for it
        _log.warning("queueing failed, left to the sweeper", exc_info=True, extra={"scope": key.scope})

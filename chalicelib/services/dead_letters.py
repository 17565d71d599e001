"""Dead letters: what no worker could handle is failed, and points given back; what could not be taken in is told."""

import logging
from collections.abc import Callable

from chalicelib.conversions.spec import Worker
from chalicelib.services import Service, intake, settle
from chalicelib.store.queues import INTAKE, DeadLetter

LOOKS = 5
"""Groups of ten that are read of each queue in one sweep."""

_log = logging.getLogger(__name__)


def sweep(service: Service) -> int:
    """Settle what the dead letters name; how many of them are gone."""
    settled = sum(_sweep_queue(service, worker, _is_settled) for worker in Worker)
    return settled + _sweep_queue(service, INTAKE, _is_told)


def _sweep_queue(service: Service, queue: str, is_done: Callable[[Service, DeadLetter], bool]) -> int:
    buried = 0
    for _ in range(LOOKS):
        letters = service.store.queues.dead_letters(queue)
        for letter in letters:
            if is_done(service, letter):
                service.store.queues.bury(queue, letter)
                buried += 1
        if not letters:
            break
    return buried


def _is_settled(service: Service, letter: DeadLetter) -> bool:
    """Whether the conversion has ended now. One that a worker holds is looked at again with the next sweep."""
    extra = {"conversion_id": letter.conversion_id, "message_id": letter.message_id}
    if letter.conversion_id is None:
        _log.error("a dead letter names no conversion", extra=extra)
        return True
    conversion = service.store.conversions.get(letter.conversion_id)
    if conversion is None or not conversion.is_open:
        return True
    if conversion.lease.until > service.now_s():
        return False
    _log.error("a conversion was delivered too often", extra=extra)
    return settle.give_up(service, conversion)


def _is_told(service: Service, letter: DeadLetter) -> bool:
    """Whether it is recorded of every object in it that it was not taken in; else the next sweep tries again."""
    is_told = True
    for key in letter.keys:
        extra = {"message_id": letter.message_id}
        try:
            intake.give_up(service, key)
        except Exception:  # noqa: BLE001 - logged; the others have their turn
            _log.exception("an object that could not be taken in could not be told of either", extra=extra)
            is_told = False
        else:
            _log.error("an object could not be taken in", extra=extra)
    return is_told

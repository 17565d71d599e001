"""Dead letters: conversions that no worker could handle are failed, and their points given back."""

import logging

from chalicelib.conversions.spec import Worker
from chalicelib.services import Service, settle
from chalicelib.store.queues import DeadLetter

LOOKS = 5
"""Groups of ten that are read of each queue in one sweep."""

_log = logging.getLogger(__name__)


def sweep(service: Service) -> int:
    """Settle what the dead letters name; how many of them are gone."""
    return sum(_sweep_queue(service, worker) for worker in Worker)


def _sweep_queue(service: Service, worker: Worker) -> int:
    buried = 0
    for _ in range(LOOKS):
        letters = service.store.queues.dead_letters(worker)
        for letter in letters:
            if _is_settled(service, letter):
                service.store.queues.bury(worker, letter)
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

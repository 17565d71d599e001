"""The handler of the schedule that looks after what is stuck."""

import logging
from collections.abc import Callable
from dataclasses import asdict
from functools import cache

from chalicelib.services import Service, dead_letters, erasure, errand_sweep, expiry, open_service, overdue, sweep

_log = logging.getLogger(__name__)
_LOOKS: dict[str, Callable[[Service], int]] = {
    "dead_letters": dead_letters.sweep,
    "expired": expiry.sweep,
    "batches": overdue.sweep,
    "erased": erasure.sweep,
    "errands": errand_sweep.sweep,
}


class SweepIncomplete(Exception):
    """Something could not be looked after; the log says why, and the next sweep tries it again."""


@cache
def _service() -> Service:
    return open_service()


def handler() -> dict[str, int]:
    """Sweep once and say what was done. Raises ``SweepIncomplete``, which an alarm counts, after all had their turn."""
    done = asdict(sweep.sweep(_service()))
    for name, look in _LOOKS.items():
        try:
            done[name] = look(_service())
        except Exception:  # noqa: BLE001 - logged and counted; the others have their turn
            _log.exception("sweeping failed", extra={"what": name})
            done["broken"] += 1
    if done["broken"]:
        raise SweepIncomplete(str(done))
    return done

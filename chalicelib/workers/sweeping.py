"""The handler of the schedule that looks after what is stuck."""

from dataclasses import asdict
from functools import cache

from chalicelib.services import Service, open_service, overdue, sweep


@cache
def _service() -> Service:
    return open_service()


def handler() -> dict[str, int]:
    """Sweep once and say what was done."""
    return asdict(sweep.sweep(_service())) | {"batches": overdue.sweep(_service())}

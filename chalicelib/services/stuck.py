"""What is stuck, and what no worker could handle: as much of what the doctor finds as can be told at a request."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.batches import Batch
from chalicelib.domain.conversion import Conversion
from chalicelib.domain.users import User
from chalicelib.services import Service, admin, sweep
from chalicelib.services.admin import Names
from chalicelib.store.conversion_rows import KEPT
from chalicelib.store.queues import Depth

SETTLES_S = 900
"""What changed less than this ago may still be under way: the sweeper looks each minute, the tally takes seconds."""

MOST = 50
"""Of each kind, told one by one; of conversions, of each of the index's shards."""


class Fault(StrEnum):
    """What is wrong. The sweeper mends the first five by itself, each minute: what is told has outlived that."""

    BEYOND_LIMIT = "open-beyond-limit"
    UNATTENDED = "unattended"
    BATCH_OVERDUE = "batch-overdue"
    ERRAND_OVERDUE = "errand-overdue"
    RESULT_OVERDUE = "result-overdue"
    DEAD_LETTERS = "dead-letters"


ADVICE = {
    Fault.BEYOND_LIMIT: "The sweeper did not end and refund them: see its alarms and log, then run make doctor FIX=1.",
    Fault.UNATTENDED: "The sweeper, which runs every minute, did not look at them: see its alarms and log. If it runs, "
    "make doctor FIX=1 puts them back into its sight.",
    Fault.BATCH_OVERDUE: "The sweeper did not look at them when it should have: see its alarms and log.",
    Fault.ERRAND_OVERDUE: "Webhooks, fetched files or deliveries wait: see the courier's queue and the sweeper's log.",
    Fault.RESULT_OVERDUE: "Results outlive their time: see the sweeper's log. The bucket's rule deletes them later.",
    Fault.DEAD_LETTERS: "The sweeper settles those of the workers and of the intake. For others, read the log of the "
    "function, mend the cause and move the messages back to their queue; for the tally, run make recount.",
}
"""What to do about each."""


@dataclass(frozen=True)
class Stuck:
    """A conversion that should have ended, or should have been looked at."""

    conversion: Conversion
    fault: Fault


@dataclass(frozen=True)
class StuckWork:
    """What an operator should know, as far as the actor sees whose it is."""

    queues: list[Depth]
    conversions: list[Stuck]
    batches: list[Batch]
    errands: int
    results: int
    names: Names

    @property
    def counts(self) -> dict[Fault, int]:
        """How many of each; none that are none."""
        counts = dict.fromkeys(Fault, 0) | {
            Fault.BATCH_OVERDUE: len(self.batches),
            Fault.ERRAND_OVERDUE: self.errands,
            Fault.RESULT_OVERDUE: self.results,
            Fault.DEAD_LETTERS: sum(one.dead or 0 for one in self.queues),
        }
        for one in self.conversions:
            counts[one.fault] += 1
        return {fault: count for fault, count in counts.items() if count}


def fault_of(service: Service, conversion: Conversion, settles_s: float = SETTLES_S) -> Fault | None:
    """What is wrong with a conversion: open beyond its limit, or out of the sweeper's sight; None when nothing is."""
    if not conversion.is_open or conversion.lease.until > service.now_s():
        return None
    if sweep.is_hopeless(service, conversion, settles_s):
        return Fault.BEYOND_LIMIT
    return Fault.UNATTENDED if conversion.due_at < service.now_s() - settles_s else None


def stuck_work(service: Service, actor: User) -> StuckWork:
    """What is stuck now: some reads of the indexes of what is due, however much there is."""
    before = service.now_s() - SETTLES_S
    conversions = list(_conversions(service, before))
    found = (service.store.batches.get(batch_id) for batch_id in service.store.batches.due(before, MOST))
    batches = [one for one in found if one]
    owners = sorted({one.conversion.owner_id for one in conversions} | {one.owner_id for one in batches})
    names = admin.names(service, actor, owners)
    return StuckWork(
        queues=service.store.queues.depths(),
        conversions=[one for one in conversions if actor.is_super or one.conversion.owner_id in names],
        batches=[one for one in batches if actor.is_super or one.owner_id in names],
        errands=len(service.store.errands.due(before, MOST)),
        results=len(list(service.store.conversions.due(before, MOST, KEPT))),
        names=names,
    )


def _conversions(service: Service, before: float) -> Iterable[Stuck]:
    rows = service.store.conversions
    for conversion_id in sorted(rows.due(before, MOST)):
        conversion = rows.get(conversion_id)
        fault = fault_of(service, conversion) if conversion else None
        if conversion and fault:
            yield Stuck(conversion, fault)

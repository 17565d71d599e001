"""Bodies of what is stuck."""

from chalicelib.api.schemas.admin import PersonOut
from chalicelib.api.schemas.base import Out, Timestamp
from chalicelib.services.stuck import Fault


class FindingOut(Out):
    """Something that should not be, how often, and what to do about it; of errands, batches and results at most 50 are
    counted."""

    fault: Fault
    count: int
    advice: str


class QueueOut(Out):
    """About how many messages wait in a queue, are being handled, and could not be.

    ``dead`` is null where they are told at another queue of the same worker; the tally reads no queue.
    """

    name: str
    waiting: int | None
    at_work: int | None
    dead: int | None


class StuckConversionOut(Out):
    """A conversion that should have ended, or should have been looked at ``due_at``."""

    conversion_id: str
    fault: Fault
    user: PersonOut
    action: str
    attempts: int
    created_at: Timestamp
    due_at: Timestamp


class OverdueBatchOut(Out):
    """A batch that should have been looked at ``due_at``."""

    batch_id: str
    user: PersonOut
    due_at: Timestamp | None


class StuckWorkOut(Out):
    """What an operator should know: no ``findings`` means that nothing is stuck and no message was given up."""

    findings: list[FindingOut]
    queues: list[QueueOut]
    conversions: list[StuckConversionOut]
    batches: list[OverdueBatchOut]

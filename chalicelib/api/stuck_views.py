"""What is stuck, as the contract's JSON body."""

from dataclasses import asdict
from datetime import UTC, datetime

from chalicelib.api import admin_views
from chalicelib.api.schemas.stuck import FindingOut, OverdueBatchOut, QueueOut, StuckConversionOut, StuckWorkOut
from chalicelib.domain.clock import rfc3339
from chalicelib.services.admin import Names
from chalicelib.services.stuck import ADVICE, Stuck, StuckWork


def stuck_work_out(found: StuckWork) -> StuckWorkOut:
    """All of it."""
    return StuckWorkOut(
        findings=[FindingOut(fault=one, count=count, advice=ADVICE[one]) for one, count in found.counts.items()],
        queues=[QueueOut(**asdict(one)) for one in found.queues],
        conversions=[_conversion_out(one, found.names) for one in found.conversions],
        batches=[
            OverdueBatchOut(
                batch_id=one.batch_id,
                user=admin_views.person_out(one.owner_id, found.names),
                due_at=_moment(one.due_at),
            )
            for one in found.batches
        ],
    )


def _conversion_out(stuck: Stuck, names: Names) -> StuckConversionOut:
    row = stuck.conversion
    return StuckConversionOut(
        conversion_id=row.conversion_id,
        fault=stuck.fault,
        user=admin_views.person_out(row.owner_id, names),
        action=row.action,
        attempts=row.lease.attempts,
        created_at=row.created_at,
        due_at=_moment(row.due_at) or row.created_at,
    )


def _moment(epoch_s: float | None) -> str | None:
    return rfc3339(datetime.fromtimestamp(epoch_s, UTC)) if epoch_s else None

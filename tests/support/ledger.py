"""Charges without a document."""

from datetime import datetime

from chalicelib.domain.conversion import Conversion, Status
from chalicelib.domain.ids import entry_moment, new_id
from chalicelib.domain.points import EntryStatus, LedgerEntry, spent_id
from chalicelib.domain.users import User
from chalicelib.services import Service
from chalicelib.store.charging import Movement


def spend(service: Service, user: User, cost: int) -> Conversion:
    """Charge ``user`` for a conversion that nobody will run."""
    now: datetime = service.clock()
    conversion = Conversion(new_id(now), user.user_id, "pdf_to_docs", Status.PROCESSING, (), {}, "", "", cost)
    entry = LedgerEntry(
        user_id=user.user_id,
        entry_id=spent_id(conversion.conversion_id),
        status=EntryStatus.SPENT,
        amount=-cost,
        balance_after=user.points.balance - cost,
        created_by=user.user_id,
        created_at="2026-03-02T09:00:00.000Z",
    )
    movement = Movement(entry, entry_moment(now, user.revision + 1))
    service.store.charging.charge(user, conversion, movement, None)
    return conversion

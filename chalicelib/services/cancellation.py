"""Cancelling one conversion: before an engine has begun with it, and refunded."""

from chalicelib.domain.conversion import Conversion
from chalicelib.domain.errors import Cancelled, Conflict
from chalicelib.domain.users import User
from chalicelib.services import Service, conversions, settle

_BEGUN = "An engine has begun with the conversion, or it has ended; only one that waits can be cancelled."


def cancel(service: Service, actor: User, conversion_id: str) -> Conversion:
    """Fail a conversion that waits, and refund it; as it stands then. Safe to repeat.

    Raises ``NotFound``, ``Conflict`` when it was begun with, or has ended otherwise.
    """
    conversion = conversions.get(service, actor, conversion_id)
    if _is_cancelled(conversion):
        return conversion
    if not conversion.is_open or conversion.lease.attempts:
        raise Conflict(_BEGUN)
    # A worker that takes it at this very moment wins: the row is failed only as it was seen.
    settle.fail(service, conversion, Cancelled("It was cancelled before its turn came; nothing was charged."))
    conversion = conversions.get(service, actor, conversion_id)
    if not _is_cancelled(conversion):
        raise Conflict(_BEGUN)
    return conversion


def _is_cancelled(conversion: Conversion) -> bool:
    return conversion.problem is not None and conversion.problem.code == Cancelled.code

"""Bodies of what admins and super users see of others."""

from typing import Any

from chalicelib.api.schemas.accounts import PointTotalsOut, UserOut
from chalicelib.api.schemas.base import Out, Timestamp
from chalicelib.api.schemas.dashboard import ActionCountsOut, CountsOut, DayOut
from chalicelib.api.schemas.permissions import PermissionOut
from chalicelib.domain.audit import Change
from chalicelib.domain.conversion import Status
from chalicelib.domain.users import Role


class PersonOut(Out):
    """A user by name; null where the caller does not see it, or where it is none."""

    user_id: str
    email: str | None
    username: str | None


class RoleCountOut(Out):
    """Users of a role; ``active`` are those not disabled."""

    role: Role
    total: int
    active: int


class HolderOut(PersonOut):
    """Somebody with many points."""

    role: Role
    balance: int


class ActivityOut(Out):
    """A conversion that ended."""

    conversion_id: str
    user: PersonOut
    action: str
    status: Status
    points_charged: int
    created_at: Timestamp
    ended_at: Timestamp


class AdminSummaryOut(Out):
    """The service at a glance, of the users in the caller's sight; days and actions are those of the last 30 days."""

    users_by_role: list[RoleCountOut]
    by_day: list[DayOut]
    failures_by_action: list[ActionCountsOut]
    top_holders: list[HolderOut]
    recent_activity: list[ActivityOut]


class SeenUserOut(UserOut):
    """A user, its points, and when it was last here. ``balance`` is null for super users: unlimited."""

    balance: int | None
    last_login_at: Timestamp | None
    last_activity_at: Timestamp | None


class SeenUsersOut(Out):
    """A page of users, in order of creation."""

    items: list[SeenUserOut]
    limit: int
    next_cursor: str | None


class ConversionTotalsOut(CountsOut):
    """Conversions of all time that ended."""

    by_action: list[ActionCountsOut]


class CheckedUserOut(Out):
    """One user whole."""

    user: UserOut
    points: PointTotalsOut
    conversions: ConversionTotalsOut
    permissions: list[PermissionOut]
    last_login_at: Timestamp | None
    last_activity_at: Timestamp | None


class GiftOut(Out):
    """A top-up."""

    id: str
    to: PersonOut
    amount: int
    note: str | None
    given_by: PersonOut
    created_at: Timestamp


class GiftsOut(Out):
    """A page of top-ups, newest first."""

    items: list[GiftOut]
    limit: int
    next_cursor: str | None


class AuditEntryOut(Out):
    """Who changed what, of whom, when and from which address; ``details`` depend on the change."""

    id: str
    change: Change
    actor: PersonOut
    target: PersonOut | None
    at: Timestamp
    address: str
    details: dict[str, Any]


class AuditOut(Out):
    """A page of changes, newest first."""

    items: list[AuditEntryOut]
    limit: int
    next_cursor: str | None

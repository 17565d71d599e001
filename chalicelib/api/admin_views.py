"""What admins and super users see of others, as the contract's JSON bodies."""

from chalicelib.api import dashboard_views, views
from chalicelib.api.schemas.admin import (
    ActivityOut,
    AdminSummaryOut,
    AuditEntryOut,
    CheckedUserOut,
    ConversionTotalsOut,
    GiftOut,
    HolderOut,
    PersonOut,
    RoleCountOut,
    SeenUserOut,
)
from chalicelib.domain.audit import AuditEntry
from chalicelib.domain.conversion import Status
from chalicelib.domain.points import LedgerEntry
from chalicelib.domain.tally import Ended
from chalicelib.domain.users import User
from chalicelib.services import usage
from chalicelib.services.admin import Checked, Names, Seen, Summary


def summary_out(found: Summary) -> AdminSummaryOut:
    """The service at a glance."""
    return AdminSummaryOut(
        users_by_role=[RoleCountOut(role=one.role, total=one.total, active=one.active) for one in found.roles],
        by_day=dashboard_views.days_out(found.days),
        failures_by_action=dashboard_views.actions_out(found.actions),
        top_holders=[_holder_out(user) for user in found.holders],
        recent_activity=[_activity_out(one, found.names) for one in found.recent],
    )


def seen_out(seen: Seen) -> SeenUserOut:
    """A user and when it was last here."""
    return SeenUserOut(
        **views.user_out(seen.user).model_dump(),
        balance=views.balance_of(seen.user),
        last_login_at=seen.activity.last_login_at,
        last_activity_at=seen.activity.last_activity_at,
    )


def checked_out(checked: Checked) -> CheckedUserOut:
    """One user whole."""
    user, activity = checked.seen.user, checked.seen.activity
    counts = dashboard_views.counts_out(usage.total(checked.totals))
    by_action = dashboard_views.actions_out(usage.by_action(checked.totals))
    return CheckedUserOut(
        user=views.user_out(user),
        points=views.point_totals_out(user),
        conversions=ConversionTotalsOut(**counts.model_dump(), by_action=by_action),
        permissions=[views.decision_out(one) for one in checked.decisions],
        last_login_at=activity.last_login_at,
        last_activity_at=activity.last_activity_at,
    )


def gift_out(entry: LedgerEntry, names: Names) -> GiftOut:
    """A top-up."""
    return GiftOut(
        id=entry.entry_id,
        to=person_out(entry.user_id, names),
        amount=entry.amount,
        note=entry.note,
        given_by=person_out(entry.created_by, names),
        created_at=entry.created_at,
    )


def audit_entry_out(entry: AuditEntry, names: Names) -> AuditEntryOut:
    """A change."""
    return AuditEntryOut(
        id=entry.entry_id,
        change=entry.change,
        actor=person_out(entry.actor_id, names),
        target=person_out(entry.target_id, names) if entry.target_id else None,
        at=entry.at,
        address=entry.address,
        details=entry.details,
    )


def _holder_out(user: User) -> HolderOut:
    return HolderOut(
        user_id=user.user_id,
        email=user.email,
        username=user.username,
        role=user.role,
        balance=user.points.balance,
    )


def _activity_out(ended: Ended, names: Names) -> ActivityOut:
    return ActivityOut(
        conversion_id=ended.conversion_id,
        user=person_out(ended.owner_id, names),
        action=ended.action,
        status=Status.SUCCESS if ended.succeeded else Status.FAILED,
        points_charged=ended.points,
        created_at=ended.created_at,
        ended_at=ended.ended_at,
    )


def person_out(user_id: str, names: Names) -> PersonOut:
    """A user by name, where the caller sees it."""
    user = names.get(user_id)
    return PersonOut(user_id=user_id, email=user.email if user else None, username=user.username if user else None)

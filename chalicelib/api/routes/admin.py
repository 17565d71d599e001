"""What admins and super users see of others."""

from chalicelib.api import admin_views, stuck_views
from chalicelib.api.access import Access
from chalicelib.api.call import Call
from chalicelib.api.endpoint import Returns, Routes
from chalicelib.api.schemas.admin import AdminSummaryOut, AuditOut, CheckedUserOut, GiftsOut, SeenUsersOut
from chalicelib.api.schemas.base import PageQuery
from chalicelib.api.schemas.stuck import StuckWorkOut
from chalicelib.domain.errors import NotFound
from chalicelib.services import admin, stuck

ROUTES = Routes("Administration")
_SUMMARY = Returns(200, "The service at a glance.", AdminSummaryOut)
_ACTIVE = Returns(200, "Users in order of creation.", SeenUsersOut)
_GIFTS = Returns(200, "Top-ups, newest first.", GiftsOut)
_AUDIT = Returns(200, "Changes, newest first.", AuditOut)
_STUCK = Returns(200, "What should not be, and how much lies in each queue.", StuckWorkOut)
_CHECKED = Returns(200, "The user.", CheckedUserOut)


@ROUTES.add("GET", "/api/v3/admin/dashboard-summary", Access.MANAGER, _SUMMARY)
def summary(call: Call) -> AdminSummaryOut:
    """The service at a glance; an admin's is of general and demo users."""
    return admin_views.summary_out(admin.summary(call.service, call.caller))


@ROUTES.add("GET", "/api/v3/admin/active-users", Access.MANAGER, _ACTIVE, query=PageQuery)
def active_users(call: Call) -> SeenUsersOut:
    """The users whom the caller manages and who are not disabled, with their points and last activity."""
    query = call.query(PageQuery)
    seen, after = admin.active_users(call.service, call.caller, call.unseal(query.cursor), query.limit)
    items = [admin_views.seen_out(one) for one in seen]
    return SeenUsersOut(items=items, limit=query.limit, next_cursor=call.seal(after))


@ROUTES.add("GET", "/api/v3/admin/check-users/{user_id}", Access.MANAGER, _CHECKED, may_refuse=(NotFound,))
def check_user(call: Call) -> CheckedUserOut:
    """One user whole: profile, points, conversions, permissions, last activity."""
    return admin_views.checked_out(admin.check_user(call.service, call.caller, call.path("user_id")))


@ROUTES.add("GET", "/api/v3/admin/points/giving-history", Access.MANAGER, _GIFTS, query=PageQuery)
def giving_history(call: Call) -> GiftsOut:
    """The top-ups that the caller gave; a super user sees everybody's."""
    query = call.query(PageQuery)
    page, names = admin.gifts(call.service, call.caller, call.unseal(query.cursor), query.limit)
    items = [admin_views.gift_out(entry, names) for entry in page.rows]
    return GiftsOut(items=items, limit=query.limit, next_cursor=call.seal(page.next))


@ROUTES.add("GET", "/api/v3/admin/audit", Access.SUPER, _AUDIT, query=PageQuery)
def audit(call: Call) -> AuditOut:
    """Who changed roles, permissions, rules, points, accounts and keys, when and from where."""
    query = call.query(PageQuery)
    page, names = admin.audit(call.service, call.caller, call.unseal(query.cursor), query.limit)
    items = [admin_views.audit_entry_out(entry, names) for entry in page.rows]
    return AuditOut(items=items, limit=query.limit, next_cursor=call.seal(page.next))


@ROUTES.add("GET", "/api/v3/admin/stuck-work", Access.MANAGER, _STUCK)
def stuck_work(call: Call) -> StuckWorkOut:
    """Dead letters and stuck work: queues, what is overdue, and what to do; of users whom the caller manages."""
    return stuck_views.stuck_work_out(stuck.stuck_work(call.service, call.caller))

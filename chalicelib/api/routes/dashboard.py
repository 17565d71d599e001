"""One's own dashboard."""

from chalicelib.api import dashboard_views
from chalicelib.api.access import Access
from chalicelib.api.call import Call
from chalicelib.api.endpoint import Returns, Routes
from chalicelib.api.schemas.dashboard import OverviewOut, UsageOut, UsageQuery
from chalicelib.domain.errors import Forbidden, NotFound
from chalicelib.services import dashboard

ROUTES = Routes("Dashboard")
_OVERVIEW = Returns(200, "The caller's dashboard.", OverviewOut)


@ROUTES.add("GET", "/api/v3/dashboard/overview", Access.USER, _OVERVIEW, may_refuse=(Forbidden,))
def overview(call: Call) -> OverviewOut:
    """The caller's month, 30 days, actions and latest conversions."""
    return dashboard_views.overview_out(call.service, dashboard.overview(call.service, call.caller), call.base_url)


@ROUTES.add(
    "GET",
    "/api/v3/dashboard/usage-history",
    Access.USER,
    Returns(200, "Usage by day and by action.", UsageOut),
    query=UsageQuery,
    may_refuse=(Forbidden, NotFound),
)
def usage_history(call: Call) -> UsageOut:
    """Requests and points by day and by action: one's own, or of a user in one's sight."""
    query = call.query(UsageQuery)
    return dashboard_views.usage_out(dashboard.history(call.service, call.caller, query.user_id, query.days))

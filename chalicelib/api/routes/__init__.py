"""Every route of the service, in the order in which the documentation shows them."""

from chalicelib.api.endpoint import Endpoint
from chalicelib.api.routes import (
    admin,
    api_keys,
    auth,
    batches,
    console,
    conversions,
    dashboard,
    documentation,
    legacy,
    meta,
    permissions,
    points,
    sessions,
    uploads,
    users,
    webhooks,
)

_CURRENT = (
    *(auth, sessions, api_keys, users, conversions, uploads, batches),
    *(webhooks, points, permissions, dashboard, admin),
)
meta.declare_description(lambda: ENDPOINTS)
ENDPOINTS: tuple[Endpoint, ...] = tuple(
    endpoint for module in (*_CURRENT, meta, documentation, console, legacy) for endpoint in module.ROUTES.endpoints
)

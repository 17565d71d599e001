"""Every route of the service, in the order in which the documentation shows them."""

from chalicelib.api.endpoint import Endpoint
from chalicelib.api.routes import (
    admin,
    api_keys,
    auth,
    conversions,
    dashboard,
    legacy,
    meta,
    permissions,
    points,
    users,
)

ENDPOINTS: tuple[Endpoint, ...] = tuple(
    endpoint
    for module in (auth, api_keys, users, conversions, points, permissions, dashboard, admin, legacy, meta)
    for endpoint in module.ROUTES.endpoints
)

"""Every route of the service, in the order in which the documentation shows them."""

from chalicelib.api.endpoint import Endpoint
from chalicelib.api.routes import api_keys, auth, conversions, documentation, legacy, meta, permissions, points, users

ENDPOINTS: tuple[Endpoint, ...] = tuple(
    endpoint
    for module in (auth, api_keys, users, conversions, points, permissions, legacy, meta, documentation)
    for endpoint in module.ROUTES.endpoints
)

"""Every route of the service, in groups that are loaded when first asked for.

``GROUPS`` are in the order in which the documentation shows them; each is a module of this package.
"""

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.api.endpoint import Endpoint

GROUPS: dict[str, tuple[str, ...]] = {
    "auth": ("/api/v2/auth",),
    "sessions": ("/api/v2/auth/session",),
    "api_keys": ("/api/v2/auth/api-keys",),
    "users": ("/api/v2/users",),
    "conversions": ("/api/v3/conversions",),
    "uploads": ("/api/v3/uploads",),
    "batches": ("/api/v3/batches",),
    "webhooks": ("/api/v3/webhooks",),
    "points": ("/api/v3/points",),
    "permissions": ("/api/v3/permissions",),
    "dashboard": ("/api/v3/dashboard",),
    "admin": ("/api/v3/admin",),
    "meta": ("/health", "/openapi.json"),
    "documentation": ("/",),
    "console": ("/app",),
    "legacy": ("/api/v1", "/api/v2/conversions"),
}
"""By module, where its paths begin; the longest beginning that fits decides."""

LAST = "documentation"
"""Whose beginning is every path's: what nothing else serves is looked for here."""


def group_of(path: str) -> str:
    """The group that a path would be in."""
    fitting = [
        (len(beginning), group)
        for group, beginnings in GROUPS.items()
        for beginning in beginnings
        if path == beginning or path.startswith(f"{beginning.rstrip('/')}/")
    ]
    return max(fitting)[1]


@cache
def of_group(group: str) -> "tuple[Endpoint, ...]":
    """The routes that a group declares."""
    module = import_module(f"{__name__}.{group}")
    return tuple(module.ROUTES.endpoints)


@cache
def endpoints() -> "tuple[Endpoint, ...]":
    """Every route."""
    return tuple(endpoint for group in GROUPS for endpoint in of_group(group))

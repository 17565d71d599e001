"""Permissions: which conversions there are, and who may run them."""

from collections.abc import Sequence

from chalicelib.api import views
from chalicelib.api.access import Access
from chalicelib.api.call import Call
from chalicelib.api.endpoint import Returns, Routes
from chalicelib.api.schemas.permissions import (
    ActionOut,
    MyApiOut,
    PermissionIn,
    PermissionOut,
    PermissionsIn,
    PermissionsOut,
)
from chalicelib.conversions import CATALOGUE
from chalicelib.domain.errors import FieldError, InvalidRequest, NotFound
from chalicelib.services import permissions, points
from chalicelib.services.permissions import Decision

ROUTES = Routes("Permissions")
_USERS = "/api/v3/permissions/users/{user_id}/permissions"
_ALL = Returns(200, "The decision on every action.", PermissionsOut)


@ROUTES.add("GET", "/api/v3/permissions/actions", Access.USER, Returns(200, "The actions.", list[ActionOut]))
def actions(_call: Call) -> Sequence[ActionOut]:
    """Every action that can be permitted."""
    return [ActionOut(action=spec.action, label=spec.label) for spec in CATALOGUE]


@ROUTES.add("GET", "/api/v3/permissions/my-api", Access.USER, Returns(200, "The caller's actions.", list[MyApiOut]))
def my_api(call: Call) -> Sequence[MyApiOut]:
    """What the caller may run, where, and for how many points."""
    cost = points.cost_for(call.service, call.caller)
    return [
        MyApiOut(
            action=spec.action,
            label=spec.label,
            allowed=call.caller.may(spec.action),
            route=f"/api/v3/conversions/{spec.slug}",
            method="POST",
            points=cost,
        )
        for spec in CATALOGUE
    ]


@ROUTES.add("GET", _USERS, Access.MANAGER, _ALL, may_refuse=(NotFound,))
def read(call: Call) -> PermissionsOut:
    """A user's permissions."""
    user_id = call.path("user_id")
    return _out(user_id, permissions.read(call.service, call.caller, user_id))


@ROUTES.add("PUT", _USERS, Access.SUPER, _ALL, body=PermissionsIn, may_refuse=(NotFound,))
def write(call: Call) -> PermissionsOut:
    """Decide on several actions, all or none; those left out stay as they are."""
    body, user_id = call.json(PermissionsIn), call.path("user_id")
    wanted = {one.action: one.is_allowed for one in body.permissions}
    if len(wanted) < len(body.permissions):
        raise InvalidRequest.of([FieldError(("body", "permissions"), "names an action twice")])
    return _out(user_id, permissions.write(call.service, call.caller, user_id, wanted, call.address))


@ROUTES.add(
    "PATCH",
    f"{_USERS}/{{action}}",
    Access.SUPER,
    Returns(200, "The decision.", PermissionOut),
    body=PermissionIn,
    may_refuse=(NotFound,),
)
def patch(call: Call) -> PermissionOut:
    """Decide on one action."""
    body, action = call.json(PermissionIn), permissions.require_action(call.path("action"))
    wanted = {action: body.is_allowed}
    decided = permissions.write(call.service, call.caller, call.path("user_id"), wanted, call.address)
    return next(views.decision_out(one) for one in decided if one.action == action)


def _out(user_id: str, decided: list[Decision]) -> PermissionsOut:
    return PermissionsOut(user_id=user_id, permissions=[views.decision_out(one) for one in decided])

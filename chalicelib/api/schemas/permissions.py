"""Bodies of permissions."""

from typing import Annotated

from pydantic import Field

from chalicelib.api.schemas.base import Action, Body, Out, Timestamp


class ActionOut(Out):
    """An action that can be permitted."""

    action: str
    label: str


class MyApiOut(ActionOut):
    """A conversion as the caller may use it."""

    allowed: bool
    route: str
    method: str
    points: int


class PermissionIn(Body):
    """A decision on one action."""

    is_allowed: bool


class ActionPermissionIn(PermissionIn):
    """A decision on the named action."""

    action: Action


class PermissionsIn(Body):
    """Decisions on several actions."""

    permissions: Annotated[list[ActionPermissionIn], Field(min_length=1, max_length=100)]


class PermissionOut(Out):
    """A decision; a default has no author."""

    action: str
    is_allowed: bool
    updated_at: Timestamp | None
    updated_by: str | None


class PermissionsOut(Out):
    """The decisions on every action for a user."""

    user_id: str
    permissions: list[PermissionOut]

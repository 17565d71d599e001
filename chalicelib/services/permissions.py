"""Permissions: which conversions a user may run, and who decided so."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.conversions import BY_ACTION, CATALOGUE
from chalicelib.domain.audit import AuditEntry, Change
from chalicelib.domain.clock import rfc3339
from chalicelib.domain.errors import FieldError, InvalidRequest, NotFound
from chalicelib.domain.users import Permission, Role, User
from chalicelib.services import Service, accounts
from chalicelib.services.audit import Author


@dataclass(frozen=True)
class Decision:
    """Whether an action is allowed, and who said so when; a default has no author."""

    action: str
    is_allowed: bool
    updated_at: str | None = None
    updated_by: str | None = None


def read(service: Service, actor: User, user_id: str) -> list[Decision]:
    """The decision on every action for a user whom ``actor`` manages. Raises ``NotFound``."""
    return decisions(accounts.get(service, actor, user_id))


def decisions(user: User) -> list[Decision]:
    """The explicit decision on every action, or the default of ``user``'s role."""
    explicit = {one.action: one for one in user.permissions}
    return [_decision(spec.action, explicit.get(spec.action), user.role) for spec in CATALOGUE]


def write(service: Service, actor: User, user_id: str, wanted: Mapping[str, bool], address: str = "") -> list[Decision]:
    """Decide on the actions of ``wanted``, all or none; others stay. Raises ``InvalidRequest``, ``NotFound``."""
    unknown = [action for action in wanted if action not in BY_ACTION]
    if unknown:
        known = ", ".join(BY_ACTION)
        raise InvalidRequest.of(
            [
                FieldError(("body", "permissions"), f"{action[:64]} is not an action; there are {known}")
                for action in unknown
            ]
        )

    def decide(user: User) -> dict[str, Any]:
        at = rfc3339(service.clock())
        kept = [one for one in user.permissions if one.action not in wanted]
        new = [Permission(action, is_allowed, at, actor.user_id) for action, is_allowed in wanted.items()]
        return {"permissions": (*kept, *new)}

    def tell(user: User, _values: dict[str, Any]) -> AuditEntry:
        before = {action: user.may(action) for action in wanted}
        author = Author(service, actor, address)
        return author.entry(Change.PERMISSIONS_CHANGED, user.user_id, before=before, after=dict(wanted))

    return decisions(accounts.change(service, actor, user_id, decide, tell))


def require_action(action: str) -> str:
    """``action`` when there is such a one. Raises ``NotFound``."""
    if action not in BY_ACTION:
        raise NotFound("There is no such action; see /api/v3/permissions/actions.")
    return action


def _decision(action: str, explicit: Permission | None, role: Role) -> Decision:
    if explicit is None:
        return Decision(action, role is not Role.DEMO)
    return Decision(action, explicit.is_allowed, explicit.updated_at, explicit.updated_by)

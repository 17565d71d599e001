"""The audit: which changes by people are told, and what an entry says."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Change(StrEnum):
    """The kinds of changes."""

    USER_CREATED = "user-created"
    ROLE_CHANGED = "role-changed"
    USER_DISABLED = "user-disabled"
    USER_ENABLED = "user-enabled"
    USER_RENAMED = "user-renamed"
    USER_DELETED = "user-deleted"
    PASSWORD_RESET = "password-reset"  # noqa: S105 - a kind, no secret
    PERMISSIONS_CHANGED = "permissions-changed"
    RULES_CHANGED = "rules-changed"
    POINTS_GIVEN = "points-given"
    POINTS_CORRECTED = "points-corrected"
    KEY_CREATED = "api-key-created"
    KEY_REVOKED = "api-key-revoked"


@dataclass(frozen=True)
class AuditEntry:
    """Who changed what, of whom (None: nobody's), when (RFC 3339) and from which address; ids are in order of time."""

    entry_id: str
    change: Change
    at: str
    actor_id: str
    target_id: str | None
    address: str
    details: dict[str, Any] = field(default_factory=dict)

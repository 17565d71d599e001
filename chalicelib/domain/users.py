"""Users, their roles, and who may see and manage whom."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.domain.errors import Forbidden, NotFound

PASSWORD_MIN_LENGTH = 8
PASSWORD_MAX_LENGTH = 200
EMAIL_PATTERN = r"^[^@\s\x00-\x1f\x7f]{1,64}@[^@\s\x00-\x1f\x7f.]+(\.[^@\s\x00-\x1f\x7f.]+)+$"
USERNAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{1,63}$"


class Role(StrEnum):
    """The four roles of the contract."""

    SUPER = "super_user"
    ADMIN = "admin_user"
    GENERAL = "general_user"
    DEMO = "demo_user"


OPENING_POINTS = {Role.DEMO: 0, Role.GENERAL: 30, Role.ADMIN: 100, Role.SUPER: 0}
MANAGED_BY = {Role.SUPER: frozenset(Role), Role.ADMIN: frozenset({Role.GENERAL, Role.DEMO})}


@dataclass(frozen=True)
class Permission:
    """An explicit decision about one action: overrides the role's default."""

    action: str
    is_allowed: bool
    updated_at: str
    updated_by: str


@dataclass(frozen=True)
class PointTotals:
    """A user's points; ``balance = opening + topup - spent + refunded + corrected`` always holds."""

    balance: int = 0
    opening: int = 0
    topup: int = 0
    spent: int = 0
    refunded: int = 0
    corrected: int = 0


@dataclass(frozen=True)
class User:
    """An account as the rest of the code sees it; ``token_epoch`` dates every token issued to it,
    ``revision`` counts the changes of anything that a charge depends on."""

    user_id: str
    email: str
    username: str
    role: Role
    is_active: bool
    created_at: str
    token_epoch: int = 0
    revision: int = 0
    points: PointTotals = field(default_factory=PointTotals)
    permissions: tuple[Permission, ...] = ()
    password_hash: str = field(default="", repr=False)

    @property
    def is_super(self) -> bool:
        """Super users are never charged and bypass permissions."""
        return self.role is Role.SUPER

    def may(self, action: str) -> bool:
        """Whether conversions of ``action`` are permitted: the explicit decision, else the role's default."""
        if self.is_super:
            return True
        if self.role is Role.DEMO:
            return False
        return next((one.is_allowed for one in self.permissions if one.action == action), True)

    def sees(self, other: "User") -> bool:
        """Whether ``other`` is inside this user's sight."""
        return other.user_id == self.user_id or other.role in MANAGED_BY.get(self.role, frozenset())


def require_manageable(actor: User, target: User | None) -> User:
    """Return ``target`` when ``actor`` manages its role; else ``NotFound``, the same as for an absent one."""
    if target is None or target.role not in MANAGED_BY.get(actor.role, frozenset()):
        raise NotFound("There is no such user.")
    return target


def require_creatable(actor: User, role: Role) -> None:
    """Raise ``Forbidden`` when ``actor`` may not create a user of ``role``."""
    if role not in MANAGED_BY.get(actor.role, frozenset()):
        raise Forbidden(f"Your role may not create a {role.value}; ask a super user.")


def normalise_email(email: str) -> str:
    """The form under which an e-mail address is unique."""
    return email.strip().casefold()


def is_email(email: str) -> bool:
    """Whether ``email`` has the shape of an address."""
    return len(email) <= 254 and re.fullmatch(EMAIL_PATTERN, email) is not None

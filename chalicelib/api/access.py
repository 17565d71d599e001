"""Who may call a route."""

from enum import StrEnum

from chalicelib.domain.errors import Forbidden
from chalicelib.domain.users import Role, User


class Access(StrEnum):
    """The kinds of callers that routes are open to."""

    PUBLIC = "anyone"
    USER = "any user"
    WRITER = "any user but demo"
    MANAGER = "admin and super users"
    SUPER = "super users"

    @property
    def roles(self) -> frozenset[Role]:
        """The roles that pass."""
        return _ROLES[self]


_ROLES = {
    Access.PUBLIC: frozenset(Role),
    Access.USER: frozenset(Role),
    Access.WRITER: frozenset(Role) - {Role.DEMO},
    Access.MANAGER: frozenset({Role.ADMIN, Role.SUPER}),
    Access.SUPER: frozenset({Role.SUPER}),
}


def require(access: Access, user: User) -> None:
    """Raise ``Forbidden`` when ``user``'s role is not among those of ``access``."""
    if user.role not in access.roles:
        raise Forbidden(f"This is for {access.value}; your role is {user.role.value}.")

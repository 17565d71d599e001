"""Bodies of logging in and of managing users."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from chalicelib.api.schemas.base import Body, Out, PageQuery, Text, Timestamp
from chalicelib.domain.users import (
    EMAIL_PATTERN,
    PASSWORD_MAX_LENGTH,
    PASSWORD_MIN_LENGTH,
    USERNAME_PATTERN,
    Role,
    is_email,
)


def _email(value: str) -> str:
    if not is_email(value):
        raise ValueError("is not an e-mail address")
    return value


Email = Annotated[
    Text,
    Field(max_length=254, examples=["ada@example.com"], json_schema_extra={"pattern": EMAIL_PATTERN}),
    AfterValidator(_email),
]
NewPassword = Annotated[Text, Field(min_length=PASSWORD_MIN_LENGTH, max_length=PASSWORD_MAX_LENGTH)]
AnyPassword = Annotated[Text, Field(max_length=1_024)]
Username = Annotated[str, Field(pattern=USERNAME_PATTERN)]
Token = Annotated[Text, Field(max_length=4_096)]


class LogInIn(Body):
    """Credentials."""

    email: Annotated[Text, Field(max_length=254, examples=["user@example.com"])]
    password: AnyPassword


class RefreshIn(Body):
    """A refresh token."""

    refresh_token: Token


class PasswordIn(Body):
    """A change of one's own password."""

    current_password: AnyPassword
    new_password: NewPassword


class ResetPasswordIn(Body):
    """A new password for another user."""

    new_password: NewPassword


class UserIn(Body):
    """A new user."""

    email: Email
    password: NewPassword
    username: Username | None = None
    role: Role = Role.GENERAL


class NamesIn(Body):
    """New names of a user; what is left out stays."""

    email: Email | None = None
    username: Username | None = None


class RoleIn(Body):
    """A new role."""

    role: Role


class UsersQuery(PageQuery):
    """Which users."""

    role: Role | None = None


class TokensOut(Out):
    """A pair of tokens. ``expires_in``: seconds until the access token ends."""

    access_token: str
    refresh_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - a scheme, no secret
    expires_in: int
    role: Role


class SessionOut(Out):
    """An access token; ``expires_in``: seconds until it ends. The refresh token is in a cookie alone."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - a scheme, no secret
    expires_in: int
    role: Role


class UserOut(Out):
    """A user."""

    id: str
    email: str
    username: str
    role: Role
    is_active: bool
    created_at: Timestamp


class PointTotalsOut(Out):
    """Points: balance = opening + topup - spent + refunded + corrected; null and unlimited for super users."""

    balance: int | None
    total_topup: int
    total_spent: int
    total_refunded: int
    total_corrected: int


class ActiveApiOut(Out):
    """A conversion as the caller may use it, and what it costs."""

    action: str
    label: str
    allowed: bool
    points: int


class MeOut(UserOut):
    """The caller."""

    points: PointTotalsOut
    active_apis: list[ActiveApiOut]
    active_api_count: int

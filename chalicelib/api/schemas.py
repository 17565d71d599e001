"""Bodies, queries and answers of the routes, as the contract names them."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from chalicelib.domain.conversion import Status
from chalicelib.domain.points import TOPUP_MAX, EntryStatus
from chalicelib.domain.users import (
    EMAIL_PATTERN,
    PASSWORD_MAX_LENGTH,
    PASSWORD_MIN_LENGTH,
    USERNAME_PATTERN,
    Role,
)

LIST_DEFAULT, LIST_MAX = 50, 200


def _is_text(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError("is not valid Unicode") from error
    return value


def _email(value: str) -> str:
    if not re.match(EMAIL_PATTERN, value):
        raise ValueError("is not an e-mail address")
    return value


Text = Annotated[str, AfterValidator(_is_text)]
Email = Annotated[Text, Field(max_length=254, examples=["user@example.com"]), AfterValidator(_email)]
NewPassword = Annotated[Text, Field(min_length=PASSWORD_MIN_LENGTH, max_length=PASSWORD_MAX_LENGTH)]
AnyPassword = Annotated[Text, Field(max_length=1_024)]
Username = Annotated[str, Field(pattern=USERNAME_PATTERN)]
Token = Annotated[Text, Field(max_length=4_096)]
Timestamp = Annotated[str, Field(description="RFC 3339, UTC.", json_schema_extra={"format": "date-time"})]
RoleName = Annotated[Role, BeforeValidator(lambda value: Role(value) if value in set(Role) else value)]


class Body(BaseModel):
    """A request body, or a query: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Out(BaseModel):
    """An answer's body."""

    model_config = ConfigDict(frozen=True)


class NoQuery(Body):
    """A route without query parameters."""


class PageQuery(Body):
    """Which part of a list."""

    limit: Annotated[int, Field(ge=1, le=LIST_MAX)] = LIST_DEFAULT
    cursor: Annotated[str | None, Field(max_length=4_096, description="next_cursor of the page before.")] = None


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
    role: RoleName = Role.GENERAL


class RoleIn(Body):
    """A new role."""

    role: RoleName


class UsersQuery(PageQuery):
    """Which users."""

    role: RoleName | None = None


class TokensOut(Out):
    """A pair of tokens. ``expires_in``: seconds until the access token ends."""

    access_token: str
    refresh_token: str
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
    """Points: balance = opening + topup - spent + refunded; null and unlimited for super users."""

    balance: int | None
    total_topup: int
    total_spent: int
    total_refunded: int


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


class BalanceOut(Out):
    """Points left; null: unlimited."""

    balance: int | None


class RulesOut(Out):
    """What a conversion costs, in points."""

    flat_cost_per_request: int


class RulesIn(Body):
    """What a conversion shall cost, in points."""

    flat_cost_per_request: Annotated[int, Field(ge=0, le=TOPUP_MAX)]


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

    action: Annotated[Text, Field(max_length=64)]


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


class LedgerQuery(PageQuery):
    """Whose entries: one's own, or of a user in one's sight."""

    user_id: str | None = None


class LedgerEntryOut(Out):
    """One movement of points; ``amount`` is signed, spent is negative."""

    id: str
    action: str | None
    amount: int
    status: EntryStatus
    conversion_id: str | None
    balance_after: int
    note: str | None
    created_by: str
    created_at: Timestamp


class LedgerOut(Out):
    """A page of entries, newest first."""

    items: list[LedgerEntryOut]
    limit: int
    next_cursor: str | None


class MyPointOut(Out):
    """The caller's points at a glance."""

    user_id: str
    available_points: int | None
    point_status: Literal["available", "empty", "unlimited"]
    total_topup: int
    total_spent: int
    total_refunded: int
    history: list[LedgerEntryOut]


class TopupIn(Body):
    """Points to give."""

    user_id: Annotated[Text, Field(max_length=64)]
    amount: Annotated[int, Field(ge=1, le=TOPUP_MAX)]
    note: Annotated[Text, Field(max_length=500)] | None = None


class TopupOut(Out):
    """A booked top-up."""

    user_id: str
    balance: int
    entry_id: str


class ProgressOut(Out):
    """How far an engine is."""

    done: int
    total: int
    unit: Literal["pages", "files"]


class StoredProblemOut(Out):
    """Why a conversion failed."""

    type: str
    title: str
    status: int
    detail: str


class ConversionOut(Out):
    """A conversion. ``points_charged`` is net: 0 after a refund; ``remaining_balance`` is null for super users."""

    conversion_id: str
    action: str
    status: Status
    progress: ProgressOut | None
    input_filename: str
    output_filename: str | None
    output_size: Annotated[int | None, Field(description="Bytes.")]
    output_sha256: str | None
    download_url: str | None
    expires_at: Timestamp | None
    points_charged: int
    remaining_balance: int | None
    warnings: list[str]
    report: dict[str, Any]
    error: StoredProblemOut | None
    created_at: Timestamp
    updated_at: Timestamp


class HistoryQuery(PageQuery):
    """Which conversions; ``from`` is inclusive, ``to`` exclusive."""

    action: str | None = None
    status: Status | None = None
    since: Annotated[AwareDatetime | None, Field(alias="from")] = None
    until: Annotated[AwareDatetime | None, Field(alias="to")] = None
    user_id: str | None = None


class HistoryOut(Out):
    """A page of conversions, newest first."""

    items: list[ConversionOut]
    limit: int
    next_cursor: str | None


class DownloadQuery(Body):
    """Whether to be redirected."""

    redirect: bool = True


class DownloadOut(Out):
    """Where the file is, for a short while."""

    url: str
    expires_at: Timestamp


class HealthOut(Out):
    """That the service lives, and which build it is."""

    status: Literal["ok"] = "ok"
    build: str


class FieldErrorOut(Out):
    """One wrong field."""

    loc: list[str | int]
    msg: str
    type: str


class ProblemOut(Out):
    """RFC 9457 problem details."""

    type: Annotated[str, Field(description="A URI whose last segment names the kind of problem.")]
    title: str
    status: int
    detail: str
    instance: str
    errors: list[FieldErrorOut] | None = None
    balance: int | None = None
    required: int | None = None
    conversion_id: str | None = None

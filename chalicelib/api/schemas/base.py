"""What all bodies, queries and answers share."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

LIST_DEFAULT, LIST_MAX = 50, 200


def _is_text(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError("is not valid Unicode") from error
    return value


Text = Annotated[str, AfterValidator(_is_text)]
Timestamp = Annotated[str, Field(description="RFC 3339, UTC.", json_schema_extra={"format": "date-time"})]


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


class HealthOut(Out):
    """That the service lives, and which build it is."""

    status: Literal["ok"] = "ok"
    build: str

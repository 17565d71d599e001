"""What all bodies, queries and answers share."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, WithJsonSchema

from chalicelib.conversions import BY_ACTION

LIST_DEFAULT, LIST_MAX = 50, 200


def _is_text(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError("is not valid Unicode") from error
    return value


def _moment(value: Any) -> datetime:
    if not isinstance(value, str) or not _RFC3339.fullmatch(value):
        raise ValueError("is not a time as RFC 3339 writes it, with its offset: 2026-06-01T09:30:00Z")
    return datetime.fromisoformat(value.upper())


def _is_whole(value: Any) -> bool:
    return isinstance(value, float) and value.is_integer()


_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE)

Text = Annotated[str, AfterValidator(_is_text)]
Timestamp = Annotated[str, Field(description="RFC 3339, UTC.", json_schema_extra={"format": "date-time"})]
Whole = BeforeValidator(lambda value: int(value) if _is_whole(value) else value)
"""Makes a number one of JSON, where 3.0 is an integer too; after its bounds, which else go undescribed."""

Moment = Annotated[datetime, PlainValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})]
Action = Annotated[Text, Field(max_length=64, json_schema_extra={"enum": list(BY_ACTION)})]
"""Described as one of the catalogue's; the services refuse any other by name."""


class Body(BaseModel):
    """A request body, or a query: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Out(BaseModel):
    """An answer's body."""

    model_config = ConfigDict(frozen=True, defer_build=True)


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

"""Bodies of API keys."""

from typing import Annotated

from pydantic import Field

from chalicelib.api.schemas.base import Action, Body, Moment, Out, Text, Timestamp


class ApiKeyIn(Body):
    """A key to be made. Without ``actions`` it may all that its owner may."""

    name: Annotated[Text, Field(min_length=1, max_length=100)]
    actions: Annotated[list[Action], Field(min_length=1, max_length=100)] | None = None
    expires_at: Annotated[Moment | None, Field(examples=["2099-12-31T23:59:59Z"])] = None


class ApiKeyOut(Out):
    """A key; ``prefix`` is how its text begins."""

    key_id: str
    name: str
    prefix: str
    actions: list[str] | None
    created_at: Timestamp
    expires_at: Timestamp | None
    last_used_at: Timestamp | None


class NewApiKeyOut(ApiKeyOut):
    """A new key with its text, which is shown this once."""

    key: str


class ApiKeysOut(Out):
    """The caller's keys, oldest first."""

    items: list[ApiKeyOut]
    limit: int
    next_cursor: str | None

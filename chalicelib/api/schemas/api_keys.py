"""Bodies of API keys."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from chalicelib.api.schemas.base import Body, Out, Text, Timestamp


class ApiKeyIn(Body):
    """A key to be made. Without ``actions`` it may all that its owner may."""

    name: Annotated[Text, Field(min_length=1, max_length=100)]
    actions: Annotated[list[Annotated[Text, Field(max_length=64)]], Field(min_length=1, max_length=100)] | None = None
    expires_at: AwareDatetime | None = None


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

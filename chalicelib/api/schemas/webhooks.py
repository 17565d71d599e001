"""Bodies of webhooks."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.api.schemas.base import Body, Out, Timestamp
from chalicelib.api.schemas.uploads import Url

EventName = Literal["conversion.succeeded", "conversion.failed", "batch.finished"]


class WebhookIn(Body):
    """Where to tell of which events: an https URL with a public address."""

    url: Annotated[Url, Field(examples=["https://hooks.example.com/convertpro"])]
    events: Annotated[list[EventName], Field(min_length=1, max_length=3)]


class WebhookChange(Body):
    """Whether to tell a webhook of events; one whose server answered 410 is told again."""

    is_active: bool


class WebhookOut(Out):
    """A webhook. One that is not active was disabled by its owner, or because its server answered 410."""

    webhook_id: str
    url: str
    events: list[str]
    is_active: bool
    created_at: Timestamp
    disabled_at: Timestamp | None


class SecretWebhookOut(WebhookOut):
    """A webhook with its secret, which is shown this once; the one before signs too until ``overlap_ends_at``."""

    secret: str
    overlap_ends_at: Timestamp | None = None


class WebhooksOut(Out):
    """The caller's webhooks, oldest first: all of them."""

    items: list[WebhookOut]
    limit: int
    next_cursor: str | None


class TryOut(Out):
    """One try: what was answered, or what went wrong."""

    at: Timestamp
    status: int | None
    note: str | None


class DeliveryOut(Out):
    """An event on its way to a webhook. ``message_id`` is the ``webhook-id`` header of every try."""

    message_id: str
    type: str
    state: Literal["pending", "delivered", "failed"]
    created_at: Timestamp
    next_try_at: Timestamp | None
    tries: list[TryOut]


class DeliveriesOut(Out):
    """Deliveries of a webhook, newest first, of 30 days."""

    items: list[DeliveryOut]
    limit: int
    next_cursor: str | None

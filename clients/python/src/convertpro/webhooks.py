"""Webhooks, as flows: addresses that the service tells, signed, when conversions and batches end."""

from collections.abc import Sequence

from convertpro import requests
from convertpro.conversions import listed
from convertpro.effects import Call, Flow
from convertpro.models import Delivery, Page, Webhook
from convertpro.requests import Session

ALL = "/api/v3/webhooks"
EVENTS = ("conversion.succeeded", "conversion.failed", "batch.finished")


def create(session: Session, url: str, events: Sequence[str]) -> Flow[Webhook]:
    """A new webhook, with the secret that the service shows this once."""
    call = Call("POST", ALL, json={"url": url, "events": list(events)})
    return Webhook.of((yield from requests.request(session, call)).json())


def all_of(session: Session) -> Flow[list[Webhook]]:
    """One's webhooks, oldest first."""
    return [Webhook.of(one) for one in (yield from listed(session, ALL, {"limit": 200}))["items"]]


def enable(session: Session, webhook_id: str) -> Flow[Webhook]:
    """A webhook that is told again, after its server had answered 410."""
    call = Call("PATCH", f"{ALL}/{webhook_id}", json={"is_active": True})
    return Webhook.of((yield from requests.request(session, call)).json())


def rotate(session: Session, webhook_id: str) -> Flow[Webhook]:
    """A webhook with its new secret; the one before signs too for a day."""
    return Webhook.of((yield from requests.request(session, Call("POST", f"{ALL}/{webhook_id}/rotate"))).json())


def test(session: Session, webhook_id: str) -> Flow[Delivery]:
    """A test event, which is under way. Raises ``Conflict`` for a webhook that is disabled."""
    return Delivery.of((yield from requests.request(session, Call("POST", f"{ALL}/{webhook_id}/test"))).json())


def deliveries(session: Session, webhook_id: str, limit: int, cursor: str | None) -> Flow[Page[Delivery]]:
    """A page of what was sent, newest first."""
    body = yield from listed(session, f"{ALL}/{webhook_id}/deliveries", {"limit": limit, "cursor": cursor})
    return Page([Delivery.of(one) for one in body["items"]], body["next_cursor"])


def delete(session: Session, webhook_id: str) -> Flow[None]:
    """Delete a webhook and its deliveries."""
    yield from requests.request(session, Call("DELETE", f"{ALL}/{webhook_id}"))

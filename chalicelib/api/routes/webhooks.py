"""Webhooks of the caller: told, signed, when conversions and batches end."""

from datetime import UTC, datetime

from chalicelib.api.access import Access
from chalicelib.api.call import Call, Reply
from chalicelib.api.endpoint import Returns, Routes
from chalicelib.api.schemas.base import PageQuery
from chalicelib.api.schemas.webhooks import (
    DeliveriesOut,
    DeliveryOut,
    SecretWebhookOut,
    TryOut,
    WebhookChange,
    WebhookIn,
    WebhookOut,
    WebhooksOut,
)
from chalicelib.domain.clock import rfc3339
from chalicelib.domain.errands import Errand, State, Webhook
from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.services import webhooks
from chalicelib.services.webhooks import Signing

ROUTES = Routes("Webhooks")
_ALL = "/api/v3/webhooks"
_ONE = f"{_ALL}/{{webhook_id}}"
_MADE = Returns(201, "The webhook and its secret.", SecretWebhookOut)
_ROTATED = Returns(200, "The webhook and its new secret.", SecretWebhookOut)
_TESTED = Returns(202, "The test's delivery, which is under way.", DeliveryOut)


@ROUTES.add("POST", _ALL, Access.WRITER, _MADE, body=WebhookIn, may_refuse=(Conflict,))
def create(call: Call) -> Reply:
    """Make a webhook; its secret is shown this once."""
    body = call.json(WebhookIn)
    made = webhooks.create(call.service, call.caller, body.url, tuple(body.events))
    return Reply(_with_secret(*made), status=201)


@ROUTES.add("GET", _ALL, Access.USER, Returns(200, "The caller's webhooks.", WebhooksOut), query=PageQuery)
def list_webhooks(call: Call) -> WebhooksOut:
    """The caller's webhooks, oldest first."""
    query = call.query(PageQuery)
    found = list(call.service.store.webhooks.all(call.caller.user_id))
    start = int((call.unseal(query.cursor) or {}).get("start", 0))
    end = start + query.limit
    following = call.seal({"start": end}) if len(found) > end else None
    return WebhooksOut(items=[_out(one) for one in found[start:end]], limit=query.limit, next_cursor=following)


@ROUTES.add(
    "PATCH", _ONE, Access.WRITER, Returns(200, "The webhook.", WebhookOut), body=WebhookChange, may_refuse=(NotFound,)
)
def change(call: Call) -> WebhookOut:
    """Tell a disabled webhook again, or no more."""
    is_active = call.json(WebhookChange).is_active
    return _out(webhooks.set_active(call.service, call.caller, call.path("webhook_id"), is_active))


@ROUTES.add("DELETE", _ONE, Access.WRITER, Returns(204, "It is deleted."), may_refuse=(NotFound,))
def delete(call: Call) -> Reply:
    """Delete a webhook and its deliveries; nothing more is sent to it."""
    webhooks.delete(call.service, call.caller, call.path("webhook_id"))
    return Reply(status=204)


@ROUTES.add(
    "GET",
    f"{_ONE}/deliveries",
    Access.USER,
    Returns(200, "Deliveries, newest first.", DeliveriesOut),
    query=PageQuery,
    may_refuse=(NotFound,),
)
def deliveries(call: Call) -> DeliveriesOut:
    """What was sent to a webhook, and what became of it."""
    query = call.query(PageQuery)
    webhook = webhooks.get(call.service, call.caller, call.path("webhook_id"))
    page = call.service.store.errands.page(webhook.scope, call.unseal(query.cursor), query.limit)
    items = [_delivery(one) for one in page.rows]
    return DeliveriesOut(items=items, limit=query.limit, next_cursor=call.seal(page.next))


@ROUTES.add("POST", f"{_ONE}/test", Access.WRITER, _TESTED, may_refuse=(NotFound, Conflict))
def test(call: Call) -> Reply:
    """Send a test event."""
    return Reply(_delivery(webhooks.test(call.service, call.caller, call.path("webhook_id"))), status=202)


@ROUTES.add("POST", f"{_ONE}/rotate", Access.WRITER, _ROTATED, may_refuse=(NotFound,))
def rotate(call: Call) -> SecretWebhookOut:
    """Give a webhook a new secret; the one before signs too for 24 hours."""
    return _with_secret(*webhooks.rotate(call.service, call.caller, call.path("webhook_id")))


def _out(webhook: Webhook) -> WebhookOut:
    return WebhookOut(
        webhook_id=webhook.webhook_id,
        url=webhook.url,
        events=list(webhook.events),
        is_active=webhook.is_active,
        created_at=webhook.created_at,
        disabled_at=webhook.disabled_at,
    )


def _with_secret(webhook: Webhook, signing: Signing) -> SecretWebhookOut:
    ends = _moment(signing.overlap_ends) if signing.former else None
    return SecretWebhookOut(**_out(webhook).model_dump(), secret=signing.secret, overlap_ends_at=ends)


def _delivery(errand: Errand) -> DeliveryOut:
    return DeliveryOut(
        message_id=errand.message_id,
        type=errand.event or "",
        state=errand.state.value,
        created_at=_moment(errand.began_at),
        next_try_at=_moment(errand.next_at) if errand.state is State.PENDING else None,
        tries=[TryOut(at=one.at, status=one.status, note=one.note) for one in errand.tries],
    )


def _moment(at_s: float) -> str:
    return rfc3339(datetime.fromtimestamp(at_s, UTC))

"""Webhooks: where users want to be told of events, and with which secrets what is told is signed."""

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from chalicelib.domain.clock import rfc3339
from chalicelib.domain.errands import SECRET_PREFIX, Errand, ErrandKey, Event, Kind, Webhook, message_id
from chalicelib.domain.errors import Conflict, FieldError, InvalidRequest, NotFound
from chalicelib.domain.ids import is_id, new_id
from chalicelib.domain.users import User
from chalicelib.outbound.addresses import AddressRefused, Policy, parse
from chalicelib.services import Service, errands
from chalicelib.settings import Settings

WEBHOOKS_PER_USER = 20
OVERLAP_S = 86_400
"""How long the secret before a rotation signs too."""

_SECRET_BYTES = 32


@dataclass(frozen=True)
class Signing:
    """The secrets of a webhook. ``former`` signs too until ``overlap_ends``, in epoch seconds."""

    secret: str
    former: str | None = None
    overlap_ends: float = 0

    def at(self, now_s: float) -> tuple[str, ...]:
        """The secrets that sign at a moment."""
        return (self.secret, self.former) if self.former and now_s < self.overlap_ends else (self.secret,)


def policy(settings: Settings) -> Policy:
    """What may be talked to beyond https and public addresses."""
    return Policy(http=settings.outbound_http, loopback=settings.outbound_loopback)


def check_url(settings: Settings, url: str, *place: str) -> None:
    """Raise ``InvalidRequest`` when ``url``, which stands at ``place``, can't be talked to."""
    try:
        parse(url, policy(settings))
    except AddressRefused as error:
        raise InvalidRequest.of([FieldError(place, str(error), "url")]) from error


def create(service: Service, owner: User, url: str, events: tuple[str, ...]) -> tuple[Webhook, Signing]:
    """A new webhook and its secret, which is shown this once. Raises ``InvalidRequest``, ``Conflict`` (too many)."""
    check_url(service.settings, url, "body", "url")
    if len(list(service.store.webhooks.all(owner.user_id))) >= WEBHOOKS_PER_USER:
        raise Conflict(f"You have {WEBHOOKS_PER_USER} webhooks, as many as there may be; delete one first.")
    now = service.clock()
    webhook = Webhook(new_id(now), owner.user_id, url, tuple(dict.fromkeys(events)), rfc3339(now))
    signing = Signing(_new_secret())
    _keep(service, webhook, signing)
    service.store.webhooks.create(webhook)
    return webhook, signing


def get(service: Service, owner: User, webhook_id: str) -> Webhook:
    """One of ``owner``'s webhooks. Raises ``NotFound``."""
    webhook = service.store.webhooks.get(owner.user_id, webhook_id) if is_id(webhook_id) else None
    if webhook is None:
        raise NotFound("There is no such webhook.")
    return webhook


def rotate(service: Service, owner: User, webhook_id: str) -> tuple[Webhook, Signing]:
    """Give a webhook a new secret; the one before signs too for a day. Raises ``NotFound``."""
    webhook = get(service, owner, webhook_id)
    former = signing_of(service, webhook)
    signing = Signing(_new_secret(), former.secret, service.now_s() + OVERLAP_S)
    _keep(service, webhook, signing)
    return webhook, signing


def set_active(service: Service, owner: User, webhook_id: str, is_active: bool) -> Webhook:
    """Tell a webhook again that was disabled, or no more; what ended meanwhile is not told. Raises ``NotFound``."""
    webhook = get(service, owner, webhook_id)
    if is_active != webhook.is_active:
        if is_active:
            service.store.webhooks.enable(webhook)
        else:
            service.store.webhooks.disable(webhook, rfc3339(service.clock()))
    return get(service, owner, webhook_id)


def delete(service: Service, owner: User, webhook_id: str) -> None:
    """Delete a webhook, its secret and its deliveries. Raises ``NotFound``."""
    forget(service, get(service, owner, webhook_id))


def forget(service: Service, webhook: Webhook) -> None:
    """Leave nothing of a webhook."""
    service.store.webhooks.delete(webhook)
    service.store.files.delete([secret_key(webhook)])
    service.store.errands.forget(webhook.scope)


def test(service: Service, owner: User, webhook_id: str) -> Errand:
    """Send an event to a webhook that says that it is a test. Raises ``NotFound``, ``Conflict`` (disabled)."""
    webhook = get(service, owner, webhook_id)
    if not webhook.is_active:
        raise Conflict("The webhook is disabled; enable it first, by PATCH with is_active.")
    now = service.clock()
    told = {"webhook_id": webhook_id, "message": "This is a test: the webhook works."}
    errand = errand_of(webhook, Event.TEST, new_id(now), now.timestamp(), told)
    errands.begin(service, errand)
    return service.store.errands.get(errand.key) or errand


def errand_of(webhook: Webhook, event: Event, subject: str, at_s: float, data: Mapping[str, object]) -> Errand:
    """The errand that tells ``webhook`` of an event of ``subject``: the same one whenever it is told again."""
    identifier = message_id(webhook.webhook_id, event, subject)
    moment = _moment(at_s)
    body = json.dumps({"type": event.value, "timestamp": moment, "data": dict(data)}, ensure_ascii=False)
    key = ErrandKey(webhook.scope, f"{int(at_s * 1000):014d}#{identifier}")
    return Errand(key, Kind.WEBHOOK, webhook.owner_id, identifier, at_s, event.value, body)


def signing_of(service: Service, webhook: Webhook) -> Signing:
    """The webhook's secrets."""
    return Signing(**json.loads(service.store.files.get(secret_key(webhook))))


def secret_key(webhook: Webhook) -> str:
    """Where a webhook's secrets lie, encrypted."""
    return f"webhooks/{webhook.owner_id}/{webhook.webhook_id}"


def _keep(service: Service, webhook: Webhook, signing: Signing) -> None:
    service.store.files.put(secret_key(webhook), json.dumps(vars(signing)).encode(), secret=True)


def _new_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def _moment(at_s: float) -> str:
    return rfc3339(datetime.fromtimestamp(at_s, UTC))

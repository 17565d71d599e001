"""Errands: what has to reach a stranger's server or come from it, and when it is tried again."""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

SCHEDULE_S = (0, 5, 300, 1_800, 7_200, 18_000, 36_000)
"""When an errand is tried, in seconds after it began: Standard Webhooks' schedule, up to ten hours."""

LEAST_PAUSE_S = 5
"""Between two tries, however late the first of them was."""

SECRET_PREFIX = "whsec_"  # noqa: S105 - how Standard Webhooks' secrets begin
KEPT_S = 30 * 86_400
"""How long it is shown what became of an errand."""


class Kind(StrEnum):
    """What an errand does: tell of an event, fetch a file, deliver a result."""

    WEBHOOK = "webhook"
    FETCH = "fetch"
    RESULT = "result"


class State(StrEnum):
    """The states of an errand."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class Event(StrEnum):
    """What webhooks tell of."""

    CONVERSION_SUCCEEDED = "conversion.succeeded"
    CONVERSION_FAILED = "conversion.failed"
    BATCH_FINISHED = "batch.finished"
    TEST = "webhook.test"


@dataclass(frozen=True)
class ErrandKey:
    """Where an errand's row is: those of one webhook, upload or conversion are together."""

    scope: str
    item: str


@dataclass(frozen=True)
class Try:
    """One try: when (RFC 3339), the status code that was answered, if one was, and else what went wrong."""

    at: str
    status: int | None
    note: str | None


@dataclass(frozen=True)
class Errand:
    """An errand; moments are epoch seconds. ``next_at`` is when it is tried next, ``due_at`` when the sweeper should
    look at it, ``message_id`` the ``webhook-id`` of every try."""

    key: ErrandKey
    kind: Kind
    owner_id: str
    message_id: str
    began_at: float
    event: str | None = None
    body: str = ""
    state: State = State.PENDING
    next_at: float = 0
    due_at: float = 0
    tries: tuple[Try, ...] = field(default=())

    def after(self, one: Try, now: float, *, ends: State | None, tries: int = len(SCHEDULE_S)) -> "Errand":
        """The errand after a try: in the state in which it ``ends``, else waiting for its next try, or given up."""
        made = (*self.tries, one)
        if ends is None and len(made) >= tries:
            ends = State.FAILED
        if ends is not None:
            return replace(self, tries=made, state=ends)
        next_at = max(self.began_at + SCHEDULE_S[len(made)], now + LEAST_PAUSE_S)
        return replace(self, tries=made, next_at=next_at)


@dataclass(frozen=True)
class Webhook:
    """Where a user wants to be told of events. One that is not active was disabled by its own server's answer."""

    webhook_id: str
    owner_id: str
    url: str
    events: tuple[str, ...]
    created_at: str
    is_active: bool = True
    disabled_at: str | None = None

    @property
    def scope(self) -> str:
        """The scope of its errands."""
        return webhook_scope(self.webhook_id)


def webhook_scope(webhook_id: str) -> str:
    """The scope of a webhook's errands."""
    return f"webhook#{webhook_id}"


def message_id(*parts: str) -> str:
    """The ``webhook-id`` of what ``parts`` name: the same whenever it is told again."""
    digest = hashlib.sha256("\n".join(parts).encode()).digest()
    return f"msg_{base64.b32encode(digest)[:32].decode().lower()}"


def signed_headers(secrets: tuple[str, ...], identifier: str, at_s: int, body: str) -> dict[str, Any]:
    """The headers of Standard Webhooks: a signature by each of ``secrets``, so that a receiver may have either."""
    signed = f"{identifier}.{at_s}.{body}".encode()
    signatures = [_signature(secret, signed) for secret in secrets]
    return {"webhook-id": identifier, "webhook-timestamp": str(at_s), "webhook-signature": " ".join(signatures)}


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    return f"v1,{base64.b64encode(hmac.digest(key, signed, 'sha256')).decode()}"

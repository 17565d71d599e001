"""Idempotency keys: their form, their scope, and what a repeat of one means."""

import re
from dataclasses import dataclass

from chalicelib.domain.errors import FieldError, IdempotencyMismatch, InvalidRequest
from chalicelib.domain.users import User
from chalicelib.services import Service, tokens
from chalicelib.store.idempotency import KeyRecord


@dataclass(frozen=True)
class KeyUse:
    """One use of a key by a user on a route, for a request with this fingerprint."""

    scope: str
    fingerprint: str

    def record(self, service: Service, created: str, replaces: str | None = None) -> KeyRecord:
        """The record of what this use created."""
        expires_at = service.now_s() + service.settings.idempotency_lifetime_s
        return KeyRecord(self.scope, self.fingerprint, created, expires_at, replaces)


def parse_key(header: str | None) -> str | None:
    """The key of an ``Idempotency-Key`` header; ``"k"`` and ``k`` are one key. Raises ``InvalidRequest``."""
    if header is None:
        return None
    key = header.strip()
    if len(key) >= 2 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if not re.fullmatch(r"[!-~]{1,255}", key):
        fault = FieldError(("header", "Idempotency-Key"), "must be 1 to 255 visible ASCII characters", "key")
        raise InvalidRequest("The Idempotency-Key is malformed; send 1 to 255 visible ASCII characters.", (fault,))
    return key


def key_use(service: Service, user: User, route: str, key: str | None, *parts: bytes) -> KeyUse | None:
    """The use of ``key`` for a request made of ``parts``; None without a key.

    The fingerprint is keyed: a password among the parts can't be guessed from it.
    """
    if key is None:
        return None
    return KeyUse(f"{user.user_id}#{route}#{key}", tokens.keyed_digest(service, "fingerprint", *parts))


def find(service: Service, use: KeyUse) -> tuple[KeyRecord | None, bool]:
    """The record under the key, and whether it still holds: keys live 24 h by their own ``expires_at``."""
    record = service.store.idempotency.get(use.scope)
    return record, record is not None and record.expires_at > service.now_s()


def require_same_request(record: KeyRecord, use: KeyUse) -> None:
    """Raise ``IdempotencyMismatch`` when the key was used for another request."""
    if record.fingerprint != use.fingerprint:
        fault = FieldError(("header", "Idempotency-Key"), "was used for another request", "idempotency_key_reused")
        raise IdempotencyMismatch(
            "This Idempotency-Key was used for a request with other content; use a new key for a new request.",
            (fault,),
        )

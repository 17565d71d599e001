"""API keys: made, shown once, used, revoked."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from chalicelib.conversions import BY_ACTION
from chalicelib.domain.audit import Change
from chalicelib.domain.clock import rfc3339
from chalicelib.domain.errors import Conflict, FieldError, Forbidden, InvalidRequest, NotFound, Unauthenticated
from chalicelib.domain.ids import is_id, new_id
from chalicelib.domain.users import User
from chalicelib.services import Service, tokens
from chalicelib.services.audit import Author
from chalicelib.store.api_keys import ApiKey

PREFIX = "cp_"
KEYS_PER_USER = 50
TOUCH_EVERY_S = 60
"""The last use is written at most once a minute: it is for people to look at."""
_SHOWN = 12


@dataclass(frozen=True)
class NewKey:
    """What a key is to be. Without ``actions`` it may all that its owner may."""

    name: str
    actions: tuple[str, ...] = ()
    expires_at: datetime | None = None


def create(service: Service, owner: User, new: NewKey, address: str = "") -> tuple[ApiKey, str]:
    """A new key, and its text, which is nowhere kept. Raises ``InvalidRequest``, ``Conflict`` (too many)."""
    _check(service, new)
    if len(service.store.api_keys.page(owner.user_id, None, KEYS_PER_USER).rows) >= KEYS_PER_USER:
        raise Conflict(f"You have {KEYS_PER_USER} keys, as many as there may be; revoke one first.")
    now = service.clock()
    key_id, secret = new_id(now), secrets.token_urlsafe(32)
    text = f"{PREFIX}{key_id}_{secret}"
    key = ApiKey(
        key_id=key_id,
        owner_id=owner.user_id,
        name=new.name,
        prefix=text[: len(PREFIX) + _SHOWN],
        secret_hash=tokens.token_hash(secret),
        actions=new.actions,
        created_at=rfc3339(now),
        expires_at=rfc3339(new.expires_at) if new.expires_at else None,
    )
    author = Author(service, owner, address)
    service.store.api_keys.create(key, author.entry(Change.KEY_CREATED, owner.user_id, key_id=key_id, name=new.name))
    return key, text


def revoke(service: Service, owner: User, key_id: str, address: str = "") -> None:
    """End one of ``owner``'s keys. Raises ``NotFound``."""
    key = service.store.api_keys.get(key_id) if is_id(key_id) else None
    if key is None or key.owner_id != owner.user_id:
        raise NotFound("There is no such key.")
    author = Author(service, owner, address)
    service.store.api_keys.delete(key, author.entry(Change.KEY_REVOKED, owner.user_id, key_id=key_id, name=key.name))


def authenticate(service: Service, text: str) -> tuple[User, ApiKey]:
    """The active owner of a key, and the key. Raises ``Unauthenticated``."""
    key_id, _, secret = text.removeprefix(PREFIX).partition("_")
    key = service.store.api_keys.get(key_id) if is_id(key_id) else None
    if key is None or not hmac.compare_digest(key.secret_hash, tokens.token_hash(secret)):
        raise Unauthenticated("The API key is not valid; make a new one.")
    if key.expires_at and datetime.fromisoformat(key.expires_at) <= service.clock():
        raise Unauthenticated("The API key has expired; make a new one.")
    owner = service.store.users.get(key.owner_id)
    if owner is None or not owner.is_active:
        raise Unauthenticated("The API key's owner is disabled.")
    _touch(service, key)
    return owner, key


def require_in_scope(key: ApiKey | None, action: str) -> None:
    """Raise ``Forbidden`` when ``key`` is not for conversions of ``action``."""
    if key and key.actions and action not in key.actions:
        raise Forbidden(f"Conversion not permitted: {action} (this API key is for {', '.join(key.actions)})")


def _check(service: Service, new: NewKey) -> None:
    faults = [
        FieldError(("body", "actions"), f"{action[:64]} is not an action")
        for action in new.actions
        if action not in BY_ACTION
    ]
    if new.expires_at and new.expires_at <= service.clock():
        faults.append(FieldError(("body", "expires_at"), "is in the past"))
    if faults:
        raise InvalidRequest.of(faults)


def _touch(service: Service, key: ApiKey) -> None:
    last = datetime.fromisoformat(key.last_used_at).timestamp() if key.last_used_at else 0
    if service.now_s() - last >= TOUCH_EVERY_S:
        service.store.api_keys.touch(key, rfc3339(service.clock()))

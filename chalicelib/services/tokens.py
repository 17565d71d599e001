"""Issues and reads JWTs: HS256, issuer, audience and type pinned."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

import jwt
from ulid import ULID

from chalicelib.domain.errors import Unauthenticated
from chalicelib.domain.users import User
from chalicelib.services import Service

ACCESS_LIFETIME_S = 30 * 60
REFRESH_LIFETIME_S = 7 * 24 * 3_600
_ALGORITHM = "HS256"
_ISSUER = "convertpro"
_AUDIENCE = "convertpro-api"
_REQUIRED = ["exp", "iat", "iss", "aud", "sub", "jti", "typ", "epoch"]


@dataclass(frozen=True)
class RefreshClaims:
    """What a refresh token says."""

    user_id: str
    epoch: int
    family_id: str
    generation: int


def issue_access(service: Service, user: User) -> str:
    """An access token of ``user``: 30 minutes."""
    return _issue(service, user, "access", ACCESS_LIFETIME_S, {})


def issue_refresh(service: Service, user: User, family_id: str, generation: int) -> str:
    """A refresh token: 7 days, one generation of its family."""
    return _issue(service, user, "refresh", REFRESH_LIFETIME_S, {"fam": family_id, "gen": generation})


def read_access(service: Service, token: str) -> tuple[str, int]:
    """The user's id and token epoch. Raises ``Unauthenticated``."""
    claims = _read(service, token, "access")
    return claims["sub"], claims["epoch"]


def read_refresh(service: Service, token: str) -> RefreshClaims:
    """What a refresh token says. Raises ``Unauthenticated``."""
    claims = _read(service, token, "refresh")
    return RefreshClaims(claims["sub"], claims["epoch"], claims["fam"], claims["gen"])


def token_hash(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_digest(service: Service, purpose: str, *parts: bytes) -> str:
    """HMAC-SHA256 of ``parts`` under a key of its own for ``purpose``: no short secret can be guessed from it."""
    key = hmac.digest(service.store.signing_secret.encode(), purpose.encode(), "sha256")
    digest = hmac.new(key, digestmod="sha256")
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def _issue(service: Service, user: User, kind: str, lifetime_s: int, extra: dict[str, Any]) -> str:
    now = int(service.now_s())
    claims = {
        "iss": _ISSUER,
        "aud": _AUDIENCE,
        "sub": user.user_id,
        "typ": kind,
        "epoch": user.token_epoch,
        "iat": now,
        "exp": now + lifetime_s,
        "jti": str(ULID()),
    }
    return jwt.encode(claims | extra, service.store.signing_secret, algorithm=_ALGORITHM)


def _read(service: Service, token: str, kind: str) -> dict[str, Any]:
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            service.store.signing_secret,
            algorithms=[_ALGORITHM],
            issuer=_ISSUER,
            audience=_AUDIENCE,
            options={"require": _REQUIRED, "verify_exp": False, "verify_iat": False},
        )
    except jwt.InvalidTokenError as error:
        raise Unauthenticated("The token is not valid; log in again.") from error
    if claims["typ"] != kind:
        raise Unauthenticated(f"This is not {'an access' if kind == 'access' else 'a refresh'} token.")
    # Judged by the service's own clock, which tests can fix.
    if claims["exp"] <= service.now_s():
        raise Unauthenticated("The token has expired; refresh it or log in again.")
    return claims

"""Logging in, refreshing, logging out: families of refresh tokens with rotation and reuse detection."""

import hashlib
from dataclasses import dataclass

from ulid import ULID

from chalicelib.domain.clock import rfc3339
from chalicelib.domain.errors import Forbidden, TooManyRequests, Unauthenticated
from chalicelib.domain.users import User, normalise_email
from chalicelib.services import Service, passwords, tokens
from chalicelib.store.sessions import Session
from chalicelib.store.throttle import Window

FAILURE_WINDOW_S = 15 * 60
FAILURES_PER_EMAIL = 10
FAILURES_PER_ADDRESS = 50


@dataclass(frozen=True)
class TokenPair:
    """What a log-in or a refresh gives."""

    access_token: str
    refresh_token: str
    user: User


def log_in(service: Service, email: str, password: str, address: str) -> TokenPair:
    """Open a session. Raises ``Unauthenticated``, ``Forbidden`` (disabled) or ``TooManyRequests``."""
    reserved = _reserve(service, email, address)
    user = service.store.users.find_by_email(email)
    if not passwords.verify(password, user.password_hash if user else None) or user is None:
        raise Unauthenticated("The e-mail address or the password is wrong.")
    for bucket, window in reserved:
        service.store.throttle.give_back(bucket, window)
    if not user.is_active:
        raise Forbidden("This account is disabled; ask an administrator.")
    pair = open_session(service, user)
    service.store.activity.logged_in(user.user_id, rfc3339(service.clock()))
    return pair


def open_session(service: Service, user: User) -> TokenPair:
    """Begin a family of refresh tokens for ``user``."""
    family_id = str(ULID())
    pair = _pair(service, user, family_id, 1)
    expires_at = int(service.now_s()) + tokens.REFRESH_LIFETIME_S
    session = Session(family_id, user.user_id, 1, tokens.token_hash(pair.refresh_token), expires_at)
    service.store.sessions.create(session)
    return pair


def refresh(service: Service, refresh_token: str) -> TokenPair:
    """Exchange a refresh token for a new pair. Raises ``Unauthenticated``; a second use also revokes the family."""
    claims = tokens.read_refresh(service, refresh_token)
    user = service.store.users.get(claims.user_id)
    if user is None or not user.is_active or user.token_epoch != claims.epoch:
        raise Unauthenticated("The token has been revoked; log in again.")
    pair = _pair(service, user, claims.family_id, claims.generation + 1)
    expires_at = int(service.now_s()) + tokens.REFRESH_LIFETIME_S
    used = Session(claims.family_id, user.user_id, claims.generation, tokens.token_hash(refresh_token), expires_at)
    if not service.store.sessions.rotate(used, tokens.token_hash(pair.refresh_token), expires_at):
        service.store.sessions.revoke(claims.family_id)
        raise Unauthenticated("This refresh token was used before; its session is revoked. Log in again.")
    return pair


def renew_access(service: Service, refresh_token: str) -> TokenPair:
    """A new access token beside the same refresh token, which stays good: for one that no script can read.

    Without a rotation two tabs at once, a page that is reloaded while it asks and an answer that got lost end no
    session. Raises ``Unauthenticated``.
    """
    claims = tokens.read_refresh(service, refresh_token)
    user = service.store.users.get(claims.user_id)
    if user is None or not user.is_active or user.token_epoch != claims.epoch:
        raise Unauthenticated("The session has been revoked; log in again.")
    held = Session(claims.family_id, user.user_id, claims.generation, tokens.token_hash(refresh_token), 0)
    if not service.store.sessions.holds(held):
        raise Unauthenticated("The session has been revoked; log in again.")
    return TokenPair(tokens.issue_access(service, user), refresh_token, user)


def end(service: Service, refresh_token: str) -> None:
    """Revoke the token's family; one that is no good any more has nothing left to revoke."""
    try:
        claims = tokens.read_refresh(service, refresh_token)
    except Unauthenticated:
        return
    service.store.sessions.revoke(claims.family_id)


def log_out(service: Service, user: User, refresh_token: str) -> None:
    """Revoke the token's family. Raises ``Unauthenticated`` for a token that is not ``user``'s."""
    claims = tokens.read_refresh(service, refresh_token)
    if claims.user_id != user.user_id:
        raise Unauthenticated("This refresh token belongs to another user.")
    service.store.sessions.revoke(claims.family_id)


def authenticate(service: Service, access_token: str) -> User:
    """The active user of a token, as it stands now. Raises ``Unauthenticated``."""
    user_id, epoch = tokens.read_access(service, access_token)
    user = service.store.users.get(user_id)
    if user is None or not user.is_active or user.token_epoch != epoch:
        raise Unauthenticated("The token has been revoked; log in again.")
    return user


def _pair(service: Service, user: User, family_id: str, generation: int) -> TokenPair:
    access = tokens.issue_access(service, user)
    return TokenPair(access, tokens.issue_refresh(service, user, family_id, generation), user)


def _reserve(service: Service, email: str, address: str) -> list[tuple[str, Window]]:
    """Count this attempt as failed until it succeeds, so that parallel guesses can't slip past the limit."""
    reserved = []
    for name, value, limit in (
        # The address first: one that is shut out must not use up the tries of other people's accounts.
        ("address", address, FAILURES_PER_ADDRESS),
        ("email", normalise_email(email), FAILURES_PER_EMAIL),
    ):
        bucket = f"login#{name}#{hashlib.sha256(value.encode()).hexdigest()}"
        window = service.store.throttle.reserve(bucket, FAILURE_WINDOW_S, service.now_s())
        if window.count > limit:
            wait_s = max(1, int(window.ends - service.now_s()) + 1)
            raise TooManyRequests("Too many failed log-ins; wait before the next try.", retry_after_s=wait_s)
        reserved.append((bucket, window))
    return reserved

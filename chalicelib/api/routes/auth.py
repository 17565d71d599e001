"""Logging in and out, and one's own account."""

from chalicelib.api import views
from chalicelib.api.access import Access
from chalicelib.api.call import Call, Reply
from chalicelib.api.endpoint import Returns, Routes
from chalicelib.api.schemas.accounts import LogInIn, MeOut, PasswordIn, RefreshIn, TokensOut
from chalicelib.domain.errors import Conflict, Forbidden, TooManyRequests, Unauthenticated
from chalicelib.services import accounts, sessions

ROUTES = Routes("Authentication")
_TOKENS = Returns(200, "A pair of tokens.", TokensOut)


@ROUTES.add(
    "POST",
    "/api/v2/auth/login",
    Access.PUBLIC,
    _TOKENS,
    body=LogInIn,
    may_refuse=(Unauthenticated, Forbidden, TooManyRequests),
)
def log_in(call: Call) -> TokensOut:
    """Log in with e-mail address and password."""
    body = call.json(LogInIn)
    return views.tokens_out(sessions.log_in(call.service, body.email, body.password, call.address))


@ROUTES.add("POST", "/api/v2/auth/refresh", Access.PUBLIC, _TOKENS, body=RefreshIn, may_refuse=(Unauthenticated,))
def refresh(call: Call) -> TokensOut:
    """Exchange a refresh token for a new pair; a token used twice revokes its session."""
    return views.tokens_out(sessions.refresh(call.service, call.json(RefreshIn).refresh_token))


@ROUTES.add("POST", "/api/v2/auth/logout", Access.USER, Returns(204, "The session is revoked."), body=RefreshIn)
def log_out(call: Call) -> Reply:
    """Revoke the session of a refresh token."""
    sessions.log_out(call.service, call.caller, call.json(RefreshIn).refresh_token)
    return Reply(status=204)


@ROUTES.add("GET", "/api/v2/auth/me", Access.USER, Returns(200, "The caller.", MeOut))
def me(call: Call) -> MeOut:
    """The caller, with points and permitted conversions."""
    return views.me_out(call.service, call.caller)


@ROUTES.add("PUT", "/api/v2/auth/password", Access.WRITER, _TOKENS, body=PasswordIn, may_refuse=(Forbidden, Conflict))
def change_password(call: Call) -> TokensOut:
    """Change one's own password; every older token is revoked."""
    body = call.json(PasswordIn)
    pair = accounts.change_password(call.service, call.caller, body.current_password, body.new_password)
    return views.tokens_out(pair)

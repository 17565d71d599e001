"""A browser's session: the refresh token in a cookie that no script can read."""

from chalicelib.api import session_cookie
from chalicelib.api.access import Access
from chalicelib.api.call import Call, Reply
from chalicelib.api.endpoint import Returns, Routes
from chalicelib.api.schemas.accounts import LogInIn, SessionOut
from chalicelib.api.session_cookie import SESSION_PATH
from chalicelib.domain.errors import Forbidden, TooManyRequests, Unauthenticated
from chalicelib.services import sessions
from chalicelib.services.sessions import TokenPair
from chalicelib.services.tokens import ACCESS_LIFETIME_S

ROUTES = Routes("Authentication")
_OPENED = Returns(200, "An access token.", SessionOut, headers=("Set-Cookie",))


@ROUTES.add(
    "POST",
    SESSION_PATH,
    Access.PUBLIC,
    _OPENED,
    body=LogInIn,
    may_refuse=(Unauthenticated, Forbidden, TooManyRequests),
)
def open_session(call: Call) -> Reply:
    """Log in from a page of this service: the refresh token comes as a cookie."""
    session_cookie.require_own_page(call)
    body = call.json(LogInIn)
    pair = sessions.log_in(call.service, body.email, body.password, call.address)
    return Reply(_session_out(pair), headers=session_cookie.keep(call, pair.refresh_token))


@ROUTES.add(
    "POST",
    f"{SESSION_PATH}/token",
    Access.PUBLIC,
    Returns(200, "An access token.", SessionOut),
    may_refuse=(Unauthenticated, Forbidden),
    by_cookie=True,
)
def renew_access(call: Call) -> SessionOut:
    """A new access token, by the session's cookie."""
    session_cookie.require_own_page(call)
    return _session_out(sessions.renew_access(call.service, session_cookie.read(call)))


@ROUTES.add(
    "DELETE",
    SESSION_PATH,
    Access.PUBLIC,
    Returns(204, "The session is revoked.", headers=("Set-Cookie",)),
    may_refuse=(Unauthenticated, Forbidden),
    by_cookie=True,
)
def end_session(call: Call) -> Reply:
    """Revoke the session of the cookie."""
    session_cookie.require_own_page(call)
    sessions.end(call.service, session_cookie.read(call))
    return Reply(status=204, headers=session_cookie.drop(call))


def _session_out(pair: TokenPair) -> SessionOut:
    return SessionOut(access_token=pair.access_token, expires_in=ACCESS_LIFETIME_S, role=pair.user.role)

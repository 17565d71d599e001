"""The cookie of a browser's session: which scripts can't read, other sites can't send, and one path alone gets."""

from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from chalicelib.api.call import Call
from chalicelib.domain.errors import Forbidden, Unauthenticated
from chalicelib.services.tokens import REFRESH_LIFETIME_S

SESSION_COOKIE = "convertpro_session"
SESSION_PATH = "/api/v2/auth/session"
_OWN_PAGES = (None, "same-origin", "none")
"""Of ``Sec-Fetch-Site``: our own pages, a person who typed the address, and clients that are no browsers."""


def require_own_page(call: Call) -> None:
    """Raise ``Forbidden`` when a page of another origin asks; SameSite would let a neighbouring host of the site in."""
    if call.header("sec-fetch-site") not in _OWN_PAGES:
        raise Forbidden("A session belongs to this service's own pages; other pages send tokens.")


def read(call: Call) -> str:
    """The refresh token of the caller's cookie. Raises ``Unauthenticated``."""
    try:
        cookie = SimpleCookie(call.header("cookie") or "").get(SESSION_COOKIE)
    except CookieError:
        cookie = None
    if cookie is None or not cookie.value:
        raise Unauthenticated("There is no session; log in.")
    return cookie.value


def keep(call: Call, refresh_token: str) -> dict[str, str]:
    """The header that has the browser keep the cookie for as long as its token is good."""
    return _header(call, refresh_token, REFRESH_LIFETIME_S)


def drop(call: Call) -> dict[str, str]:
    """The header that has the browser forget it."""
    return _header(call, "", 0)


def _header(call: Call, value: str, lifetime_s: int) -> dict[str, str]:
    base = urlsplit(call.base_url)
    secure = "; Secure" if base.scheme == "https" else ""
    path = f"{base.path.rstrip('/')}{SESSION_PATH}"
    text = f"{SESSION_COOKIE}={value}; Path={path}; Max-Age={lifetime_s}; HttpOnly; SameSite=Strict{secure}"
    return {"Set-Cookie": text}

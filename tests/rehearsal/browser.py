"""The console in a rehearsal, as a browser loads it: the page, its files, what may be kept, and a session."""

import re
from urllib.parse import urljoin

import httpx

from infra.local.seed import PASSWORD
from tests.rehearsal.story import EMAIL, Client


def console(client: Client) -> str:
    """The page at /app and all that it loads at first, through the gateway, and a log-in by its cookie."""
    base_url = str(client.http.base_url).rstrip("/")
    address = f"{base_url}/app"
    page = _kept(address, "no-cache")
    files = [urljoin(address, one) for one in re.findall(r'(?:src|href)="(\./[^"]+)"', page.text)]
    assert len(files) >= 2, page.text
    for file in files:
        loaded = _kept(file, "public, max-age=31536000, immutable")
        assert loaded.headers["content-type"].startswith(("text/javascript", "text/css")), file
    _session(base_url)
    return f"the page and {len(files)} files"


def _kept(address: str, how_long: str) -> httpx.Response:
    """Loaded once; asked for again by its ETag, the browser's copy is good."""
    first = httpx.get(address)
    assert (first.status_code, first.headers["cache-control"]) == (200, how_long), address
    again = httpx.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b""), address
    return first


def _session(base_url: str) -> None:
    """Logged in, the cookie alone gives an access token, which gives the account; logged out, it gives none."""
    path = f"{base_url}/api/v2/auth/session"
    with httpx.Client() as browser:
        opened = browser.post(path, json={"email": EMAIL, "password": PASSWORD})
        assert "HttpOnly; SameSite=Strict" in opened.headers["set-cookie"], opened.text
        renewed = browser.post(f"{path}/token")
        assert renewed.status_code == 200, renewed.text
        bearer = {"Authorization": f"Bearer {renewed.json()['access_token']}"}
        assert browser.get(f"{base_url}/api/v2/auth/me", headers=bearer).json()["email"] == EMAIL
        assert browser.delete(path).status_code == 204
        assert browser.post(f"{path}/token").status_code == 401

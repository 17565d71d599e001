"""The console's files come with their types, versions and a strict policy, wherever the service is served from."""

import re
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest

from chalicelib.api.site import console
from tests.support.gateway import Gateway

PAGE = '<html data-root="__ROOT__"><link href="./index-Ab3_x-9Q.css"><script src="./index-00000000.js"></script>'
FILES = {
    "index.html": PAGE,
    "index-00000000.js": "go()",
    "pdf.worker-1a2b3c4d.mjs": "draw()",
    "index-Ab3_x-9Q.css": "p{}",
    "decoder.js": "decode()",
    "notes.txt": "nothing",
}


@pytest.fixture(autouse=True)
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A console as it is built."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(console, "FOLDER", tmp_path)
    return tmp_path


@pytest.mark.parametrize(("stage", "path"), [("", "/app"), ("", "/app/"), ("/api", "/app"), ("/v1", "/app/")])
def test_the_page_finds_its_files_and_the_api_when_it_is_under_a_prefix(
    gateway: Gateway, stage: str, path: str
) -> None:
    event = gateway.event(httpx.Request("GET", "http://x/app"))
    address = event["requestContext"]["path"] = stage + path
    page = gateway.send(event)
    found = [urljoin(f"http://x{address}", one) for one in re.findall(r'(?:src|href)="([^"]+)"', page.text)]
    assert found == [f"http://x{stage}/app/index-Ab3_x-9Q.css", f"http://x{stage}/app/index-00000000.js"]
    (root,) = re.findall(r'data-root="([^"]+)"', page.text)
    assert urljoin(f"http://x{address}", root) == f"http://x{stage}/"


def test_the_page_runs_its_own_scripts_alone_and_reaches_the_bucket(gateway: Gateway) -> None:
    page = gateway.get("/app")
    policy = dict(one.strip().split(" ", 1) for one in page.headers["Content-Security-Policy"].split(";"))
    assert (policy["default-src"], policy["script-src"], policy["style-src"]) == ("'none'", "'self'", "'self'")
    assert policy["frame-ancestors"] == policy["form-action"] == policy["base-uri"] == "'none'"
    assert re.fullmatch(r"'self' https?://[\w.:-]+", policy["connect-src"])
    assert "unsafe" not in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("name", "media_type", "is_for_good"),
    [
        ("index-00000000.js", "text/javascript", True),
        ("pdf.worker-1a2b3c4d.mjs", "text/javascript", True),
        ("index-Ab3_x-9Q.css", "text/css", True),
        ("decoder.js", "text/javascript", False),
    ],
)
def test_a_file_is_kept_for_good_when_its_name_tells_its_version(
    gateway: Gateway, name: str, media_type: str, is_for_good: bool
) -> None:
    answer = gateway.get(f"/app/{name}")
    assert (answer.text, answer.headers["Content-Type"]) == (FILES[name], f"{media_type}; charset=utf-8")
    assert ("immutable" in answer.headers["Cache-Control"]) is is_for_good
    again = gateway.get(f"/app/{name}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.text) == (304, "")


def test_the_page_is_asked_for_anew_and_sent_once(gateway: Gateway) -> None:
    page = gateway.get("/app")
    assert page.headers["Cache-Control"] == "no-cache"
    assert gateway.get("/app", headers={"If-None-Match": page.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("name", ["notes.txt", "index.html", "nothing.js", "..%2Fpage.css", "page.css"])
def test_nothing_else_is_served(gateway: Gateway, name: str) -> None:
    assert gateway.get(f"/app/{name}").status_code == 404


def test_the_page_says_what_is_missing_when_it_was_not_built(gateway: Gateway, built: Path) -> None:
    (built / "index.html").unlink()
    answer = gateway.get("/app")
    assert answer.status_code == 404
    assert "make" in answer.json()["detail"]

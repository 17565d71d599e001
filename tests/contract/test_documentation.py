"""The documentation page says what a client needs, of this very deployment; the reference is served from here."""

import re
from dataclasses import replace
from html import unescape

import httpx
import pytest

from chalicelib.api import application
from chalicelib.api.site.render import ASSETS
from chalicelib.conversions import CATALOGUE
from chalicelib.conversions.spec import ConversionSpec
from chalicelib.domain import errors
from chalicelib.domain.problems import status_of
from chalicelib.domain.users import Role
from chalicelib.services import Service
from tests.support.gateway import Gateway

SECTIONS = {"Quick start", "Authentication", "Roles", "Conversions", "Results", "Points", "Idempotency", "Errors"}
SECTIONS |= {"Limits", "Older versions"}
ELSEWHERE = ("http:", "https:", "//", "/")


def shown(page: httpx.Response) -> str:
    """The text of a page."""
    return unescape(re.sub(r"<[^>]+>", " ", page.text))


def links(page: httpx.Response) -> list[str]:
    """What a page links to or loads."""
    return re.findall(r'(?:href|src)="([^"]*)"', page.text)


def section(page: httpx.Response, anchor: str) -> str:
    """One section's HTML."""
    found = re.search(rf'<section id="{anchor}">(.*?)</section>', page.text, re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def page(gateway: Gateway) -> httpx.Response:
    """The documentation page."""
    return gateway.get("/")


def test_every_section_is_reached_from_the_top(page: httpx.Response) -> None:
    nav = dict(re.findall(r'<a href="#(\w+)">(.+?)</a>', page.text))
    assert set(nav.values()) >= SECTIONS
    assert all(f'<section id="{anchor}"><h2>{title}</h2>' in page.text for anchor, title in nav.items())


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_a_page_loads_nothing_from_elsewhere(gateway: Gateway, path: str) -> None:
    answer = gateway.get(path)
    assert [link for link in links(answer) if link.startswith(ELSEWHERE)] == []
    assert "script-src 'self';" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_a_link_leads_somewhere(gateway: Gateway, path: str) -> None:
    answer = gateway.get(path)
    paths = {f"/{link.removeprefix('./')}" for link in links(answer) if not link.startswith(("#", "data:"))}
    assert len(paths) >= 4
    assert {gateway.get(one).status_code for one in paths} == {200}


@pytest.mark.parametrize("name", ASSETS)
def test_a_file_of_the_pages_comes_with_its_type(gateway: Gateway, name: str) -> None:
    answer = gateway.get(f"/docs/{name}")
    assert answer.headers["Content-Type"].startswith("text/css" if name.endswith(".css") else "text/javascript")
    assert "public" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("spec", CATALOGUE, ids=lambda spec: spec.slug)
def test_a_conversion_is_told_with_all_its_options(page: httpx.Response, spec: ConversionSpec) -> None:
    told = page.text.partition(f'<h3 id="{spec.slug}">')[2].partition("<h3")[0]
    assert f"POST /api/v3/conversions/{spec.slug}" in told
    assert f"{', '.join(spec.accepts)}" in told
    assert re.findall(r"<dt><code>(\w+)</code>", told) == list(spec.options.model_fields)
    assert "<dd></dd>" not in told


def test_every_status_and_reason_is_told(page: httpx.Response) -> None:
    kinds = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.ConvertProError)]
    rows = re.findall(r"<tr><td>(\d+)</td><td>(.*?)</td></tr>", section(page, "errors"))
    told = {int(status): re.findall(r"<code>([\w-]+)</code>", meaning) for status, meaning in rows}
    missing = [kind.code for kind in kinds[1:] if kind.code not in told.get(status_of(kind), [])]
    assert missing == []


def test_every_role_is_told(page: httpx.Response) -> None:
    assert re.findall(r"<code>(\w+_user)</code>", section(page, "roles")) == list(Role)


def test_limits_and_terms_are_those_of_the_deployment(
    gateway: Gateway, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(
        service.settings,
        stage="prod",
        max_file_bytes=7 * 1024 * 1024,
        max_pdf_pages=1_234,
        result_lifetime_s=7_200,
        v1_quota_per_hour=17,
    )
    deployed = replace(service, settings=settings)
    monkeypatch.setattr(application, "service", lambda: deployed)
    text = shown(gateway.get("/"))
    for term in ("7 MB", "4.5 MB in all", "1,234 pages", "results after 2 h", "17 an hour", "off here"):
        assert term in text


def test_the_quick_start_names_this_services_own_address(any_gateway: Gateway) -> None:
    assert f"{any_gateway.base_url}/api/v2/auth/login" in section(any_gateway.get("/"), "start")

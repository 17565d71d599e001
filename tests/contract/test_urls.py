"""Every URL in an answer is absolute, and leads back to where the request came in."""

import re
from dataclasses import replace

import httpx
import pytest

from chalicelib.api import application
from chalicelib.domain.users import Role
from chalicelib.services import Service
from tests.support.conversions import WorkingQueues, post_document, work
from tests.support.gateway import Gateway, Shape
from tests.support.people import People

HISTORY = "/api/v3/conversions/history"
PUBLIC = "https://convert.example.com/pro"


def urls(answer: httpx.Response) -> list[str]:
    """All URLs in headers and body, but for presigned ones and the description's example of a webhook."""
    texts = [answer.text, *answer.headers.values()]
    found = [url for text in texts for url in re.findall(r"https?://[^\s\"<>]+", text)]
    return [url for url in found if "X-Amz-Signature" not in url and not url.startswith("https://hooks.example.com/")]


def journey(gateway: Gateway, service: Service, people: People) -> list[str]:
    """The URLs that a client meets from its first request to its last."""
    user = people.new(Role.SUPER)
    token = people.token(user)
    people.new()
    accepted = post_document(gateway, token)
    conversion_id = accepted.json()["conversion_id"]
    work(service, conversion_id)
    answers = [
        accepted,
        gateway.get(f"/api/v3/conversions/{conversion_id}", token),
        gateway.get(HISTORY, token),
        gateway.get("/api/v2/users", token, params={"limit": "1"}),
        gateway.get("/api/v2/users/nobody", token),
        gateway.get("/openapi.json"),
    ]
    met = [url for answer in answers for url in urls(answer)]
    assert all(urls(answer) for answer in answers)
    return met


def test_every_url_starts_with_host_and_stage_when_nothing_is_configured(
    any_gateway: Gateway, service: Service, people: People
) -> None:
    met = journey(any_gateway, service, people)
    assert [url for url in met if not url.startswith(f"{any_gateway.base_url}/") and url != any_gateway.base_url] == []


def test_every_url_starts_with_the_public_one_when_it_is_configured(
    any_gateway: Gateway, service: Service, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = replace(service, settings=replace(service.settings, public_base_url=PUBLIC))
    monkeypatch.setattr(application, "service", lambda: public)
    met = journey(any_gateway, public, people)
    assert [url for url in met if not url.startswith(f"{PUBLIC}/") and url != PUBLIC] == []


def custom_domain(gateway: Gateway, path: str, token: str) -> httpx.Response:
    """GET by a custom domain's base path ``pro``: the gateway leaves it on both paths and adds no stage."""
    event = gateway.event(httpx.Request("GET", f"http://x{path}", headers={"Authorization": f"Bearer {token}"}))
    event["path"] = event["requestContext"]["path"] = f"/pro{path}"
    event["headers"]["Host"] = "convert.example.com"
    return gateway.send(event)


@pytest.mark.parametrize("configured", [None, PUBLIC])
def test_the_base_path_stands_once_when_a_custom_domain_has_one(
    gateway: Gateway, service: Service, people: People, monkeypatch: pytest.MonkeyPatch, configured: str | None
) -> None:
    public = replace(service, settings=replace(service.settings, public_base_url=configured))
    monkeypatch.setattr(application, "service", lambda: public)
    answer = custom_domain(gateway, "/api/v2/users/nobody", people.token(Role.ADMIN))
    assert answer.json()["instance"] == f"{PUBLIC}/api/v2/users/nobody"
    assert answer.json()["type"] == f"{PUBLIC}/problems/not-found"


@pytest.mark.parametrize("shape", list(Shape))
def test_location_leads_to_the_conversion_when_it_is_under_way(
    gateway: Gateway, service: Service, people: People, shape: Shape
) -> None:
    gateway.shape = shape
    token = people.token(people.new())
    accepted = post_document(gateway, token)
    location = accepted.headers["Location"]
    assert location.startswith(gateway.base_url)
    answer = gateway.get(location.removeprefix(gateway.base_url), token)
    assert answer.json()["conversion_id"] == accepted.json()["conversion_id"]


def test_download_url_leads_to_the_file_when_the_conversion_succeeded(
    any_gateway: Gateway, service: Service, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service.store, "queues", WorkingQueues(service))
    token = people.token(people.new())
    url = post_document(any_gateway, token, headers={"Prefer": "wait=5"}).json()["download_url"]
    assert any_gateway.get(url.removeprefix(any_gateway.base_url), token).status_code == 307


def test_instance_has_no_query_when_the_request_had_one(any_gateway: Gateway, people: People) -> None:
    answer = any_gateway.get(HISTORY, people.token(Role.GENERAL), params={"limit": "0"})
    assert answer.json()["instance"] == f"{any_gateway.base_url}{HISTORY}"

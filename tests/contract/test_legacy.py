"""The converters of v1 and v2: without points, within a quota, deprecated."""

from dataclasses import replace
from itertools import count

import httpx
import pytest
import requests

from chalicelib.api import application
from chalicelib.api.routes import legacy
from chalicelib.domain.errors import CorruptDocument
from chalicelib.domain.users import Role
from chalicelib.services import Service
from chalicelib.services import legacy as quotas
from tests.support.conversions import (
    REQUIRED_OPTIONS,
    SLUG,
    Act,
    WorkingQueues,
    post_document,
    raising,
    upload,
    write_sample,
)
from tests.support.gateway import Gateway
from tests.support.people import People
from tests.support.samples import sample
from tests.support.stack import SteppedClock

VERSIONS = ("v1", "v2")
_addresses = count(1)


@pytest.fixture
def token(people: People) -> str:
    """A token of a general user of its own."""
    return people.token(people.new())


@pytest.fixture(autouse=True)
def _own_address(gateway: Gateway) -> None:
    gateway.address = f"203.0.113.{next(_addresses)}"


def working(service: Service, monkeypatch: pytest.MonkeyPatch, act: Act = write_sample) -> None:
    """Let the worker be done before a request is answered."""
    monkeypatch.setattr(service.store, "queues", WorkingQueues(service, act))


def convert(gateway: Gateway, version: str, token: str | None, **more: str) -> httpx.Response:
    """Hand a document to a legacy converter."""
    name, body = upload(SLUG)
    fields = REQUIRED_OPTIONS[SLUG] | more
    return gateway.post(f"/api/{version}/conversions/{SLUG}", token, files={"file": (name, body)}, data=fields)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_document_is_converted_without_points(
    any_gateway: Gateway, service: Service, people: People, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    working(service, monkeypatch)
    user = people.new()
    token = people.token(user) if version == "v2" else None
    answer = convert(any_gateway, version, token)
    assert answer.status_code == 200
    body = answer.json()
    assert body["success"] is True
    assert body["download_url"] == f"{any_gateway.base_url}/api/{version}/conversions/{SLUG}/files/{body['filename']}"
    file = any_gateway.get(body["download_url"].removeprefix(any_gateway.base_url), token)
    assert requests.get(file.headers["Location"], timeout=5).content == sample("pdf")
    assert people.fresh(user).points.spent == 0


@pytest.mark.parametrize("version", VERSIONS)
def test_every_answer_says_that_the_version_is_deprecated_and_what_follows_it(
    gateway: Gateway, token: str, version: str
) -> None:
    refused = gateway.post(f"/api/{version}/conversions/{SLUG}", token)
    absent = gateway.get(f"/api/{version}/conversions/{SLUG}/files/nothing.pdf", token)
    assert (refused.status_code, absent.status_code) == (415, 404)
    for answer in (refused, absent):
        assert answer.headers["Deprecation"]
        assert answer.headers["Link"] == f'<{gateway.base_url}/api/v3/conversions/{SLUG}>; rel="successor-version"'


@pytest.mark.parametrize("version", VERSIONS)
def test_a_failure_is_a_problem(
    gateway: Gateway, service: Service, token: str, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    working(service, monkeypatch, raising(CorruptDocument("The PDF is damaged.")))
    answer = convert(gateway, version, token)
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("/corrupt-document")


@pytest.mark.parametrize("version", VERSIONS)
def test_the_file_conflicts_until_it_is_ready(
    gateway: Gateway, token: str, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    monkeypatch.setattr(legacy, "LONGEST_WAIT_S", 0.01)
    answer = convert(gateway, version, token)
    assert answer.status_code == 202
    assert answer.headers["Location"] == answer.json()["download_url"]
    assert gateway.get(answer.headers["Location"].removeprefix(gateway.base_url), token).status_code == 409


def test_a_v2_file_is_its_owners_and_a_v1_file_is_nobodys(
    gateway: Gateway, service: Service, people: People, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    working(service, monkeypatch)
    first, second = convert(gateway, "v1", None).json(), convert(gateway, "v2", token).json()
    v1, v2 = (f"/api/{version}/conversions/{SLUG}/files/" for version in VERSIONS)
    assert gateway.get(f"{v2}{second['filename']}", people.token(people.new())).status_code == 404
    assert gateway.get(f"{v1}{second['filename']}").status_code == 404
    assert gateway.get(f"{v2}{first['filename']}", token).status_code == 404
    other = second["filename"][:26] + first["filename"][26:]
    assert gateway.get(f"{v2}{other}", token).status_code == 404
    assert gateway.get(f"/api/v1/conversions/pdf-to-word/files/{first['filename']}").status_code == 404


def test_v2_lists_the_callers_own_files(
    gateway: Gateway, service: Service, people: People, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    working(service, monkeypatch)
    made = convert(gateway, "v2", token).json()
    convert(gateway, "v2", people.token(people.new()))
    listed = gateway.get(f"/api/v2/conversions/{SLUG}/files", token).json()
    assert listed["total_count"] == len(listed["files"]) == 1
    expected = {
        "filename": made["filename"],
        "original_name": "document.pdf",
        "conversion_date": "2026-03-02T09:00:00.000Z",
        "file_size": len(sample("pdf")),
        "status": "success",
    }
    assert listed["files"] == [expected]
    assert gateway.get("/api/v2/conversions/pdf-to-word/files", token).json() == {"files": [], "total_count": 0}


def test_the_list_is_whole_when_the_current_version_was_used_since(
    gateway: Gateway, service: Service, people: People, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotas, "PAGE", 2)
    working(service, monkeypatch)
    user = people.new()
    token = people.token(user)
    made = []
    for _ in range(2):
        made.append(convert(gateway, "v2", token).json()["filename"])
        clock.step(1)
        for _ in range(3):
            assert post_document(gateway, token).status_code == 202
            clock.step(1)
    listed = gateway.get(f"/api/v2/conversions/{SLUG}/files", token).json()
    assert [one["filename"] for one in listed["files"]] == made[::-1]
    assert listed["total_count"] == 2


@pytest.mark.parametrize(("version", "window_s"), [("v1", 3_600), ("v2", 86_400)])
def test_twenty_accepted_conversions_are_a_quota(
    gateway: Gateway,
    service: Service,
    people: People,
    clock: SteppedClock,
    monkeypatch: pytest.MonkeyPatch,
    version: str,
    window_s: int,
) -> None:
    monkeypatch.setattr(legacy, "LONGEST_WAIT_S", 0)
    user = people.new()
    refused = [convert(gateway, version, people.token(user), nonsense="1").status_code for _ in range(3)]
    accepted = [convert(gateway, version, people.token(user)).status_code for _ in range(20)]
    assert (refused, accepted) == ([422] * 3, [202] * 20)
    answer = convert(gateway, version, people.token(user))
    assert answer.status_code == 429
    assert abs(int(answer.headers["Retry-After"]) - window_s) <= 1
    clock.step(window_s)
    assert convert(gateway, version, people.token(user)).status_code == 202


def test_a_super_user_has_no_quota(gateway: Gateway, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legacy, "LONGEST_WAIT_S", 0)
    token = people.token(people.new(Role.SUPER))
    assert {convert(gateway, "v2", token).status_code for _ in range(21)} == {202}


def test_v2_asks_for_a_token_and_honours_permissions(gateway: Gateway, people: People) -> None:
    assert convert(gateway, "v2", None).status_code == 401
    assert convert(gateway, "v2", people.token(Role.DEMO)).status_code == 403
    denied = people.permit(people.new(), pdf_page_remove=False)
    assert convert(gateway, "v2", people.token(denied)).status_code == 403


@pytest.mark.parametrize(
    ("stage", "enabled", "status"),
    [("local", None, 415), ("prod", None, 404), ("prod", True, 415), ("local", False, 404)],
)
def test_v1_is_off_on_a_deployed_stage_unless_it_is_asked_for(
    gateway: Gateway,
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    stage: str,
    enabled: bool | None,
    status: int,
) -> None:
    changed = replace(service, settings=replace(service.settings, stage=stage, v1_enabled=enabled))
    monkeypatch.setattr(application, "service", lambda: changed)
    assert gateway.post(f"/api/v1/conversions/{SLUG}").status_code == status


def test_v1_takes_four_megabytes(gateway: Gateway) -> None:
    large = {"file": ("a.pdf", b"%PDF-1.4" + b" " * 4_300_000)}
    assert gateway.post(f"/api/v1/conversions/{SLUG}", files=large, data={"pages": "1"}).status_code == 413

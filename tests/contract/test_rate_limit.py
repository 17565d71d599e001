"""The RateLimit headers of POST requests to v3, and the refusal beyond the rate."""

import re
from dataclasses import replace

import httpx
import pytest

from chalicelib.api import application
from chalicelib.api.access import Access
from chalicelib.api.endpoint import Endpoint
from chalicelib.api.routes import endpoints
from chalicelib.domain.users import Role
from chalicelib.services import Service
from tests.support.conversions import post_document
from tests.support.gateway import Gateway
from tests.support.people import People
from tests.support.stack import SteppedClock

TOPUP = "/api/v3/points/topup"
LIMIT = 3
POSTS = [one for one in endpoints() if one.method == "POST" and one.path.startswith("/api/v3/")]


@pytest.fixture
def limited(service: Service, gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> Service:
    """The service, which lets a user send three requests in a minute."""
    changed = replace(service, settings=replace(service.settings, rate_limit_per_minute=LIMIT))
    monkeypatch.setattr(application, "service", lambda: changed)
    return changed


def quota(answer: httpx.Response) -> tuple[int, int, int, int]:
    """Limit, window, what is left, and when it is whole again."""
    policy = re.fullmatch(r'"default";q=(\d+);w=(\d+)', answer.headers["RateLimit-Policy"])
    left = re.fullmatch(r'"default";r=(\d+);t=(\d+)', answer.headers["RateLimit"])
    assert policy
    assert left
    return int(policy[1]), int(policy[2]), int(left[1]), int(left[2])


def test_answers_count_down_and_the_next_is_refused_when_none_is_left(
    any_gateway: Gateway, limited: Service, people: People, clock: SteppedClock
) -> None:
    token = people.token(people.new())
    for left in (2, 1, 0):
        answer = post_document(any_gateway, token)
        assert (answer.status_code, quota(answer)) == (202, (LIMIT, 60, left, 60))
    clock.step(19.5)
    refusal = post_document(any_gateway, token)
    assert refusal.status_code == 429
    assert refusal.json()["type"].endswith("/problems/too-many-requests")
    assert "41 s" in refusal.json()["detail"]
    assert refusal.headers["Retry-After"] == "41"
    assert quota(refusal) == (LIMIT, 60, 0, 41)
    assert any_gateway.get("/api/v3/points/balance", token).json() == {"balance": 21}
    clock.step(41)
    assert quota(post_document(any_gateway, token))[2:] == (2, 60)


def test_refusals_count_and_tell_of_it_too(gateway: Gateway, limited: Service, people: People) -> None:
    token = people.token(people.new())
    answers = [
        gateway.post(TOPUP, token, json={"user_id": "x", "amount": 1}),
        gateway.post("/api/v3/conversions/docx-to-pdf", token, json={"upload_id": 1}),
        post_document(gateway, token, pages="x"),
    ]
    assert [one.status_code for one in answers] == [403, 422, 422]
    assert [quota(one)[2] for one in answers] == [2, 1, 0]


def test_users_have_a_rate_of_their_own(gateway: Gateway, limited: Service, people: People) -> None:
    one, other = people.token(people.new()), people.token(people.new())
    for _ in range(LIMIT + 1):
        refused = post_document(gateway, one)
    assert refused.status_code == 429
    assert post_document(gateway, other).status_code == 202


def test_other_methods_and_versions_have_no_rate(gateway: Gateway, limited: Service, people: People) -> None:
    user = people.new()
    token = people.token(user)
    answers = [gateway.get("/api/v3/points/balance", token) for _ in range(LIMIT + 1)]
    answers += [gateway.post("/api/v2/auth/logout", token, json={"refresh_token": "x"})]
    answers += [post_document(gateway, None)]
    assert not [one for one in answers if "RateLimit" in one.headers or one.status_code == 429]


@pytest.mark.parametrize("endpoint", POSTS, ids=lambda one: one.path)
def test_every_post_of_v3_answers_with_its_rate(gateway: Gateway, people: People, endpoint: Endpoint) -> None:
    assert endpoint.access is not Access.PUBLIC
    path = re.sub(r"\{\w+\}", "x", endpoint.path)
    assert quota(gateway.post(path, people.token(Role.DEMO), json={}))

"""Cross-origin requests, by the setting."""

from dataclasses import replace

import httpx
import pytest

from chalicelib.api import application
from chalicelib.domain.users import Role
from chalicelib.services import Service
from tests.support.gateway import Gateway
from tests.support.people import People

PAGE = "https://app.example.com"
ALLOW = "Access-Control-Allow-Origin"
ME = "/api/v2/auth/me"


@pytest.fixture(params=[(), (PAGE,), ("*",)], ids=["off", "one-origin", "any-origin"])
def origins(
    request: pytest.FixtureRequest, service: Service, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, ...]:
    """The origins of the setting, in force."""
    changed = replace(service, settings=replace(service.settings, cors_origins=request.param))
    monkeypatch.setattr(application, "service", lambda: changed)
    allowed: tuple[str, ...] = request.param
    return allowed


def lets_in(answer: httpx.Response, origin: str) -> bool:
    """Whether a browser lets a page of ``origin`` read the answer."""
    return answer.headers.get(ALLOW) in (origin, "*")


@pytest.mark.parametrize("origin", [PAGE, "https://evil.example.com", f"{PAGE}.evil.com", "null"])
def test_a_page_reads_answers_and_refusals_when_its_origin_is_allowed(
    gateway: Gateway, people: People, origins: tuple[str, ...], origin: str
) -> None:
    allowed = origin in origins or "*" in origins
    for token in (people.token(Role.DEMO), None):
        answer = gateway.get(ME, token, headers={"Origin": origin})
        assert lets_in(answer, origin) == allowed
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert ("X-Request-Id" in answer.headers.get("Access-Control-Expose-Headers", "")) == allowed


@pytest.mark.parametrize("origin", [PAGE, "https://evil.example.com"])
def test_a_browser_may_ask_first_when_the_origin_is_allowed(
    any_gateway: Gateway, origins: tuple[str, ...], origin: str
) -> None:
    headers = {"Origin": origin, "Access-Control-Request-Method": "PUT"}
    answer = any_gateway.request("OPTIONS", "/api/v2/auth/password", headers=headers)
    if origin not in origins and "*" not in origins:
        assert answer.status_code == 405
        return
    assert (answer.status_code, answer.content) == (204, b"")
    assert lets_in(answer, origin)
    assert "PUT" in answer.headers["Access-Control-Allow-Methods"]
    for name in ("Authorization", "Content-Type", "Idempotency-Key", "Prefer"):
        assert name in answer.headers["Access-Control-Allow-Headers"]

"""What is changed about a user holds from the user's very next request on, by token and by API key."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.domain.users import Role
from chalicelib.services import Service
from tests.support.conversions import post_document
from tests.support.gateway import Gateway
from tests.support.people import PASSWORD, People

ME, KEYS, BALANCE = "/api/v2/auth/me", "/api/v2/auth/api-keys", "/api/v3/points/balance"
USERS, SUMMARY, RULES = "/api/v2/users", "/api/v3/admin/dashboard-summary", "/api/v3/points/rules"
ACTION = "pdf_page_remove"


class Target:
    """A user who calls, while a super user changes what it may."""

    def __init__(self, gateway: Gateway, people: People) -> None:
        user = people.new()
        self._gateway, self._boss = gateway, people.token(people.shared(Role.SUPER))
        self.path, self.email = f"{USERS}/{user.user_id}", user.email
        self.token = self.log_in()
        made = gateway.post(KEYS, self.token, json={"name": "nightly"}).json()
        self.key, self.key_path = made["key"], f"{KEYS}/{made['key_id']}"
        self.permission = f"/api/v3/permissions/users/{user.user_id}/permissions/{ACTION}"

    def log_in(self) -> str:
        """A fresh access token."""
        body = {"email": self.email, "password": PASSWORD}
        token: str = self._gateway.post("/api/v2/auth/login", json=body).json()["access_token"]
        return token

    def change(self, path: str, **body: Any) -> None:
        """The super user changes the target."""
        assert self._gateway.request("PATCH", path, self._boss, json=body or None).status_code == 200

    def sees(self, path: str, token: str | None = None) -> int:
        """The status that the target's request gets."""
        return self._gateway.get(path, token or self.token).status_code

    def converts(self, token: str | None = None) -> int:
        """The status that the target's conversion gets."""
        return post_document(self._gateway, token or self.token).status_code


@pytest.fixture
def target(any_gateway: Gateway, people: People) -> Target:
    """A general user with a token and a key."""
    return Target(any_gateway, people)


def test_a_role_holds_at_once(target: Target) -> None:
    assert target.sees(SUMMARY) == 403
    target.change(f"{target.path}/role", role="admin_user")
    assert (target.sees(SUMMARY), target.converts()) == (200, 202)
    target.change(f"{target.path}/role", role="demo_user")
    assert (target.sees(SUMMARY), target.converts(), target.converts(target.key)) == (403, 403, 403)
    target.change(f"{target.path}/role", role="general_user")
    assert (target.sees(SUMMARY), target.converts(), target.converts(target.key)) == (403, 202, 202)


def test_disabling_holds_at_once(target: Target) -> None:
    assert (target.sees(ME), target.sees(BALANCE, target.key)) == (200, 200)
    target.change(f"{target.path}/disable")
    assert (target.sees(ME), target.converts(), target.sees(BALANCE, target.key)) == (401, 401, 401)
    target.change(f"{target.path}/enable")
    assert target.sees(ME) == 401, "a token from before stays revoked"
    assert target.sees(ME, target.log_in()) == 200


def test_a_revoked_key_is_refused_at_once(target: Target, any_gateway: Gateway) -> None:
    assert (target.sees(BALANCE, target.key), target.converts(target.key)) == (200, 202)
    assert any_gateway.request("DELETE", target.key_path, target.token).status_code == 204
    assert (target.sees(BALANCE, target.key), target.converts(target.key), target.converts()) == (401, 401, 202)


def test_a_permission_holds_at_once(target: Target) -> None:
    assert (target.converts(), target.converts(target.key)) == (202, 202)
    target.change(target.permission, is_allowed=False)
    assert (target.converts(), target.converts(target.key), target.sees(ME)) == (403, 403, 200)
    target.change(target.permission, is_allowed=True)
    assert (target.converts(), target.converts(target.key)) == (202, 202)


@pytest.fixture
def reads(service: Service) -> Iterator[list[dict[str, Any]]]:
    """What is asked of DynamoDB item by item; moto answers all reads consistently, DynamoDB does not."""
    events = service.store.transactor._connection.client.meta.events
    asked: list[dict[str, Any]] = []

    def note(params: dict[str, Any], **_more: Any) -> None:
        asked.append(params)

    events.register("provide-client-params.dynamodb.GetItem", note)
    yield asked
    events.unregister("provide-client-params.dynamodb.GetItem", note)


@pytest.mark.parametrize(
    "request_by",
    [
        lambda target: target.sees(ME),
        lambda target: target.sees(BALANCE, target.key),
        lambda target: target.converts(),
        lambda target: target.converts(target.key),
        lambda target: target.sees(RULES),
    ],
    ids=["token", "key", "conversion", "conversion-by-key", "rules"],
)
def test_what_decides_is_read_consistently(
    target: Target, service: Service, reads: list[dict[str, Any]], request_by: Callable[[Target], int]
) -> None:
    reads.clear()
    assert request_by(target) in (200, 202)
    tables = service.settings.tables
    deciding = [one for one in reads if one["TableName"] in (tables.users, tables.api_keys, tables.rules)]
    assert deciding
    assert all(one.get("ConsistentRead") for one in deciding)

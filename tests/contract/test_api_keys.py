"""API keys: shown once, scoped, revocable, and never good for managing anything."""

from typing import Any

import pytest

from chalicelib.api.endpoint import Endpoint
from chalicelib.domain.users import Role, User
from chalicelib.services import Service, accounts
from tests.contract.test_roles import DECISIONS, PROTECTED
from tests.support.conversions import post_document
from tests.support.gateway import Gateway
from tests.support.knocking import ABSENT_ID, knock, name_of
from tests.support.people import People
from tests.support.stack import Stack, SteppedClock

KEYS = "/api/v2/auth/api-keys"
BALANCE = "/api/v3/points/balance"
OPEN_TO_KEYS = ("/api/v3/conversions", "/api/v3/uploads", "/api/v3/batches", "/api/v2/conversions")
POINTS = {f"GET /api/v3/points/{name}" for name in ("balance", "ledger", "rules", "my-point")}
"""A key is for conversions, uploads, batches, points and history; for nothing else, whoever owns it."""


def make(gateway: Gateway, people: People, owner: User, **more: Any) -> dict[str, Any]:
    """A new key of ``owner``, with its text."""
    answer = gateway.post(KEYS, people.token(owner), json={"name": "nightly"} | more)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


@pytest.fixture
def owner(people: People) -> User:
    """A general user of its own."""
    return people.new()


def test_a_key_acts_as_its_owner_and_is_shown_once(any_gateway: Gateway, people: People, owner: User) -> None:
    made = make(any_gateway, people, owner)
    assert made["key"].startswith("cp_")
    assert made["key"].startswith(made["prefix"])
    assert any_gateway.get(BALANCE, made["key"]).json() == {"balance": 30}
    listed = any_gateway.get(KEYS, people.token(owner)).json()["items"]
    assert [one["key_id"] for one in listed] == [made["key_id"]]
    assert made["key"] not in str(listed)
    assert listed[0]["last_used_at"] == "2026-03-02T09:00:00.000Z"


def test_a_key_converts_on_its_owners_points(gateway: Gateway, people: People, owner: User) -> None:
    key = make(gateway, people, owner)["key"]
    accepted = post_document(gateway, key)
    assert (accepted.status_code, accepted.json()["remaining_balance"]) == (202, 27)
    path = f"/api/v3/conversions/{accepted.json()['conversion_id']}"
    assert gateway.get(path, people.token(owner)).status_code == 200


def test_a_key_is_nowhere_kept(gateway: Gateway, service: Service, stack: Stack, people: People, owner: User) -> None:
    secret = make(gateway, people, owner)["key"].split("_", 2)[2]
    kept = str([stack.items(table) for table in vars(service.settings.tables).values()])
    assert secret not in kept


def test_a_key_opens_what_it_is_for_and_no_more_than_its_owner_may(
    gateway: Gateway, service: Service, people: People
) -> None:
    owners = {role: people.new(Role.GENERAL if role is Role.DEMO else role) for role in Role}
    keys = {role: make(gateway, people, owner)["key"] for role, owner in owners.items()}
    accounts.set_role(service, people.shared(Role.SUPER), owners[Role.DEMO].user_id, Role.DEMO)

    def opens(endpoint: Endpoint) -> frozenset[Role]:
        statuses = {role: knock(gateway, endpoint, key).status_code for role, key in keys.items()}
        assert 401 not in statuses.values()
        return frozenset(role for role, status in statuses.items() if status != 403)

    def should_open(endpoint: Endpoint) -> frozenset[Role] | None:
        is_for_keys = endpoint.path.startswith(OPEN_TO_KEYS) or name_of(endpoint) in POINTS
        return DECISIONS[name_of(endpoint)] if is_for_keys else frozenset()

    assert {name_of(one): opens(one) for one in PROTECTED} == {name_of(one): should_open(one) for one in PROTECTED}


def test_every_route_stays_shut_when_the_key_is_bad(gateway: Gateway, people: People, clock: SteppedClock) -> None:
    owner = people.new(Role.SUPER)
    good, revoked = make(gateway, people, owner), make(gateway, people, owner)
    expired = make(gateway, people, owner, expires_at="2026-03-02T10:00:00Z")
    assert gateway.request("DELETE", f"{KEYS}/{revoked['key_id']}", people.token(owner)).status_code == 204
    clock.step(3_600)
    none = ("cp_", "cp_x", f"cp_{ABSENT_ID}", f"cp_{ABSENT_ID}_secret", f"cp_{good['key_id']}_", f"{good['key']}A")
    bad = [*none, good["key"][:-1] + ("A" if good["key"][-1] != "A" else "B"), revoked["key"], expired["key"]]
    statuses = {(name_of(one), key): knock(gateway, one, key).status_code for one in PROTECTED for key in bad}
    assert [case for case, status in statuses.items() if status != 401] == []
    assert gateway.get(BALANCE, good["key"]).status_code == 200


def test_a_key_is_for_its_actions_only(gateway: Gateway, people: People, owner: User) -> None:
    key = make(gateway, people, owner, actions=["pdf_to_docs"])["key"]
    assert post_document(gateway, key, "pdf-to-word").status_code == 202
    assert post_document(gateway, key, "remove-pages-from-pdf").status_code == 403


def test_a_key_gives_no_permission_that_its_owner_lacks(gateway: Gateway, people: People, owner: User) -> None:
    key = make(gateway, people, owner, actions=["pdf_to_docs"])["key"]
    people.permit(owner, pdf_to_docs=False)
    assert post_document(gateway, key, "pdf-to-word").status_code == 403


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"name": ""}, "name"),
        ({"name": "x", "actions": ["convert_all"]}, "actions"),
        ({"name": "x", "actions": []}, "actions"),
        ({"name": "x", "expires_at": "2026-03-02T08:59:59Z"}, "expires_at"),
        ({"name": "x", "expires_at": "2027-01-01T00:00:00"}, "expires_at"),
    ],
)
def test_a_key_is_refused_when_it_makes_no_sense(
    gateway: Gateway, people: People, owner: User, body: dict[str, Any], where: str
) -> None:
    answer = gateway.post(KEYS, people.token(owner), json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"][1] == where


def test_a_key_ends_when_it_expires(gateway: Gateway, people: People, owner: User, clock: SteppedClock) -> None:
    key = make(gateway, people, owner, expires_at="2026-03-02T10:00:00Z")["key"]
    clock.step(3_599)
    assert gateway.get(BALANCE, key).status_code == 200
    clock.step(1)
    assert gateway.get(BALANCE, key).status_code == 401


def test_a_key_is_revoked_by_its_owner_alone_and_once(gateway: Gateway, people: People, owner: User) -> None:
    made, other = make(gateway, people, owner), make(gateway, people, owner)
    path = f"{KEYS}/{made['key_id']}"
    assert gateway.request("DELETE", path, people.token(people.new())).status_code == 404
    assert gateway.request("DELETE", path, people.token(owner)).status_code == 204
    assert gateway.get(BALANCE, other["key"]).status_code == 200
    assert gateway.request("DELETE", path, people.token(owner)).status_code == 404

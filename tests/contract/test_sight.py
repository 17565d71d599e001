"""What is outside a caller's sight is answered as if it were absent."""

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from chalicelib.api.endpoint import Endpoint
from chalicelib.api.routes import endpoints
from chalicelib.domain.users import Role
from chalicelib.services import Service
from tests.contract.test_roles import DECISIONS
from tests.support.conversions import hand_in, work
from tests.support.gateway import Gateway
from tests.support.knocking import ABSENT_ID, name_of, path_of
from tests.support.people import People

BODIES: dict[str, dict[str, Any]] = {
    "PATCH /api/v2/users/{user_id}": {"username": "somebody-else"},
    "PATCH /api/v2/users/{user_id}/role": {"role": "general_user"},
    "PATCH /api/v2/users/{user_id}/reset-password": {"new_password": "another password"},
    "PUT /api/v3/permissions/users/{user_id}/permissions": {
        "permissions": [{"action": "pdf_to_docs", "is_allowed": True}]
    },
    "PATCH /api/v3/permissions/users/{user_id}/permissions/{action}": {"is_allowed": True},
    "PATCH /api/v3/webhooks/{webhook_id}": {"is_active": True},
}
OF_USERS = [one for one in endpoints() if "{user_id}" in one.path and Role.ADMIN in (DECISIONS[name_of(one)] or ())]
OF_CONVERSIONS = [one for one in endpoints() if "{conversion_id}" in one.path]
WITH_USER_ID = ["/api/v3/points/ledger", "/api/v3/conversions/history", "/api/v3/dashboard/usage-history"]


def told(answer: httpx.Response) -> dict[str, Any]:
    """What a client can learn from a refusal, less the address that it asked itself."""
    assert answer.status_code == 404
    return {name: value for name, value in answer.json().items() if name != "instance"}


def call(gateway: Gateway, endpoint: Endpoint, token: str, **parameters: str) -> httpx.Response:
    """Call a route of one user or conversion."""
    body = BODIES.get(name_of(endpoint))
    return gateway.request(endpoint.method, path_of(endpoint, **parameters), token, **({"json": body} if body else {}))


@pytest.mark.parametrize("hidden", [Role.ADMIN, Role.SUPER])
@pytest.mark.parametrize("endpoint", OF_USERS, ids=name_of)
def test_an_admin_can_not_tell_a_user_from_none_when_it_is_out_of_sight(
    gateway: Gateway, people: People, endpoint: Endpoint, hidden: Role
) -> None:
    token = people.token(people.new(Role.ADMIN))
    there = call(gateway, endpoint, token, user_id=people.shared(hidden).user_id)
    assert told(there) == told(call(gateway, endpoint, token, user_id=ABSENT_ID))


@pytest.mark.parametrize("hidden", [Role.ADMIN, Role.SUPER])
def test_an_admin_can_not_tell_a_user_from_none_when_topping_up(gateway: Gateway, people: People, hidden: Role) -> None:
    token = people.token(people.new(Role.ADMIN))
    bodies = [{"user_id": user_id, "amount": 5} for user_id in (people.shared(hidden).user_id, ABSENT_ID)]
    there, absent = (gateway.post("/api/v3/points/topup", token, json=body) for body in bodies)
    assert told(there) == told(absent)


@pytest.mark.parametrize("role", [Role.GENERAL, Role.DEMO])
def test_a_user_can_not_be_told_from_none_when_the_role_forbids_asking(
    gateway: Gateway, people: People, role: Role
) -> None:
    token, seen = people.token(people.new(role)), people.shared(Role.GENERAL)
    for endpoint in (one for one in endpoints() if "{user_id}" in one.path):
        answers = [call(gateway, endpoint, token, user_id=one) for one in (seen.user_id, ABSENT_ID)]
        assert [answer.status_code for answer in answers] == [403, 403]
        there, absent = (answer.json() | {"instance": None} for answer in answers)
        assert there == absent


def test_a_key_can_not_be_told_from_none_when_it_is_anothers(gateway: Gateway, people: People) -> None:
    keys, token = "/api/v2/auth/api-keys", people.token(people.new(Role.SUPER))
    key_id = gateway.post(keys, people.token(people.new()), json={"name": "nightly"}).json()["key_id"]
    there, absent = (gateway.request("DELETE", f"{keys}/{one}", token) for one in (key_id, ABSENT_ID))
    assert told(there) == told(absent)


@pytest.mark.parametrize("path", WITH_USER_ID)
@pytest.mark.parametrize("hidden", [Role.ADMIN, Role.SUPER])
def test_an_admin_can_not_tell_a_user_from_none_when_asking_for_its_activity(
    gateway: Gateway, people: People, path: str, hidden: Role
) -> None:
    token = people.token(people.new(Role.ADMIN))
    there = gateway.get(path, token, params={"user_id": people.shared(hidden).user_id})
    assert told(there) == told(gateway.get(path, token, params={"user_id": ABSENT_ID}))


@pytest.mark.parametrize("path", WITH_USER_ID)
@pytest.mark.parametrize("role", [Role.GENERAL, Role.DEMO])
def test_another_user_id_is_forbidden_when_the_role_may_pass_none(
    gateway: Gateway, people: People, path: str, role: Role
) -> None:
    caller, other = people.new(role), people.shared(Role.GENERAL)
    answers = [gateway.get(path, people.token(caller), params={"user_id": one}) for one in (other.user_id, ABSENT_ID)]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert answers[0].json() == answers[1].json()


@pytest.mark.parametrize("path", WITH_USER_ID)
@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.ADMIN, Role.GENERAL),
        (Role.ADMIN, Role.DEMO),
        *((Role.SUPER, role) for role in Role),
    ],
)
def test_activity_is_shown_when_the_user_is_in_sight(
    gateway: Gateway, people: People, path: str, role: Role, seen: Role
) -> None:
    answer = gateway.get(path, people.token(role), params={"user_id": people.shared(seen).user_id})
    assert answer.status_code == 200


@pytest.fixture
def ended(service: Service, people: People) -> Callable[[Role], str]:
    """Makes ended conversions of new users of a role; their ids."""

    def make(role: Role) -> str:
        conversion_id = hand_in(service, people.new(role)).conversion.conversion_id
        work(service, conversion_id)
        return conversion_id

    return make


@pytest.mark.parametrize("endpoint", OF_CONVERSIONS, ids=name_of)
@pytest.mark.parametrize(
    ("caller", "owner"),
    [
        (Role.GENERAL, Role.GENERAL),
        (Role.GENERAL, Role.ADMIN),
        (Role.GENERAL, Role.SUPER),
        (Role.ADMIN, Role.ADMIN),
        (Role.ADMIN, Role.SUPER),
    ],
)
def test_a_conversion_can_not_be_told_from_none_when_it_is_out_of_sight(
    gateway: Gateway, people: People, ended: Callable[[Role], str], endpoint: Endpoint, caller: Role, owner: Role
) -> None:
    token = people.token(people.new(caller))
    there = call(gateway, endpoint, token, conversion_id=ended(owner))
    assert told(there) == told(call(gateway, endpoint, token, conversion_id=ABSENT_ID))


@pytest.mark.parametrize(
    ("caller", "owner"),
    [(Role.ADMIN, Role.GENERAL), (Role.SUPER, Role.GENERAL), (Role.SUPER, Role.ADMIN), (Role.SUPER, Role.SUPER)],
)
def test_a_conversion_is_shown_when_its_owner_is_in_sight(
    gateway: Gateway, people: People, ended: Callable[[Role], str], caller: Role, owner: Role
) -> None:
    conversion_id = ended(owner)
    answer = gateway.get(f"/api/v3/conversions/{conversion_id}", people.token(caller))
    assert answer.status_code == 200
    assert answer.json()["conversion_id"] == conversion_id


@pytest.mark.parametrize("odd_id", ["x", "guard%23supers", "email%23person-1@example.com", "a" * 3_000, "%00", "%20"])
@pytest.mark.parametrize("endpoint", [one for one in endpoints() if "{" in one.path], ids=name_of)
def test_an_id_is_answered_as_absent_when_it_is_none_of_ours(
    gateway: Gateway, people: People, endpoint: Endpoint, odd_id: str
) -> None:
    parameters = dict.fromkeys(re.findall(r"{(\w+)}", endpoint.path), odd_id)
    assert told(call(gateway, endpoint, people.token(Role.SUPER), **parameters))

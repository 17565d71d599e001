"""Permissions and rules: read and written by whom they should be, and in force at once."""

from typing import Any

import pytest

from chalicelib.conversions import BY_SLUG, CATALOGUE
from chalicelib.domain.users import Role
from tests.support.conversions import post_document
from tests.support.gateway import Gateway
from tests.support.people import People
from tests.support.stack import Stack

RULES = "/api/v3/points/rules"
ACTION = BY_SLUG["remove-pages-from-pdf"].action


def path_of(user_id: str, action: str = "") -> str:
    """Where a user's permissions are."""
    return f"/api/v3/permissions/users/{user_id}/permissions" + (f"/{action}" if action else "")


def test_the_actions_are_those_of_the_catalogue(gateway: Gateway, people: People) -> None:
    listed = gateway.get("/api/v3/permissions/actions", people.token(Role.DEMO)).json()
    assert listed == [{"action": spec.action, "label": spec.label} for spec in CATALOGUE]


@pytest.mark.parametrize(
    ("role", "allowed", "points"),
    [(Role.GENERAL, True, 3), (Role.ADMIN, True, 3), (Role.DEMO, False, 3), (Role.SUPER, True, 0)],
)
def test_ones_own_api_tells_what_is_allowed_where_and_for_how_much(
    gateway: Gateway, people: People, role: Role, allowed: bool, points: int
) -> None:
    listed = gateway.get("/api/v3/permissions/my-api", people.token(role)).json()
    assert [one["route"] for one in listed] == [f"/api/v3/conversions/{spec.slug}" for spec in CATALOGUE]
    assert {(one["allowed"], one["points"], one["method"]) for one in listed} == {(allowed, points, "POST")}


def test_a_decision_is_in_force_at_once_and_says_who_made_it(any_gateway: Gateway, people: People) -> None:
    user, boss = people.new(), people.shared(Role.SUPER)
    body = {"is_allowed": False}
    answer = any_gateway.request("PATCH", path_of(user.user_id, ACTION), people.token(boss), json=body)
    decision = {
        "action": ACTION,
        "is_allowed": False,
        "updated_at": "2026-03-02T09:00:00.000Z",
        "updated_by": boss.user_id,
    }
    assert answer.json() == decision
    assert post_document(any_gateway, people.token(user)).status_code == 403
    read = any_gateway.get(path_of(user.user_id), people.token(Role.ADMIN)).json()
    assert decision in read["permissions"]
    any_gateway.request("PATCH", path_of(user.user_id, ACTION), people.token(boss), json={"is_allowed": True})
    assert post_document(any_gateway, people.token(user)).status_code == 202


def test_several_decisions_are_taken_together_and_others_stay(gateway: Gateway, people: People) -> None:
    user, token = people.permit(people.new(), pdf_to_docs=False), people.token(Role.SUPER)
    body = {"permissions": [{"action": "docx_to_pdf", "is_allowed": False}, {"action": ACTION, "is_allowed": True}]}
    answer = gateway.request("PUT", path_of(user.user_id), token, json=body)
    assert answer.status_code == 200
    allowed = {one["action"]: one["is_allowed"] for one in answer.json()["permissions"]}
    assert (allowed["pdf_to_docs"], allowed["docx_to_pdf"], allowed[ACTION]) == (False, False, True)
    assert len(allowed) == len(CATALOGUE)


@pytest.mark.parametrize(
    "permissions",
    [
        [{"action": ACTION, "is_allowed": False}, {"action": "convert_all", "is_allowed": False}],
        [{"action": ACTION, "is_allowed": False}, {"action": "docx_to_pdf", "is_allowed": "no"}],
        [{"action": ACTION, "is_allowed": False}, {"action": ACTION, "is_allowed": True}],
        [{"action": ACTION, "is_allowed": False, "for": "ever"}],
    ],
)
def test_no_decision_is_taken_when_one_of_them_is_wrong(
    gateway: Gateway, people: People, permissions: list[dict[str, Any]]
) -> None:
    user = people.new()
    answer = gateway.request("PUT", path_of(user.user_id), people.token(Role.SUPER), json={"permissions": permissions})
    assert answer.status_code == 422
    assert people.fresh(user) == user


def test_an_action_is_not_found_when_there_is_none(gateway: Gateway, people: People) -> None:
    path = path_of(people.new().user_id, "convert_all")
    assert gateway.request("PATCH", path, people.token(Role.SUPER), json={"is_allowed": True}).status_code == 404


def test_a_new_cost_holds_from_the_next_conversion_on(empty_stack: Stack, gateway: Gateway, people: People) -> None:
    user, boss = people.token(people.new()), people.token(Role.SUPER)
    assert post_document(gateway, user).json()["remaining_balance"] == 27
    answer = gateway.request("PUT", RULES, boss, json={"flat_cost_per_request": 7})
    assert answer.json() == gateway.get(RULES, user).json() == {"flat_cost_per_request": 7}
    assert post_document(gateway, user).json()["remaining_balance"] == 20
    gateway.request("PUT", RULES, boss, json={"flat_cost_per_request": 0})
    assert post_document(gateway, user).json()["points_charged"] == 0


@pytest.mark.parametrize("cost", [-1, 1.5, "3", None, True])
def test_a_cost_is_refused_when_it_is_no_whole_number(gateway: Gateway, people: People, cost: object) -> None:
    answer = gateway.request("PUT", RULES, people.token(Role.SUPER), json={"flat_cost_per_request": cost})
    assert answer.status_code == 422
    assert gateway.get(RULES, people.token(Role.SUPER)).json() == {"flat_cost_per_request": 3}

"""Corrections of points: signed, explained, booked once, never below zero."""

import pytest

from chalicelib.domain.users import Role
from tests.support.gateway import Gateway
from tests.support.people import People

CORRECTIONS = "/api/v3/points/corrections"
LEDGER = "/api/v3/points/ledger"


def test_a_correction_stands_in_the_ledger_and_in_the_totals(any_gateway: Gateway, people: People) -> None:
    user, boss = people.new(), people.token(people.new(Role.SUPER))
    body = {"user_id": user.user_id, "amount": -12, "note": "Given twice."}
    first = any_gateway.post(CORRECTIONS, boss, json=body, headers={"Idempotency-Key": "k"})
    again = any_gateway.post(CORRECTIONS, boss, json=body, headers={"Idempotency-Key": "k"})
    assert first.json() == again.json() | {"balance": 18}
    assert again.headers["X-Idempotent-Replay"] == "true"
    newest = any_gateway.get(LEDGER, people.token(user)).json()["items"][0]
    assert (newest["status"], newest["amount"], newest["balance_after"]) == ("correction", -12, 18)
    assert newest["note"] == "Given twice."
    mine = any_gateway.get("/api/v3/points/my-point", people.token(user)).json()
    assert (mine["available_points"], mine["total_corrected"], mine["total_topup"]) == (18, -12, 0)


def test_a_correction_is_refused_when_the_balance_would_go_below_zero(gateway: Gateway, people: People) -> None:
    user, boss = people.new(), people.token(Role.SUPER)
    body = {"user_id": user.user_id, "amount": -31, "note": "Too much."}
    answer = gateway.post(CORRECTIONS, boss, json=body)
    assert answer.status_code == 409
    assert "30" in answer.json()["detail"]
    assert gateway.post(CORRECTIONS, boss, json=body | {"amount": -30}).json()["balance"] == 0


@pytest.mark.parametrize(
    "change", [{"amount": 0}, {"note": ""}, {"note": None}, {"amount": 1.5}, {"amount": 1_000_001}]
)
def test_a_correction_is_refused_when_it_says_nothing(
    gateway: Gateway, people: People, change: dict[str, object]
) -> None:
    body = {"user_id": people.shared(Role.GENERAL).user_id, "amount": 1, "note": "why"} | change
    answer = gateway.post(CORRECTIONS, people.token(Role.SUPER), json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == ["body", *change]


def test_a_correction_is_no_gift(gateway: Gateway, people: People) -> None:
    user, boss = people.new(), people.new(Role.SUPER)
    gateway.post(CORRECTIONS, people.token(boss), json={"user_id": user.user_id, "amount": 5, "note": "Owed."})
    given = gateway.get("/api/v3/admin/points/giving-history", people.token(boss)).json()["items"]
    assert [one for one in given if one["given_by"]["user_id"] == boss.user_id] == []

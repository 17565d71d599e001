"""Points as a client sees them."""

import pytest

from chalicelib.domain.errors import CorruptDocument
from chalicelib.domain.users import Role
from chalicelib.services import Service
from tests.support.conversions import post_document, raising, work
from tests.support.gateway import Gateway
from tests.support.people import People
from tests.support.stack import SteppedClock

BALANCE = "/api/v3/points/balance"
LEDGER = "/api/v3/points/ledger"
MY_POINT = "/api/v3/points/my-point"
TOPUP = "/api/v3/points/topup"


@pytest.mark.parametrize(
    ("role", "balance", "status"),
    [
        (Role.GENERAL, 30, "available"),
        (Role.ADMIN, 100, "available"),
        (Role.DEMO, 0, "empty"),
        (Role.SUPER, None, "unlimited"),
    ],
)
def test_points_at_a_glance(any_gateway: Gateway, people: People, role: Role, balance: int | None, status: str) -> None:
    token = people.token(people.new(role))
    assert any_gateway.get(BALANCE, token).json() == {"balance": balance}
    mine = any_gateway.get(MY_POINT, token).json()
    assert (mine["available_points"], mine["point_status"]) == (balance, status)
    assert len(mine["history"]) == (1 if balance else 0)


def test_every_movement_stands_in_the_ledger_newest_first(
    gateway: Gateway, service: Service, people: People, clock: SteppedClock
) -> None:
    user, admin = people.new(), people.new(Role.ADMIN)
    token = people.token(user)
    clock.step(1)
    conversion_id = post_document(gateway, token).json()["conversion_id"]
    clock.step(1)
    work(service, conversion_id, raising(CorruptDocument("The PDF is damaged.")))
    clock.step(1)
    gateway.post(TOPUP, people.token(admin), json={"user_id": user.user_id, "amount": 7, "note": "Thanks"})
    entries = gateway.get(LEDGER, token).json()["items"]
    told = [(one["status"], one["amount"], one["balance_after"]) for one in entries]
    assert told == [("topup", 7, 37), ("refunded", 3, 30), ("spent", -3, 27), ("opening", 30, 30)]
    assert [one["conversion_id"] for one in entries] == [None, conversion_id, conversion_id, None]
    assert [one["action"] for one in entries] == [None, "pdf_page_remove", "pdf_page_remove", None]
    assert (entries[0]["note"], entries[0]["created_by"]) == ("Thanks", admin.user_id)
    mine = gateway.get(MY_POINT, token).json()
    assert mine["history"] == entries
    assert [mine[name] for name in ("total_topup", "total_spent", "total_refunded")] == [7, 3, 3]


def test_the_ledger_comes_in_pages(any_gateway: Gateway, people: People, clock: SteppedClock) -> None:
    user, admin = people.new(), people.token(people.new(Role.ADMIN))
    for amount in (1, 2, 3, 4):
        clock.step(1)
        any_gateway.post(TOPUP, admin, json={"user_id": user.user_id, "amount": amount})
    cursor, amounts = None, []
    while True:
        page = any_gateway.get(
            LEDGER, people.token(user), params={"limit": "2"} | ({"cursor": cursor} if cursor else {})
        ).json()
        amounts += [one["amount"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert amounts == [4, 3, 2, 1, 30]


def test_a_cursor_is_refused_when_it_is_tampered_with(gateway: Gateway, people: People) -> None:
    user, admin = people.new(), people.token(people.new(Role.ADMIN))
    gateway.post(TOPUP, admin, json={"user_id": user.user_id, "amount": 1})
    token = people.token(user)
    cursor = gateway.get(LEDGER, token, params={"limit": "1"}).json()["next_cursor"]
    middle = len(cursor) // 2
    other = "A" if cursor[middle] != "A" else "B"
    for tampered in (
        f"{cursor[:middle]}{other}{cursor[middle + 1 :]}",
        cursor[:-1],
        f"{cursor}A",
        f"A{cursor}",
        f"{cursor[:middle]}.{cursor[middle:]}",
        f"{cursor}=",
        cursor.swapcase(),
    ):
        answer = gateway.get(LEDGER, token, params={"limit": "1", "cursor": tampered})
        assert answer.status_code == 422, tampered
        assert answer.json()["errors"][0]["loc"] == ["query", "cursor"]


def test_a_cursor_is_refused_when_it_is_another_lists_or_another_users(gateway: Gateway, people: People) -> None:
    user, admin = people.new(), people.token(people.new(Role.ADMIN))
    gateway.post(TOPUP, admin, json={"user_id": user.user_id, "amount": 1})
    cursor = gateway.get(LEDGER, people.token(user), params={"limit": "1"}).json()["next_cursor"]
    for path, token in (("/api/v3/conversions/history", people.token(user)), (LEDGER, people.token(people.new()))):
        assert gateway.get(path, token, params={"cursor": cursor}).status_code == 422


def test_a_cursor_leads_only_through_the_list_that_it_came_from(gateway: Gateway, people: People) -> None:
    admin, one, other = people.new(Role.ADMIN), people.new(), people.new()
    token = people.token(admin)
    gateway.post(TOPUP, token, json={"user_id": one.user_id, "amount": 1})
    cursor = gateway.get(LEDGER, token, params={"limit": "1", "user_id": one.user_id}).json()["next_cursor"]
    answer = gateway.get(LEDGER, token, params={"limit": "1", "user_id": other.user_id, "cursor": cursor})
    assert answer.status_code == 422


def test_a_topup_is_given_once_when_its_key_is_repeated(any_gateway: Gateway, people: People) -> None:
    user, admin = people.new(), people.token(people.new(Role.ADMIN))
    body = {"user_id": user.user_id, "amount": 5}
    first = any_gateway.post(TOPUP, admin, json=body, headers={"Idempotency-Key": "k"})
    second = any_gateway.post(TOPUP, admin, json=body, headers={"Idempotency-Key": '"k"'})
    assert first.json() == second.json()
    assert first.json()["balance"] == 35
    assert "X-Idempotent-Replay" not in first.headers
    assert second.headers["X-Idempotent-Replay"] == "true"
    assert any_gateway.get(BALANCE, people.token(user)).json() == {"balance": 35}
    other = any_gateway.post(TOPUP, admin, json=body | {"amount": 6}, headers={"Idempotency-Key": "k"})
    assert other.status_code == 422
    assert other.json()["type"].endswith("/idempotency-key-reused")


def test_a_topup_is_given_each_time_when_there_is_no_key(gateway: Gateway, people: People) -> None:
    user, admin = people.new(Role.DEMO), people.token(people.new(Role.ADMIN))
    entries = {
        gateway.post(TOPUP, admin, json={"user_id": user.user_id, "amount": 5}).json()["entry_id"] for _ in range(2)
    }
    assert len(entries) == 2
    assert gateway.get(BALANCE, people.token(user)).json() == {"balance": 10}


def test_a_super_user_can_not_be_topped_up(gateway: Gateway, people: People) -> None:
    body = {"user_id": people.new(Role.SUPER).user_id, "amount": 5}
    answer = gateway.post(TOPUP, people.token(Role.SUPER), json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == ["body", "user_id"]


def test_the_rules_are_told_to_anyone_with_a_token(gateway: Gateway, people: People) -> None:
    assert gateway.get("/api/v3/points/rules", people.token(Role.DEMO)).json() == {"flat_cost_per_request": 3}

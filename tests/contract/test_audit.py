"""The audit tells of each change, with who, whom, what, when and from where; and changes hold at once."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from chalicelib.domain.users import Role, User
from chalicelib.services import Service, accounts, permissions, points
from chalicelib.store.transactions import Transactor, Write
from tests.support.gateway import ADDRESS, Gateway
from tests.support.people import PASSWORD, People
from tests.support.stack import Stack

AUDIT = "/api/v3/admin/audit"
USERS, KEYS = "/api/v2/users", "/api/v2/auth/api-keys"
ACTION = "pdf_to_docs"
Act = Callable[[Gateway, str, User], httpx.Response]


def _patch(path: str, body: dict[str, Any] | None = None) -> Act:
    def act(gateway: Gateway, token: str, target: User) -> httpx.Response:
        more = {"json": body} if body else {}
        return gateway.request("PATCH", path.format(id=target.user_id), token, **more)

    return act


def _topup(gateway: Gateway, token: str, target: User) -> httpx.Response:
    body = {"user_id": target.user_id, "amount": 5, "note": "hello"}
    return gateway.post("/api/v3/points/topup", token, json=body, headers={"Idempotency-Key": "once"})


def _correction(gateway: Gateway, token: str, target: User) -> httpx.Response:
    body = {"user_id": target.user_id, "amount": -5, "note": "given twice"}
    return gateway.post("/api/v3/points/corrections", token, json=body, headers={"Idempotency-Key": "once"})


PERMISSIONS = f"/api/v3/permissions/users/{{id}}/permissions/{ACTION}"
CHANGES: dict[str, tuple[Act, dict[str, Any]]] = {
    "role-changed": (
        _patch(f"{USERS}/{{id}}/role", {"role": "admin_user"}),
        {"before": "general_user", "after": "admin_user"},
    ),
    "user-disabled": (_patch(f"{USERS}/{{id}}/disable"), {}),
    "password-reset": (_patch(f"{USERS}/{{id}}/reset-password", {"new_password": "another password"}), {}),
    "permissions-changed": (
        _patch(PERMISSIONS, {"is_allowed": False}),
        {"before": {ACTION: True}, "after": {ACTION: False}},
    ),
    "points-given": (_topup, {"amount": 5, "note": "hello"}),
    "points-corrected": (_correction, {"amount": -5, "note": "given twice"}),
    "user-renamed": (_patch(f"{USERS}/{{id}}", {"username": "renamed"}), {"after": {"username": "renamed"}}),
}


def entries(gateway: Gateway, people: People) -> list[dict[str, Any]]:
    """The audit, newest first."""
    found: list[dict[str, Any]] = gateway.get(AUDIT, people.token(Role.SUPER)).json()["items"]
    return found


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_told_with_who_whom_what_when_and_from_where(
    empty_stack: Stack, gateway: Gateway, people: People, change: str
) -> None:
    act, details = CHANGES[change]
    actor, target = people.shared(Role.SUPER), people.new()
    assert act(gateway, people.token(actor), target).status_code < 300
    empty_stack.clock.step(1)
    act(gateway, people.token(actor), target)  # to no effect, or told as a change of its own
    told = [one for one in entries(gateway, people) if one["target"]["user_id"] == target.user_id]
    first = told[-1]
    assert first["change"] == change
    assert first["actor"] == {"user_id": actor.user_id, "email": actor.email, "username": actor.username}
    assert first["target"]["email"] == target.email
    assert (first["at"], first["address"]) == ("2026-03-02T09:00:00.000Z", ADDRESS)
    assert first["details"].items() >= details.items()
    repeats = {"password-reset": 2, "permissions-changed": 2}
    assert len(told) == repeats.get(change, 1)
    assert "another password" not in str(told)


def test_creating_and_enabling_a_user_and_setting_the_rule_are_told(
    empty_stack: Stack, gateway: Gateway, people: People
) -> None:
    token, target = people.token(Role.SUPER), people.new()
    gateway.post(USERS, token, json={"email": "new@example.com", "password": PASSWORD})
    for path in ("disable", "enable"):
        gateway.request("PATCH", f"{USERS}/{target.user_id}/{path}", token)
    gateway.request("PUT", "/api/v3/points/rules", token, json={"flat_cost_per_request": 7})
    told = {one["change"]: one for one in entries(gateway, people)}
    assert set(told) == {"user-created", "user-disabled", "user-enabled", "rules-changed"}
    assert told["rules-changed"]["target"] is None
    assert told["rules-changed"]["details"] == {"flat_cost_per_request": 7, "before": 3}
    assert told["user-created"]["details"] == {"role": "general_user"}


def test_keys_are_told_when_they_are_made_and_revoked_and_never_their_text(
    empty_stack: Stack, gateway: Gateway, people: People
) -> None:
    owner = people.new()
    token = people.token(owner)
    made = gateway.post(KEYS, token, json={"name": "build"}).json()
    assert gateway.request("DELETE", f"{KEYS}/{made['key_id']}", token).status_code == 204
    told = {one["change"]: one for one in entries(gateway, people)}
    assert set(told) == {"api-key-created", "api-key-revoked"}
    for one in told.values():
        assert one["actor"]["user_id"] == one["target"]["user_id"] == owner.user_id
        assert one["details"] == {"key_id": made["key_id"], "name": "build"}
    assert made["key"].split("_", 2)[2] not in str(told)


def test_the_audit_is_paged_newest_first(empty_stack: Stack, gateway: Gateway, people: People) -> None:
    token, target = people.token(Role.SUPER), people.new()
    for number in range(5):
        empty_stack.clock.step(1)
        gateway.post("/api/v3/points/topup", token, json={"user_id": target.user_id, "amount": number + 1})
    found: list[dict[str, Any]] = []
    cursor = None
    while cursor or not found:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = gateway.get(AUDIT, token, params=query).json()
        found += page["items"]
        cursor = page["next_cursor"]
    assert [one["details"]["amount"] for one in found] == [5, 4, 3, 2, 1]


def test_nothing_is_told_when_the_change_is_refused(empty_stack: Stack, gateway: Gateway, people: People) -> None:
    boss = people.shared(Role.SUPER)
    answer = gateway.request("PATCH", f"{USERS}/{boss.user_id}/disable", people.token(boss))
    assert answer.status_code == 409
    assert entries(gateway, people) == []


@pytest.mark.parametrize("change", ["role", "disable", "reset", "permissions", "topup", "rules"])
def test_no_change_is_made_when_it_can_not_be_told(
    service: Service, people: People, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    boss, target = people.shared(Role.SUPER), people.new()
    committed: list[list[str]] = []

    def commit(_self: Transactor, writes: list[Write], token: str | None = None) -> None:
        committed.append([write.label for write in writes])

    monkeypatch.setattr(Transactor, "commit", commit)
    acts: dict[str, Callable[[], object]] = {
        "role": lambda: accounts.set_role(service, boss, target.user_id, Role.ADMIN),
        "disable": lambda: accounts.set_active(service, boss, target.user_id, False),
        "reset": lambda: accounts.reset_password(service, boss, target.user_id, "another password"),
        "permissions": lambda: permissions.write(service, boss, target.user_id, {ACTION: False}),
        "topup": lambda: points.grant(service, boss, points.Topup(target.user_id, 1), "/x", None),
        "rules": lambda: points.set_flat_cost(service, boss, 3),
    }
    acts[change]()
    (labels,) = committed
    assert "audit" in labels, "the change and its entry are one transaction"


def test_a_changed_role_holds_on_the_very_next_request(gateway: Gateway, people: People) -> None:
    target = people.new()
    token = people.token(target)
    assert gateway.get(USERS, token).status_code == 403
    CHANGES["role-changed"][0](gateway, people.token(Role.SUPER), target)
    assert gateway.get(USERS, token).status_code == 200


def test_a_changed_permission_holds_on_the_very_next_request(gateway: Gateway, people: People) -> None:
    target = people.new()
    token = people.token(target)
    upload = {"files": {"file": ("a.pdf", b"x")}}
    assert gateway.post("/api/v3/conversions/pdf-to-word", token, **upload).status_code == 422
    CHANGES["permissions-changed"][0](gateway, people.token(Role.SUPER), target)
    assert gateway.post("/api/v3/conversions/pdf-to-word", token, **upload).status_code == 403


@pytest.mark.parametrize("change", ["user-disabled", "password-reset"])
def test_tokens_end_with_the_very_next_request_after_a_change(gateway: Gateway, people: People, change: str) -> None:
    target = people.new()
    token = people.token(target)
    key = gateway.post(KEYS, token, json={"name": "k"}).json()["key"]
    CHANGES[change][0](gateway, people.token(Role.SUPER), target)
    assert gateway.get("/api/v2/auth/me", token).status_code == 401
    if change == "user-disabled":
        assert gateway.get("/api/v3/points/balance", key).status_code == 401


def test_a_revoked_key_ends_with_the_very_next_request(gateway: Gateway, people: People) -> None:
    token = people.token(people.new())
    made = gateway.post(KEYS, token, json={"name": "k"}).json()
    assert gateway.get("/api/v3/points/balance", made["key"]).status_code == 200
    gateway.request("DELETE", f"{KEYS}/{made['key_id']}", token)
    assert gateway.get("/api/v3/points/balance", made["key"]).status_code == 401

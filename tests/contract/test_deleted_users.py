"""Users who are renamed or deleted: their names, tokens, keys and files, and what stays of them."""

import pytest

from chalicelib.domain.errors import CorruptDocument
from chalicelib.domain.users import Role
from chalicelib.services import Service, erasure
from tests.support.conversions import hand_in, post_document, raising, row, work
from tests.support.gateway import Gateway
from tests.support.people import PASSWORD, People
from tests.support.stack import Stack

USERS, KEYS = "/api/v2/users", "/api/v2/auth/api-keys"


def test_a_user_logs_in_by_the_new_address_when_it_was_changed(any_gateway: Gateway, people: People) -> None:
    user, admin = people.new(), people.token(Role.ADMIN)
    before, after = user.email, f"New-{user.email}"
    changed = any_gateway.request("PATCH", f"{USERS}/{user.user_id}", admin, json={"email": after})
    assert (changed.status_code, changed.json()["email"]) == (200, after)
    logins = [{"email": email, "password": PASSWORD} for email in (before, after.lower())]
    tried = [any_gateway.post("/api/v2/auth/login", json=login).status_code for login in logins]
    assert tried == [401, 200]
    people.new(email=before)


@pytest.mark.parametrize("name", ["email", "username"])
def test_a_name_is_refused_when_somebody_has_it(gateway: Gateway, people: People, name: str) -> None:
    user, other, admin = people.new(), people.new(), people.token(Role.ADMIN)
    body = {name: getattr(other, name).upper()}
    answer = gateway.request("PATCH", f"{USERS}/{user.user_id}", admin, json=body)
    assert answer.status_code == 409
    assert getattr(people.fresh(user), name) == getattr(user, name)


def test_a_name_may_change_its_case(gateway: Gateway, people: People) -> None:
    user, admin = people.new(), people.token(Role.ADMIN)
    body = {"email": user.email.upper(), "username": user.username.upper()}
    answer = gateway.request("PATCH", f"{USERS}/{user.user_id}", admin, json=body)
    assert (answer.status_code, answer.json()["email"]) == (200, user.email.upper())


def test_nothing_is_changed_when_no_name_is_given(gateway: Gateway, people: People) -> None:
    user = people.shared(Role.GENERAL)
    answer = gateway.request("PATCH", f"{USERS}/{user.user_id}", people.token(Role.ADMIN), json={})
    assert (answer.status_code, answer.json()["username"]) == (200, user.username)


def test_a_deleted_user_is_gone_at_once_and_the_names_are_free(any_gateway: Gateway, people: People) -> None:
    user, admin = people.new(), people.token(Role.ADMIN)
    token = people.token(user)
    key = any_gateway.post(KEYS, token, json={"name": "k"}).json()["key"]
    assert any_gateway.request("DELETE", f"{USERS}/{user.user_id}", admin).status_code == 204
    answers = [
        any_gateway.get("/api/v2/auth/me", token),
        any_gateway.get("/api/v3/points/balance", key),
        any_gateway.post("/api/v2/auth/login", json={"email": user.email, "password": PASSWORD}),
        any_gateway.get(f"{USERS}/{user.user_id}", admin),
        any_gateway.request("DELETE", f"{USERS}/{user.user_id}", admin),
    ]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 404, 404]
    assert user.user_id not in [one["id"] for one in any_gateway.get(USERS, admin, params={"limit": "200"}).json()]
    people.new(email=user.email, username=user.username)


def test_the_ledger_stays_right_when_a_user_goes_while_a_conversion_is_under_way(
    service: Service, gateway: Gateway, people: People, stack: Stack
) -> None:
    user, boss = people.new(), people.token(Role.SUPER)
    conversion_id = post_document(gateway, people.token(user)).json()["conversion_id"]
    gateway.request("DELETE", f"{USERS}/{user.user_id}", boss)
    erasure.sweep(service)
    assert user.user_id in service.store.erasures.pending(), "what is at work is waited for"
    work(service, conversion_id, raising(CorruptDocument("The PDF is damaged.")))
    entries = service.store.ledger.all(user.user_id)
    assert sum(entry.amount for entry in entries) == 30
    told = service.store.users.account(user.user_id)
    assert told
    assert (told.points.balance, told.points.refunded, told.email) == (30, 3, "")
    erasure.sweep(service)
    assert user.user_id not in service.store.erasures.pending()


def test_keys_and_files_go_when_their_user_was_deleted(
    service: Service, stack: Stack, gateway: Gateway, people: People
) -> None:
    user, boss = people.new(), people.token(Role.SUPER)
    gateway.post(KEYS, people.token(user), json={"name": "k"})
    done = hand_in(service, user).conversion
    work(service, done.conversion_id)
    for key in (f"results/{user.user_id}/a/b.pdf", f"inbox/{user.user_id}/a/b.pdf", f"uploads/{user.user_id}/x"):
        service.store.files.put(key, b"x")
    gateway.request("DELETE", f"{USERS}/{user.user_id}", boss)
    assert erasure.sweep(service) >= 1
    left = [stack.objects(f"{place}/{user.user_id}/") for place in ("results", "inbox", "uploads")]
    assert [*left, stack.objects(done.prefix)] == [[], [], [], []]
    assert row(service, done.conversion_id).deleted
    assert service.store.api_keys.page(user.user_id, None, 10).rows == ()


def test_an_admin_deletes_only_whom_it_manages(gateway: Gateway, people: People) -> None:
    admin = people.new(Role.ADMIN)
    for target in (admin, people.new(Role.ADMIN), people.new(Role.SUPER)):
        assert gateway.request("DELETE", f"{USERS}/{target.user_id}", people.token(admin)).status_code == 404
        assert people.fresh(target).is_active


def test_the_last_super_user_stays(empty_stack: Stack, gateway: Gateway, people: People) -> None:
    boss = people.shared(Role.SUPER)
    assert gateway.request("DELETE", f"{USERS}/{boss.user_id}", people.token(boss)).status_code == 409
    other = people.new(Role.SUPER)
    assert gateway.request("DELETE", f"{USERS}/{boss.user_id}", people.token(other)).status_code == 204
    people.forget()

"""Logging in and managing users, as a client sees it."""

import pytest

from chalicelib.domain.users import Role
from tests.support.gateway import Gateway
from tests.support.people import PASSWORD, People

LOG_IN = "/api/v2/auth/login"
REFRESH = "/api/v2/auth/refresh"
LOG_OUT = "/api/v2/auth/logout"
ME = "/api/v2/auth/me"
MY_PASSWORD = "/api/v2/auth/password"
USERS = "/api/v2/users"


@pytest.mark.parametrize("role", list(Role))
def test_tokens_are_given_when_the_password_is_right(any_gateway: Gateway, people: People, role: Role) -> None:
    user = people.new(role)
    answer = any_gateway.post(LOG_IN, json={"email": user.email.upper(), "password": PASSWORD})
    assert answer.status_code == 200
    body = answer.json()
    assert (body["token_type"], body["expires_in"], body["role"]) == ("bearer", 1_800, role)
    assert any_gateway.get(ME, body["access_token"]).json()["id"] == user.user_id


def test_a_wrong_password_and_an_unknown_address_look_alike(gateway: Gateway, people: People) -> None:
    known = {"email": people.new().email, "password": "wrong password"}
    unknown = {"email": "nobody@example.com", "password": "wrong password"}
    answers = [gateway.post(LOG_IN, json=body) for body in (known, unknown)]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json() == answers[1].json()


def test_a_disabled_account_is_told_only_to_who_knows_its_password(gateway: Gateway, people: People) -> None:
    user, boss = people.new(), people.token(Role.SUPER)
    assert gateway.request("PATCH", f"{USERS}/{user.user_id}/disable", boss).json()["is_active"] is False
    assert gateway.post(LOG_IN, json={"email": user.email, "password": "wrong password"}).status_code == 401
    assert gateway.post(LOG_IN, json={"email": user.email, "password": PASSWORD}).status_code == 403


def test_a_refresh_rotates_the_token_and_logging_out_ends_it(any_gateway: Gateway, people: People) -> None:
    first = people.session(people.new(Role.DEMO))
    second = any_gateway.post(REFRESH, json={"refresh_token": first.refresh_token}).json()
    assert second["refresh_token"] != first.refresh_token
    answer = any_gateway.post(LOG_OUT, second["access_token"], json={"refresh_token": second["refresh_token"]})
    assert (answer.status_code, answer.content) == (204, b"")
    assert any_gateway.post(REFRESH, json={"refresh_token": second["refresh_token"]}).status_code == 401
    assert any_gateway.get(ME, second["access_token"]).status_code == 200


def test_logging_out_is_refused_when_the_session_is_anothers(gateway: Gateway, people: People) -> None:
    theirs = people.session(people.new())
    answer = gateway.post(LOG_OUT, people.token(Role.GENERAL), json={"refresh_token": theirs.refresh_token})
    assert answer.status_code == 401
    assert gateway.post(REFRESH, json={"refresh_token": theirs.refresh_token}).status_code == 200


@pytest.mark.parametrize(
    ("role", "balance", "topup"),
    [(Role.GENERAL, 30, 0), (Role.ADMIN, 100, 0), (Role.DEMO, 0, 0), (Role.SUPER, None, 0)],
)
def test_me_shows_profile_and_points(
    gateway: Gateway, people: People, role: Role, balance: int | None, topup: int
) -> None:
    user = people.new(role)
    mine = gateway.get(ME, people.token(user)).json()
    assert (mine["email"], mine["username"], mine["role"]) == (user.email, user.username, role)
    points = {"balance": balance, "total_topup": topup, "total_spent": 0, "total_refunded": 0, "total_corrected": 0}
    assert mine["points"] == points
    assert mine["active_api_count"] == sum(api["allowed"] for api in mine["active_apis"])
    assert all(api["allowed"] == (role is not Role.DEMO) for api in mine["active_apis"])
    assert all(api["points"] == (0 if role is Role.SUPER else 3) for api in mine["active_apis"])


def test_a_new_password_gives_fresh_tokens_and_ends_the_old_ones(gateway: Gateway, people: People) -> None:
    user = people.new()
    old = people.token(user)
    body = {"current_password": PASSWORD, "new_password": "another password"}
    fresh = gateway.request("PUT", MY_PASSWORD, old, json=body).json()
    assert gateway.get(ME, fresh["access_token"]).status_code == 200
    assert gateway.get(ME, old).status_code == 401
    assert gateway.post(LOG_IN, json={"email": user.email, "password": PASSWORD}).status_code == 401
    assert gateway.post(LOG_IN, json={"email": user.email, "password": "another password"}).status_code == 200


def test_the_password_stays_when_the_current_one_is_wrong(gateway: Gateway, people: People) -> None:
    user = people.new()
    body = {"current_password": "wrong password", "new_password": "another password"}
    answer = gateway.request("PUT", MY_PASSWORD, people.token(user), json=body)
    assert answer.status_code == 403
    assert gateway.post(LOG_IN, json={"email": user.email, "password": PASSWORD}).status_code == 200


@pytest.mark.parametrize(
    ("actor", "role", "status"),
    [
        *((Role.SUPER, role, 201) for role in Role),
        (Role.ADMIN, Role.GENERAL, 201),
        (Role.ADMIN, Role.DEMO, 201),
        (Role.ADMIN, Role.ADMIN, 403),
        (Role.ADMIN, Role.SUPER, 403),
    ],
)
def test_who_may_create_whom(gateway: Gateway, people: People, actor: Role, role: Role, status: int) -> None:
    email = f"{actor}-made-{role}@example.com"
    answer = gateway.post(USERS, people.token(actor), json={"email": email, "password": PASSWORD, "role": role})
    assert answer.status_code == status
    logged_in = gateway.post(LOG_IN, json={"email": email, "password": PASSWORD})
    assert logged_in.status_code == (200 if status == 201 else 401)


def test_a_user_is_general_and_named_when_nothing_is_said(any_gateway: Gateway, people: People) -> None:
    email = f"Jane.Doe+{any_gateway.shape}@Example.com"
    answer = any_gateway.post(USERS, people.token(Role.ADMIN), json={"email": email, "password": PASSWORD})
    assert answer.status_code == 201
    made = answer.json()
    assert (made["email"], made["role"], made["is_active"]) == (email, "general_user", True)
    assert made["username"].startswith("Jane.Doe")
    assert made["created_at"] == "2026-03-02T09:00:00.000Z"
    assert any_gateway.get(f"{USERS}/{made['id']}", people.token(Role.ADMIN)).json() == made


def test_a_taken_address_conflicts_whatever_its_case(gateway: Gateway, people: People) -> None:
    email = people.new().email
    answer = gateway.post(USERS, people.token(Role.SUPER), json={"email": email.upper(), "password": PASSWORD})
    assert answer.status_code == 409
    assert "e-mail" in answer.json()["detail"]


def test_a_taken_username_conflicts_whatever_its_case(gateway: Gateway, people: People) -> None:
    people.new(username="Grace")
    body = {"email": "another-grace@example.com", "password": PASSWORD, "username": "grace"}
    answer = gateway.post(USERS, people.token(Role.SUPER), json=body)
    assert answer.status_code == 409
    assert "username" in answer.json()["detail"]


@pytest.mark.parametrize("email", ["no address", "a@b", "@example.com", "a b@example.com", "a@exa mple.com", "a@b..c"])
def test_an_address_is_refused_when_it_is_none(gateway: Gateway, people: People, email: str) -> None:
    answer = gateway.post(USERS, people.token(Role.SUPER), json={"email": email, "password": PASSWORD})
    assert answer.status_code == 422


@pytest.mark.parametrize(("password", "status"), [("1234567", 422), ("12345678", 201), ("\u00fc" * 8, 201)])
def test_a_password_needs_eight_characters(gateway: Gateway, people: People, password: str, status: int) -> None:
    body = {"email": f"pw-{len(password)}-{ord(password[0])}@example.com", "password": password}
    assert gateway.post(USERS, people.token(Role.SUPER), json=body).status_code == status


def test_a_role_holds_from_the_next_request_on(gateway: Gateway, people: People) -> None:
    user = people.new()
    token = people.token(user)
    assert gateway.get(USERS, token).status_code == 403
    changed = gateway.request(
        "PATCH", f"{USERS}/{user.user_id}/role", people.token(Role.SUPER), json={"role": "admin_user"}
    )
    assert changed.json()["role"] == "admin_user"
    assert gateway.get(USERS, token).status_code == 200
    assert gateway.get("/api/v3/points/balance", token).json() == {"balance": 30}


def test_an_admin_lists_general_and_demo_users_only(gateway: Gateway, people: People) -> None:
    people.new(Role.SUPER)
    people.new(Role.DEMO)
    users = gateway.get(USERS, people.token(Role.ADMIN), params={"limit": "200"}).json()
    assert {user["role"] for user in users} == {"general_user", "demo_user"}
    assert gateway.get(USERS, people.token(Role.ADMIN), params={"role": "super_user"}).json() == []


def test_the_next_page_is_linked_when_there_is_one(any_gateway: Gateway, people: People) -> None:
    made = {people.new(Role.DEMO).user_id for _ in range(5)}
    path, found = f"{USERS}?role=demo_user&limit=3", list[str]()
    while path:
        answer = any_gateway.get(path, people.token(Role.ADMIN))
        found += [user["id"] for user in answer.json()]
        link = answer.headers.get("Link", "")
        assert not link or link.endswith('>; rel="next"')
        path = link.partition(">")[0].removeprefix(f"<{any_gateway.base_url}")
    assert made <= set(found)
    assert found == sorted(set(found))


def test_a_reset_password_is_the_only_one_from_then_on(gateway: Gateway, people: People) -> None:
    user = people.new()
    path = f"{USERS}/{user.user_id}/reset-password"
    answer = gateway.request("PATCH", path, people.token(Role.ADMIN), json={"new_password": "given by admin"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert gateway.get(ME, people.token(user)).status_code == 401
    assert gateway.post(LOG_IN, json={"email": user.email, "password": PASSWORD}).status_code == 401
    assert gateway.post(LOG_IN, json={"email": user.email, "password": "given by admin"}).status_code == 200


def test_a_throttled_log_in_says_when_to_come_back(gateway: Gateway, people: People) -> None:
    body = {"email": people.new().email, "password": "wrong password"}
    gateway.address = "198.51.100.23"
    statuses = [gateway.post(LOG_IN, json=body).status_code for _ in range(10)]
    answer = gateway.post(LOG_IN, json=body)
    assert statuses == [401] * 10
    assert answer.status_code == 429
    assert 890 <= int(answer.headers["Retry-After"]) <= 901

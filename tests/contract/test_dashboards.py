"""Dashboards: true figures, days without gaps, a cost that does not grow with history, and nothing out of sight."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.conversions import CATALOGUE
from chalicelib.domain.users import Role
from chalicelib.services import Service, accounts, points, sessions
from tests.support.calls import dynamodb_calls
from tests.support.ended import ended_row, put_counted, settle
from tests.support.gateway import Gateway
from tests.support.people import PASSWORD, People
from tests.support.stack import START, Stack, SteppedClock

OVERVIEW, USAGE = "/api/v3/dashboard/overview", "/api/v3/dashboard/usage-history"
ADMIN = "/api/v3/admin"
SUMMARY, ACTIVE, GIVEN = f"{ADMIN}/dashboard-summary", f"{ADMIN}/active-users", f"{ADMIN}/points/giving-history"
AUDIT = f"{ADMIN}/audit"


def days_ago(number: int, hours: int = 0) -> Any:
    """A moment before now."""
    return START - timedelta(days=number, hours=hours)


READERS = [
    (Role.GENERAL, OVERVIEW),
    (Role.GENERAL, f"{USAGE}?days=90"),
    *((role, path) for role in (Role.ADMIN, Role.SUPER) for path in (SUMMARY, ACTIVE, GIVEN)),
    (Role.ADMIN, f"{ADMIN}/check-users/{{user}}"),
    (Role.SUPER, AUDIT),
]


def test_as_many_reads_are_made_when_history_is_long_as_when_it_is_short(
    empty_stack: Stack, gateway: Gateway, service: Service, people: People
) -> None:
    users = {role: people.new(role) for role in Role}
    user = users[Role.GENERAL]

    def reads() -> dict[str, list[str]]:
        found = {}
        for role, path in READERS:
            with dynamodb_calls() as calls:
                answer = gateway.get(path.format(user=user.user_id), people.token(users[role]))
            assert answer.status_code == 200
            found[f"{role} {path}"] = sorted(calls)
        return found

    def use(conversions: int, topups: int) -> None:
        moments = [days_ago(at % 100, at // 100 % 9) for at in range(conversions)]
        rows = [ended_row(user, moment, CATALOGUE[at % len(CATALOGUE)].action) for at, moment in enumerate(moments)]
        put_counted(rows)
        for giver in (Role.ADMIN, Role.SUPER):
            for _ in range(topups):
                points.grant(service, users[giver], points.Topup(user.user_id, 1), "/x", None)

    use(10, 3)
    short = reads()
    use(2_990, 30)  # more than DynamoDB gives in one answer
    assert reads() == short
    assert max(map(len, short.values())) <= 15


def test_the_overview_tells_what_was_used(gateway: Gateway, service: Service, people: People) -> None:
    user = people.new()
    rows = [
        ended_row(user, days_ago(0), points=3, latency_ms=100),
        ended_row(user, days_ago(0, 1), succeeded=False, latency_ms=300),
        ended_row(user, days_ago(1), "docx_to_pdf", points=5, latency_ms=200),
        ended_row(user, days_ago(2), points=3),
        ended_row(user, days_ago(45), points=3),
    ]
    settle(service, rows)
    told = gateway.get(OVERVIEW, people.token(user)).json()
    assert told["user"]["id"] == user.user_id
    assert told["summary"] == {
        "month": "2026-03",
        "requests": 3,
        "points": 8,
        "success_rate": 0.6667,
        "average_latency_ms": 200,
        "balance": 30,
        "totals": {"success": 4, "failed": 1},
    }
    days = told["performance_30_days"]
    assert [day["day"] for day in days] == [days_ago(back).date().isoformat() for back in range(29, -1, -1)]
    assert [day["requests"] for day in days] == [0] * 27 + [1, 1, 2]
    used = {one["action"]: one for one in told["active_apis"]}
    assert set(used) == {spec.action for spec in CATALOGUE}
    assert (used["pdf_to_docs"]["requests"], used["pdf_to_docs"]["success_rate"]) == (4, 0.75)
    assert used["pdf_to_docs"]["last_used_at"] == "2026-03-02T09:00:00.000Z"
    assert (used["pdf_page_remove"]["requests"], used["pdf_page_remove"]["last_used_at"]) == (0, None)
    assert [one["action"] for one in told["recent_history"]][:3] == ["pdf_to_docs", "pdf_to_docs", "docx_to_pdf"]


@pytest.mark.parametrize("role", list(Role))
def test_dashboards_are_empty_and_whole_when_nothing_was_done(gateway: Gateway, people: People, role: Role) -> None:
    token = people.token(people.new(role))
    overview = gateway.get(OVERVIEW, token).json()
    assert overview["summary"]["success_rate"] is None
    assert (overview["summary"]["balance"] is None) == (role is Role.SUPER)
    assert [one["allowed"] for one in overview["active_apis"]] == [role is not Role.DEMO] * len(CATALOGUE)
    assert len(gateway.get(USAGE, token, params={"days": 90}).json()["by_day"]) == 90


@pytest.mark.parametrize("days", [1, 30, 90])
def test_usage_is_told_by_day_without_gaps_and_by_action(
    gateway: Gateway, service: Service, people: People, days: int
) -> None:
    user = people.new()
    settle(service, [ended_row(user, days_ago(back), CATALOGUE[back % 2].action) for back in range(100)])
    told = gateway.get(USAGE, people.token(user), params={"days": days}).json()
    assert [day["day"] for day in told["by_day"]] == [
        days_ago(back).date().isoformat() for back in range(days - 1, -1, -1)
    ]
    assert {day["requests"] for day in told["by_day"]} == {1}
    assert all(len(day["actions"]) == 1 for day in told["by_day"])
    assert sum(one["points"] for one in told["by_action"]) == 3 * days
    assert len(told["by_action"]) == len(CATALOGUE)


@pytest.mark.parametrize("query", ["days=0", "days=91", "days=x", "day=3"])
def test_a_usage_query_is_refused_when_it_is_wrong(gateway: Gateway, people: People, query: str) -> None:
    assert gateway.get(f"{USAGE}?{query}", people.token(Role.GENERAL)).status_code == 422


def test_a_day_begins_at_midnight_in_utc(
    gateway: Gateway, service: Service, clock: SteppedClock, people: People
) -> None:
    user = people.new()
    midnight = START.replace(hour=0)
    settle(service, [ended_row(user, midnight), ended_row(user, midnight - timedelta(milliseconds=1))])
    told = gateway.get(USAGE, people.token(user), params={"days": 2}).json()["by_day"]
    assert [day["requests"] for day in told] == [1, 1]


@pytest.fixture
def everybody(empty_stack: Stack, service: Service, people: People) -> dict[Role, Any]:
    """A user of each role, each with a conversion."""
    users = {role: people.new(role) for role in Role}
    settle(service, [ended_row(user, days_ago(0), points=4) for user in users.values()])
    settle(service, [ended_row(users[Role.GENERAL], days_ago(1), succeeded=False)])
    return users


@pytest.mark.parametrize(
    ("caller", "seen"), [(Role.ADMIN, {Role.GENERAL, Role.DEMO}), (Role.SUPER, set(Role))], ids=["admin", "super"]
)
def test_the_summary_tells_of_those_in_sight_only(
    gateway: Gateway, people: People, everybody: dict[Role, Any], caller: Role, seen: set[Role]
) -> None:
    told = gateway.get(SUMMARY, people.token(everybody[caller])).json()
    ids = {everybody[role].user_id for role in seen}
    assert told["users_by_role"] == [{"role": role, "total": 1, "active": 1} for role in Role if role in seen]
    assert {one["user"]["user_id"] for one in told["recent_activity"]} == ids
    assert all(one["user"]["email"] for one in told["recent_activity"])
    assert told["by_day"][-1]["requests"] == len(seen)
    assert told["by_day"][-1]["points"] == 4 * len(seen)
    assert [day["failed"] for day in told["by_day"][-2:]] == [1, 0]
    assert {one["action"]: one["failed"] for one in told["failures_by_action"]}["pdf_to_docs"] == 1
    holders = [(one["role"], one["balance"]) for one in told["top_holders"]]
    richest = [("admin_user", 100), ("general_user", 30), ("demo_user", 0)]
    assert holders == [one for one in richest if Role(one[0]) in seen]


def test_what_somebody_did_goes_out_of_an_admins_sight_with_it(
    gateway: Gateway, service: Service, people: People, everybody: dict[Role, Any]
) -> None:
    promoted = everybody[Role.GENERAL]
    accounts.set_role(service, everybody[Role.SUPER], promoted.user_id, Role.ADMIN)
    told = gateway.get(SUMMARY, people.token(everybody[Role.ADMIN])).json()
    assert promoted.user_id not in str(told)


def test_users_are_counted_by_role_when_they_change(
    gateway: Gateway, service: Service, people: People, everybody: dict[Role, Any]
) -> None:
    boss = everybody[Role.SUPER]
    accounts.set_role(service, boss, everybody[Role.DEMO].user_id, Role.GENERAL)
    accounts.set_active(service, boss, everybody[Role.GENERAL].user_id, False)
    told = gateway.get(SUMMARY, people.token(boss)).json()["users_by_role"]
    counts = {one["role"]: (one["total"], one["active"]) for one in told}
    assert counts == {"super_user": (1, 1), "admin_user": (1, 1), "general_user": (2, 1), "demo_user": (0, 0)}
    accounts.set_active(service, boss, everybody[Role.GENERAL].user_id, True)
    told = gateway.get(SUMMARY, people.token(boss)).json()["users_by_role"]
    assert {"role": "general_user", "total": 2, "active": 2} in told


def test_active_users_are_paged_with_their_last_activity(
    gateway: Gateway, service: Service, clock: SteppedClock, people: People, everybody: dict[Role, Any]
) -> None:
    user = everybody[Role.GENERAL]
    clock.step(60)
    sessions.log_in(service, user.email, PASSWORD, "192.0.2.1")
    accounts.set_active(service, everybody[Role.SUPER], everybody[Role.DEMO].user_id, False)
    token, cursor, found = people.token(everybody[Role.SUPER]), None, []
    while True:
        page = gateway.get(ACTIVE, token, params={"limit": 1} | ({"cursor": cursor} if cursor else {})).json()
        found += page["items"]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert [one["role"] for one in found] == ["super_user", "admin_user", "general_user"]
    assert [one["balance"] for one in found] == [None, 100, 30]
    seen = found[-1]
    assert seen["last_login_at"] == seen["last_activity_at"] == "2026-03-02T09:01:00.000Z"
    assert found[1]["last_login_at"] is None
    assert found[1]["last_activity_at"] == "2026-03-02T09:00:00.000Z"


def test_logging_in_leaves_what_a_charge_depends_on_alone(service: Service, people: People) -> None:
    user = people.new()
    sessions.log_in(service, user.email, PASSWORD, "192.0.2.1")
    assert people.fresh(user).revision == user.revision


def test_one_user_is_shown_whole(gateway: Gateway, people: People, everybody: dict[Role, Any]) -> None:
    user = people.permit(everybody[Role.GENERAL], docx_to_pdf=False)
    told = gateway.get(f"{ADMIN}/check-users/{user.user_id}", people.token(everybody[Role.ADMIN])).json()
    assert told["user"]["email"] == user.email
    assert told["points"] == {
        "balance": 30,
        "total_topup": 0,
        "total_spent": 0,
        "total_refunded": 0,
        "total_corrected": 0,
    }
    totals = told["conversions"]
    assert (totals["requests"], totals["success"], totals["failed"], totals["points"]) == (2, 1, 1, 4)
    assert len(totals["by_action"]) == len(told["permissions"]) == len(CATALOGUE)
    assert [one["action"] for one in told["permissions"] if not one["is_allowed"]] == ["docx_to_pdf"]
    assert told["last_activity_at"] == "2026-03-02T09:00:00.000Z"


def test_an_admin_sees_what_it_gave_and_a_super_user_what_all_gave(
    gateway: Gateway, service: Service, people: People, everybody: dict[Role, Any]
) -> None:
    user, admin, boss = everybody[Role.GENERAL], everybody[Role.ADMIN], everybody[Role.SUPER]
    for giver, amount in ((admin, 1), (boss, 2), (admin, 3)):
        points.grant(service, giver, points.Topup(user.user_id, amount, f"note {amount}"), "/x", None)
    own = gateway.get(GIVEN, people.token(admin)).json()["items"]
    assert [(one["amount"], one["note"]) for one in own] == [(3, "note 3"), (1, "note 1")]
    assert {one["to"]["email"] for one in own} == {user.email}
    page = gateway.get(GIVEN, people.token(boss), params={"limit": 2}).json()
    rest = gateway.get(GIVEN, people.token(boss), params={"limit": 2, "cursor": page["next_cursor"]}).json()
    assert [one["amount"] for one in page["items"] + rest["items"]] == [3, 2, 1]
    assert page["items"][1]["given_by"]["username"] == boss.username


def test_nobody_is_named_who_is_out_of_sight_when_gifts_are_listed(
    gateway: Gateway, service: Service, people: People, everybody: dict[Role, Any]
) -> None:
    user, admin = everybody[Role.GENERAL], everybody[Role.ADMIN]
    points.grant(service, admin, points.Topup(user.user_id, 1), "/x", None)
    accounts.set_role(service, everybody[Role.SUPER], user.user_id, Role.ADMIN)
    (gift,) = gateway.get(GIVEN, people.token(admin)).json()["items"]
    assert gift["to"] == {"user_id": user.user_id, "email": None, "username": None}

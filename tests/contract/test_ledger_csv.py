"""The ledger as CSV: the same entries, pages and sight as in JSON, and nothing a spreadsheet would run."""

import csv
import io

import httpx
import pytest

from chalicelib.domain.users import Role
from chalicelib.services import Service, points
from tests.support.gateway import Gateway
from tests.support.ledger import spend
from tests.support.people import People

LEDGER = "/api/v3/points/ledger"
CSV = {"Accept": "text/csv"}


def table(answer: httpx.Response) -> list[dict[str, str]]:
    """The rows, by column."""
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def test_the_same_entries_come_as_csv_when_asked_for(any_gateway: Gateway, service: Service, people: People) -> None:
    user, admin = people.new(), people.shared(Role.ADMIN)
    points.grant(service, admin, points.Topup(user.user_id, 5, 'say "hi", Žofie\nbye'), "/x", None)
    rows = table(any_gateway.get(LEDGER, people.token(user), headers=CSV))
    items = any_gateway.get(LEDGER, people.token(user)).json()["items"]
    assert rows == [{name: "" if value is None else str(value) for name, value in item.items()} for item in items]
    assert list(rows[0]) == list(items[0])


def test_pages_are_linked_when_there_are_more(gateway: Gateway, service: Service, people: People) -> None:
    user, admin = people.new(), people.shared(Role.ADMIN)
    for amount in (1, 2, 3):
        points.grant(service, admin, points.Topup(user.user_id, amount), "/x", None)
    token, amounts = people.token(admin), []
    following: dict[str, str] | None = {"user_id": user.user_id, "limit": "2"}
    while following:
        answer = gateway.get(LEDGER, token, headers=CSV, params=following)
        amounts += [row["amount"] for row in table(answer)]
        linked = answer.links.get("next", {}).get("url")
        assert not linked or linked.startswith(gateway.base_url + LEDGER)
        following = dict(httpx.URL(linked).params) if linked else None
    assert sorted(amounts) == ["1", "2", "3", "30"]


@pytest.mark.parametrize("note", ["=1+1", "+1", "-1", "@x", "\t=1", "  =1", "＝1", "\r=1"])
def test_a_text_is_no_formula_when_a_spreadsheet_would_run_it(
    gateway: Gateway, service: Service, people: People, note: str
) -> None:
    user = people.new()
    points.grant(service, people.shared(Role.ADMIN), points.Topup(user.user_id, 5, note), "/x", None)
    rows = table(gateway.get(LEDGER, people.token(user), headers=CSV))
    assert [row["note"] for row in rows if row["status"] == "topup"] == [f"'{note}"]


def test_an_amount_stays_a_number_when_it_is_negative(gateway: Gateway, service: Service, people: People) -> None:
    user = people.new()
    spend(service, user, 3)
    rows = table(gateway.get(LEDGER, people.token(user), headers=CSV))
    assert [row["amount"] for row in rows if row["status"] == "spent"] == ["-3"]


@pytest.mark.parametrize(
    ("accept", "is_csv"),
    [
        ("text/csv", True),
        ("TEXT/CSV; q=0.5", True),
        ("application/json;q=0.5, text/csv", True),
        ("application/json, text/csv;q=0.5", False),
        ("text/csv;q=0", False),
        ("text/csv;q=x", False),
        ("*/*", False),
        ("text/*", False),
    ],
)
def test_the_form_is_the_one_that_the_client_prefers(
    gateway: Gateway, people: People, accept: str, is_csv: bool
) -> None:
    answer = gateway.get(LEDGER, people.token(Role.GENERAL), headers={"Accept": accept})
    assert answer.headers["Content-Type"].startswith("text/csv" if is_csv else "application/json")


def test_a_refusal_is_a_problem_when_csv_was_asked_for(gateway: Gateway, people: People) -> None:
    hidden = people.shared(Role.SUPER).user_id
    answer = gateway.get(LEDGER, people.token(Role.ADMIN), headers=CSV, params={"user_id": hidden})
    assert answer.status_code == 404

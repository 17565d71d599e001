"""What people and agents read when they don't know on: problem pages, the guide for agents, names, sentences."""

import pytest

from chalicelib.api.openapi_names import has_name
from chalicelib.api.routes import endpoints
from chalicelib.api.site import problem_pages
from chalicelib.conversions import CATALOGUE
from chalicelib.domain.users import Role
from tests.support.gateway import Gateway
from tests.support.people import People


def test_the_type_of_a_problem_leads_to_what_to_do(any_gateway: Gateway) -> None:
    problem = any_gateway.get("/api/v2/auth/me").json()
    page = any_gateway.get(problem["type"].removeprefix(any_gateway.base_url))
    assert page.status_code == 200
    assert problem["title"] in page.text
    assert "Log in" in page.text


@pytest.mark.parametrize("code", problem_pages.codes())
def test_every_problem_has_advice(code: str) -> None:
    assert problem_pages.advice(code) != problem_pages.advice("no-such-problem")


def test_an_unknown_problem_has_no_page(gateway: Gateway) -> None:
    assert gateway.get("/problems/no-such-problem").status_code == 404


def test_the_guide_for_agents_names_every_conversion_and_where_to_send_it(any_gateway: Gateway) -> None:
    answer = any_gateway.get("/llms.txt")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert any_gateway.base_url in answer.text
    assert [spec.slug for spec in CATALOGUE if f"- {spec.slug}: " not in answer.text] == []


def test_every_operation_has_a_speaking_name() -> None:
    assert [endpoint.name for endpoint in endpoints() if not has_name(endpoint)] == []


def test_an_unknown_conversion_is_told_which_there_are(any_gateway: Gateway, people: People) -> None:
    answer = any_gateway.post("/api/v3/conversions/pdf-to-powerpoint", people.token(Role.GENERAL))
    assert answer.status_code == 404
    assert all(spec.slug in answer.json()["detail"] for spec in CATALOGUE)


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("/api/v2/users", {"email": "a@example.com", "password": "short"}, "must have at least 8 characters"),
        ("/api/v2/users", {"email": "a@example.com"}, "is missing"),
        ("/api/v2/users", {"email": 5, "password": "long enough"}, "must be text"),
        ("/api/v3/points/topup", {"user_id": "x", "amount": 0}, "must be at least 1"),
        ("/api/v3/points/topup", {"user_id": "x", "amount": "1"}, "must be a whole number"),
        ("/api/v3/points/topup", {"user_id": "x", "amount": 1, "nope": 1}, "is not a known field; check its spelling"),
    ],
)
def test_a_wrong_field_is_told_in_a_sentence(
    gateway: Gateway, people: People, path: str, body: dict[str, object], sentence: str
) -> None:
    answer = gateway.post(path, people.token(Role.SUPER), json=body)
    assert answer.status_code == 422
    assert [one["msg"] for one in answer.json()["errors"]] == [sentence]

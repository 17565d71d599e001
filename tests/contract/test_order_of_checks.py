"""Which refusal comes first when a request deserves several."""

from dataclasses import replace

import pytest

from chalicelib.api import application
from chalicelib.domain.users import Role
from chalicelib.services import Service
from tests.support.conversions import ROUTE, SLUG, post_document, upload
from tests.support.gateway import Gateway
from tests.support.people import People

WRONG_TYPE = {"Content-Type": "text/plain"}


@pytest.fixture
def small(service: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    """The service, which takes 1,000 bytes a file and 2,000 a request."""
    limited = replace(service, settings=replace(service.settings, max_file_bytes=1_000, max_multipart_bytes=2_000))
    monkeypatch.setattr(application, "service", lambda: limited)
    return limited


def test_the_token_comes_before_all_else(gateway: Gateway) -> None:
    assert gateway.post(ROUTE, content=b"x", headers=WRONG_TYPE, params={"x": "1"}).status_code == 401


def test_the_route_comes_before_the_token(gateway: Gateway) -> None:
    assert gateway.get("/api/v3/nothing").status_code == 404


def test_the_role_comes_before_the_type(gateway: Gateway, people: People) -> None:
    answer = gateway.post(ROUTE, people.token(Role.DEMO), content=b"x", headers=WRONG_TYPE)
    assert answer.status_code == 403


def test_the_permission_comes_before_the_type(gateway: Gateway, people: People) -> None:
    user = people.permit(people.new(), pdf_page_remove=False)
    assert gateway.post(ROUTE, people.token(user), content=b"x", headers=WRONG_TYPE).status_code == 403


def test_the_permission_comes_before_the_query(gateway: Gateway, people: People) -> None:
    user = people.permit(people.new(), pdf_page_remove=False)
    assert gateway.post(ROUTE, people.token(user), params={"x": "1"}).status_code == 403


def test_the_type_comes_before_the_size(gateway: Gateway, small: Service, people: People) -> None:
    token = people.token(Role.GENERAL)
    assert gateway.post(ROUTE, token, content=b"x" * 100_000, headers=WRONG_TYPE).status_code == 415


def test_the_size_comes_before_the_options(gateway: Gateway, small: Service, people: People) -> None:
    files = [("a.pdf", b"%PDF-1.4" + b" " * 100_000)]
    answer = post_document(gateway, people.token(Role.GENERAL), files=files, nonsense="1")
    assert answer.status_code == 413


def test_the_size_of_the_file_comes_before_the_options(gateway: Gateway, small: Service, people: People) -> None:
    files = [("a.pdf", b"%PDF-1.4" + b" " * 1_100)]
    answer = post_document(gateway, people.token(Role.GENERAL), files=files, nonsense="1")
    assert answer.status_code == 413
    assert answer.json()["detail"] == "A file may have 1000 bytes; this one is larger."


def test_the_replay_comes_before_the_options(gateway: Gateway, people: People) -> None:
    token = people.token(people.new())
    assert post_document(gateway, token, headers={"Idempotency-Key": "k"}).status_code == 202
    answer = post_document(gateway, token, headers={"Idempotency-Key": "k"}, nonsense="1")
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("/idempotency-key-reused")


@pytest.mark.parametrize(
    ("files", "options"),
    [
        ([upload(SLUG)], {"pages": "zero"}),
        ([("a.pdf", b"no pdf")], {"pages": "1"}),
        ([upload(SLUG)], {"nonsense": "1"}),
    ],
)
def test_options_and_file_come_before_the_balance(
    gateway: Gateway, people: People, files: list[tuple[str, bytes]], options: dict[str, str]
) -> None:
    answer = post_document(gateway, people.token(people.penniless()), SLUG, files, None, **options)
    assert answer.status_code == 422


def test_a_malformed_key_comes_before_the_balance(gateway: Gateway, people: People) -> None:
    answer = post_document(gateway, people.token(people.penniless()), headers={"Idempotency-Key": "a b"})
    assert answer.status_code == 422


def test_the_balance_comes_last(gateway: Gateway, people: People) -> None:
    assert post_document(gateway, people.token(people.penniless())).status_code == 402

"""What a client reads when a request is refused, in both shapes of events."""

import logging
from typing import Any

import httpx
import pytest

from chalicelib.api.endpoint import Endpoint
from chalicelib.api.routes import endpoints
from chalicelib.domain.users import Role
from chalicelib.services import Service
from tests.support.conversions import ROUTE, post_document, upload
from tests.support.gateway import Gateway, Shape
from tests.support.knocking import name_of, path_of
from tests.support.people import People

LOG_IN = "/api/v2/auth/login"
USERS = "/api/v2/users"
READS = [one for one in endpoints() if one.method in ("GET", "DELETE")]


def fields(answer: httpx.Response) -> list[list[Any]]:
    """Where the errors of a 422 are."""
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("/invalid-request")
    return [error["loc"] for error in answer.json()["errors"]]


@pytest.mark.parametrize("path", ["/nothing", "/api/v3", "/api/v4/conversions/pdf-to-word", "/a/b/c/d/e/f/g/h/i"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_an_address_is_not_found_when_nothing_is_there(any_gateway: Gateway, method: str, path: str) -> None:
    answer = any_gateway.request(method, path)
    assert answer.status_code == 404
    assert answer.json()["type"].endswith("/not-found")
    assert answer.json()["instance"] == f"{any_gateway.base_url}{path}"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", LOG_IN, {"POST"}),
        ("DELETE", USERS, {"GET", "POST"}),
        ("PUT", ROUTE, {"POST"}),
        ("PATCH", "/api/v3/conversions/x", {"GET", "DELETE"}),
        ("HEAD", "/health", {"GET"}),
        ("HEAD", "/nothing", {"GET", "POST", "PUT", "PATCH", "DELETE"}),
    ],
)
def test_allow_names_the_methods_when_another_is_used(
    any_gateway: Gateway, method: str, path: str, allowed: set[str]
) -> None:
    answer = any_gateway.request(method, path)
    assert answer.status_code == 405
    assert answer.json()["type"].endswith("/method-not-allowed")
    assert set(answer.headers["Allow"].split(", ")) - {"OPTIONS"} == allowed


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""])
def test_the_type_is_refused_when_a_json_route_gets_another(any_gateway: Gateway, content_type: str) -> None:
    answer = any_gateway.post(LOG_IN, content=b"{}", headers={"Content-Type": content_type})
    assert answer.status_code == 415
    assert "application/json" in answer.json()["detail"]


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON; charset=UTF-8"])
def test_json_is_read_when_its_type_is_spelt_otherwise(any_gateway: Gateway, content_type: str) -> None:
    answer = any_gateway.post(LOG_IN, content=b"{}", headers={"Content-Type": content_type})
    assert fields(answer) == [["body", "email"], ["body", "password"]]


@pytest.mark.parametrize("content_type", ["text/plain", "application/pdf", "multipart/mixed; boundary=x"])
def test_the_type_is_refused_when_a_conversion_gets_no_form(
    any_gateway: Gateway, people: People, content_type: str
) -> None:
    headers = {"Content-Type": content_type}
    answer = any_gateway.post(ROUTE, people.token(Role.GENERAL), content=b"%PDF-1.4", headers=headers)
    assert answer.status_code == 415
    assert "multipart/form-data" in answer.json()["detail"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"null", b"[]", b'"x"', b"\xff\xfe", b'{"email": "a\xff"}', b"[" * 10_000, b'{"email":}']
)
def test_a_body_is_invalid_when_it_is_no_json_object(any_gateway: Gateway, body: bytes) -> None:
    answer = any_gateway.post(LOG_IN, content=body, headers={"Content-Type": "application/json"})
    assert fields(answer)[0][0] == "body"


def test_every_wrong_field_is_named_when_several_are_wrong(any_gateway: Gateway, people: People) -> None:
    body = {"email": "no address", "password": "short", "rolle": "demo_user", "role": "owner", "username": "?"}
    answer = any_gateway.post(USERS, people.token(Role.SUPER), json=body)
    expected = {"email", "password", "rolle", "role", "username"}
    assert {where[1] for where in fields(answer)} == expected


@pytest.mark.parametrize("value", [True, 5, ["x"], {"a": 1}, None])
def test_a_field_is_invalid_when_its_json_type_differs(any_gateway: Gateway, value: object) -> None:
    answer = any_gateway.post(LOG_IN, json={"email": value, "password": "x"})
    assert fields(answer) == [["body", "email"]]


@pytest.mark.parametrize("amount", ["5", 5.5, True, 0, -1, 1_000_001, 10**30])
def test_an_amount_is_invalid_when_it_is_no_whole_number_in_range(
    gateway: Gateway, people: People, amount: object
) -> None:
    body = {"user_id": people.shared(Role.GENERAL).user_id, "amount": amount}
    answer = gateway.post("/api/v3/points/topup", people.token(Role.ADMIN), json=body)
    assert fields(answer) == [["body", "amount"]]


def test_a_secret_is_not_told_back_when_its_field_is_wrong(gateway: Gateway, people: People) -> None:
    body = {"email": "a@example.com", "password": "s3cr-t", "passwort": "hush-hush"}
    answer = gateway.post(USERS, people.token(Role.SUPER), json=body)
    assert answer.status_code == 422
    assert "s3cr-t" not in answer.text
    assert "hush-hush" not in answer.text


@pytest.mark.parametrize("endpoint", READS, ids=name_of)
def test_a_query_parameter_is_named_when_it_is_unknown(gateway: Gateway, people: People, endpoint: Endpoint) -> None:
    answer = gateway.request(endpoint.method, path_of(endpoint), people.token(Role.SUPER), params={"lymit": "5"})
    assert fields(answer) == [["query", "lymit"]]


def test_a_query_parameter_is_named_when_a_conversion_gets_one(gateway: Gateway, people: People) -> None:
    name, body = upload()
    answer = gateway.post(
        ROUTE, people.token(Role.GENERAL), files={"file": (name, body)}, data={"pages": "1"}, params={"pages": "1"}
    )
    assert fields(answer) == [["query", "pages"]]


def test_a_form_field_is_named_when_it_is_unknown(any_gateway: Gateway, people: People) -> None:
    answer = post_document(any_gateway, people.token(Role.GENERAL), pages="1", pagez="2")
    assert fields(answer) == [["body", "pagez"]]


@pytest.mark.parametrize("limit", ["0", "201", "-1", "ten", "", "1e3", "99999999999999999999"])
@pytest.mark.parametrize("path", [USERS, "/api/v3/points/ledger", "/api/v3/conversions/history"])
def test_a_limit_is_invalid_when_it_is_out_of_range(gateway: Gateway, people: People, path: str, limit: str) -> None:
    assert fields(gateway.get(path, people.token(Role.SUPER), params={"limit": limit})) == [["query", "limit"]]


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        ("/api/v3/conversions/history", "from", "yesterday"),
        ("/api/v3/conversions/history", "from", "2026-01-01"),
        ("/api/v3/conversions/history", "to", "2026-01-01T00:00:00"),
        ("/api/v3/conversions/history", "status", "done"),
        ("/api/v3/conversions/history", "since", "2026-01-01T00:00:00Z"),
        (USERS, "role", "owner"),
        ("/api/v3/points/ledger", "cursor", "x" * 5_000),
    ],
)
def test_a_filter_is_invalid_when_it_makes_no_sense(
    gateway: Gateway, people: People, path: str, name: str, value: str
) -> None:
    assert fields(gateway.get(path, people.token(Role.SUPER), params={name: value})) == [["query", name]]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/api/v3/points/ledger", {"user_id": ""}),
        ("/api/v3/points/ledger", {"user_id": "\0"}),
        ("/api/v3/points/ledger", {"user_id": "x" * 3_000}),
        ("/api/v3/points/ledger", {"cursor": ""}),
        ("/api/v3/points/ledger", {"cursor": "\u00fc"}),
        ("/api/v3/conversions/history", {"user_id": ""}),
        ("/api/v3/conversions/history", {"action": ""}),
        ("/api/v3/conversions/history", {"from": "0001-01-01T00:00:00Z"}),
        ("/api/v3/conversions/history", {"from": "1969-12-31T23:59:59Z"}),
        ("/api/v3/conversions/history", {"to": "9999-12-31T23:59:59Z"}),
        ("/api/v3/conversions/history", {"from": "2026-03-02T00:00:00Z", "to": "2026-03-01T00:00:00Z"}),
    ],
)
def test_nothing_breaks_when_a_query_is_odd(gateway: Gateway, people: People, path: str, query: dict[str, str]) -> None:
    assert gateway.get(path, people.token(Role.SUPER), params=query).status_code in (200, 404, 422)


def test_nothing_breaks_when_a_topup_names_no_user(gateway: Gateway, people: People) -> None:
    answer = gateway.post("/api/v3/points/topup", people.token(Role.SUPER), json={"user_id": "", "amount": 1})
    assert answer.status_code in (404, 422)


@pytest.mark.parametrize("path", [ROUTE, LOG_IN])
def test_a_length_is_required_when_a_chunked_body_did_not_arrive(
    any_gateway: Gateway, people: People, path: str
) -> None:
    content_type = "multipart/form-data; boundary=x" if path == ROUTE else "application/json"
    headers = {"Transfer-Encoding": "chunked", "Content-Type": content_type}
    answer = any_gateway.post(path, people.token(Role.GENERAL), headers=headers)
    assert answer.status_code == 411
    assert answer.json()["type"].endswith("/length-required")


def test_a_crash_tells_nothing_but_the_request_id_when_the_code_breaks(
    any_gateway: Gateway,
    service: Service,
    people: People,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def flat_cost() -> int:
        raise KeyError("the-inside")

    monkeypatch.setattr(service.store.rules, "flat_cost", flat_cost)
    answer = any_gateway.get("/api/v3/points/rules", people.token(Role.GENERAL))
    assert answer.status_code == 500
    assert answer.json()["type"].endswith("/internal-error")
    assert "the-inside" not in answer.text
    assert "KeyError" not in answer.text
    assert answer.headers["X-Request-Id"] in answer.json()["detail"]
    assert "the-inside" in caplog.text


def test_the_log_has_the_cause_when_a_refusal_has_one(
    gateway: Gateway, people: People, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    assert gateway.get("/api/v2/auth/me", f"{people.token(Role.GENERAL)}x").status_code == 401
    assert "InvalidSignatureError" in caplog.text


def test_every_request_has_an_id_of_its_own(gateway: Gateway) -> None:
    assert len({gateway.get("/health").headers["X-Request-Id"] for _ in range(3)}) == 3


@pytest.mark.parametrize("endpoint", endpoints(), ids=name_of)
def test_an_answer_is_kept_by_nobody_when_its_route_is_private(
    gateway: Gateway, people: People, endpoint: Endpoint
) -> None:
    answer = gateway.request(endpoint.method, path_of(endpoint), people.token(Role.SUPER))
    private = endpoint.path.startswith("/api/") or answer.status_code >= 400
    assert (answer.headers.get("Cache-Control") == "no-store") == private


def test_both_shapes_say_the_same_when_a_request_is_refused(gateway: Gateway) -> None:
    said = []
    for shape in Shape:
        gateway.shape = shape
        answer = gateway.post(LOG_IN, json={"email": "a@example.com"})
        base = gateway.base_url
        said.append({name: str(value).replace(base, "") for name, value in answer.json().items()})
    assert said[0] == said[1]

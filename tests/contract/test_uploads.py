"""Large files: room is made, the file goes straight to the bucket, and starts one conversion of its owner's."""

import base64
import json
from typing import Any

import httpx
import pytest

from chalicelib.domain.users import Role, User
from chalicelib.services import Service
from chalicelib.settings import MIB
from tests.support.conversions import ASYNC, ROUTE, post_document, row, work
from tests.support.documents import pdf
from tests.support.gateway import Gateway
from tests.support.people import People
from tests.support.stack import Stack, SteppedClock

KEY = {"Idempotency-Key": "large-1"}


@pytest.fixture
def user(people: People) -> User:
    """A general user of its own."""
    return people.new()


@pytest.fixture
def token(people: People, user: User) -> str:
    """A token of ``user``."""
    return people.token(user)


def announce(gateway: Gateway, token: str, size: int, name: str = "report.pdf", **more: Any) -> dict[str, Any]:
    """Make room for a file."""
    answer = gateway.post("/api/v3/uploads", token, json={"filename": name, "size": size, **more})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def post_to_bucket(stack: Stack, upload: dict[str, Any], body: bytes) -> None:
    """What the bucket does with a form that it admits."""
    stack.s3.put_object(Bucket=stack.settings.bucket, Key=upload["fields"]["key"], Body=body)


def uploaded(gateway: Gateway, stack: Stack, token: str, body: bytes, name: str = "report.pdf") -> str:
    """The id of an upload whose file has arrived."""
    upload = announce(gateway, token, len(body), name)
    post_to_bucket(stack, upload, body)
    upload_id: str = upload["upload_id"]
    return upload_id


def convert(
    gateway: Gateway, token: str, body: dict[str, Any], headers: dict[str, str] | None = None, slug: str = ""
) -> httpx.Response:
    """Convert what was uploaded."""
    path = f"/api/v3/conversions/{slug}" if slug else ROUTE
    options = {} if slug else {"pages": "1"}
    return gateway.post(path, token, json={**options, **body}, headers=ASYNC | (headers or {}))


def balance(people: People, user: User) -> int:
    """Points of ``user`` now."""
    return people.fresh(user).points.balance


def test_the_form_admits_one_file_of_at_most_the_declared_size_when_room_is_made(
    any_gateway: Gateway, stack: Stack, token: str, clock: SteppedClock
) -> None:
    upload = announce(any_gateway, token, 4_711, content_type="application/pdf")
    policy = json.loads(base64.b64decode(upload["fields"]["policy"]))
    key = upload["fields"]["key"]
    assert upload["upload_id"] in key
    assert ["content-length-range", 1, 4_711] in policy["conditions"]
    assert {"key": key} in policy["conditions"]
    assert {"bucket": stack.settings.bucket} in policy["conditions"]
    assert {"Content-Type": "application/pdf"} in policy["conditions"]
    assert upload["fields"]["Content-Type"] == "application/pdf"
    assert upload["max_size"] == 4_711


def test_an_upload_is_converted_when_its_file_has_arrived(
    gateway: Gateway, stack: Stack, service: Service, people: People, user: User, token: str
) -> None:
    body = pdf("one", "two")
    upload_id = uploaded(gateway, stack, token, body, "Quarter.pdf")
    answer = convert(gateway, token, {"upload_id": upload_id})
    assert answer.status_code == 202, answer.text
    conversion = row(service, answer.json()["conversion_id"])
    (stored,) = conversion.inputs
    assert (stored.name, stored.kind, stored.size) == ("Quarter.pdf", "pdf", len(body))
    assert service.store.files.get(stored.key) == body
    assert balance(people, user) == 27
    assert stack.objects("uploads/") == [], "what was copied goes"
    assert work(service, conversion.conversion_id).result
    assert stack.objects(f"{conversion.prefix}in/") == []


def test_both_addresses_are_one_call_when_an_upload_is_converted(
    gateway: Gateway, stack: Stack, people: People, user: User, token: str
) -> None:
    body = {"upload_id": uploaded(gateway, stack, token, pdf("one", "two")), "pages": "1"}
    first = gateway.post(f"{ROUTE}/by-upload", token, json=body, headers=ASYNC | KEY)
    again = gateway.post(ROUTE, token, json=body, headers=ASYNC | KEY)
    assert (first.status_code, again.json()["conversion_id"]) == (202, first.json()["conversion_id"])
    assert (again.headers["X-Idempotent-Replay"], balance(people, user)) == ("true", 27)
    form = gateway.post(f"{ROUTE}/by-upload", token, files={"file": ("a.pdf", pdf("one"))})
    assert (form.status_code, "application/json" in form.json()["detail"]) == (415, True)


def test_images_are_bound_in_the_order_of_their_ids(
    gateway: Gateway, stack: Stack, service: Service, token: str
) -> None:
    from tests.support.samples import sample

    ids = [uploaded(gateway, stack, token, sample("png"), f"{number}.png") for number in range(3)]
    answer = convert(gateway, token, {"upload_ids": ids[::-1]}, slug="image-to-pdf")
    assert answer.status_code == 202, answer.text
    assert [one.name for one in row(service, answer.json()["conversion_id"]).inputs] == ["2.png", "1.png", "0.png"]


def test_a_second_conversion_is_refused_when_the_upload_was_used(
    gateway: Gateway, stack: Stack, people: People, user: User, token: str
) -> None:
    upload_id = uploaded(gateway, stack, token, pdf("one", "two"))
    assert convert(gateway, token, {"upload_id": upload_id}).status_code == 202
    again = convert(gateway, token, {"upload_id": upload_id})
    assert again.status_code == 409
    assert again.json()["type"].endswith("/upload-used")
    assert balance(people, user) == 27


def test_the_stored_answer_is_given_when_the_key_of_an_upload_is_repeated(
    gateway: Gateway, stack: Stack, people: People, user: User, token: str
) -> None:
    upload_id = uploaded(gateway, stack, token, pdf("one", "two"))
    first = convert(gateway, token, {"upload_id": upload_id}, KEY)
    again = convert(gateway, token, {"upload_id": upload_id}, KEY)
    assert (again.status_code, again.headers["X-Idempotent-Replay"]) == (202, "true")
    assert again.json()["conversion_id"] == first.json()["conversion_id"]
    assert balance(people, user) == 27
    other = convert(gateway, token, {"upload_id": uploaded(gateway, stack, token, pdf("other"))}, KEY)
    assert other.status_code == 422
    assert other.json()["type"].endswith("/idempotency-key-reused")


def test_nothing_is_charged_and_the_upload_stays_good_when_it_is_refused(
    gateway: Gateway, stack: Stack, people: People, user: User, token: str
) -> None:
    upload_id = uploaded(gateway, stack, token, pdf("one", "two"))
    assert convert(gateway, token, {"upload_id": upload_id, "pagez": "1"}).status_code == 422
    assert balance(people, user) == 30
    assert convert(gateway, token, {"upload_id": upload_id}).status_code == 202


def test_the_kind_is_that_of_the_bytes_when_a_file_was_uploaded(gateway: Gateway, stack: Stack, token: str) -> None:
    upload_id = uploaded(gateway, stack, token, b"\x89PNG\r\n\x1a\n not a PDF", "report.pdf")
    answer = convert(gateway, token, {"upload_id": upload_id})
    assert answer.status_code == 422
    assert "PNG" in answer.json()["detail"]


def test_the_answer_is_409_when_the_file_never_arrived(gateway: Gateway, token: str) -> None:
    answer = convert(gateway, token, {"upload_id": announce(gateway, token, 10)["upload_id"]})
    assert answer.status_code == 409
    assert answer.json()["type"].endswith("/upload-missing")


def test_the_answer_is_413_when_a_larger_file_arrived_than_was_declared(
    gateway: Gateway, stack: Stack, token: str
) -> None:
    upload = announce(gateway, token, 10)
    post_to_bucket(stack, upload, pdf("much more"))
    assert convert(gateway, token, {"upload_id": upload["upload_id"]}).status_code == 413


def test_the_answer_is_413_when_a_file_beyond_the_limit_is_announced(gateway: Gateway, token: str) -> None:
    answer = gateway.post("/api/v3/uploads", token, json={"filename": "a.pdf", "size": 50 * MIB + 1})
    assert answer.status_code == 413
    assert "50 MB" in answer.json()["detail"]


def test_an_upload_is_absent_when_it_is_anothers_or_expired_or_none(
    gateway: Gateway, stack: Stack, people: People, token: str, clock: SteppedClock
) -> None:
    upload_id = uploaded(gateway, stack, token, pdf("one", "two"))
    bodies = []
    for asking, asked in ((people.token(Role.SUPER), upload_id), (token, "0" * 26), (token, "../x")):
        answer = convert(gateway, asking, {"upload_id": asked})
        assert answer.status_code == 404
        bodies.append(answer.json()["detail"])
    clock.step(24 * 3_600)
    answer = convert(gateway, people.token(people.new()), {"upload_id": upload_id})
    assert answer.status_code == 404
    assert len({*bodies, answer.json()["detail"]}) == 1, "no answer tells what exists"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "upload_id"),
        ({"upload_id": 7}, "upload_id"),
        ({"upload_ids": []}, "upload_ids"),
        ({"upload_ids": ["a"], "upload_id": "a"}, "upload_ids"),
        ({"upload_ids": ["a", "a"]}, "upload_ids"),
    ],
)
def test_the_field_is_named_when_the_ids_are_wrong(
    gateway: Gateway, token: str, body: dict[str, Any], field: str
) -> None:
    answer = convert(gateway, token, body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == ["body", field]


def test_a_client_is_sent_to_the_uploads_when_a_form_is_too_large_for_a_request(
    gateway: Gateway, service: Service, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = pdf("one") + b" " * 100_000
    monkeypatch.setattr(type(service.settings), "multipart_limit_bytes", 20_000)
    answer = post_document(gateway, token, files=[("a.pdf", body)])
    assert answer.status_code == 413
    assert "/api/v3/uploads" in answer.json()["detail"]


def test_demo_users_may_not_make_room(gateway: Gateway, people: People) -> None:
    answer = gateway.post("/api/v3/uploads", people.token(Role.DEMO), json={"filename": "a.pdf", "size": 10})
    assert answer.status_code == 403

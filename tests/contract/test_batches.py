"""Batches as a client sees them: ordered, filled, looked at, collected."""

import base64
import io
import json
import zipfile
from typing import Any

import httpx
import pytest
import requests

from chalicelib.conversions import BY_SLUG
from chalicelib.domain.errors import CorruptDocument
from chalicelib.domain.users import Role, User
from chalicelib.services import Service, archive
from chalicelib.settings import MIB
from tests.support.batches import arrive, convert_all
from tests.support.conversions import SLUG, raising
from tests.support.documents import pdf
from tests.support.gateway import Gateway
from tests.support.people import People
from tests.support.stack import Stack, SteppedClock

BATCHES = "/api/v3/batches"
A_DAY_S = 86_400


@pytest.fixture
def user(people: People) -> User:
    """A general user of its own."""
    return people.new()


@pytest.fixture
def token(people: People, user: User) -> str:
    """A token of ``user``."""
    return people.token(user)


def order(gateway: Gateway, token: str, *names: str, **more: Any) -> httpx.Response:
    """Order the conversion of files with these names."""
    files = [{"filename": name, "size": 10_000} for name in names]
    return gateway.post(BATCHES, token, json={"slug": SLUG, "options": {"pages": "1"}, "files": files, **more})


def ordered(gateway: Gateway, token: str, *names: str, **more: Any) -> dict[str, Any]:
    """A new batch."""
    answer = order(gateway, token, *names, **more)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def fill(stack: Stack, batch: dict[str, Any], *bodies: bytes) -> None:
    """The files arrive in order."""
    for file, body in zip(batch["files"], bodies, strict=False):
        arrive(stack, file["fields"]["key"], body)


def look(gateway: Gateway, token: str, batch: dict[str, Any], **query: Any) -> dict[str, Any]:
    """The batch as it stands."""
    answer = gateway.get(f"{BATCHES}/{batch['batch_id']}", token, params=query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def counts(
    waiting: int = 0, processing: int = 0, success: int = 0, failed: int = 0, missing: int = 0
) -> dict[str, int]:
    """The counts of a batch."""
    return {
        "waiting": waiting,
        "processing": processing,
        "success": success,
        "failed": failed,
        "missing": missing,
    }


def test_each_file_has_a_form_of_its_own_when_a_batch_is_ordered(gateway: Gateway, stack: Stack, token: str) -> None:
    batch = ordered(gateway, token, "a.pdf", "b.pdf")
    assert [file["filename"] for file in batch["files"]] == ["a.pdf", "b.pdf"]
    keys = [file["fields"]["key"] for file in batch["files"]]
    assert len(set(keys)) == 2
    assert all(key.startswith("batch/") for key in keys)
    policy = json.loads(base64.b64decode(batch["files"][0]["fields"]["policy"]))
    assert ["content-length-range", 1, 10_000] in policy["conditions"]
    assert {"key": keys[0]} in policy["conditions"]
    now = look(gateway, token, batch)
    assert now["counts"] == counts(waiting=2)
    assert (now["total"], now["has_ended"], now["download_url"]) == (2, False, None)


def test_files_are_converted_and_charged_as_they_arrive(
    gateway: Gateway, stack: Stack, service: Service, people: People, user: User, token: str
) -> None:
    batch = ordered(gateway, token, "a.pdf", "b.pdf", "c.pdf")
    fill(stack, batch, pdf("one", "two"), pdf("three", "four"))
    now = look(gateway, token, batch)
    assert now["counts"] == counts(waiting=1, processing=2)
    assert [file["status"] for file in now["files"]] == ["processing", "processing", "waiting"]
    assert people.fresh(user).points.balance == 24
    convert_all(service, batch["batch_id"])
    now = look(gateway, token, batch)
    assert now["counts"] == counts(waiting=1, success=2)
    answer = gateway.get(now["files"][0]["download_url"].removeprefix(gateway.base_url), token)
    assert answer.status_code == 307
    assert stack.objects(f"batch/{batch['batch_id']}/") == [], "what was copied goes"


def test_the_results_are_one_zip_when_all_have_ended(
    gateway: Gateway, stack: Stack, service: Service, token: str
) -> None:
    batch = ordered(gateway, token, "same.pdf", "same.pdf", "bad.pdf", "no.pdf")
    download = f"{BATCHES}/{batch['batch_id']}/download"
    assert gateway.get(download, token).status_code == 409
    fill(stack, batch, pdf("one", "two"), pdf("three", "four"))
    convert_all(service, batch["batch_id"])
    arrive(stack, batch["files"][2]["fields"]["key"], pdf("five", "six"))
    convert_all(service, batch["batch_id"], raising(CorruptDocument("It is damaged.")))
    arrive(stack, batch["files"][3]["fields"]["key"], b"\x89PNG\r\n\x1a\n no PDF")
    asked = [one for one in stack.messages(stack.settings.archives_queue_url) if batch["batch_id"] in one]
    assert asked == [json.dumps({"batch_id": batch["batch_id"]})]
    now = look(gateway, token, batch)
    assert (now["counts"], now["has_ended"]) == (counts(success=2, failed=2), True)
    assert now["files"][2]["error"]["type"].endswith("/corrupt-document")
    assert now["files"][3]["error"]["status"] == 422

    archive.build(service, batch["batch_id"])
    url = look(gateway, token, batch)["download_url"]
    answer = gateway.get(url.removeprefix(gateway.base_url), token)
    with zipfile.ZipFile(io.BytesIO(requests.get(answer.headers["Location"], timeout=5).content)) as packed:
        assert packed.namelist() == [
            "same.pdf.pdf", "same.pdf (2).pdf", "bad.pdf.error.json", "no.pdf.error.json"
        ]  # fmt: skip
        assert packed.read("same.pdf.pdf").startswith(b"%PDF-")
        assert json.loads(packed.read("bad.pdf.error.json"))["detail"] == "It is damaged."


def test_the_zip_is_gone_when_the_results_have_expired(
    gateway: Gateway, stack: Stack, service: Service, people: People, user: User, token: str, clock: SteppedClock
) -> None:
    batch = ordered(gateway, token, "a.pdf")
    fill(stack, batch, pdf("one", "two"))
    convert_all(service, batch["batch_id"])
    archive.build(service, batch["batch_id"])
    clock.step(A_DAY_S + 1)
    token = people.token(user)
    assert look(gateway, token, batch)["download_url"] is None
    assert gateway.get(f"{BATCHES}/{batch['batch_id']}/download", token).status_code == 410


def test_others_go_on_when_a_file_cannot_be_paid_for(
    gateway: Gateway, stack: Stack, service: Service, people: People
) -> None:
    user = people.new()
    token = people.token(user)
    batch = ordered(gateway, token, *(f"{number}.pdf" for number in range(12)))
    fill(stack, batch, *[pdf("one", "two")] * 12)
    now = look(gateway, token, batch)
    assert now["counts"] == counts(processing=10, failed=2)
    assert people.fresh(user).points.balance == 0
    refused = [file for file in now["files"] if file["status"] == "failed"]
    assert {file["error"]["status"] for file in refused} == {402}
    assert all(file["conversion_id"] is None for file in refused)


def test_a_page_of_the_files_is_given_when_there_are_many(gateway: Gateway, token: str) -> None:
    batch = ordered(gateway, token, *(f"{number}.pdf" for number in range(7)))
    first = look(gateway, token, batch, limit=5)
    assert [file["filename"] for file in first["files"]] == [f"{number}.pdf" for number in range(5)]
    second = look(gateway, token, batch, limit=5, cursor=first["next_cursor"])
    assert [file["filename"] for file in second["files"]] == ["5.pdf", "6.pdf"]
    assert second["next_cursor"] is None


def test_batches_are_listed_newest_first(gateway: Gateway, token: str, clock: SteppedClock) -> None:
    ids = []
    for number in range(3):
        ids.append(ordered(gateway, token, f"{number}.pdf")["batch_id"])
        clock.step(1)
    page = gateway.get(BATCHES, token, params={"limit": 2}).json()
    assert [one["batch_id"] for one in page["items"]] == ids[:0:-1]
    rest = gateway.get(BATCHES, token, params={"limit": 2, "cursor": page["next_cursor"]}).json()
    assert [one["batch_id"] for one in rest["items"]] == ids[:1]


def test_a_batch_is_absent_when_it_is_outside_the_callers_sight(
    gateway: Gateway, people: People, user: User, token: str
) -> None:
    path = f"{BATCHES}/{ordered(gateway, token, 'a.pdf')['batch_id']}"
    assert gateway.get(path, people.token(people.new())).status_code == 404
    assert gateway.get(f"{path}/download", people.token(people.new())).status_code == 404
    assert gateway.get(path, people.token(Role.ADMIN)).status_code == 200
    assert gateway.get(path, people.token(Role.SUPER)).status_code == 200


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"slug": "pdf-to-gold"}, 422),
        ({"options": {"pagez": "1"}}, 422),
        ({"options": {"pages": "x"}}, 422),
        ({"files": []}, 422),
        ({"files": [{"filename": "a.pdf", "size": 1}] * 1_001}, 422),
        ({"files": [{"filename": "a.pdf", "size": 50 * MIB + 1}]}, 413),
    ],
)
def test_a_batch_is_refused_when_its_order_is_wrong(
    gateway: Gateway, token: str, more: dict[str, Any], status: int
) -> None:
    assert order(gateway, token, "a.pdf", **more).status_code == status


def test_a_batch_is_refused_when_its_conversion_is_not_permitted(
    gateway: Gateway, people: People, user: User, token: str
) -> None:
    people.permit(user, pdf_page_remove=False)
    answer = order(gateway, token, "a.pdf")
    assert (answer.status_code, answer.json()["detail"]) == (403, "Conversion not permitted: pdf_page_remove")


def test_a_password_is_in_no_row_when_a_batch_has_one(
    gateway: Gateway, stack: Stack, service: Service, token: str
) -> None:
    word = "open-sesame-4711"
    batch = ordered(gateway, token, "a.pdf", options={"pages": "1", "password": word})
    fill(stack, batch, pdf("one", "two"))
    for table in (stack.settings.tables.batches, stack.settings.tables.conversions):
        assert word not in json.dumps(stack.items(table))
    seen: list[str | None] = []
    convert_all(service, batch["batch_id"], lambda job: seen.append(job.password))
    assert seen == [word]
    assert [key for key in stack.objects("batches/") if batch["batch_id"] in key] == [], "gone with the batch's end"


def test_the_keys_lead_to_the_callers_folders(gateway: Gateway, user: User, token: str) -> None:
    answer = gateway.post(f"{BATCHES}/credentials", token)
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert body["inbox_prefix"] == f"inbox/{user.user_id}/"
    assert body["results_prefix"] == f"results/{user.user_id}/"
    assert body["session_token"]


@pytest.mark.parametrize("path", [BATCHES, f"{BATCHES}/credentials"])
def test_demo_users_may_order_nothing(gateway: Gateway, people: People, path: str) -> None:
    assert gateway.post(path, people.token(Role.DEMO), json={}).status_code == 403


def test_every_slug_may_be_ordered(gateway: Gateway, token: str) -> None:
    needed = {"remove-pages-from-pdf": {"pages": "1"}}
    for slug in BY_SLUG:
        assert order(gateway, token, "a", slug=slug, options=needed.get(slug, {})).status_code == 201

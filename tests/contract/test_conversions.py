"""A conversion as a client sees it: handed in, waited for, fetched, deleted, listed."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from chalicelib.conversions import CATALOGUE
from chalicelib.conversions.spec import ConversionSpec
from chalicelib.domain.conversion import Lane
from chalicelib.domain.errors import ConversionInterrupted, CorruptDocument, EncryptedDocument
from chalicelib.domain.users import Role
from chalicelib.engines.job import Job, Outcome
from chalicelib.services import Service
from tests.support.conversions import ROUTE, WorkingQueues, post_document, raising, row, work, write_sample
from tests.support.gateway import Gateway
from tests.support.people import People
from tests.support.samples import sample
from tests.support.stack import SteppedClock

A_DAY_S = 86_400
WAIT = {"Prefer": "wait=5"}
KEY = {"Idempotency-Key": "order-17"}


@pytest.fixture
def token(people: People) -> str:
    """A token of a general user of its own."""
    return people.token(people.new())


@pytest.fixture
def done(gateway: Gateway, service: Service, token: str) -> str:
    """The path of a conversion that succeeded."""
    conversion_id = post_document(gateway, token).json()["conversion_id"]
    work(service, conversion_id)
    return f"/api/v3/conversions/{conversion_id}"


def test_the_answer_is_202_when_the_client_prefers_not_to_wait(any_gateway: Gateway, token: str) -> None:
    answer = post_document(any_gateway, token, files=[("Minutes.pdf", sample("pdf"))])
    assert answer.status_code == 202
    assert answer.headers["Preference-Applied"] == "respond-async"
    assert answer.headers["Location"].endswith(f"/api/v3/conversions/{answer.json()['conversion_id']}")
    assert int(answer.headers["Retry-After"]) >= 1
    body = answer.json()
    assert (body["status"], body["action"], body["input_filename"]) == ("processing", "pdf_page_remove", "Minutes.pdf")
    assert (body["points_charged"], body["remaining_balance"]) == (3, 27)
    nothing_yet = ("progress", "output_filename", "output_size", "output_sha256", "download_url", "expires_at", "error")
    assert [body[name] for name in nothing_yet] == [None] * len(nothing_yet)
    assert (body["warnings"], body["report"]) == ([], {})


def test_the_answer_is_202_when_the_wait_ends_first(gateway: Gateway, token: str) -> None:
    answer = post_document(gateway, token, headers={"Prefer": "wait=0"})
    assert answer.status_code == 202
    assert answer.headers["Preference-Applied"] == "wait=0"


def test_nothing_is_said_of_preferences_when_there_are_none(gateway: Gateway, token: str) -> None:
    answer = post_document(gateway, token, headers={"Prefer": "handling=lenient"})
    assert answer.status_code == 202
    assert "Preference-Applied" not in answer.headers


def test_the_answer_is_200_when_the_engine_is_done_within_the_wait(
    any_gateway: Gateway, service: Service, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service.store, "queues", WorkingQueues(service))
    answer = post_document(any_gateway, token, headers=WAIT)
    assert answer.status_code == 200
    assert answer.headers["Preference-Applied"] == "wait=5"
    body = answer.json()
    assert (body["status"], body["output_filename"], body["error"]) == ("success", "document.pdf", None)
    assert body["output_size"] == len(sample("pdf"))
    assert body["warnings"] == ["Page 2 is a scan."]
    assert body["report"]["pages_in"] == body["report"]["pages_out"] == 2
    assert body["report"]["milliseconds"] >= 0
    assert (body["points_charged"], body["remaining_balance"]) == (3, 27)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (EncryptedDocument("The PDF needs a password."), "encrypted-document"),
        (CorruptDocument("The PDF is damaged."), "corrupt-document"),
    ],
)
def test_the_answer_names_the_reason_when_the_document_fails_within_the_wait(
    any_gateway: Gateway,
    service: Service,
    token: str,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    kind: str,
) -> None:
    monkeypatch.setattr(service.store, "queues", WorkingQueues(service, raising(error)))
    answer = post_document(any_gateway, token, headers=WAIT)
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["type"] == f"{any_gateway.base_url}/problems/{kind}"
    assert problem["detail"] == str(error)
    assert problem["instance"] == f"{any_gateway.base_url}{ROUTE}"
    row = any_gateway.get(f"/api/v3/conversions/{problem['conversion_id']}", token).json()
    assert row["error"] == {name: problem[name] for name in ("type", "title", "status", "detail")}
    assert (row["status"], row["points_charged"], row["remaining_balance"]) == ("failed", 0, 30)


def test_the_answer_is_503_when_our_side_failed_within_the_wait(
    gateway: Gateway, service: Service, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class TwiceWorking(WorkingQueues):
        def send(self, worker: str, lane: Lane, conversion_id: str) -> None:
            super().send(worker, lane, conversion_id)
            super().send(worker, lane, conversion_id)

    failing = raising(ConversionInterrupted("Interrupted; nothing was charged."))
    monkeypatch.setattr(service.store, "queues", TwiceWorking(service, failing))
    answer = post_document(gateway, token, headers=WAIT)
    assert answer.status_code in (500, 503)
    assert answer.json()["conversion_id"]
    assert gateway.get("/api/v3/points/balance", token).json() == {"balance": 30}


def test_a_repeat_is_answered_by_the_state_when_it_has_the_same_key(
    any_gateway: Gateway, service: Service, token: str
) -> None:
    first = post_document(any_gateway, token, headers=KEY)
    assert "X-Idempotent-Replay" not in first.headers
    repeat = post_document(any_gateway, token, headers=KEY)
    assert (repeat.status_code, repeat.json()) == (202, first.json())
    work(service, first.json()["conversion_id"])
    ended = post_document(any_gateway, token, headers=KEY)
    assert (ended.status_code, ended.json()["status"]) == (200, "success")
    assert repeat.headers["X-Idempotent-Replay"] == ended.headers["X-Idempotent-Replay"] == "true"
    assert any_gateway.get("/api/v3/points/balance", token).json() == {"balance": 27}


def test_a_repeat_is_answered_by_the_failure_when_the_document_failed(
    gateway: Gateway, service: Service, token: str
) -> None:
    conversion_id = post_document(gateway, token, headers=KEY).json()["conversion_id"]
    work(service, conversion_id, raising(CorruptDocument("The PDF is damaged.")))
    repeat = post_document(gateway, token, headers=KEY)
    assert repeat.status_code == 422
    assert repeat.json()["conversion_id"] == conversion_id
    assert repeat.headers["X-Idempotent-Replay"] == "true"


def test_a_quoted_key_is_the_same_key(gateway: Gateway, token: str) -> None:
    first = post_document(gateway, token, headers={"Idempotency-Key": "k"})
    second = post_document(gateway, token, headers={"Idempotency-Key": '"k"'})
    assert first.json()["conversion_id"] == second.json()["conversion_id"]


@pytest.mark.parametrize("key", [" ", '""', "a b", "x" * 256, "\u00fcber"])
def test_a_key_is_refused_when_it_is_malformed(gateway: Gateway, token: str, key: str) -> None:
    answer = gateway.post(
        ROUTE,
        token,
        headers={"Idempotency-Key": key},
        files={"file": ("a.pdf", sample("pdf"))},
        data={"pages": "1"},
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == ["header", "Idempotency-Key"]


def test_the_refusal_says_what_is_missing_when_points_do_not_suffice(gateway: Gateway, people: People) -> None:
    answer = post_document(gateway, people.token(people.penniless()))
    assert answer.status_code == 402
    assert (answer.json()["balance"], answer.json()["required"]) == (0, 3)
    assert "conversion_id" not in answer.json()


def test_the_wait_is_honoured_when_the_state_is_asked_for(gateway: Gateway, done: str, token: str) -> None:
    answer = gateway.get(done, token, headers={"Prefer": "wait=9"})
    assert answer.json()["status"] == "success"
    assert answer.headers["Preference-Applied"] == "wait=9"


def test_a_download_leads_to_the_file_under_its_name(gateway: Gateway, service: Service, token: str) -> None:
    files = [("R\u00e9sum\u00e9 \u4e2d.pdf", sample("pdf"))]
    conversion_id = post_document(gateway, token, files=files).json()["conversion_id"]
    work(service, conversion_id)
    answer = gateway.get(f"/api/v3/conversions/{conversion_id}/download", token)
    assert answer.status_code == 307
    assert answer.content == b""
    file = requests.get(answer.headers["Location"], timeout=5)
    assert file.content == sample("pdf")
    assert file.headers["Content-Type"] == "application/pdf"
    assert "filename*=UTF-8''R%C3%A9sum%C3%A9%20%E4%B8%AD.pdf" in file.headers["Content-Disposition"]


def test_a_download_is_told_when_no_redirect_is_wanted(
    gateway: Gateway, service: Service, done: str, token: str
) -> None:
    answer = gateway.get(f"{done}/download", token, params={"redirect": "false"})
    assert answer.status_code == 200
    lifetime_s = service.settings.download_url_lifetime_s
    assert parse_qs(urlsplit(answer.json()["url"]).query)["X-Amz-Expires"] == [str(lifetime_s)]
    assert answer.json()["expires_at"] == "2026-03-02T09:05:00.000Z"


def test_a_download_conflicts_when_there_is_no_file_yet(gateway: Gateway, token: str) -> None:
    conversion_id = post_document(gateway, token).json()["conversion_id"]
    assert gateway.get(f"/api/v3/conversions/{conversion_id}/download", token).status_code == 409


def test_a_download_conflicts_when_the_conversion_failed(gateway: Gateway, service: Service, token: str) -> None:
    conversion_id = post_document(gateway, token).json()["conversion_id"]
    work(service, conversion_id, raising(CorruptDocument("The PDF is damaged.")))
    assert gateway.get(f"/api/v3/conversions/{conversion_id}/download", token).status_code == 409


def test_a_result_is_gone_when_its_day_is_over(
    gateway: Gateway, people: People, clock: SteppedClock, service: Service
) -> None:
    user = people.new()
    conversion_id = post_document(gateway, people.token(user)).json()["conversion_id"]
    path = f"/api/v3/conversions/{conversion_id}"
    work(service, conversion_id)
    clock.step(A_DAY_S - 1)
    assert gateway.get(f"{path}/download", people.token(user)).status_code == 307
    clock.step(1)
    assert gateway.get(f"{path}/download", people.token(user)).status_code == 410
    assert gateway.get(path, people.token(user)).json()["download_url"] is None


def test_files_are_gone_and_the_row_stays_when_a_conversion_is_deleted(
    any_gateway: Gateway, done: str, token: str
) -> None:
    answer = any_gateway.request("DELETE", done, token)
    assert (answer.status_code, answer.content) == (204, b"")
    assert any_gateway.get(f"{done}/download", token).status_code == 410
    row = any_gateway.get(done, token).json()
    assert (row["status"], row["download_url"]) == ("success", None)
    assert any_gateway.request("DELETE", done, token).status_code == 204


def test_deleting_conflicts_when_the_conversion_is_under_way(gateway: Gateway, token: str) -> None:
    conversion_id = post_document(gateway, token).json()["conversion_id"]
    assert gateway.request("DELETE", f"/api/v3/conversions/{conversion_id}", token).status_code == 409


def test_a_waiting_conversion_is_cancelled_and_refunded_once(gateway: Gateway, token: str) -> None:
    path = f"/api/v3/conversions/{post_document(gateway, token).json()['conversion_id']}"
    assert gateway.get("/api/v3/points/balance", token).json() == {"balance": 27}
    for _ in range(2):
        cancelled = gateway.post(f"{path}/cancel", token)
        assert cancelled.status_code == 200, cancelled.text
        told = cancelled.json()
        assert (told["status"], told["points_charged"], told["remaining_balance"]) == ("failed", 0, 30)
        assert told["error"]["type"].endswith("/cancelled")
    assert gateway.get("/api/v3/points/balance", token).json() == {"balance": 30}


def test_cancelling_conflicts_when_an_engine_has_begun_or_all_is_over(
    gateway: Gateway, service: Service, token: str
) -> None:
    conversion_id = post_document(gateway, token).json()["conversion_id"]
    path = f"/api/v3/conversions/{conversion_id}/cancel"
    during: list[int] = []

    def act(job: Job) -> Outcome:
        during.append(gateway.post(path, token).status_code)
        return write_sample(job)

    assert work(service, conversion_id, act).result
    assert [*during, gateway.post(path, token).status_code] == [409, 409]


def test_progress_is_shown_while_an_engine_counts(gateway: Gateway, service: Service, token: str) -> None:
    conversion_id = post_document(gateway, token).json()["conversion_id"]
    seen: list[Any] = []

    def act(job: Job) -> Outcome:
        lease = row(service, conversion_id).lease
        service.store.conversions.renew(conversion_id, lease, {"done": 3, "total": 9, "unit": "pages"})
        seen.append(gateway.get(f"/api/v3/conversions/{conversion_id}", token).json()["progress"])
        return write_sample(job)

    work(service, conversion_id, act)
    assert seen == [{"done": 3, "total": 9, "unit": "pages"}]
    assert gateway.get(f"/api/v3/conversions/{conversion_id}", token).json()["progress"] is None


@pytest.mark.parametrize("spec", [spec for spec in CATALOGUE if not spec.many], ids=lambda spec: spec.slug)
def test_two_files_are_refused_when_a_conversion_takes_one(gateway: Gateway, token: str, spec: ConversionSpec) -> None:
    file = (f"a.{spec.accepts[0]}", sample(spec.accepts[0]))
    answer = post_document(gateway, token, spec.slug, files=[file, file])
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == ["body", "file"]


@pytest.mark.parametrize("spec", CATALOGUE, ids=lambda spec: spec.slug)
def test_no_file_is_refused(gateway: Gateway, token: str, spec: ConversionSpec) -> None:
    answer = gateway.post(f"/api/v3/conversions/{spec.slug}", token, files={"pages": (None, "1")}, data={})
    assert answer.status_code == 422
    assert ["body", "file"] in [error["loc"] for error in answer.json()["errors"]]


def test_history_shows_what_was_converted_newest_first(
    gateway: Gateway, service: Service, clock: SteppedClock, people: People
) -> None:
    token = people.token(people.new())
    ids = []
    for _ in range(3):
        ids.append(post_document(gateway, token).json()["conversion_id"])
        clock.step(1)
    work(service, ids[1])
    page = gateway.get("/api/v3/conversions/history", token, params={"limit": "2"}).json()
    assert [one["conversion_id"] for one in page["items"]] == [ids[2], ids[1]]
    assert [one["status"] for one in page["items"]] == ["processing", "success"]
    assert page["limit"] == 2
    rest = gateway.get(
        "/api/v3/conversions/history", token, params={"limit": "2", "cursor": page["next_cursor"]}
    ).json()
    assert [one["conversion_id"] for one in rest["items"]] == [ids[0]]
    assert rest["next_cursor"] is None


def test_a_super_users_conversion_costs_nothing(gateway: Gateway, people: People) -> None:
    answer = post_document(gateway, people.token(Role.SUPER)).json()
    assert (answer["points_charged"], answer["remaining_balance"]) == (0, None)

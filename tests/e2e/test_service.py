"""The service from outside: real engines, real HTTP, what a client relies on."""

import contextlib
import io
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import docx
import httpx
import pypdf
import pytest

from chalicelib.conversions import BY_SLUG
from tests.e2e.conftest import Running, convert, descendants, download, start, stop
from tests.support import documents

THREE_PAGES = documents.pdf("first page", "second page", "third page")


def pages_of(body: bytes) -> list[str]:
    """The text of each page of a PDF."""
    return [page.extract_text().strip() for page in pypdf.PdfReader(io.BytesIO(body)).pages]


def balance(client: httpx.Client) -> int | None:
    """Points left."""
    left: int | None = client.get("/api/v3/points/balance").json()["balance"]
    return left


def ended(client: httpx.Client, conversion_id: str, timeout_s: float = 90) -> dict[str, Any]:
    """The conversion when it has ended."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        answer = client.get(f"/api/v3/conversions/{conversion_id}", headers={"Prefer": "wait=10"})
        conversion: dict[str, Any] = answer.json()
        if conversion["status"] != "processing":
            return conversion
    pytest.fail(f"{conversion_id} did not end within {timeout_s} s")


def test_a_token_pair_comes_when_the_seeded_user_logs_in(running: Running) -> None:
    answer = httpx.post(
        f"{running.base_url}/api/v2/auth/login", json={"email": "user@example.com", "password": "password123"}
    )
    assert answer.status_code == 200
    body = answer.json()
    assert (body["token_type"], body["role"]) == ("bearer", "general_user")
    assert body["access_token"].count(".") == body["refresh_token"].count(".") == 2


def test_three_conversions_cost_nine_points_when_each_succeeds(user: httpx.Client) -> None:
    text = "A paragraph that must come through."
    word = convert(user, "pdf-to-word", "report.pdf", documents.pdf(text)).json()
    assert text in "\n".join(one.text for one in docx.Document(io.BytesIO(download(user, word))).paragraphs)
    pdf = convert(user, "docx-to-pdf", "letter.docx", documents.word(text)).json()
    assert pages_of(download(user, pdf)) == [text]
    fewer = convert(user, "remove-pages-from-pdf", "three.pdf", THREE_PAGES, options={"pages": "2"}).json()
    assert pages_of(download(user, fewer)) == ["first page", "third page"]
    assert [one["remaining_balance"] for one in (word, pdf, fewer)] == [27, 24, 21]
    assert balance(user) == 21


def test_the_download_carries_its_name_when_the_document_had_one(user: httpx.Client) -> None:
    conversion = convert(user, "docx-to-pdf", "Käse & Brot.docx", documents.word("x")).json()
    assert conversion["output_filename"] == "Käse & Brot.pdf"
    location = user.get(conversion["download_url"]).headers["Location"]
    assert "filename*=UTF-8''K%C3%A4se%20%26%20Brot.pdf" in httpx.get(location).headers["Content-Disposition"]


def test_nothing_is_charged_when_the_document_is_corrupt(user: httpx.Client) -> None:
    answer = convert(user, "pdf-to-word", "broken.pdf", b"%PDF-1.7\nthis is no document\n%%EOF")
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"].endswith("/corrupt-document")
    entries = user.get("/api/v3/points/ledger").json()["items"]
    movements = [(one["status"], one["amount"]) for one in entries if one["conversion_id"] == problem["conversion_id"]]
    assert movements == [("refunded", 3), ("spent", -3)]
    assert balance(user) == 30


def test_the_answer_says_what_is_missing_when_points_run_out(user: httpx.Client) -> None:
    def remove_a_page(key: str) -> httpx.Response:
        headers = {"Idempotency-Key": key}
        return convert(user, "remove-pages-from-pdf", "a.pdf", THREE_PAGES, options={"pages": "1"}, headers=headers)

    paid = [remove_a_page(f"key-{number}") for number in range(10)]
    assert [answer.status_code for answer in paid] == [200] * 10
    answer = remove_a_page("key-10")
    assert answer.status_code == 402
    assert (answer.json()["balance"], answer.json()["required"]) == (0, 3)
    again = remove_a_page("key-0")
    assert (again.status_code, again.headers["X-Idempotent-Replay"]) == (200, "true")
    assert again.json()["conversion_id"] == paid[0].json()["conversion_id"]


@pytest.mark.parametrize("token", [None, "Bearer", "Bearer not.a.token", "Basic dXNlcjpwYXNz"])
def test_the_request_is_refused_when_the_token_is_missing_or_bad(running: Running, token: str | None) -> None:
    url = f"{running.base_url}/api/v3/conversions/pdf-to-word"
    headers = {"Authorization": token} if token else {}
    answer = httpx.post(url, headers=headers, files={"file": ("a.pdf", THREE_PAGES)})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_super_users_pay_nothing_when_they_convert(running: Running) -> None:
    with running.client("super@example.com") as boss:
        answer = convert(boss, "remove-pages-from-pdf", "a.pdf", THREE_PAGES, options={"pages": "1"}).json()
    assert (answer["points_charged"], answer["remaining_balance"]) == (0, None)


def test_demo_users_are_refused_when_they_convert(running: Running) -> None:
    with running.client("demo@example.com") as demo:
        answer = convert(demo, "remove-pages-from-pdf", "a.pdf", THREE_PAGES, options={"pages": "1"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("name", "body", "options"),
    [
        ("a.pdf", b"just text", {"pages": "1"}),
        ("a.pdf", THREE_PAGES, {"pagez": "1"}),
        ("a.pdf", THREE_PAGES, {"pages": "0"}),
        ("a.pdf", THREE_PAGES, {"pages": "4"}),
        ("a.pdf", THREE_PAGES, {"pages": "1-3"}),
        ("a.pdf", THREE_PAGES, {}),
        ("a.pdf", b"", {"pages": "1"}),
    ],
)
def test_the_request_is_refused_free_of_charge_when_it_cannot_be_met(
    refused: httpx.Client, name: str, body: bytes, options: dict[str, str]
) -> None:
    answer = convert(refused, "remove-pages-from-pdf", name, body, options=options)
    assert answer.status_code == 422, answer.text
    assert balance(refused) == 30


def test_a_file_is_refused_when_it_is_larger_than_the_limit(refused: httpx.Client) -> None:
    answer = convert(refused, "pdf-to-word", "big.pdf", b"%PDF-1.7\n" + bytes(60_000_000))
    assert answer.status_code == 413
    assert answer.json()["type"].endswith("/payload-too-large")


def test_one_conversion_is_made_when_the_same_key_comes_from_32_connections(
    running: Running, user: httpx.Client
) -> None:
    headers = {"Idempotency-Key": '"once"', "Prefer": "wait=25"} | {"Authorization": user.headers["Authorization"]}

    def send(_number: int) -> httpx.Response:
        with httpx.Client(base_url=running.base_url, timeout=60) as client:
            return convert(
                client, "remove-pages-from-pdf", "a.pdf", THREE_PAGES, options={"pages": "1"}, headers=headers
            )

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(send, range(32)))
    assert {answer.status_code for answer in answers} <= {200, 202}
    assert len({answer.json()["conversion_id"] for answer in answers}) == 1
    assert sum("X-Idempotent-Replay" not in answer.headers for answer in answers) == 1
    assert balance(user) == 27
    other = convert(
        user, "remove-pages-from-pdf", "a.pdf", documents.pdf("x", "y"), options={"pages": "1"}, headers=headers
    )
    assert other.status_code == 422


def test_polling_ends_in_success_when_the_client_does_not_wait(user: httpx.Client) -> None:
    answer = convert(user, "docx-to-pdf", "a.docx", documents.word("async"), headers={"Prefer": "respond-async"})
    assert answer.status_code == 202
    assert answer.headers["Preference-Applied"] == "respond-async"
    assert answer.headers["Location"].startswith("http://127.0.0.1")
    conversion = ended(user, answer.json()["conversion_id"])
    assert answer.headers["Location"].endswith(conversion["conversion_id"])
    assert pages_of(download(user, conversion)) == ["async"]


def _spelt(number: int) -> str:
    """A word of its own for each page: what repeats on every page at one place is its head."""
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:03}")


def test_there_is_one_result_and_one_charge_when_the_worker_is_killed_at_work(
    running: Running, user: httpx.Client
) -> None:
    pages = [f"{_spelt(number)} begins here.\n" + f"{_spelt(number)} " * 12 for number in range(150)]
    answer = convert(user, "pdf-to-word", "long.pdf", documents.pdf(*pages), headers={"Prefer": "respond-async"})
    conversion_id = answer.json()["conversion_id"]
    _await_engine(running)
    workers = _processes(running, b"infra.local.poller", b"documents")
    assert workers, "no documents worker is running"
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
    conversion = ended(user, conversion_id, timeout_s=60)
    assert conversion["status"] == "success", conversion
    assert conversion["report"]["pages_out"] == 150
    text = "\n".join(one.text for one in docx.Document(io.BytesIO(download(user, conversion))).paragraphs)
    assert [number for number in range(150) if f"{_spelt(number)} begins here." not in text] == []
    entries = user.get("/api/v3/points/ledger").json()["items"]
    assert [one["status"] for one in entries] == ["spent", "opening"]
    assert balance(user) == 27


def _await_engine(running: Running) -> None:
    """Return as soon as the word engine is at a document: then its host has a child."""
    engine = BY_SLUG["pdf-to-word"].engine.encode()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if any(descendants(host) for host in _processes(running, b"chalicelib.engines.host", engine)):
            return
        time.sleep(0.02)
    pytest.fail("the word engine never began")


def _processes(running: Running, *words: bytes) -> list[int]:
    """The service's processes whose command holds all of ``words``."""
    found = []
    for pid in descendants(running.process.pid):
        with contextlib.suppress(OSError):
            if set(words) <= set(Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")):
                found.append(pid)
    return found


def test_health_names_the_libreoffice_when_the_service_is_a_local_one(running: Running) -> None:
    assert "LibreOffice " in httpx.get(f"{running.base_url}/health").json()["build"]


def test_no_process_stays_when_the_service_is_stopped(tmp_path: Path) -> None:
    running = start(tmp_path / "run.log")
    with running.client("super@example.com") as client:
        assert convert(client, "docx-to-pdf", "a.docx", documents.word("x")).status_code == 200
    started = descendants(running.process.pid)
    assert len(started) > 8, "engines, workers, queues and API are processes"
    stop(running)
    for _ in range(100):  # what was killed takes a moment to go where the machine is busy
        if not (left := [pid for pid in started if Path(f"/proc/{pid}").exists()]):
            break
        time.sleep(0.1)
    assert not left

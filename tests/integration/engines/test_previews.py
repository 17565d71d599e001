"""Previews over HTTP, drawn by the real engines: whose they are, what they show, and that nothing of them stays."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx
import openpyxl
import pytest
from PIL import Image

from chalicelib.api import application
from chalicelib.domain.conversion import Conversion
from chalicelib.domain.users import Role, User
from chalicelib.engines.job import Job, Outcome
from chalicelib.engines.process import Engines
from chalicelib.services import previews
from tests.integration.engines.image_files import ENGINES_HOME, ROOT
from tests.integration.engines.libreoffice.office_bench import SYSTEM_PYTHON, soffice
from tests.support.conversions import hand_in, work
from tests.support.documents import pdf, word
from tests.support.gateway import Gateway
from tests.support.people import People
from tests.support.stack import Stack

Look = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def engines() -> Iterator[Engines]:
    """With the LibreOffice of this machine."""
    made = Engines(ENGINES_HOME, ROOT, soffice=soffice(), uno_python=SYSTEM_PYTHON)
    yield made
    made.close()


@pytest.fixture
def owner(people: People) -> User:
    return people.new()


@pytest.fixture
def look(
    stack: Stack, gateway: Gateway, people: People, owner: User, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> Look:
    """Ask for a preview; its worker has done its work before the message is sent."""
    service = replace(stack.service, settings=replace(stack.settings, longest_wait_s=0.1))
    monkeypatch.setattr(application, "service", lambda: service)
    queues: Any = service.store.queues

    def ask(_worker: str, _lane: str, message: dict[str, Any]) -> None:
        step = previews.step_of(json.loads(json.dumps(message)))
        if step:
            previews.make(service, engines, step)

    monkeypatch.setattr(queues, "ask", ask)

    def call(conversion: Conversion, whose: User | None = None, **query: str) -> httpx.Response:
        path = f"/api/v3/conversions/{conversion.conversion_id}/preview"
        return gateway.get(path, people.token(whose or owner), params=query)

    return call


def seen(stack: Stack, conversion: Conversion, name: str) -> bytes:
    body: bytes = stack.service.store.files.get(f"{conversion.prefix}preview/{name}")
    return body


def succeeded(stack: Stack, owner: User, result: bytes, slug: str = "remove-pages-from-pdf") -> Conversion:
    def act(job: Job) -> Outcome:
        job.output.write_bytes(result)
        return Outcome(report={"engine": "scripted", "engine_version": "1"})

    return work(stack.service, hand_in(stack.service, owner, slug=slug).conversion.conversion_id, act)


def test_a_page_of_a_result_is_drawn_once_and_shown_to_its_owner_alone(
    stack: Stack, look: Look, owner: User, people: People, gateway: Gateway
) -> None:
    done = succeeded(stack, owner, pdf("one", "two"))
    answers = [look(done, page="2"), look(done, page="2", redirect="false")]
    assert [one.status_code for one in answers] == [307, 200]
    assert answers[1].json()["url"].split("?")[0] == answers[0].headers["location"].split("?")[0]
    with Image.open(io.BytesIO(seen(stack, done, "result-2.png"))) as picture:
        assert (picture.format, max(picture.size)) == ("PNG", 1_400)
        assert 0 in picture.convert("L").tobytes(), "there is text on it"
    assert look(done, page="3").status_code == 404
    for other in (people.shared(Role.GENERAL), people.shared(Role.SUPER), people.shared(Role.ADMIN)):
        assert look(done, other).status_code == 404
    gateway.request("DELETE", f"/api/v3/conversions/{done.conversion_id}", people.token(owner))
    assert look(done).status_code == 410
    assert stack.objects(f"{done.prefix}preview/") == []


def test_a_source_is_drawn_while_it_is_there(stack: Stack, look: Look, owner: User) -> None:
    begun = hand_in(stack.service, owner, pdf("one")).conversion
    assert look(begun).status_code == 409
    assert [look(begun, of="source", page=one).status_code for one in ("1", "2", "11")] == [307, 404, 404]
    work(stack.service, begun.conversion_id)
    assert look(begun, of="source").status_code == 410
    assert stack.objects(f"{begun.prefix}preview/") == []


def test_the_first_rows_of_a_workbook_are_json(stack: Stack, look: Look, owner: User) -> None:
    book, body = openpyxl.Workbook(), io.BytesIO()
    for row in ([1, "a", None], [2.5, "=1+1", True]):
        book.worksheets[0].append(row)
    book.worksheets[0]["B2"].data_type = "s"
    book.save(body)
    done = succeeded(stack, owner, body.getvalue(), "pdf-to-excel")
    assert look(done).status_code == 307
    told = json.loads(seen(stack, done, "result-rows.json"))
    assert told["sheets"] == [{"name": "Sheet", "rows": [[1, "a", None], [2.5, "=1+1", True]]}]
    assert told["is_whole"] is True


def test_a_word_document_is_laid_out_before_it_is_drawn(stack: Stack, look: Look, owner: User) -> None:
    done = succeeded(stack, owner, word("Dear Ada"), "pdf-to-word")
    assert look(done).status_code == 307
    assert seen(stack, done, "result-laid-out.pdf").startswith(b"%PDF")
    assert seen(stack, done, "result-1.png").startswith(b"\x89PNG")


def test_a_damaged_result_has_no_preview_and_says_why(stack: Stack, look: Look, owner: User) -> None:
    done = succeeded(stack, owner, b"%PDF-1.4\nnothing that could be read\n%%EOF\n")
    answers = [look(done), look(done)]
    assert [(one.status_code, one.json()["type"].rpartition("/")[2]) for one in answers] == [
        (422, "corrupt-document")
    ] * 2

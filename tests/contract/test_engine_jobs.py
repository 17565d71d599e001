"""What a client and the settings say reaches the engine: every option as it was sent, every limit as it is set."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest

from chalicelib.api import application
from chalicelib.conversions import BY_SLUG, CATALOGUE
from chalicelib.conversions.spec import Worker
from chalicelib.engines.job import Job, Limits
from chalicelib.services import Service, run
from chalicelib.settings import Settings
from tests.support.conversions import hand_in, post_document, upload
from tests.support.fakes import ScriptedEngines
from tests.support.gateway import Gateway
from tests.support.people import People

SENT: list[tuple[str, str, str, Any]] = [
    ("pdf-to-word", "pages", "2-", "2-"),
    ("pdf-to-excel", "pages", "1,last", "1,last"),
    ("pdf-to-excel", "sheets", "single", "single"),
    ("pdf-to-word", "ocr", "off", "off"),
    ("pdf-to-word", "language", "de, ru", ["de", "ru"]),
    ("pdf-to-excel", "ocr", "force", "force"),
    ("pdf-to-excel", "language", "zh", ["zh"]),
    ("image-to-pdf", "ocr", "auto", "auto"),
    ("image-to-pdf", "language", "en", ["en"]),
    ("docx-to-pdf", "pages", "1-3", "1-3"),
    ("docx-to-pdf", "pdfa", "3b", "3b"),
    ("docx-to-pdf", "pdfua", "true", True),
    ("excel-to-pdf", "fit", "width", "width"),
    ("excel-to-pdf", "orientation", "landscape", "landscape"),
    ("excel-to-pdf", "sheets", "First, 2", ["First", "2"]),
    ("excel-to-pdf", "pdfa", "1b", "1b"),
    ("excel-to-pdf", "encoding", "Windows-1251", "cp1251"),
    ("docx-to-pdf", "changes", "markup", "markup"),
    ("docx-to-pdf", "comments", "margin", "margin"),
    ("pptx-to-pdf", "pages", "2", "2"),
    ("pptx-to-pdf", "notes", "true", True),
    ("pptx-to-pdf", "pdfa", "2b", "2b"),
    ("image-to-pdf", "page_size", "A3", "A3"),
    ("image-to-pdf", "orientation", "portrait", "portrait"),
    ("image-to-pdf", "margin", "12.5", 12.5),
    ("remove-pages-from-pdf", "pages", "last", "last"),
    ("remove-pages-from-pdf", "remove_blank", "true", True),
    ("remove-background", "model", "silueta", "silueta"),
    ("remove-background", "background", "#12AB34", "#12AB34"),
    ("remove-background", "format", "webp", "webp"),
    ("remove-background", "mask_only", "true", True),
    ("remove-background", "alpha_matting", "true", True),
    ("remove-background", "crop", "true", True),
]
"""Slug, option, how a form sends it, what an engine gets: another value than the default of each."""

PROTECTED = [spec.slug for spec in CATALOGUE if "password" in spec.options.model_fields]

SETTING_OF = {
    "memory_bytes": "engine_memory_bytes",
    "output_bytes": "max_output_bytes",
    "pdf_pages": "max_pdf_pages",
    "image_pixels": "max_image_pixels",
    "image_frames": "max_image_frames",
    "zip_entries": "max_zip_entries",
    "zip_bytes": "max_zip_bytes",
    "zip_ratio": "max_zip_ratio",
    "page_cpu_s": "page_cpu_s",
}
"""The setting behind each limit of an engine's run; ``timeout_s`` and ``cpu_s`` have one for each worker."""

JobOf = Callable[..., Job]


@pytest.fixture
def job_of(gateway: Gateway, service: Service, people: People) -> JobOf:
    """The job that an engine gets when ``slug`` is called with these form fields."""

    def call(slug: str, **options: str) -> Job:
        accepted = post_document(gateway, people.token(people.new()), slug, None, None, **options)
        assert accepted.status_code == 202, accepted.text
        engines = ScriptedEngines()
        run.run(service, engines, accepted.json()["conversion_id"])
        return engines.jobs[0]

    return call


@pytest.mark.parametrize(("slug", "option", "sent", "expected"), SENT)
def test_an_option_reaches_the_engine_when_it_is_sent(
    job_of: JobOf, slug: str, option: str, sent: str, expected: Any
) -> None:
    assert BY_SLUG[slug].options.model_fields[option].default != expected
    assert job_of(slug, **{option: sent}).options[option] == expected


def test_every_option_is_among_those_that_are_sent() -> None:
    options = {(spec.slug, name) for spec in CATALOGUE for name in spec.options.model_fields if name != "password"}
    assert {(slug, option) for slug, option, *_ in SENT} == options


@pytest.mark.parametrize(("options", "steps"), [({}, 2), ({"ocr": "force"}, 2), ({"ocr": "off"}, 1)])
def test_engine_works_on_what_the_reader_of_scans_wrote_unless_they_are_not_to_be_read(
    gateway: Gateway, service: Service, people: People, options: dict[str, str], steps: int
) -> None:
    accepted = post_document(gateway, people.token(people.new()), "pdf-to-excel", None, None, **options)
    engines = ScriptedEngines()
    run.run(service, engines, accepted.json()["conversion_id"])

    jobs = engines.jobs
    assert len(jobs) == steps
    assert [job.inputs[0].path for job in jobs[1:]] == [job.output for job in jobs[:-1]]
    assert len({job.inputs[0].name for job in jobs}) == 1


def test_images_go_to_the_worker_that_reads_scans_only_when_they_are_to_be_read() -> None:
    spec = BY_SLUG["image-to-pdf"]
    assert [spec.worker_for({"ocr": ocr}) for ocr in ("off", "auto")] == [Worker.LIGHT, Worker.DOCUMENTS]


@pytest.mark.parametrize("slug", PROTECTED)
def test_a_password_reaches_the_engine_apart_from_the_options_when_it_is_sent(job_of: JobOf, slug: str) -> None:
    required = {"pages": "1"} if slug == "remove-pages-from-pdf" else {}
    job = job_of(slug, password="hush", **required)
    assert job.password == "hush"
    assert "hush" not in str(job.options)


def test_the_settings_model_is_taken_when_a_request_names_none(service: Service, people: People) -> None:
    set_up = replace(service, settings=replace(service.settings, background_model="isnet-general-use"))
    for asked, model in ((None, "isnet-general-use"), ("silueta", "silueta")):
        engines = ScriptedEngines()
        accepted = hand_in(set_up, people.new(), slug="remove-background", model=asked)
        run.run(set_up, engines, accepted.conversion.conversion_id)
        assert engines.jobs[0].options["model"] == model


@pytest.mark.parametrize(("limit", "setting"), SETTING_OF.items())
def test_an_engine_is_held_to_the_setting_when_a_limit_is_set(service: Service, limit: str, setting: str) -> None:
    assert getattr(Limits(), limit) == Settings.__dataclass_fields__[setting].default
    changed: dict[str, Any] = {setting: 7}
    held = run.limits(replace(service.settings, **changed), Worker.LIGHT)
    assert getattr(held, limit) == 7


@pytest.mark.parametrize("worker", Worker)
def test_an_engine_gets_its_workers_time_when_it_is_set(service: Service, worker: Worker) -> None:
    times: dict[str, Any] = {f"{worker}_timeout_s": 7.0, f"{worker}_cpu_s": 5.0}
    held = run.limits(replace(service.settings, **times), worker)
    assert (held.timeout_s, held.cpu_s) == (7, 5)


def test_every_limit_has_a_setting() -> None:
    assert {one.name for one in fields(Limits)} == {*SETTING_OF, "timeout_s", "cpu_s"}


def test_the_limit_is_named_when_more_files_come_than_one_conversion_takes(
    gateway: Gateway, service: Service, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited = replace(service, settings=replace(service.settings, max_files=2))
    monkeypatch.setattr(application, "service", lambda: limited)
    token, image = people.token(people.new()), upload("image-to-pdf")
    answer = post_document(gateway, token, "image-to-pdf", files=[image] * 3)
    assert answer.status_code == 422
    assert "too many files: 3 sent, 2 allowed" in answer.json()["detail"]
    assert post_document(gateway, token, "image-to-pdf", files=[image] * 2).status_code == 202

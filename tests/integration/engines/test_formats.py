"""Every conversion of the catalogue, by its real engine, from a real file of every format that it accepts."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chalicelib.conversions import CATALOGUE
from chalicelib.conversions.spec import ConversionSpec
from chalicelib.domain.filekinds import HEAD_BYTES, sniff
from chalicelib.engines.job import InputFile, Job, Outcome
from chalicelib.engines.process import LIBREOFFICE, EngineProcess, Engines
from tests.integration.engines.image_files import ENGINES_HOME, MODELS_HOME, ball, saved
from tests.integration.engines.table_pdfs import document, ruled
from tests.support.documents import pdf

pytestmark = pytest.mark.skipif(
    not ENGINES_HOME.is_dir() or not (MODELS_HOME / "isnet-general-use.onnx").is_file(),
    reason="the engines are not installed",
)

TAIL_BYTES = 65_536
OPTIONS = {"remove-pages-from-pdf": {"pages": "1"}, "remove-background": {"model": "fast"}}
TWO_PAGES = pdf("first page", "second page")
COUNTING = {"pdf-to-word": "pages", "pdf-to-excel": "pages", "remove-pages-from-pdf": "pages"} | {
    "image-to-pdf": "files",
    "remove-background": "files",
}
"""What an engine counts while it works; LibreOffice does not say how far it is."""

PLUGINS = {"jpg": "JPEG", "png": "PNG", "gif": "GIF", "bmp": "BMP", "tiff": "TIFF", "webp": "WEBP", "heic": "HEIF"}
MAKERS: dict[tuple[str, str], Callable[[], bytes]] = {
    ("pdf-to-word", "pdf"): lambda: TWO_PAGES,
    ("pdf-to-excel", "pdf"): lambda: document(ruled([["Item", "Price"], ["Lamp", "12.50"]])),
    ("remove-pages-from-pdf", "pdf"): lambda: TWO_PAGES,
    ("excel-to-pdf", "csv"): lambda: b"Item,Price\nLamp,12.50\n",
}
STORED = {("docx-to-pdf", kind): f"report.{kind}" for kind in ("docx", "doc", "odt", "rtf")} | {
    ("excel-to-pdf", kind): f"table.{kind}" for kind in ("xlsx", "xls", "ods")
}
TALKS = "pptx-to-pdf"


def sample(slug: str, kind: str, stored: dict[str, Path]) -> bytes:
    """A real file of ``kind``; a pair without one is a format that nothing tests."""
    if kind in PLUGINS:
        return saved(ball(60, 40), PLUGINS[kind])
    if (slug, kind) in STORED:
        return stored[STORED[slug, kind]].read_bytes()
    return MAKERS[slug, kind]()


def kinds(data: bytes, name: str) -> tuple[str, ...]:
    """What the product takes ``data`` for."""
    return sniff(data[:HEAD_BYTES], data[-TAIL_BYTES:], name).candidates


@pytest.fixture
def convert(
    engines: Engines, libreoffice: EngineProcess, tmp_path: Path
) -> Callable[[ConversionSpec, InputFile, Any], Outcome]:
    """Run a conversion; its result is ``output`` in the test's folder."""

    def run(spec: ConversionSpec, source: InputFile, on_progress: Any) -> Outcome:
        workdir = tmp_path / "work"
        workdir.mkdir()
        options = spec.options.model_validate(OPTIONS.get(spec.slug, {})).for_engine()
        job = Job(spec.action, (source,), tmp_path / "output", workdir, options)
        if spec.engine == LIBREOFFICE:
            return libreoffice.run(job, on_progress, threading.Event())
        return engines.run(spec.engine, job, on_progress, threading.Event())

    return run


@pytest.mark.parametrize(
    ("spec", "kind"),
    [pytest.param(spec, kind, id=f"{spec.slug}-{kind}") for spec in CATALOGUE for kind in spec.accepts],
)
def test_a_result_with_its_report_comes_when_a_file_of_an_accepted_format_is_given(
    convert: Callable[..., Outcome],
    stored: dict[str, Path],
    talks: dict[str, Path],
    tmp_path: Path,
    spec: ConversionSpec,
    kind: str,
) -> None:
    source = tmp_path / f"sample.{kind}"
    source.write_bytes(talks[kind].read_bytes() if spec.slug == TALKS else sample(spec.slug, kind, stored))
    assert kinds(source.read_bytes(), source.name)[0] == kind
    seen: list[tuple[int, int, str]] = []

    report = convert(spec, InputFile(source, source.name, kind), lambda *step: seen.append(step)).report

    produced = spec.output_kind(spec.options.model_validate(OPTIONS.get(spec.slug, {})).for_engine())
    assert produced in kinds((tmp_path / "output").read_bytes(), f"sample.{produced}")
    assert report["engine"]
    assert report["engine_version"][0].isdigit()
    assert report["pages_out" if produced in ("pdf", "docx", "xlsx") else "width"] > 0
    assert {unit for *_, unit in seen} == {COUNTING[spec.slug]} if spec.slug in COUNTING else not seen
    assert all(done == total for done, total, _ in seen[-1:])

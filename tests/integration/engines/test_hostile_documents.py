"""Documents that would hold a worker for ever end soon, by their own doing, and cost no page beside them."""

import threading
from pathlib import Path

import pytest

from chalicelib.domain.errors import ConversionTimeout, LimitExceeded
from chalicelib.engines.job import InputFile, Job, Limits, Outcome
from chalicelib.engines.process import EngineProcess, Engines
from tests.integration.engines.image_files import ENGINES_HOME
from tests.support.hostile import doubling_pdf, far_cells_ods, far_cells_xlsx

TABLES, WORD = "chalicelib.engines.tables.engine", "chalicelib.engines.word.engine"
LIMITS = Limits(timeout_s=60, cpu_s=40)
needs_tables = pytest.mark.skipif(not (ENGINES_HOME / "tables").is_dir(), reason="the engine is not installed")


def job(tmp_path: Path, action: str, body: bytes, kind: str, output: str) -> Job:
    """A job on ``body``."""
    path = tmp_path / f"hostile.{kind}"
    path.write_bytes(body)
    source = InputFile(path, path.name, kind)
    return Job(action, (source,), tmp_path / f"output.{output}", tmp_path, limits=LIMITS)


def run(engines: Engines, engine: str, given: Job) -> Outcome:
    """Run it."""
    return engines.run(engine, given, lambda *_: None, threading.Event())


@needs_tables
def test_forms_that_double_cost_their_page_its_time_and_no_more(engines: Engines, tmp_path: Path) -> None:
    with pytest.raises(ConversionTimeout, match="Page 1 is not"):
        run(engines, TABLES, job(tmp_path, "pdf_to_excel", doubling_pdf(), "pdf", "xlsx"))


@needs_tables
def test_a_page_of_forms_that_double_costs_the_document_that_page_alone(engines: Engines, tmp_path: Path) -> None:
    outcome = run(engines, WORD, job(tmp_path, "pdf_to_docs", doubling_pdf(2), "pdf", "docx"))
    assert [one for one in outcome.warnings if "Page 1" in one]
    assert not [one for one in outcome.warnings if "Page 2" in one]


@pytest.mark.parametrize(("kind", "workbook"), [("xlsx", far_cells_xlsx()), ("ods", far_cells_ods())])
def test_a_sheet_of_seventeen_billion_cells_is_refused(
    libreoffice: EngineProcess, tmp_path: Path, kind: str, workbook: bytes
) -> None:
    given = job(tmp_path, "excel_to_pdf", workbook, kind, "pdf")
    with pytest.raises(LimitExceeded, match="stray cells"):
        libreoffice.run(given, lambda *_: None, threading.Event())

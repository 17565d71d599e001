"""PDF to Excel: finds the tables of a PDF and writes them as an XLSX with typed cells."""

import os
import time
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl.utils import get_column_letter

from chalicelib.domain import page_ranges
from chalicelib.domain.errors import (
    ConversionFailed,
    ConversionTimeout,
    LimitExceeded,
    NoTablesFound,
    NoTextLayer,
)
from chalicelib.engines.budget import Meter, late
from chalicelib.engines.job import Job, Outcome, Progress
from chalicelib.engines.tables.found import PageReading
from chalicelib.engines.tables.joined import joined
from chalicelib.engines.tables.pymupdf import pymupdf
from chalicelib.engines.tables.source import open_source
from chalicelib.engines.tables.typed_tables import place
from chalicelib.engines.tables.warnings import number_warnings
from chalicelib.engines.tables.workbook import Placed, write_workbook
from chalicelib.engines.tables.worker import Budget, Failure, OutOfTime, Source, read_pages

_PAGE_SHARE = 1 / 8
"""The share of the processor time that one page may use; a page of 500 numbers takes half a second."""
_READING_SHARE = 0.85
"""What remains is for writing the workbook."""

Readings = Mapping[int, PageReading]


def convert(job: Job, progress: Progress) -> Outcome:
    """Write the tables on the pages that ``options["pages"]`` names, laid out as ``options["sheets"]`` says.

    Raises ``EncryptedDocument``, ``CorruptDocument``, ``LimitExceeded``, ``PageOutOfRange``, ``NoTextLayer``,
    ``NoTablesFound``, ``ConversionTimeout`` and ``ConversionFailed``.
    """
    started = time.monotonic()
    total = _page_count(job)
    pages = _chosen(job, total)
    results = _read(job, pages, started, progress)
    readings = {page: one for page, one in results.items() if isinstance(one, PageReading)}
    failures = {page: one for page, one in results.items() if isinstance(one, Failure)}
    placed = place(readings)
    if not placed:
        _refuse(readings, failures, job.options.get("ocr"))
    sheets = job.options.get("sheets", "table")
    if sheets != "page":
        placed = joined(placed)
    written = write_workbook(placed, sheets, job.output)
    warnings = [*_page_warnings(readings, failures), *number_warnings(placed), *written]
    return Outcome(tuple(warnings), _report(total, pages, readings, placed))


def versions() -> dict[str, str]:
    """What the engine runs on, for the log."""
    return {"pymupdf": pymupdf.__version__}


def _page_count(job: Job) -> int:
    with open_source(job.inputs[0].path, job.password) as document:
        total = int(document.page_count)
    if total > job.limits.pdf_pages:
        raise LimitExceeded(
            f"This PDF has {total:,} pages; the limit is {job.limits.pdf_pages:,}. Split it and convert the parts."
        )
    return total


def _chosen(job: Job, total: int) -> list[int]:
    wanted = job.options.get("pages")
    return page_ranges.resolve(wanted, total) if wanted else list(range(1, total + 1))


def _read(job: Job, pages: Sequence[int], started: float, progress: Progress) -> dict[int, PageReading | Failure]:
    allowed_s, meter = job.limits.timeout_s, Meter(os.getpid())
    progress(0, len(pages), "pages")
    try:
        return read_pages(
            Source(job.inputs[0].path, job.password),
            pages,
            Budget(job.limits.cpu_s * _PAGE_SHARE, started + allowed_s * _READING_SHARE),
            lambda done: progress(done, len(pages), "pages"),
        )
    except OutOfTime as error:
        done = error.args[0]
        raise late(
            meter,
            f"Only {done:,} of {len(pages):,} pages could be read in the {allowed_s:g} s that a conversion may take. "
            f"Convert fewer at a time, as with pages={pages[0]}-{pages[max(0, done - 1)]}.",
        ) from error


def _refuse(readings: Readings, failures: Mapping[int, Failure], ocr: str | None) -> None:
    """No table anywhere: say what was looked at, and why pages could not be."""
    scans = _scans(readings)
    others = " ".join(_page_warnings(readings, failures))
    if not readings and all(failure.kind == "time" for failure in failures.values()):
        raise ConversionTimeout(f"None of the pages could be read in its processor time. {others}")
    if not readings:
        raise ConversionFailed(f"None of the pages could be read. {others}")
    if len(scans) == len(readings):
        raise NoTextLayer(f"{_pages_are(scans)} without a text layer, as scans are. {_remedy(ocr)}")
    looked = page_ranges.spoken(sorted(readings.keys() - set(scans)))
    raise NoTablesFound(f"No tables were found on {looked}. {others}".strip())


def _remedy(ocr: str | None) -> str:
    """What to do about a scan, by what was asked for."""
    if ocr == "off":
        return "Ask for ocr=auto to have them read."
    return "No text was found in their pictures."


def _scans(readings: Readings) -> list[int]:
    return sorted(page for page, reading in readings.items() if reading.scanned)


def _page_warnings(readings: Readings, failures: Mapping[int, Failure]) -> list[str]:
    """Each page that is not, or not faithfully, in the workbook, by number."""
    slow = sorted(page for page, failure in failures.items() if failure.kind == "time")
    broken = sorted(page for page, failure in failures.items() if failure.kind != "time")
    unknown = sorted(page for page, reading in readings.items() if _has_unknown_text(reading))
    sentences = [
        (_scans(readings), "{} without a text layer: tables there stay unseen."),
        (slow, "{} not in the workbook: reading took too long."),
        (broken, "{} not in the workbook: what stands there could not be read; it may be damaged."),
        (unknown, "{} not wholly legible: the PDF does not say which characters some glyphs are; they stand as �."),
    ]
    return [sentence.format(_pages_are(pages)) for pages, sentence in sentences if pages]


def _has_unknown_text(reading: PageReading) -> bool:
    return any("\ufffd" in text for table in reading.tables for _, _, text in table.texts)


def _report(total: int, pages: Sequence[int], readings: Readings, placed: Sequence[Placed]) -> dict[str, Any]:
    with_tables = {page for one in placed for page in one.pages or [one.page]}
    return {
        "engine": "pymupdf",
        "engine_version": pymupdf.__version__,
        "pages_in": total,
        "pages_out": len(readings),
        "pages_without_tables": len(set(pages) - with_tables),
        "tables": [_table_row(one) for one in placed],
    }


def _table_row(one: Placed) -> dict[str, Any]:
    row: dict[str, Any] = {
        "page": one.page,
        "table": one.number,
        "sheet": one.sheet,
        "row": one.first_row,
        "rows": one.table.rows,
        "columns": one.table.columns,
    }
    if len(one.pages) > 1:
        row["pages"] = one.pages
    if one.doubtful:
        row["columns_in_doubt"] = [get_column_letter(at + 1) for at in one.doubtful]
    if one.continues is not None:
        row["continues"] = {"page": one.continues.page, "table": one.continues.number}
    return row


def _pages_are(pages: Sequence[int]) -> str:
    return page_ranges.spoken(pages).capitalize() + (" is" if len(pages) == 1 else " are")

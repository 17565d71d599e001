"""Rewrites, before LibreOffice loads a document, what it is known to show otherwise than Office does."""

import re
import struct
from pathlib import Path

from chalicelib.engines.job import InputFile
from chalicelib.engines.office.compound import CompoundFile, NotCompound
from chalicelib.engines.office.doc_marks import end_formatting_at_marks
from chalicelib.engines.office.docx_fields import bookmarks, with_stored_results
from chalicelib.engines.office.files import is_compound
from chalicelib.engines.office.odt_values import with_shown_values
from chalicelib.engines.office.parts import Rewriting, count_in_parts, read_part, rewrite_parts
from chalicelib.engines.office.word_binary import STREAM, NotWord97, WordBinary
from chalicelib.engines.office.xlsx_columns import digit_pixels, with_ordinary_width
from chalicelib.engines.office.xlsx_formulas import Calculation, asks_for_calculation
from chalicelib.engines.office.xlsx_formulas import with_stored_results as with_stored_cells

_TEXT_PART = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\d*\.xml")
_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml")


def normalise_text(source: InputFile) -> None:
    """A docx or odt keeps the results that its fields and cells were stored with, a doc its empty lines' heights."""
    if is_compound(source.path):
        if source.kind == "doc":
            _doc(source.path)
        return
    if source.kind == "docx":
        targets = bookmarks(read_part(source.path, "word/document.xml"))
        rewrite_parts(source.path, lambda name: _docx(name, targets))
    elif source.kind == "odt":
        rewrite_parts(source.path, lambda name: with_shown_values if name in ("content.xml", "styles.xml") else None)


def normalise_workbook(source: InputFile, functions: frozenset[str]) -> bool:
    """An xlsx keeps the results that can't be calculated by ``functions``, and has columns as wide as Excel's.

    Answers whether it asks for the other results to be calculated.
    """
    if source.kind != "xlsx" or is_compound(source.path):
        return False
    asked = asks_for_calculation(read_part(source.path, "xl/workbook.xml"))
    results = with_stored_cells(Calculation(asked, functions))
    pixels = digit_pixels(read_part(source.path, "xl/styles.xml"))

    def rewriting(sheet: bytes) -> bytes:
        kept = results(sheet)
        return with_ordinary_width(kept, pixels) if pixels else kept

    rewrite_parts(source.path, lambda name: rewriting if _SHEET_PART.fullmatch(name) else None)
    return asked


def sparkline_warnings(source: InputFile) -> list[str]:
    """A sentence about the small charts in cells, which LibreOffice prints only in part."""
    if source.kind != "xlsx" or is_compound(source.path):
        return []
    count = count_in_parts(source.path, _SHEET_PART, b"<x14:sparkline>") + count_in_parts(
        source.path, _SHEET_PART, b"<x14:sparkline/>"
    )
    return [f"Small charts in cells (sparklines) may be missing: the workbook has {count}."] if count else []


def _doc(path: Path) -> None:
    try:
        file = CompoundFile(path)
        document = WordBinary(file)
        if end_formatting_at_marks(document):
            path.write_bytes(file.replaced(STREAM, bytes(document.data)))
    except (NotCompound, NotWord97, struct.error, IndexError):
        return  # LibreOffice will say what it thinks of it


def _docx(name: str, targets: frozenset[bytes]) -> Rewriting | None:
    if not _TEXT_PART.fullmatch(name):
        return None
    runs_along = name.startswith(("word/header", "word/footer"))
    return lambda part: with_stored_results(part, targets, runs_along=runs_along)

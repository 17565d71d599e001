"""The heights of rows that Excel fitted itself."""

from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Alignment

from chalicelib.engines.office.parts import rewrite_parts
from tests.integration.engines.libreoffice.office_bench import OfficeBench


def _fitted_by_excel(path: Path, heights: tuple[int, ...], texts: tuple[str, ...]) -> Path:
    """openpyxl can only set heights by hand: the mark of that is taken away."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "A & B"
    for number, (height, text) in enumerate(zip(heights, texts, strict=True), start=1):
        sheet.cell(number, 1, text).alignment = Alignment(wrap_text=True)
        sheet.row_dimensions[number].height = height
    book.save(path)
    rewrite_parts(path, lambda _: lambda part: part.replace(b' customHeight="1"', b""))
    return path


def _height_of(office: OfficeBench, path: Path, word: str) -> float:
    """Of its baseline above the foot of the page."""
    found: list[float] = []

    def see(text: str, _cm: list[float], tm: list[float], *_: object) -> None:
        if word in text:
            found.append(tm[5])

    office.convert(path).reader.pages[0].extract_text(visitor_text=see)
    return found[0]


def test_rows_are_as_high_as_stored_when_excel_fitted_them(office: OfficeBench) -> None:
    path = _fitted_by_excel(office.folder / "high.xlsx", (60, 60, 60), ("first", "second", "third"))

    assert _height_of(office, path, "first") - _height_of(office, path, "third") == pytest.approx(120, abs=2)


def test_no_text_is_cut_when_it_breaks_into_more_lines_than_are_stored(office: OfficeBench) -> None:
    path = _fitted_by_excel(office.folder / "cut.xlsx", (20, 15), ("one " * 30 + "last", "below"))

    assert _height_of(office, path, "last") > _height_of(office, path, "below")
    assert "last" in office.convert(path).text

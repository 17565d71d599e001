"""What Excel decided about rows and columns itself: the heights of rows it fitted, the width of ordinary columns."""

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
    return office.convert(path).place_of(word)[1]


def test_rows_are_as_high_as_stored_when_excel_fitted_them(office: OfficeBench) -> None:
    path = _fitted_by_excel(office.folder / "high.xlsx", (60, 60, 60), ("first", "second", "third"))

    assert _height_of(office, path, "first") - _height_of(office, path, "third") == pytest.approx(120, abs=2)


def test_no_text_is_cut_when_it_breaks_into_more_lines_than_are_stored(office: OfficeBench) -> None:
    path = _fitted_by_excel(office.folder / "cut.xlsx", (20, 15), ("one " * 30 + "last", "below"))

    assert _height_of(office, path, "last") > _height_of(office, path, "below")
    assert "last" in office.convert(path).text


@pytest.mark.parametrize(("base", "pixels"), [(8, 64), (10, 80)])
def test_columns_are_a_multiple_of_eight_pixels_when_nobody_set_their_width(
    office: OfficeBench, base: int, pixels: int
) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].sheet_format.baseColWidth = base
    book.worksheets[0].append(["first", None, None, None, "fifth"])
    path = office.folder / f"ordinary-{base}.xlsx"
    book.save(path)

    # In Calibri 11 a digit is 7 pixels on the screen and .507 em on paper.
    columns = 4 * pixels / 7 * 0.507 * 11
    result = office.convert(path)
    across = result.place_of("fifth")[0] - result.place_of("first")[0]
    assert across == pytest.approx(columns, abs=2)

"""A workbook whose sheets reach too far is refused before LibreOffice sees it, and no other is."""

import zipfile
from pathlib import Path

import pytest

from chalicelib.domain.errors import LimitExceeded
from chalicelib.engines.job import InputFile
from chalicelib.engines.office.extent import check_extent


def workbook(tmp_path: Path, *cells: str, names: str = "", kind: str = "xlsx") -> InputFile:
    """A workbook with one sheet of ``cells``."""
    path = tmp_path / f"book.{kind}"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", f"<workbook>{names}</workbook>")
        archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{''.join(cells)}</sheetData></worksheet>")
    return InputFile(path, path.name, kind)


def test_a_sheet_with_a_cell_in_either_corner_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LimitExceeded, match="16,384 columns and 1,048,576 rows"):
        check_extent(workbook(tmp_path, '<c r="A1"><v>1</v></c>', '<x:c s="1" t="n" r="XFD1048576"><v>1</v></x:c>'))


@pytest.mark.parametrize(
    "cells",
    [
        ['<c r="A1"><v>1</v></c>', '<c r="XFD1048576" s="4"/>'],
        ['<c r="Z1048576"><v>1</v></c>'],
        ['<c r="XFD9000"><v>1</v></c>'],
        [f'<c r="A{row}"><v>{"9" * 90}</v></c>' for row in range(1, 30_000)],
    ],
    ids=["only formatted", "long", "wide", "many"],
)
def test_a_sheet_is_left_to_libreoffice_when_it_can_be_laid_out(tmp_path: Path, cells: list[str]) -> None:
    check_extent(workbook(tmp_path, *cells))


def test_a_print_area_is_taken_at_its_word(tmp_path: Path) -> None:
    area = '<definedNames><definedName name="_xlnm.Print_Area" localSheetId="0">S!$A$1</definedName></definedNames>'
    check_extent(workbook(tmp_path, '<c r="XFD1048576"><v>1</v></c>', names=area))

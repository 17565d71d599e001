"""Rows as high as Excel left them, where LibreOffice fitted them anew while it loaded."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.engines.office.xlsx_rows import Rows

_POINT = 2540 / 72
"""In hundredths of a millimetre."""

_ROUNDING = 2
"""Hundredths of a millimetre: Calc keeps heights in twips, 1.76 of them each."""


def restore_heights(document: Any, stored: Mapping[str, Sequence[Rows]]) -> None:
    """Never lower than LibreOffice fitted a row: a text that breaks once more here would be cut."""
    for sheet in document.Sheets:
        for rows in stored.get(sheet.Name, ()):
            _restore(sheet, rows)


def _restore(sheet: Any, rows: Rows) -> None:
    """Where they are together as high as stored, each is: asking one by one takes a call for each."""
    height = round(rows.height * _POINT)
    area = sheet.getCellRangeByPosition(0, rows.first, 0, rows.last)
    count = rows.last - rows.first + 1
    if abs(area.Size.Height - count * height) <= count * _ROUNDING:
        return
    for number in range(count):
        row = area.Rows.getByIndex(number)
        if row.Height < height and row.IsVisible:
            row.Height = height

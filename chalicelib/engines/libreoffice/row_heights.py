"""Rows as high as Excel left them, where LibreOffice fitted them anew while it loaded."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from chalicelib.engines.office.xlsx_rows import Rows

_POINT = 2540 / 72
"""In hundredths of a millimetre."""

_ROUNDING = 2
"""Hundredths of a millimetre: Calc keeps heights in twips, 1.76 of them each."""


_MOST = 200
"""Rows of a workbook: asking for a height took 1.5 ms and setting it 4 to 6, so that 3,000 rows took 4 to 18 s."""


def restore_heights(document: Any, stored: Mapping[str, Sequence[Rows]]) -> None:
    """Never lower than LibreOffice fitted a row: a text that breaks once more here would be cut.

    Of more than 200 such rows in a workbook none is touched: they keep the heights that LibreOffice fitted.
    """
    if sum(rows.last - rows.first + 1 for several in stored.values() for rows in several) > _MOST:
        return
    for sheet in document.Sheets:
        for rows in stored.get(sheet.Name, ()):
            _restore(sheet, rows)


def _restore(sheet: Any, rows: Rows) -> None:
    """Where they are together as high as stored, each is: asking one by one takes a call for each.

    Setting takes far longer than asking, since all that stands on the sheet moves: rows in a run are set at once.
    """
    height, count = round(rows.height * _POINT), rows.last - rows.first + 1
    area = _area(sheet, rows.first, rows.last)
    if abs(area.Size.Height - count * height) <= count * _ROUNDING:
        return
    every = area.Rows
    low = [every.getByIndex(number).Height < height for number in range(count)]
    for is_low, run in groupby(range(count), key=low.__getitem__):
        if is_low:
            numbers = list(run)
            _area(sheet, rows.first + numbers[0], rows.first + numbers[-1]).Rows.Height = height


def _area(sheet: Any, first: int, last: int) -> Any:
    return sheet.getCellRangeByPosition(0, first, 0, last)

"""What the cells of a loaded workbook show: its own name, errors and ``###``, named with their places."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import uno  # type: ignore[import-not-found]

from chalicelib.engines.libreoffice.listener import Listener
from chalicelib.engines.libreoffice.sheets import Sheet

# com.sun.star.sheet.FormulaResult: ERROR, VALUE; com.sun.star.sheet.CellFlags: VALUE, DATETIME
_ERROR, _NUMBER_RESULT = 4, 1
_NUMBERS = 1 | 2

# com.sun.star.text.FilenameDisplayFormat
_NAME_AND_EXTENSION = 3

_OWN_NAME = re.compile(r"CELL\(\s*\"filename\"\s*(?:[;,][^()]*)?\)", re.IGNORECASE)
_NAMED = 10
"""Places that a warning names; it tells how many more there are."""

_MEASURED = 600
"""Cells whose width is looked at: the first, the lowest and the highest of each run of numbers in a column."""

_FORMATS_OF_A_LOCALE = 5_000
"""The first of each locale's number formats is General."""

_EM = 1_000
_POINT = 2540 / 72
_PADDING = 70
"""Hundredths of a millimetre, left and right of a cell's text together."""

_FILE_NAME = "com.sun.star.text.TextField.FileName"
_PARTS = ("LeftText", "CenterText", "RightText")
_PLACES = tuple(f"{side}Page{place}Content" for side in ("Left", "Right", "First") for place in ("Header", "Footer"))


def known_functions(soffice: Listener) -> frozenset[str]:
    """The names of the functions that this LibreOffice can calculate, in capitals."""
    functions = soffice.service("com.sun.star.sheet.FunctionDescriptions")
    described = (functions.getByIndex(number) for number in range(functions.Count))
    return frozenset(str(one.Value).upper() for parts in described for one in parts if one.Name == "Name")


def show_own_name(document: Any, name: str) -> None:
    """Headers, footers and cells that show the file's path show its name: the path is that of this machine."""
    styles = document.StyleFamilies.getByName("PageStyles")
    for sheet in document.Sheets:
        style = styles.getByName(sheet.PageStyle)
        for place in _PLACES:
            _name_only(style, place, name)
        search = sheet.createSearchDescriptor()
        search.SearchString = "CELL("
        for cells in _found(sheet.findAll(search)):
            for cell in _cells(cells):
                if _OWN_NAME.search(cell.Formula):
                    cell.Formula = _OWN_NAME.sub(f'"[{name}]{sheet.Name}"'.replace("\\", ""), cell.Formula)


def error_warnings(sheets: Iterable[Sheet]) -> list[str]:
    """A sentence about the cells that show an error."""
    places: list[str] = []
    count = 0
    for sheet in sheets:
        found = sheet.uno.queryFormulaCells(_ERROR)
        for cells in islice(_found(found), _NAMED - len(places)):
            named = islice(_cells(cells), _NAMED - len(places))
            places += [f"{sheet.name}!{_address(cell)} ({cell.String})" for cell in named]
        count += sum(_size(address) for address in found.RangeAddresses)
    return [f"Cells show an error instead of a value: {_listed(places, count)}."] if places else []


def narrow_warnings(soffice: Listener, sheets: Iterable[Sheet]) -> list[str]:
    """A sentence about numbers and dates that stand as ### because their column is too narrow."""
    ruler = _Ruler(soffice)
    places = [f"{sheet.name}!{_address(cell)}" for sheet in sheets for cell in _numbers(sheet) if ruler.overflows(cell)]
    return (
        [f"Values are shown as ### because their columns are too narrow: {_listed(places, len(places))}."]
        if places
        else []
    )


class _Ruler:
    """Measures text in the fonts of cells."""

    def __init__(self, soffice: Listener) -> None:
        self._device = soffice.toolkit.createScreenCompatibleDevice(1, 1)
        self._fonts: dict[tuple[str, float], Any] = {}

    def overflows(self, cell: Any) -> bool:
        """Only what can't be it by far is not measured. ``General`` numbers are shortened before they turn to ###."""
        text = cell.String
        room = int(cell.Size.Width) - _PADDING
        if len(text) * cell.CharHeight * _POINT * 0.4 < room or cell.IsTextWrapped or cell.IsMerged or cell.ShrinkToFit:
            return False
        if cell.NumberFormat % _FORMATS_OF_A_LOCALE == 0:
            text = text.partition(".")[0]
        return self._width(cell, text) > room

    def _width(self, cell: Any, text: str) -> float:
        key = (cell.CharFontName, cell.CharWeight)
        if key not in self._fonts:
            descriptor = uno.createUnoStruct("com.sun.star.awt.FontDescriptor")
            descriptor.Name, descriptor.Weight, descriptor.Height = cell.CharFontName, cell.CharWeight, _EM
            self._fonts[key] = self._device.getFont(descriptor)
        return float(self._fonts[key].getStringWidth(text)) / _EM * float(cell.CharHeight) * _POINT


def _numbers(sheet: Sheet) -> Iterator[Any]:
    """What may be widest; a call for each cell of a large sheet would take longer than its conversion."""
    left = _MEASURED
    for found in (sheet.uno.queryContentCells(_NUMBERS), sheet.uno.queryFormulaCells(_NUMBER_RESULT)):
        for cells in _found(found):
            for column, values in enumerate(zip(*cells.DataArray, strict=True)):
                for row in {0, values.index(min(values, key=_amount)), values.index(max(values, key=_amount))}:
                    if (left := left - 1) < 0:
                        return
                    yield cells.getCellByPosition(column, row)


def _amount(value: Any) -> float:
    return value if isinstance(value, float) else 0.0


def _name_only(style: Any, place: str, name: str) -> None:
    """By the name itself: what is changed of a field that stands there is not kept."""
    if not style.PropertySetInfo.hasPropertyByName(place):
        return
    content, changed = style.getPropertyValue(place), False
    for text in (getattr(content, part) for part in _PARTS):
        for field in list(_fields(text)):
            if field.supportsService(_FILE_NAME) and field.FileFormat != _NAME_AND_EXTENSION:
                text.insertString(field.Anchor, name, True)
                changed = True
    if changed:
        style.setPropertyValue(place, content)


def _fields(text: Any) -> Iterator[Any]:
    for paragraph in _found(text):
        for portion in _found(paragraph):
            if portion.TextPortionType == "TextField":
                yield portion.TextField


def _found(collection: Any) -> Iterator[Any]:
    cursor = collection.createEnumeration() if collection is not None else None
    while cursor is not None and cursor.hasMoreElements():
        yield cursor.nextElement()


def _cells(cells: Any) -> Iterator[Any]:
    address = cells.RangeAddress
    for row in range(address.EndRow - address.StartRow + 1):
        for column in range(address.EndColumn - address.StartColumn + 1):
            yield cells.getCellByPosition(column, row)


def _address(cell: Any) -> str:
    return str(cell.AbsoluteName.rpartition(".")[2].replace("$", ""))


def _size(address: Any) -> int:
    return int((address.EndColumn - address.StartColumn + 1) * (address.EndRow - address.StartRow + 1))


def _listed(places: list[str], count: int) -> str:
    more = f" and {count - _NAMED} more" if count > _NAMED else ""
    return ", ".join(places[:_NAMED]) + more

"""The sheets of a loaded workbook: which there are, which are wanted, which hold anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.errors import ConversionFailed, EmptyDocument, SheetNotFound

# com.sun.star.sheet.CellFlags: VALUE, DATETIME, STRING, ANNOTATION, FORMULA
_CONTENT = 1 | 2 | 4 | 8 | 16

_LISTED = 30


@dataclass(frozen=True)
class Sheet:
    """One sheet: ``number`` counts from 1 in the workbook's order, hidden ones too; ``uno`` is LibreOffice's object."""

    uno: Any
    name: str
    number: int
    hidden: bool
    empty: bool


@dataclass(frozen=True)
class Selection:
    """The sheets that are printed, and those that are not because nobody asked for what is hidden."""

    printed: tuple[Sheet, ...]
    left_out: tuple[Sheet, ...]


def select(document: Any, wanted: Sequence[str] | None, name: str) -> Selection:
    """Leave only the wanted sheets visible: without a wish those that are, hidden ones only by name or number.

    Raises ``SheetNotFound`` and ``EmptyDocument``.
    """
    sheets = [_sheet(one, number) for number, one in enumerate(document.Sheets, start=1)]
    printed = _found(sheets, wanted) if wanted else [sheet for sheet in sheets if not sheet.hidden]
    if all(sheet.empty for sheet in printed):
        raise EmptyDocument(_emptiness(name, printed, sheets))
    _show(sheets, printed)
    left_out = [] if wanted else [sheet for sheet in sheets if sheet.hidden and not sheet.empty]
    return Selection(tuple(printed), tuple(left_out))


def selection_warnings(selection: Selection, wanted: Sequence[str] | None) -> list[str]:
    """A sentence for each sheet that is not in the result though it might be expected there."""
    hidden = [
        f"Sheet '{sheet.name}' is hidden in the workbook and was left out; name it in 'sheets' to have it."
        for sheet in selection.left_out
    ]
    empty = [f"Sheet '{sheet.name}' is empty and has no page." for sheet in selection.printed if sheet.empty]
    return hidden + (empty if wanted else [])


def end_of_used_area(sheet: Any) -> tuple[int, int]:
    """The last column and row, counted from 0, that hold content or formats."""
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    address = cursor.RangeAddress
    return address.EndColumn, address.EndRow


def _sheet(uno: Any, number: int) -> Sheet:
    return Sheet(uno, uno.Name, number, not uno.IsVisible, _is_empty(uno))


def _is_empty(sheet: Any) -> bool:
    """Formats alone count as content, unless they are the first cell's: an empty sheet's used area is that cell."""
    return bool(
        sheet.queryContentCells(_CONTENT).Count == 0 and sheet.DrawPage.Count == 0 and end_of_used_area(sheet) == (0, 0)
    )


def _found(sheets: list[Sheet], wanted: Sequence[str]) -> list[Sheet]:
    chosen = {_one(sheets, wish).number for wish in wanted}
    return [sheet for sheet in sheets if sheet.number in chosen]


def _one(sheets: list[Sheet], wish: str) -> Sheet:
    """A name as it is written, else in any case, as Excel takes it, else a number."""
    tests = (
        lambda sheet: sheet.name == wish,
        lambda sheet: sheet.name.casefold() == wish.strip().casefold(),
        lambda sheet: str(sheet.number) == wish.strip(),
    )
    for test in tests:
        for sheet in sheets:
            if test(sheet):
                return sheet
    names = ", ".join(f"{sheet.number} '{sheet.name}'" for sheet in sheets[:_LISTED])
    more = f" and {len(sheets) - _LISTED} more" if len(sheets) > _LISTED else ""
    raise SheetNotFound(f"sheets: there is no sheet '{wish}'; the workbook has {names}{more}.")


def _show(sheets: list[Sheet], printed: list[Sheet]) -> None:
    """The shown ones first: the last visible sheet can't be hidden. LibreOffice refuses without a word.

    A hidden sheet loses its print areas: with one it is printed all the same.
    """
    for sheet in sorted(sheets, key=lambda one: one not in printed):
        visible = sheet in printed
        if sheet.uno.IsVisible != visible:
            sheet.uno.IsVisible = visible
            if sheet.uno.IsVisible != visible:
                detail = "The workbook's structure is protected: take the protection off, or leave out 'sheets'."
                raise ConversionFailed(detail)
        if not visible and sheet.uno.getPrintAreas():
            sheet.uno.setPrintAreas(())


def _emptiness(name: str, printed: list[Sheet], sheets: list[Sheet]) -> str:
    if printed and len(printed) < len(sheets):
        names = ", ".join(f"'{sheet.name}'" for sheet in printed[:_LISTED])
        return f"'{name}' has nothing to convert: {names} is empty and the other sheets were not asked for."
    return f"'{name}' is empty: it holds no cell content, shape or chart."

"""Writes the tables that were found as an Excel workbook: typed cells, merged cells, styled and frozen heads."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from chalicelib.engines.tables.cell_types import Typed
from chalicelib.engines.tables.dress import SIZE, USUAL, dress
from chalicelib.engines.tables.found import FoundTable

LONGEST_TEXT = 32_767
"""Characters that an Excel cell holds."""
_LONGEST_NAME = 31
_NARROWEST, _WIDEST = 8.0, 60.0
_LINE_POINTS = 15.0
_HIGHEST = 409.0
"""Points that Excel allows a row."""
_DEEPEST_FREEZE = 12

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_FORMULA_STARTS = ("=", "+", "-", "@")

_BOLD = Font(USUAL, SIZE, bold=True)
_GREY = Font(USUAL, SIZE, italic=True, color="FF666666")


@dataclass(slots=True)
class Placed:
    """A table with what its sheet needs to know: where it comes from and what its cells hold besides text."""

    page: int
    number: int
    table: FoundTable
    typed: dict[tuple[int, int], Typed] = field(default_factory=dict)
    continues: "Placed | None" = None
    sheet: str = ""
    first_row: int = 0
    pages: list[int] = field(default_factory=list)
    doubtful: list[int] = field(default_factory=list)

    @property
    def on_pages(self) -> str:
        """Where it stands, for a person: "Page 3", "Pages 3-5"."""
        return f"Pages {self.pages[0]}-{self.pages[-1]}" if len(self.pages) > 1 else f"Page {self.page}"

    @property
    def name(self) -> str:
        """The caption as far as a sheet's name holds it, else the place."""
        caption = next((" ".join(one.split()) for one in self.table.captions if one.strip()), "")
        return caption or f"p{self.page} table {self.number}"


def write_workbook(tables: Sequence[Placed], sheets: str, output: Path) -> list[str]:
    """Write ``tables`` to ``output``, a sheet for each table, each page, or one for all; set where each stands.

    ``sheets`` is "table", "page" or "single". Returns warnings for texts that Excel can't hold whole.
    """
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    warnings: list[str] = []
    for name, group in _groups(tables, sheets):
        sheet = _Sheet(workbook.create_sheet(sheet_name(name, workbook.sheetnames)), warnings)
        for placed in group:
            sheet.add(placed, titled=len(group) > 1)
        sheet.finish(group)
    workbook.save(output)
    return warnings


def _groups(tables: Sequence[Placed], sheets: str) -> Iterator[tuple[str, list[Placed]]]:
    if sheets == "single":
        yield "tables", list(tables)
        return
    if sheets == "page":
        for page in sorted({placed.page for placed in tables}):
            yield f"page {page}", [placed for placed in tables if placed.page == page]
        return
    for placed in tables:
        yield placed.name, [placed]


def sheet_name(wanted: str, taken: Sequence[str]) -> str:
    """``wanted`` as Excel allows it: 31 characters, none of ``[]:*?/\\``, unlike any other whatever the case."""
    base = _NOT_IN_NAMES.sub(" ", wanted).strip(" '")[:_LONGEST_NAME] or "table"
    others = {name.casefold() for name in taken}
    name, copy = base, 2
    while name.casefold() in others:
        suffix = f" ({copy})"
        name, copy = base[: _LONGEST_NAME - len(suffix)] + suffix, copy + 1
    return name


def safe_text(text: str) -> str:
    """``text`` without what XML forbids, and with ``_x0041_`` as it reads, which Excel takes for a character's code."""
    return _ESCAPE_LIKE.sub("_x005F_", _NOT_XML.sub("", text))


class _Sheet:
    """Fills one worksheet from the top."""

    def __init__(self, sheet: Any, warnings: list[str]) -> None:
        self.sheet = sheet
        self.warnings = warnings
        self.row = 1
        self.widths: dict[int, float] = {}

    def add(self, placed: Placed, *, titled: bool) -> None:
        """Append a table, below a line that names it if there are several."""
        if titled:
            self._line(f"{placed.on_pages}, table {placed.number}", _GREY)
        for caption in placed.table.captions:
            self._line(caption, _BOLD)
        if placed.table.captions:
            self.row += 1
        placed.sheet, placed.first_row = self.sheet.title, self.row
        self._fill(placed)
        self.row += placed.table.rows
        if placed.table.notes:
            self.row += 1
        for note in placed.table.notes:
            self._line(note, _GREY)
        self.row += 1

    def finish(self, group: Sequence[Placed]) -> None:
        """Fit the widths, and freeze the head of a table that has the sheet to itself."""
        if all(placed.table.rtl for placed in group):
            self.sheet.sheet_view.rightToLeft = True
        for column, width in self.widths.items():
            self.sheet.column_dimensions[get_column_letter(column)].width = width
        if len(group) == 1 and group[0].table.header_rows:
            below = group[0].first_row + group[0].table.header_rows
            if below <= _DEEPEST_FREEZE and group[0].table.header_rows < group[0].table.rows:
                self.sheet.freeze_panes = f"A{below}"

    def _line(self, text: str, font: Font) -> None:
        cell = self.sheet.cell(self.row, 1)
        self._set_text(cell, " ".join(text.split()), "")
        cell.font = font
        self.row += 1

    def _fill(self, placed: Placed) -> None:
        table = placed.table
        merged = {span[:2]: span for span in table.spans}
        numeric = {column for _, column in placed.typed}
        for row, column, text in table.texts:
            cell = self.sheet.cell(self.row + row, column + 1)
            typed = placed.typed.get((row, column))
            if typed is None:
                self._set_text(cell, text, f"Table {placed.number} on page {placed.page}")
            else:
                cell.value, cell.number_format = typed.value, typed.format
            span = merged.get((row, column))
            right = column in numeric and row >= table.header_rows and span is None
            cell.alignment = _alignment(text, typed, right=right, centred=_is_wide(span))
            if not _is_wide(span):
                self._widen(column + 1, text)
        self._merge(table)
        dress(self.sheet, self.row, table)
        self._heighten(table)

    def _set_text(self, cell: Cell, text: str, where: str) -> None:
        """Text is text: whatever it begins with, it is no formula, no error and no number."""
        text = safe_text(text)
        if len(text) > LONGEST_TEXT:
            self.warnings.append(
                f"{where}: the text of cell {cell.coordinate} has {len(text):,} characters; Excel holds "
                f"{LONGEST_TEXT:,}, so its end is missing."
            )
            text = text[:LONGEST_TEXT]
        cell.value = text
        cell.data_type = "s"
        if text.startswith(_FORMULA_STARTS):
            cell.quotePrefix = True

    def _widen(self, column: int, text: str) -> None:
        longest = max((_columns(line) for line in text.split("\n")), default=0)
        self.widths[column] = min(_WIDEST, max(self.widths.get(column, _NARROWEST), longest + 2.0))

    def _merge(self, table: FoundTable) -> None:
        for r0, c0, r1, c1 in table.spans:
            self.sheet.merge_cells(
                start_row=self.row + r0, start_column=c0 + 1, end_row=self.row + r1, end_column=c1 + 1
            )

    def _heighten(self, table: FoundTable) -> None:
        """Rows as high as their lines: not every program fits them on opening, and none does for merged cells."""
        down = {(row, column) for row, column, last, _ in table.spans if last > row}
        lines: dict[int, int] = {}
        for row, column, text in table.texts:
            if (row, column) not in down:
                needed = sum(1 + int(_columns(line) / (_WIDEST - 2)) for line in text.split("\n"))
                lines[row] = max(lines.get(row, 1), needed)
        for row, needed in lines.items():
            if needed > 1:
                self.sheet.row_dimensions[self.row + row].height = min(_HIGHEST, needed * _LINE_POINTS)


def _is_wide(span: tuple[int, int, int, int] | None) -> bool:
    return span is not None and span[3] > span[1]


def _alignment(text: str, typed: Typed | None, *, right: bool, centred: bool) -> Alignment:
    rtl = any(unicodedata.bidirectional(char) in ("R", "AL") for char in text)
    horizontal = "center" if centred else "right" if right and typed is None else None
    return Alignment(
        horizontal=horizontal,
        vertical="top",
        wrap_text=typed is None and ("\n" in text or len(text) > _WIDEST),
        readingOrder=2 if rtl else 0,
    )


def _columns(line: str) -> int:
    """How wide ``line`` is in digits of the standard font; ideographs take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)

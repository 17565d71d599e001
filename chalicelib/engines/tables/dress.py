"""Gives the cells of a sheet the looks that they have on the page: bold and coloured letters, shades, drawn sides."""

from copy import copy
from dataclasses import replace
from functools import cache
from typing import Any

from openpyxl.styles import Border, Font, PatternFill, Side

from chalicelib.engines.tables.found import FoundTable
from chalicelib.engines.tables.looks import Look, contrast

USUAL, SIZE = "Calibri", 11
"""The font of every other cell: openpyxl names none where none is given."""

_HEAD = Look(fill="E7ECF3", sides="b")
"""Heads of tables that are printed without shades and lines."""
_HEAD_INK = "8A97A8"
_LEGIBLE = 2.5
"""Letters of less contrast are shown in black or white; WCAG asks for 3 of large ones."""
_SIDES = {"t": "top", "b": "bottom", "l": "left", "r": "right"}


def dress(sheet: Any, top: int, table: FoundTable) -> None:
    """Style the cells of ``table``, whose first row is row ``top`` of ``sheet``; merged cells are merged already."""
    looks = {(row, column): look for row, column, look in table.looks}
    bold = set(table.bold)
    own = any(look.fill or look.sides for look in looks.values())
    for row in range(table.rows):
        head = row < table.header_rows
        for column in range(table.columns):
            look = looks.get((row, column), Look())
            if head and not own:
                look = replace(look, fill=_HEAD.fill, sides=_HEAD.sides if row == table.header_rows - 1 else "")
            if head or look != Look() or (row, column) in bold:
                cell = sheet.cell(top + row, column + 1)
                _dress_cell(cell, look, table.ink if own else _HEAD_INK, bold=head or (row, column) in bold)


def _dress_cell(cell: Any, look: Look, ink: str, *, bold: bool) -> None:
    color = _legible(look.color, look.fill)
    if bold or look.italic or color:
        cell.font = _font(bold, look.italic, color)
    if look.fill:
        cell.fill = _fill(look.fill)
    if look.sides:
        cell.border = _border(look.sides, ink)
    if look.align and not cell.alignment.horizontal:
        placed = copy(cell.alignment)
        placed.horizontal = look.align
        cell.alignment = placed


def _legible(color: str, fill: str) -> str:
    """The colour of letters that can be read on ``fill``; none for the usual black."""
    paper = fill or "FFFFFF"
    if contrast(color or "000000", paper) >= _LEGIBLE:
        return color
    return "FFFFFF" if contrast("FFFFFF", paper) > contrast("000000", paper) else ""


@cache
def _font(bold: bool, italic: bool, color: str) -> Font:
    return Font(USUAL, SIZE, bold=bold, italic=italic, color=f"FF{color}" if color else None)


@cache
def _fill(color: str) -> PatternFill:
    return PatternFill("solid", fgColor=f"FF{color}")


@cache
def _border(sides: str, ink: str) -> Border:
    border = Border()
    for side in sides:
        setattr(border, _SIDES[side], Side("thin", color=f"FF{ink}"))
    return border

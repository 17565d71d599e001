"""Tables: grid, spans, borders, shades, repeated heads."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from chalicelib.engines.word.document.block import Block, Cell, CellAlign, Table, TableRow
from chalicelib.engines.word.document.borders import Borders
from chalicelib.engines.word.write.formats import border, shade
from chalicelib.engines.word.write.paragraphs import tiny_paragraph
from chalicelib.engines.word.write.story import Story
from chalicelib.engines.word.write.units import size_twips, twips
from chalicelib.engines.word.write.xml import w

WriteBlocks = Callable[[tuple[Block, ...], Story], str]
"""Writes the blocks of a cell."""

_SIDES = ("top", "left", "bottom", "right")
_ALIGN = {"start": "left", "center": "center", "end": "right"}
_TURNS = {90: "tbRl", 270: "btLr"}
_MOST_COLUMNS = 63
"""Columns that a table of Word has at most."""


@dataclass(frozen=True, slots=True)
class _Place:
    """What stands at a place of the grid: a cell or what one above covers."""

    cell: Cell
    begins: bool
    column: int
    columns: int = 1


def table_xml(table: Table, story: Story, write: WriteBlocks) -> str:
    """``w:tbl``; the blocks of its cells are written by ``write``."""
    common = _common(table)
    widths = table.widths[:_MOST_COLUMNS]
    places = _places(table)
    grid = w("tblGrid", *(w("gridCol", w=max(1, size_twips(one))) for one in widths))
    rows = []
    for at, row in enumerate(table.rows):
        cells = []
        for place in places[at]:
            below = at + 1 < len(places) and any(one.cell is place.cell for one in places[at + 1])
            inside = write(place.cell.blocks, story) if place.begins else tiny_paragraph()
            cells.append(_cell(place, widths, below or not place.begins, common, inside))
        rows.append(_row(row, cells))
    return w("tbl", _properties(table, common), grid, *rows)


def _properties(table: Table, common: Borders) -> str:
    return w(
        "tblPr",
        w("bidiVisual") if table.rtl else "",
        w("tblW", w=sum(max(1, size_twips(one)) for one in table.widths[:_MOST_COLUMNS]), type="dxa"),
        w("jc", val=_ALIGN[table.align]) if table.align in ("center", "end") else "",
        w("tblInd", w=twips(table.indent), type="dxa") if table.indent else "",
        _table_borders(common),
        w("tblLayout", type="fixed"),
        _margins("tblCellMar", table.margins),
        w("tblLook", val="04A0" if any(row.header for row in table.rows) else "0000"),
        w("tblDescription", val=table.alt) if table.alt else "",
    )


def _margins(name: str, margins: tuple[float, float, float, float]) -> str:
    sides = zip(_SIDES, margins, strict=True)
    return w(name, *(w(side, w=size_twips(margin), type="dxa") for side, margin in sides))


def _common(table: Table) -> Borders:
    """The borders that most cells have: they are the table's."""
    counted = Counter(one.borders for one in table.cells)
    return counted.most_common(1)[0][0] if counted else Borders()


def _table_borders(common: Borders) -> str:
    if not common:
        return ""
    outer = "".join(border(name, getattr(common, name)) for name in _SIDES if getattr(common, name))
    across, down = common.top or common.bottom, common.left or common.right
    inner = (border("insideH", across) if across else "") + (border("insideV", down) if down else "")
    return w("tblBorders", outer, inner)


def _places(table: Table) -> list[list[_Place]]:
    """The places of each row from left to right; those that nothing covers are empty cells."""
    height, width = len(table.rows), min(len(table.widths), _MOST_COLUMNS)
    owners: dict[tuple[int, int], int] = {}
    cells: list[Cell] = []
    for given in sorted(table.cells, key=lambda one: (one.row, one.column)):
        cell = replace(given, row=min(given.row, height - 1), column=min(given.column, width - 1))
        owner = owners.get((cell.row, cell.column))
        if owner is not None:
            cells[owner] = replace(cells[owner], blocks=cells[owner].blocks + cell.blocks)
            continue
        for place in _covered(cell, height, width, owners):
            owners[place] = len(cells)
        cells.append(cell)
    return [_row_places([_owner(cells, owners, row, column) for column in range(width)], row) for row in range(height)]


def _covered(cell: Cell, height: int, width: int, owners: Mapping[tuple[int, int], int]) -> list[tuple[int, int]]:
    """The places that a cell takes: only its first where the others are another's."""
    rows = range(cell.row, min(height, cell.row + max(1, cell.rows)))
    columns = range(cell.column, min(width, cell.column + max(1, cell.columns)))
    places = [(row, column) for row in rows for column in columns]
    return places[:1] if any(place in owners for place in places) else places


def _owner(cells: list[Cell], owners: Mapping[tuple[int, int], int], row: int, column: int) -> Cell:
    at = owners.get((row, column))
    return Cell(row, column, ()) if at is None else cells[at]


def _row_places(cells: list[Cell], row: int) -> list[_Place]:
    places: list[_Place] = []
    for column, cell in enumerate(cells):
        if places and places[-1].cell is cell:
            places[-1] = replace(places[-1], columns=places[-1].columns + 1)
        else:
            places.append(_Place(cell, row == cell.row, column))
    return places


def _row(row: TableRow, cells: Iterable[str]) -> str:
    properties = (
        ("" if row.splits else w("cantSplit"))
        + (w("trHeight", val=size_twips(row.height), hRule="atLeast") if row.height else "")
        + (w("tblHeader") if row.header else "")
    )
    return w("tr", w("trPr", properties) if properties else "", *cells)


def _cell(place: _Place, widths: tuple[float, ...], covers_rows: bool, common: Borders, inside: str) -> str:
    cell = place.cell
    width = sum(max(1, size_twips(one)) for one in widths[place.column : place.column + place.columns])
    properties = w(
        "tcPr",
        w("tcW", w=width, type="dxa"),
        w("gridSpan", val=place.columns) if place.columns > 1 else "",
        (w("vMerge", val="restart") if place.begins else w("vMerge")) if covers_rows else "",
        _cell_borders(cell.borders, common),
        shade(cell.shade) if cell.shade else "",
        _margins("tcMar", cell.margins) if cell.margins else "",
        w("textDirection", val=_TURNS[cell.turn]) if cell.turn in _TURNS else "",
        w("vAlign", val=cell.align.value) if cell.align is not CellAlign.TOP else "",
    )
    return w("tc", properties, inside)


def _cell_borders(borders: Borders, common: Borders) -> str:
    """All four sides where they are not the table's."""
    if borders == common:
        return ""
    return w("tcBorders", *(border(name, getattr(borders, name)) for name in _SIDES))

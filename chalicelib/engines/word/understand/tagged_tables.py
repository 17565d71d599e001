"""Tables as the tags tell them: which cell stands in which row and column, and where its edges are on the page."""

from collections.abc import Sequence
from functools import reduce

from chalicelib.engines.tagged.tree import Element, TagTree
from chalicelib.engines.word.draft.block import BlockDraft, CellDraft, ParagraphDraft, TableDraft
from chalicelib.engines.word.draft.draft import PageDraft
from chalicelib.engines.word.pages.boxes import hull
from chalicelib.engines.word.pages.drawn import Rule
from chalicelib.engines.word.pages.text import Box
from chalicelib.engines.word.understand.cell_room import find_cell_margins
from chalicelib.engines.word.understand.tagged_cells import PlacedCell, TaggedCell, grid_columns, settled
from chalicelib.engines.word.understand.tagged_grid import RowPlace, row_edges

_MOST_COLUMNS, _MOST_ROWS = 63, 20_000
"""Word has no table with more columns; more rows are an attack on memory."""

_AROUND_PT = 18.0
_BESIDE_PT = 72.0
"""Rules so near to a table's text are its own: below and above, and beside, where cells may be wide."""

_SHORTEST_RULE_PT = 4.0


def place_cells(table: Element, tags: TagTree) -> list[TaggedCell]:
    """The cells of a Table element, each at the first free place of its row."""
    found: list[TaggedCell] = []
    taken: set[tuple[int, int]] = set()
    for row, element in enumerate(_rows(table, tags)[:_MOST_ROWS]):
        column = 0
        head = tags.elements[element.parent].role == "THead"
        for cell in tags.children(element.index):
            if cell.role not in ("TD", "TH"):
                continue
            while (row, column) in taken:
                column += 1
            if column >= _MOST_COLUMNS:
                break
            rows = min(cell.attributes.row_span, _MOST_ROWS)
            columns = min(cell.attributes.column_span, _MOST_COLUMNS - column)
            taken |= {(row + down, column + right) for down in range(rows) for right in range(columns)}
            header = head or (cell.role == "TH" and cell.attributes.scope in (None, "Column", "Both"))
            found.append(TaggedCell(cell, row, column, rows, columns, header))
    return found


def _rows(table: Element, tags: TagTree) -> list[Element]:
    rows = []
    for child in tags.children(table.index):
        if child.role == "TR":
            rows.append(child)
        elif child.role in ("THead", "TBody", "TFoot"):
            rows += [one for one in tags.children(child.index) if one.role == "TR"]
    return rows


def table_of(
    element: Element, cells: Sequence[tuple[TaggedCell, list[BlockDraft]]], pages: dict[int, PageDraft]
) -> TableDraft | None:
    """The table with its grid in points; None where none of its cells is on a page at hand.

    Over pages, ``ys`` go on as if they were one; the boxes of cells are those on their own page.
    """
    placed = [PlacedCell(cell, blocks, _boxes(blocks, pages)) for cell, blocks in cells]
    shown = sorted({page for one in placed for page in one.boxes})
    if not shown:
        return None
    rules = {page: _rules_at(pages[page], placed) for page in shown}
    drawn = [rule for own in rules.values() for rule in own]
    placed = settled(placed, drawn)
    columns = max(one.cell.column + one.cell.columns for one in placed)
    rows = max(one.cell.row + one.cell.rows for one in placed)
    xs = grid_columns(placed, columns, drawn)
    places = row_edges(_row_boxes(placed, rows), (xs[0], xs[-1]), rules)
    ys = [places[0].top]
    for place in places:
        ys.append(ys[-1] + max(1.0, place.bottom - place.top + place.more))
    drafts = [_cell(one, xs, places) for one in placed]
    drafts += _empty_cells(drafts, xs, places)
    heads = _header_rows([one.cell for one in placed], rows)
    last = max(place.bottom for place in places if place.page == shown[0])
    box = (xs[0], ys[0], xs[-1], last)
    table = TableDraft(shown[0], box, xs, ys, drafts, heads, element=element.index, alt=element.alt)
    find_cell_margins(table)
    return table


def _cell(one: PlacedCell, xs: Sequence[float], places: Sequence[RowPlace]) -> CellDraft:
    cell, first = one.cell, places[one.cell.row]
    bottom = max(place.bottom for place in places[cell.row : cell.row + cell.rows] if place.page == first.page)
    box = (xs[cell.column], first.top, xs[cell.column + cell.columns], bottom)
    rows = min(cell.rows, len(places) - cell.row)
    return CellDraft(cell.row, cell.column, box, rows, cell.columns, one.blocks, page=first.page)


def _empty_cells(cells: Sequence[CellDraft], xs: Sequence[float], places: Sequence[RowPlace]) -> list[CellDraft]:
    """Cells for the places that none covers: they have borders, too."""
    covered = {
        (row, column)
        for cell in cells
        for row in range(cell.row, cell.row + cell.rows)
        for column in range(cell.column, cell.column + cell.columns)
    }
    return [
        CellDraft(row, column, (xs[column], place.top, xs[column + 1], place.bottom), page=place.page)
        for row, place in enumerate(places)
        for column in range(len(xs) - 1)
        if (row, column) not in covered
    ]


def _rules_at(page: PageDraft, placed: Sequence[PlacedCell]) -> list[Rule]:
    """The rules around the table's text on a page."""
    boxes = [one.boxes[page.number] for one in placed if page.number in one.boxes]
    x0, y0, x1, y1 = reduce(hull, boxes)
    near, beside = _AROUND_PT, _BESIDE_PT
    return [
        rule
        for at, rule in enumerate(page.page.rules)
        if at not in page.taken_rules
        and rule.x1 > x0 - beside
        and rule.x0 < x1 + beside
        and rule.y1 > y0 - near
        and rule.y0 < y1 + near
        and max(rule.x1 - rule.x0, rule.y1 - rule.y0) > _SHORTEST_RULE_PT
    ]


def _row_boxes(placed: Sequence[PlacedCell], rows: int) -> list[dict[int, Box]]:
    """What the text of each row covers: of the cells of this row alone, where it has such."""
    alone: list[dict[int, Box]] = [{} for _ in range(rows)]
    every: list[dict[int, Box]] = [{} for _ in range(rows)]
    for one in placed:
        for page, box in one.boxes.items():
            for boxes in (every, alone) if one.cell.rows == 1 else (every,):
                own = boxes[one.cell.row]
                own[page] = hull(own.get(page, box), box)
    return [own or other for own, other in zip(alone, every, strict=True)]


def _header_rows(cells: Sequence[TaggedCell], rows: int) -> int:
    heads = 0
    for row in range(rows):
        own = [cell for cell in cells if cell.row == row]
        if not own or not all(cell.header for cell in own):
            break
        heads = row + 1
    return heads if heads < rows else min(1, heads)


def _boxes(blocks: Sequence[BlockDraft], pages: dict[int, PageDraft]) -> dict[int, Box]:
    """What the blocks cover on each page at hand."""
    boxes: dict[int, Box] = {}
    for block in blocks:
        own = (
            [(line.page, line.box) for line in block.lines]
            if isinstance(block, ParagraphDraft)
            else [(block.page, block.box)]
        )
        for page, box in own:
            if page in pages:
                boxes[page] = hull(boxes.get(page, box), box)
    return boxes

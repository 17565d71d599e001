"""Tables that no tag tells: the lines within a grid that was found become its cells."""

from chalicelib.engines.word.draft.block import CellDraft, ParagraphDraft, PictureDraft, TableDraft
from chalicelib.engines.word.draft.cutting import isolate, trimmed
from chalicelib.engines.word.draft.draft import Draft, PageDraft
from chalicelib.engines.word.draft.line import Line
from chalicelib.engines.word.pages.grid import FoundGrid
from chalicelib.engines.word.pages.text import Box
from chalicelib.engines.word.understand.beside_tables import take_beside
from chalicelib.engines.word.understand.cell_room import find_cell_margins
from chalicelib.engines.word.understand.columns import merged_lines
from chalicelib.engines.word.understand.lines import make_line
from chalicelib.engines.word.understand.merging import merge_cells
from chalicelib.engines.word.understand.shaded_grids import with_shades

_OF_PLOT = 0.5
"""Of a grid's area, within a chart."""


def find_tables(draft: Draft) -> None:
    """Put the tables of pages without tags into ``known_blocks``; takes their lines: a paragraph in each cell for now."""
    for page in draft.pages:
        if not page.tagged:
            plots = [one.box for one in [*page.known_blocks, *page.floating] if isinstance(one, PictureDraft)]
            grids = [grid for grid in page.page.grids if not any(_is_of(grid, plot) for plot in plots)]
            tables = [table for grid in grids if (table := _table(grid, page)) is not None]
            page.known_blocks = sorted([*page.known_blocks, *tables], key=lambda one: one.box[1])


def _is_of(grid: FoundGrid, plot: Box) -> bool:
    """Whether the lines of a grid are those of a chart that is a picture already."""
    width = min(grid.xs[-1], plot[2]) - max(grid.xs[0], plot[0])
    height = min(grid.ys[-1], plot[3]) - max(grid.ys[0], plot[1])
    return min(width, height) > 0 and width * height > _OF_PLOT * (grid.xs[-1] - grid.xs[0]) * (
        grid.ys[-1] - grid.ys[0]
    )


def _table(grid: FoundGrid, page: PageDraft) -> TableDraft | None:
    """The table; None when it holds no text."""
    box = (grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1])
    lines = [line for line in page.lines if _is_within(line, box)]
    if grid.ruled:
        fills = [one for at, one in enumerate(page.page.fills) if at not in page.taken_fills]
        grid = with_shades(grid, fills, lines)
    rules = [one for at, one in enumerate(page.page.rules) if at not in page.taken_rules]
    cells = merge_cells(_cells(grid), lines, rules)
    taken: dict[tuple[int, int], list[Line]] = {}
    for line in lines:
        _take(line, cells, taken, line.baseline - 0.3 * line.size)
    if not taken:
        return None
    page.lines = [line for line in page.lines if line.pieces]
    for cell in cells:
        lines = merged_lines(taken.get((cell.row, cell.column), []))
        if lines:
            cell.blocks = [ParagraphDraft(lines, cell.box[0], cell.box[2])]
    table = TableDraft(page.number, box, list(grid.xs), list(grid.ys), cells, _heads(grid))
    find_cell_margins(table)
    take_beside(table, page)
    return table


def _heads(grid: FoundGrid) -> int:
    """The rows that stand above every page of the table: what is most of it heads nothing."""
    return grid.header_rows if 2 * grid.header_rows < len(grid.ys) else 0


def _is_within(line: Line, box: Box) -> bool:
    """Whether the middle of its letters is between the table's upper and lower edge, and any of them within its sides."""
    return box[1] <= line.baseline - 0.3 * line.size <= box[3] and line.right > box[0] and line.left < box[2]


def _cells(grid: FoundGrid) -> list[CellDraft]:
    """A cell for each place of the grid that no merged cell covers."""
    spans = {(r0, c0): (r1, c1) for r0, c0, r1, c1 in grid.spans}
    covered = {
        (row, column)
        for r0, c0, r1, c1 in grid.spans
        for row in range(r0, r1 + 1)
        for column in range(c0, c1 + 1)
        if (row, column) != (r0, c0)
    }
    cells = []
    for row in range(len(grid.ys) - 1):
        for column in range(len(grid.xs) - 1):
            if (row, column) in covered:
                continue
            last_row, last_column = spans.get((row, column), (row, column))
            box = (grid.xs[column], grid.ys[row], grid.xs[last_column + 1], grid.ys[last_row + 1])
            cells.append(CellDraft(row, column, box, last_row - row + 1, last_column - column + 1))
    return cells


def _take(line: Line, cells: list[CellDraft], taken: dict[tuple[int, int], list[Line]], middle: float) -> None:
    """Give the pieces of a line to the cells that they stand in; text beyond the table's edges goes to the outer ones."""
    row = [cell for cell in cells if cell.box[1] <= middle <= cell.box[3]]
    for cell in row:
        left, right = _reach(cell.box, row)
        pieces = isolate(line, left, right)
        if pieces:
            ids = {id(piece) for piece in pieces}
            line.pieces = [piece for piece in line.pieces if id(piece) not in ids]
            inked = [trimmed(piece) for piece in pieces if piece.text.strip()]
            if not inked:
                continue
            part = make_line(line.page, inked, line.turn)
            part.rtl = line.rtl
            taken.setdefault((cell.row, cell.column), []).append(part)


def _reach(box: Box, row: list[CellDraft]) -> tuple[float, float]:
    first, last = min(one.box[0] for one in row), max(one.box[2] for one in row)
    return (box[0] if box[0] > first else box[0] - 4), (box[2] if box[2] < last else box[2] + 4)

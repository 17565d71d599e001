"""Text right beside a table, on the lines of its rows, is a column of it that has no borders."""

from collections.abc import Sequence

from chalicelib.engines.word.draft.block import CellDraft, ParagraphDraft, TableDraft
from chalicelib.engines.word.draft.draft import PageDraft
from chalicelib.engines.word.draft.line import Line
from chalicelib.engines.word.understand.cell_room import find_cell_margins, lines_in
from chalicelib.engines.word.understand.columns import merged_lines

_NEAR_PT = 24.0
"""Text further from the table's side stands for itself."""

_SAME_BASELINE = 0.35
_FEWEST, _MATCHING = 3, 0.8
"""Lines beside a table that are of its rows: so many, and this share of all; those of a column of text are not."""

_PAD_PT = 3.0


def take_beside(table: TableDraft, page: PageDraft) -> None:
    """Give the table the columns that stand beside it; takes their lines."""
    for left in (True, False):
        own = [line for line in page.lines if _is_beside(line, table, left)]
        rows = [_row_of(line, table) for line in own]
        if sum(row is not None for row in rows) >= max(_FEWEST, _MATCHING * len(own)):
            taken = [(row, line) for row, line in zip(rows, own, strict=True) if row is not None]
            _add_column(table, taken, left)
            ids = {id(line) for _, line in taken}
            page.lines = [line for line in page.lines if id(line) not in ids]


def _is_beside(line: Line, table: TableDraft, left: bool) -> bool:
    middle = line.baseline - 0.3 * line.size
    gap = table.xs[0] - line.right if left else line.left - table.xs[-1]
    return table.ys[0] < middle < table.ys[-1] and -1 <= gap <= _NEAR_PT


def _row_of(line: Line, table: TableDraft) -> int | None:
    """The row on whose baseline the line stands."""
    for cell in table.cells:
        inside = cell.box[1] <= line.baseline - 0.3 * line.size <= cell.box[3]
        if inside and any(abs(one.baseline - line.baseline) <= _SAME_BASELINE * line.size for one in lines_in(cell)):
            return next(
                at
                for at, y in enumerate(table.ys[1:])
                if line.baseline - 0.3 * line.size <= y or at == len(table.ys) - 2
            )
    return None


def _add_column(table: TableDraft, taken: Sequence[tuple[int, Line]], left: bool) -> None:
    if left:
        edges = min(line.left for _, line in taken) - _PAD_PT, table.xs[0]
        table.xs.insert(0, edges[0])
        for cell in table.cells:
            cell.column += 1
    else:
        edges = table.xs[-1], max(line.right for _, line in taken) + _PAD_PT
        table.xs.append(edges[1])
    column = 0 if left else len(table.xs) - 2
    for row, (top, bottom) in enumerate(zip(table.ys, table.ys[1:], strict=False)):
        cell = CellDraft(row, column, (edges[0], top, edges[1], bottom))
        lines = merged_lines([line for at, line in taken if at == row])
        if lines:
            cell.blocks = [ParagraphDraft(lines, edges[0], edges[1])]
        table.cells.append(cell)
    table.box = (table.xs[0], table.box[1], table.xs[-1], table.box[3])
    find_cell_margins(table)

"""The room of tables' cells: their margins, so that text which had room in the PDF has it in Word."""

from collections.abc import Iterable, Sequence

from chalicelib.engines.word.draft.block import CellDraft, ParagraphDraft, TableDraft
from chalicelib.engines.word.draft.line import Line

_USUAL_PT = 5.4
"""Word's own margin left and right in cells: none is wider, more is an indent."""

_WIDER = 0.025
"""Text may be so much wider in Word: sizes are rounded to half points, fonts replaced by others."""

_OUTLYING = 0.04
"""Of the cells whose text may stick out."""


def find_cell_margins(table: TableDraft) -> None:
    """Set ``TableDraft.margins`` from how near to its cells' sides text stands, and the edges of paragraphs in cells."""
    lefts, rights = [], []
    for cell in table.cells:
        for line in lines_in(cell):
            lefts.append(line.left - cell.box[0])
            rights.append(cell.box[2] - line.right - _WIDER * (line.right - line.left))
    table.margins = _margin(lefts), _margin(rights)
    for cell in table.cells:
        left, right = sides(cell, table)
        for block in cell.blocks:
            if isinstance(block, ParagraphDraft):
                block.left, block.right = left, right


def _margin(gaps: Sequence[float]) -> float:
    if not gaps:
        return _USUAL_PT
    return round(max(0.0, min(_USUAL_PT, sorted(gaps)[int(_OUTLYING * len(gaps))])), 1)


def sides(cell: CellDraft, table: TableDraft) -> tuple[float, float]:
    """Between which x the text of a cell stands."""
    left, right = cell.box[0] + table.margins[0], cell.box[2] - table.margins[1]
    return left, max(right, left + 6)


def lines_in(cell: CellDraft) -> list[Line]:
    """The lines of a cell's paragraphs."""
    return [line for one in paragraphs_of_cells((cell,)) for line in one.lines]


def paragraphs_of_cells(cells: Iterable[CellDraft]) -> list[ParagraphDraft]:
    """The paragraphs right in cells."""
    return [block for cell in cells for block in cell.blocks if isinstance(block, ParagraphDraft)]

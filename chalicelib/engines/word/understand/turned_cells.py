"""Turned lines that stand in a cell of a table are its text, which runs downwards or upwards there."""

from collections.abc import Sequence
from statistics import mean

from chalicelib.engines.word.document.block import CellAlign
from chalicelib.engines.word.document.format import Align, Format
from chalicelib.engines.word.draft.block import CellDraft, Join, ParagraphDraft, TableDraft
from chalicelib.engines.word.draft.draft import Draft
from chalicelib.engines.word.draft.line import Line
from chalicelib.engines.word.pages.text import Box
from chalicelib.engines.word.understand.boxes import turned
from chalicelib.engines.word.understand.pictures import inside

_TURNS = (90, 270)
"""Word turns the text of cells by these degrees only."""

_MIDDLE = 0.15
"""Text stands in the middle of its cell when it is off by no more, as a share of the cell's side."""


def fill_turned_cells(draft: Draft) -> None:
    """Put lines of ``PageDraft.turned`` into empty cells; spaces and formats of all other paragraphs are there."""
    empty = [
        (cell.page or block.page, cell)
        for page in draft.pages
        for block in page.blocks
        if isinstance(block, TableDraft)
        for cell in block.cells
        if not cell.blocks
    ]
    for page in draft.pages:
        own = [cell for number, cell in empty if number == page.number] if page.turned else []
        for cell in own:
            lines = [line for line in page.turned if round(line.turn) in _TURNS and inside(box_of(line), cell.box)]
            if lines and len({line.turn for line in lines}) == 1:
                _fill(cell, lines)
                page.turned = [line for line in page.turned if not any(line is one for one in lines)]


def box_of(line: Line) -> Box:
    """The box of a turned line on the page."""
    corners = [turned(x, y, line.turn) for x in (line.left, line.right) for y in (line.top, line.bottom)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _fill(cell: CellDraft, lines: Sequence[Line]) -> None:
    ordered = sorted(lines, key=lambda one: (one.baseline, one.left))
    along = Align.CENTER if _is_in_middle(cell.box, [box_of(one) for one in lines], 1) else Align.START
    cell.turn = round(ordered[0].turn)
    cell.align = CellAlign.CENTER if _is_in_middle(cell.box, [box_of(one) for one in lines], 0) else CellAlign.TOP
    paragraph = ParagraphDraft(ordered, cell.box[1], cell.box[3], [Join.BLANK] * (len(ordered) - 1))
    paragraph.format = Format(align=along)
    cell.blocks = [paragraph]


def _is_in_middle(cell: Box, boxes: Sequence[Box], axis: int) -> bool:
    middle = mean((min(box[axis] for box in boxes), max(box[axis + 2] for box in boxes)))
    return abs(middle - (cell[axis] + cell[axis + 2]) / 2) <= _MIDDLE * (cell[axis + 2] - cell[axis])

"""Tables that are read from right to left: their first column is at the right."""

from collections.abc import Iterable

from chalicelib.engines.word.draft.block import BlockDraft, TableDraft
from chalicelib.engines.word.draft.draft import Draft, paragraphs_in
from chalicelib.engines.word.understand.bidi import strength


def find_rtl_tables(draft: Draft) -> None:
    """Set ``TableDraft.rtl`` where most letters run from the right, and count the columns from there."""
    for page in draft.pages:
        for table in _tables([*page.blocks, *page.floating]):
            text = "".join(one.text for one in paragraphs_in([table]))
            right, left = strength(text)
            if right > left:
                table.rtl = True
                _mirror(table)


def _tables(blocks: Iterable[BlockDraft]) -> list[TableDraft]:
    found: list[TableDraft] = []
    for block in blocks:
        if isinstance(block, TableDraft):
            found += [block, *(inner for cell in block.cells for inner in _tables(cell.blocks))]
    return found


def _mirror(table: TableDraft) -> None:
    """Count columns from the right, unless the tags have told the cells in that order already."""
    first = [cell for cell in table.cells if cell.column == 0]
    others = [cell for cell in table.cells if cell.column > 0]
    if not first or not others or max(cell.box[0] for cell in first) > min(cell.box[0] for cell in others):
        return
    columns = max(cell.column + cell.columns for cell in table.cells)
    for cell in table.cells:
        cell.column = columns - cell.column - cell.columns
    table.cells.sort(key=lambda cell: (cell.row, cell.column))
    table.xs = [table.xs[0] + table.xs[-1] - x for x in reversed(table.xs)]

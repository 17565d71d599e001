"""Rows of a table that a page cuts in two: the first row on the next page may be the rest of the last one before."""

import re
from collections.abc import Sequence

from chalicelib.engines.word.draft.block import BlockDraft, CellDraft, ParagraphDraft, TableDraft
from chalicelib.engines.word.understand.joins import Words, join_of
from chalicelib.engines.word.understand.labels import begins_item

_ENDED = re.compile(r"[.!?:;\u2026\u3002\u061f\u06d4][\"'\u00bb\u201d\u2019)\]]*$")

_WIDER = 1.15
"""A word may be so much wider than its letters' mean."""

_WORDS, _TELLING = 2, 2
"""So many cells end with full lines of so many words: one word fills a narrow column by itself."""


def take_rest(table: TableDraft, other: TableDraft, first: int, words: Words) -> bool:
    """Whether row ``first`` of ``other`` is the rest of the table's last row, whose cells take it then."""
    own = _row(table, len(table.ys) - 2)
    rest = _row(other, first)
    if [(one.column, one.columns) for one in own] != [(one.column, one.columns) for one in rest]:
        return False
    pairs = list(zip(own, rest, strict=True))
    if any(cell.rows > 1 for pair in pairs for cell in pair) or not any(after.blocks for _, after in pairs):
        return False
    told = any(_flows(one, after) for one, after in pairs) or _lacks_label(table, other, first)
    if not told and not _all_wrap(pairs):
        return False
    for one, after in pairs:
        _go_on(one, after.blocks, words)
    return True


def _row(table: TableDraft, row: int) -> list[CellDraft]:
    return sorted((cell for cell in table.cells if cell.row == row), key=lambda one: one.column)


def _flows(cell: CellDraft, rest: CellDraft) -> bool:
    """Whether a sentence of the cell goes on in the other one."""
    before, after = _last(cell.blocks), rest.blocks[0] if rest.blocks else None
    return before is not None and isinstance(after, ParagraphDraft) and _is_sentence(before, after)


def _last(blocks: Sequence[BlockDraft]) -> ParagraphDraft | None:
    return blocks[-1] if blocks and isinstance(blocks[-1], ParagraphDraft) else None


def _is_sentence(before: ParagraphDraft, after: ParagraphDraft) -> bool:
    ended = _ENDED.search(before.text.rstrip())
    lower = after.text.lstrip()[:1].islower()
    return not ended and lower and not begins_item(after.lines[0]) and len(before.text.split()) > 1


def _lacks_label(table: TableDraft, other: TableDraft, first: int) -> bool:
    """Whether the row alone has no text in the column in which every other row has some."""
    rows = [_row(table, row) for row in range(table.header_rows, len(table.ys) - 1)]
    rows += [_row(other, row) for row in range(first + 1, len(other.ys) - 1)]
    labels = [bool(row and row[0].column == 0 and row[0].blocks) for row in rows]
    own = _row(other, first)
    return len(own) > 1 and not own[0].blocks and all(labels) and bool(labels)


def _all_wrap(pairs: Sequence[tuple[CellDraft, CellDraft]]) -> bool:
    """Whether every cell that has text on both pages ends with a full line there, and no sentence: several by chance do not."""
    both = [(_last(one.blocks), after.blocks[0]) for one, after in pairs if one.blocks and after.blocks]
    wrapped = [
        before.lines[-1]
        for before, after in both
        if before is not None and isinstance(after, ParagraphDraft) and _wraps(before, after)
    ]
    telling = [line for line in wrapped if len(line.text.split()) >= _WORDS]
    return len(wrapped) == len(both) and len(telling) >= _TELLING


def _wraps(before: ParagraphDraft, after: ParagraphDraft) -> bool:
    """Whether a line ends because a blank and the first word of the next one had no room."""
    line, follows = before.lines[-1], after.lines[0]
    letters = 1 + len(follows.text.split()[0])
    word = (follows.right - follows.left) * letters / max(1, len(follows.text))
    room = line.left - before.left if line.rtl else before.right - line.right
    return not _ENDED.search(before.text.rstrip()) and not begins_item(follows) and room < _WIDER * word


def _go_on(cell: CellDraft, blocks: list[BlockDraft], words: Words) -> None:
    before = _last(cell.blocks)
    after = blocks[0] if blocks else None
    if before is not None and isinstance(after, ParagraphDraft) and _is_one(before, after):
        before.joins += [join_of(before.lines[-1], after.lines[0], words), *after.joins]
        before.lines += after.lines
        blocks = blocks[1:]
    cell.blocks = [*cell.blocks, *blocks]


def _is_one(before: ParagraphDraft, after: ParagraphDraft) -> bool:
    """Whether a paragraph goes on: within a sentence, or from a full line that does not end one."""
    line = before.lines[-1]
    if begins_item(after.lines[0]) or abs(line.size - after.lines[0].size) > 0.5:
        return False
    return _is_sentence(before, after) or _wraps(before, after)

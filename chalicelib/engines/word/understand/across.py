"""What goes on in the next column or on the next page: paragraphs, and tables."""

import re
from collections.abc import Iterator, Sequence

from chalicelib.engines.word.draft.block import BlockDraft, CellDraft, Join, ParagraphDraft, TableDraft
from chalicelib.engines.word.draft.draft import ColumnDraft, Draft, PageDraft
from chalicelib.engines.word.draft.line import Line
from chalicelib.engines.word.understand.joins import Words, join_of
from chalicelib.engines.word.understand.labels import begins_item
from chalicelib.engines.word.understand.room import Room
from chalicelib.engines.word.understand.row_rests import take_rest

_ENDED = re.compile(r"[.!?:;\u2026\u3002\u061f\u06d4][\"'\u00bb\u201d\u2019)\]]*$")
_LOW = 0.7
"""Of a page's height: text that ends above has ended, or goes on beside by a break."""

_SAME_PT = 4.0
"""Columns of a table's parts on two pages stand at the same places within this."""

_INDENT = 0.7
"""In units of the size, as in ``paragraphs``."""


def join_across(draft: Draft) -> None:
    """Join what a column or a page cut in two; tags have done so where they tell."""
    words = Words(draft)
    last: tuple[BlockDraft, ColumnDraft, PageDraft] | None = None
    for page, column in _columns(draft):
        if last is not None and column.blocks and _joined(*last, column.blocks[0], page, words):
            column.blocks.pop(0)
        if column.blocks:
            last = column.blocks[-1], column, page


def _joined(
    last: BlockDraft, column: ColumnDraft, page: PageDraft, first: BlockDraft, after: PageDraft, words: Words
) -> bool:
    """Whether ``first`` was the rest of ``last``, and is joined to it."""
    if isinstance(last, ParagraphDraft) and isinstance(first, ParagraphDraft):
        if (page.tagged and after.tagged) or not _goes_on(last, first, column, page):
            return False
        low = last.lines[-1].bottom > _LOW * page.page.height
        if not low and page is not after:
            return False
        join = join_of(last.lines[-1], first.lines[0], words)
        last.joins += [join if low or join is not Join.BLANK else Join.COLUMN, *first.joins]
        last.lines += first.lines
        return True
    tables = isinstance(last, TableDraft) and isinstance(first, TableDraft) and page is not after
    if not (tables and isinstance(last, TableDraft) and isinstance(first, TableDraft) and _same_columns(last, first)):
        return False
    _append_rows(last, first, words)
    return True


def _columns(draft: Draft) -> Iterator[tuple[PageDraft, ColumnDraft]]:
    for page in draft.pages:
        for stretch in page.stretches:
            for column in stretch.columns:
                yield page, column


def _goes_on(last: ParagraphDraft, first: ParagraphDraft, column: ColumnDraft, page: PageDraft) -> bool:
    before, line = last.lines[-1], first.lines[0]
    if abs(before.size - line.size) > 0.5 or before.rtl != line.rtl or begins_item(line) or last.role != first.role:
        return False
    if _is_bold(before) != _is_bold(line):
        return False
    text = line.text.lstrip()
    if _ENDED.search(before.text.rstrip()) and not text[:1].islower():
        return False
    if _starts_further_in(last, first):
        return False
    return not Room(last.lines, column.box, page).fits(before, line)


def _starts_further_in(last: ParagraphDraft, first: ParagraphDraft) -> bool:
    """Whether ``first`` begins as a new paragraph would: set in against its own lines, or against those it would go on."""
    own = first.lines[1].left if len(first.lines) > 1 else last.lines[-1].left - last.left + first.left
    return first.lines[0].left - own > _INDENT * first.lines[0].size


def _is_bold(line: Line) -> bool:
    letters = sum(len(piece.text) for piece in line.pieces)
    return 2 * sum(len(piece.text) for piece in line.pieces if piece.face.bold) > letters


def _same_columns(table: TableDraft, other: TableDraft) -> bool:
    return len(table.xs) == len(other.xs) and all(
        abs(one - two) <= _SAME_PT for one, two in zip(table.xs, other.xs, strict=True)
    )


def _append_rows(table: TableDraft, other: TableDraft, words: Words) -> None:
    """The rows of ``other`` go on those of ``table``; heads that it repeats go, and the rest of a row goes on that."""
    repeated = _repeated_rows(table, other)
    table.header_rows = max(table.header_rows, repeated)
    first = repeated + take_rest(table, other, repeated, words)
    at, shift = len(table.ys) - 1 - first, table.ys[-1] - other.ys[first]
    for cell in other.cells:
        if cell.row >= first:
            cell.row += at
            cell.page = cell.page or other.page
            table.cells.append(cell)
    table.ys += [y + shift for y in other.ys[first + 1 :]]


def _repeated_rows(table: TableDraft, other: TableDraft) -> int:
    """How many rows at its top ``other`` has in common with ``table``."""
    rows = 0
    while rows < min(len(table.ys), len(other.ys)) - 2:
        own, again = _texts(table.cells, rows), _texts(other.cells, rows)
        if own != again or not any(own):
            break
        rows += 1
    return rows


def _texts(cells: Sequence[CellDraft], row: int) -> list[str]:
    return [_text(cell.blocks) for cell in sorted(cells, key=lambda one: one.column) if cell.row == row]


def _text(blocks: Sequence[BlockDraft]) -> str:
    return " ".join(block.text for block in blocks if isinstance(block, ParagraphDraft))

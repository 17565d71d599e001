"""Tables as they are on the page: columns of their own widths, and no word cut by the border that it crosses."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from docx.oxml.ns import qn
from docx.shared import Pt
from pdf2docx.table.TableBlock import TableBlock
from pdf2docx.text.Line import Line
from pdf2docx.text.TextSpan import TextSpan

_make_docx = TableBlock.make_docx
_assign = TableBlock.assign_blocks

_CUT_PT, _BORDERS = 1.5, 2
"""A border so many points inside a word cuts it; text over so many borders belongs to no cell of them."""


def install() -> None:
    """Let pdf2docx's tables be made with their widths; safe to call again."""
    TableBlock.make_docx = _make_with_widths
    TableBlock.assign_blocks = _assign_blocks
    TextSpan.intersects = _words_within


def _make_with_widths(self: Any, table: Any) -> None:
    """``TableBlock.make_docx``; widths come first, as merging cells adds them up."""
    widths = _column_widths(self)
    if widths:
        _set_widths(table._tbl, [Pt(width).twips for width in widths])
    _make_docx(self, table)


def _column_widths(block: Any) -> list[float] | None:
    """Widths in points, from the left edges of the cells that pdf2docx found; None when a column has no cell of its own."""
    edges: list[float | None] = [None] * block.num_cols
    for row in block:
        for index, cell in enumerate(row):
            if cell and edges[index] is None:
                edges[index] = cell.bbox.x0
    known = [edge for edge in edges if edge is not None]
    widths = [after - before for before, after in pairwise([*known, block.bbox.x1])]
    return widths if len(known) == len(edges) and min(widths, default=0) > 0 else None


def _set_widths(tbl: Any, widths: list[int]) -> None:
    for column, width in zip(tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=False):
        column.set(qn("w:w"), str(width))
    for row in tbl.findall(qn("w:tr")):
        for cell, width in zip(row.findall(qn("w:tc")), widths, strict=False):
            cell.width = Pt(width / 20)


def _assign_blocks(self: Any, blocks: Iterable[Any]) -> None:
    """``TableBlock.assign_blocks``, without lines over several cells: torn into them they can't be read. Text boxes get them."""
    cells = [cell.bbox for row in self for cell in row if cell]
    _assign(self, [block for block in blocks if not (isinstance(block, Line) and _is_torn(block, cells))])


def _is_torn(line: Any, cells: Sequence[Any]) -> bool:
    """Whether borders of the cells below the line go through its words."""
    box = line.bbox
    below = [cell for cell in cells if cell.y0 < box.y1 and cell.y1 > box.y0 and cell.x0 < box.x1 and cell.x1 > box.x0]
    edges = {edge for cell in below for edge in (cell.x0, cell.x1)}
    if line.is_vertical_text or sum(box.x0 < edge < box.x1 for edge in edges) < _BORDERS:
        return False
    for span in line.spans:
        for word in _words(getattr(span, "chars", ())):
            inked = [char for char in word if not char.c.isspace()]
            if inked and any(inked[0].bbox.x0 + _CUT_PT < edge < inked[-1].bbox.x1 - _CUT_PT for edge in edges):
                return True
    return False


def _words_within(self: Any, rect: Any) -> Any:
    """``TextSpan.intersects``, by whole words: letter by letter, text over a border loses some and is torn."""
    span = self.copy()
    span.chars.clear()
    for word in _words(self.chars):
        x, y = ((word[0].bbox[at] + word[-1].bbox[at + 2]) / 2 for at in (0, 1))
        if rect.x0 <= x < rect.x1 and rect.y0 <= y < rect.y1:
            span.chars.extend(word)
    span.update_bbox(span.cal_bbox() if span.chars else (0.0, 0.0, 0.0, 0.0))
    return span


def _words(chars: Sequence[Any]) -> Iterator[list[Any]]:
    """Each word with the blanks after it."""
    word: list[Any] = []
    for char in chars:
        if word and word[-1].c.isspace() and not char.c.isspace():
            yield word
            word = []
        word.append(char)
    if word:
        yield word

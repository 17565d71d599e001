"""Where the lines of a paragraph end: on purpose, or because they were full."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from copy import deepcopy
from itertools import pairwise
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from pdf2docx.common.constants import MINOR_DIST
from pdf2docx.common.share import TextAlignment
from pdf2docx.table.Cell import Cell
from pdf2docx.text.Lines import Lines
from pdf2docx.text.TextBlock import TextBlock
from pdf2docx.text.TextSpan import TextSpan

from chalicelib.engines.word.fonts import natural_width

_FIRST_IDEOGRAPH = "\u2e80"
"""From here on scripts break between any two letters."""

_BLANK = 0.12
"""Share of the font's size from which on a gap in a row is a blank between words."""

_NO_BLANK_AFTER = " -\u00ad\u2010\u2011/"
_ROOM = 1.15
"""A word that needs less than the free room by this factor would have stood on the line, had the text simply run on."""


_WRAPPED = 0.995
"""Share of its width that a line gets in a paragraph of several: what is a hair too wide wraps, and pages grow."""

_OVER_PT = 4.0
"""So far a single line may reach over its cell's edge before it wraps: a row's fixed height hides the second line."""

_make_docx = TextBlock.make_docx


def install() -> None:
    """Let pdf2docx break lines by that rule; safe to call again."""
    Lines.parse_line_break = _parse_line_break
    Lines.parse_tab_stop = _parse_tab_stop
    TextBlock.make_docx = _make_paragraphs


def _parse_line_break(self: Any, bbox: Any, width_ratio: float, free_ratio: float) -> None:
    """``Lines.parse_line_break``: pdf2docx breaks lines that leave a tenth free, and all lines of narrow paragraphs."""
    rows, block = self.group_by_physical_rows(), self.parent
    axis = 0 if block.is_horizontal_text else 1
    narrow = block.bbox[axis + 2] - block.bbox[axis] <= width_ratio * (bbox[axis + 2] - bbox[axis])
    for line in self:
        line.line_break = 0
    for row, following in zip(rows, rows[1:], strict=False):
        if (
            narrow
            or _is_one_word(row)
            or _is_placed(row)
            or _is_placed(following)
            or _free(block, row) > _ROOM * _first_word(following)
        ):
            row[-1].line_break = 1


def _parse_tab_stop(self: Any, threshold: float) -> None:
    """``Lines.parse_tab_stop``, which compares rounded with exact places and so often sets a tab too few."""
    block = self.parent
    start, end = (0, 2) if block.is_horizontal_text else (3, 1)

    def place(edge: float) -> float:
        return float(round(abs(edge - block.bbox[start]), 1))

    block.tab_stops = stops = sorted(
        {place(line.bbox[start]) for line in self if place(line.bbox[start]) >= MINOR_DIST}
    )
    reached = 0.0
    for line, following in zip(self, [*list(self)[1:], None], strict=True):
        here = place(line.bbox[start])
        if here - reached > threshold:
            line.tab_stop = bisect_right(stops, here) - bisect_right(stops, reached)
        reached = place(line.bbox[end]) if following is not None and line.in_same_row(following) else 0.0


def _is_one_word(row: Any) -> bool:
    """Such rows are entries of a list, as in the cells of a table, not prose."""
    text = "".join(line.raw_text for line in row).strip()
    return " " not in text and not text.endswith("-") and text[:1] < _FIRST_IDEOGRAPH


def _is_placed(row: Sequence[Any]) -> bool:
    """Whether a tab gives a part of the row its place."""
    return any(line.tab_stop for line in row)


def _free(block: Any, row: Any) -> float:
    """The room that the row leaves in its paragraph, in points."""
    start, end = (0, 2) if block.is_horizontal_text else (1, 3)
    before, after = row.bbox[start] - block.bbox[start], block.bbox[end] - row.bbox[end]
    if block.alignment == TextAlignment.CENTER:
        return float(2 * min(before, after))
    if block.alignment == TextAlignment.RIGHT or not block.is_horizontal_text:
        return float(before)
    return float(after)


def _first_word(row: Any) -> float:
    """Length in points of the first word of the row."""
    start, end = (0, 2) if row[0].is_horizontal_text else (1, 3)
    low, high = float("inf"), float("-inf")
    for span in row[0].spans:
        for char in span.chars if isinstance(span, TextSpan) else ():
            if char.c.isspace() and high > low:
                return high - low
            if not char.c.isspace():
                low, high = min(low, char.bbox[start]), max(high, char.bbox[end])
            if char.c[:1] >= _FIRST_IDEOGRAPH:
                return high - low
    return max(high - low, 0.0)


def keep_widths(blocks: Iterable[Any]) -> None:
    """Space the letters of parsed ``blocks`` so that each line ends where it ended, in the family that it has now."""
    for block in blocks:
        if block.is_table_block:
            for cell in (cell for row in block for cell in row if cell):
                keep_widths(cell.blocks)
            continue
        _part_words(block)
        share = _WRAPPED if block.row_count > 1 else 1.0
        for span in (span for line in block.lines for span in line.spans if isinstance(span, TextSpan)):
            _keep_width(span, share, 2 if block.is_horizontal_text else 3)


def _part_words(block: Any) -> None:
    """Put the blank back between two pieces of text that stand apart: in a row, or at the end of one that runs on."""
    start, end = (0, 2) if block.is_horizontal_text else (3, 1)
    for line, following in pairwise(block.lines):
        before, after = _last_char(line), _first_char(following)
        if before is None or after is None or following.tab_stop or line.line_break:
            continue
        apart = abs(following.bbox[start] - line.bbox[end]) > _BLANK * line.spans[-1].size
        if apart and not (
            before.c[-1:] in _NO_BLANK_AFTER or before.c[-1:] >= _FIRST_IDEOGRAPH or after.c[:1] >= _FIRST_IDEOGRAPH
        ):
            before.c += " "


def _last_char(line: Any) -> Any:
    span = line.spans[-1] if len(line.spans) else None
    return span.chars[-1] if isinstance(span, TextSpan) and span.chars else None


def _first_char(line: Any) -> Any:
    span = line.spans[0] if len(line.spans) else None
    return span.chars[0] if isinstance(span, TextSpan) and span.chars else None


def _keep_width(span: Any, share: float, end: int) -> None:
    """Set the size to what Word knows, halves of a point, and the spacing to what is left over or missing."""
    chars = _inked(span)
    size = round(span.size * 2) / 2 or 0.5
    if len(chars) > 1:
        width = max(char.bbox[end] for char in chars) - min(char.bbox[end - 2] for char in chars)
        natural = (
            natural_width("".join(char.c for char in chars).strip(), span.font, size, span.flags)
            or width * size / span.size
        )
        extra = max(-0.1 * size, min(0.3 * size, (share * width - natural) / len(chars)))
        span.char_spacing = (math.floor if share < 1 else round)(20 * extra) / 20
    span.size = size


def _inked(span: Any) -> list[Any]:
    """The span's characters without the blanks around them: their boxes reach wherever the next text begins."""
    first, last = 0, len(span.chars)
    while first < last and span.chars[first].c.isspace():
        first += 1
    while last > first and span.chars[last - 1].c.isspace():
        last -= 1
    return list(span.chars[first:last])


def _make_paragraphs(self: Any, paragraph: Any) -> Any:
    """``TextBlock.make_docx``, with a paragraph of its own for what pdf2docx ends by a line break.

    Word stretches a justified line that ends with a line break to the full width; the last line of a paragraph it does not.
    """
    _make_docx(self, paragraph)
    rows = [any(line.line_break for line in row) for row in self.lines.group_by_physical_rows()]
    pieces = _split(paragraph)
    if len(pieces) == sum(rows) + 1:
        heights = _row_counts(rows)
        for piece, count in zip(pieces, heights, strict=True):
            if count == 1 and self.is_horizontal_text:
                _set_single(piece.paragraph_format, self)
    return paragraph


def _set_single(spacing: Any, block: Any) -> None:
    """A single line keeps its room: what ends at the right edge stays there also where a font is a hair wider."""
    over = Pt(-_OVER_PT if isinstance(block.parent, Cell) else 0)
    room = block.parent.working_bbox
    if block.alignment in (TextAlignment.LEFT, TextAlignment.JUSTIFY):
        if room.x1 - block.bbox.x1 > 3 or block.bbox.x0 - room.x0 < 12:
            spacing.right_indent = over
            return
        spacing.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        spacing.right_indent = Pt(0)
        spacing.first_line_indent = Pt(0)
        spacing.left_indent = over
    elif over and block.alignment == TextAlignment.RIGHT:
        spacing.left_indent = over


def _row_counts(broken: Sequence[bool]) -> list[int]:
    """How many rows each piece has, of rows that end with a break or not."""
    counts = [0]
    for one in broken:
        counts[-1] += 1
        if one:
            counts.append(0)
    return counts


def _split(paragraph: Any) -> list[Any]:
    """The paragraphs that ``paragraph`` falls into at its line breaks; they stand where it stood."""
    pieces, element = [paragraph], paragraph._p
    for run in list(element.findall(qn("w:r"))):
        current = pieces[-1]._p
        if run.find(qn("w:br")) is not None and run.find(qn("w:t")) is None:
            following = deepcopy(element.pPr)
            new = current.makeelement(current.tag)
            new.append(following)
            current.addnext(new)
            current.remove(run) if run.getparent() is current else run.getparent().remove(run)
            pieces.append(Paragraph(new, paragraph._parent))
        elif current is not element:
            current.append(run)
    _space_pieces(pieces)
    return pieces


def _space_pieces(pieces: Sequence[Any]) -> None:
    """Only the first piece has the room above and the first line's indent, only the last the room below."""
    for index, piece in enumerate(pieces):
        spacing = piece.paragraph_format
        if index:
            spacing.space_before = Pt(0)
            left = spacing.left_indent
            if spacing.first_line_indent:
                spacing.first_line_indent = Pt(0)
        if index < len(pieces) - 1:
            spacing.space_after = Pt(0)

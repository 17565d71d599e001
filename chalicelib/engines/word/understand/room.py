"""How far a line could have run: whether the next line's first word would have had room on it."""

from collections.abc import Sequence

from chalicelib.engines.word.draft.draft import PageDraft
from chalicelib.engines.word.draft.line import Line
from chalicelib.engines.word.pages.text import Box

_SLACK = 0.15
"""Room beyond what a word needs, in units of the size, before it counts as enough: advances are rounded."""

_BLANK = 0.25
_EVEN_PT = 2.0
"""Right edges that differ by no more are justified."""

_NARROWER = 3.0
"""A block ends so many sizes before the column does when it has a margin of its own."""

_FULL_SHARE = 0.6
"""Of the lines of such a block that must be full for it."""

_LONG = 25
"""Letters of the lines of such a block on average: shorter ones are lists and addresses."""


class Room:
    """The column ``box``, narrowed where a block of lines or a picture at its side tells of a nearer edge."""

    def __init__(self, lines: Sequence[Line], box: Box, page: PageDraft) -> None:
        self._box = box
        self._pictures = [one.box for one in page.page.images] + [one.box for one in page.page.drawings]
        self._limits = _narrow_blocks(lines, box)

    def fits(self, before: Line, line: Line) -> bool:
        """Whether the first word of ``line`` would have fitted at the end of ``before``."""
        left, right = self._edges(before)
        width = before.right - before.left
        if _is_centered(before, line, left, right):
            room = (right - left) - width
        elif before.rtl or _is_flush(before, line, right):
            room = before.left - left
        else:
            room = right - before.right
        return room > first_word(line) + (_BLANK + _SLACK) * line.size

    def _edges(self, line: Line) -> tuple[float, float]:
        left, right = self._box[0], self._limits.get(id(line), self._box[2])
        for x0, y0, x1, y1 in self._pictures:
            if y0 < line.baseline and y1 > line.top:
                if x0 >= line.right - 1:
                    right = min(right, x0)
                elif x1 <= line.left + 1:
                    left = max(left, x1)
        return left, max(right, line.right)


def first_word(line: Line) -> float:
    """The width of the first word in points."""
    piece = line.pieces[0]
    end = piece.text.find(" ")
    if end > 0:
        return max(piece.ends[:end]) - min(piece.starts[:end])
    right, left = piece.right, piece.left
    for after in line.pieces[1:]:
        if after.gap or end >= 0:
            break
        end = after.text.find(" ")
        taken = slice(0, end if end >= 0 else None)
        right, left = max([right, *after.ends[taken]]), min([left, *after.starts[taken]])
    return right - left


def _is_centered(before: Line, line: Line, left: float, right: float) -> bool:
    middle = (left + right) / 2
    centered = all(abs((one.left + one.right) / 2 - middle) < _EVEN_PT for one in (before, line))
    return centered and min(before.left, line.left) > left + _EVEN_PT


def _is_flush(before: Line, line: Line, right: float) -> bool:
    """Whether both end at the right edge and begin anywhere: aligned to the right."""
    flush = all(abs(one.right - right) < _EVEN_PT for one in (before, line))
    return flush and abs(before.left - line.left) > line.size


def _narrow_blocks(lines: Sequence[Line], box: Box) -> dict[int, float]:
    """The right edge of lines whose block has one of its own, by ``id()`` of the line."""
    limits: dict[int, float] = {}
    for block in _blocks(lines):
        right = max(one.right for one in block)
        if len(block) < 3 or box[2] - right < _NARROWER * block[0].size:
            continue
        letters = sum(one.letters for one in block) / len(block)
        pairs = list(zip(block, block[1:], strict=False))
        full = sum(right - one.right <= first_word(after) + (_BLANK + _SLACK) * one.size for one, after in pairs)
        if letters >= _LONG and full >= _FULL_SHARE * len(pairs):
            limits |= {id(one): right for one in block}
    return limits


def _blocks(lines: Sequence[Line]) -> list[list[Line]]:
    """Runs of lines of one size that begin at one edge and are no further apart than lines of a paragraph."""
    blocks: list[list[Line]] = []
    for line in lines:
        before = blocks[-1][-1] if blocks else None
        if (
            before is not None
            and abs(before.size - line.size) < 0.5
            and abs(before.left - line.left) < line.size
            and 0 < line.baseline - before.baseline < 1.9 * line.size
        ):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks

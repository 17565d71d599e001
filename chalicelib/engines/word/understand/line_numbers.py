"""Numbers of lines in the margin, as in manuscripts and pleadings: they are the section's, and no text."""

from collections.abc import Sequence
from itertools import pairwise

from chalicelib.engines.word.draft.cutting import cut, isolate
from chalicelib.engines.word.draft.draft import Draft, PageDraft
from chalicelib.engines.word.draft.line import Line
from chalicelib.engines.word.understand.rows import Row, rows_of

_FEWEST = 10
"""Numbers on a page, at least, that tell; on others those at the same place are taken with them."""

_STEADY = 0.8
"""Share of neighbouring numbers that count the rows between them: formulas and tables have none, or several."""

_FULL, _PROSE = 0.9, 0.3
"""A row is full when it takes this share of the widest one; so many are in running text, and not in lists."""

_SAME_PLACE_PT = 3.0


def find_line_numbers(draft: Draft) -> None:
    """Set ``PageDraft.line_numbers`` and take the numbers out of the lines."""
    found = [_numbers(page) for page in draft.pages]
    told = [at for at, own in enumerate(found) if _are_line_numbers(own, draft.pages[at])]
    if not told or 2 * len(told) < len(draft.pages):
        return
    place = found[told[0]][0][0].lines[0]
    right = _end_of(place)
    for page, own in zip(draft.pages, found, strict=True):
        kept = [(row, value) for row, value in own if abs(_end_of(row.lines[0]) - right) < _SAME_PLACE_PT]
        for row, _ in kept:
            _take(row.lines[0])
        page.lines = [line for line in page.lines if line.pieces]
        if kept:
            page.line_numbers = kept[0][1]


def _numbers(page: PageDraft) -> list[tuple[Row, int]]:
    """The rows that begin with a numeral at the outermost place where several do, flush right."""
    begun = [(row, value) for row in rows_of(page.lines) if (value := _value(row.lines[0])) is not None]
    if not begun:
        return []
    outermost = min(row.lines[0].left for row, _ in begun)
    reach = outermost + 4 * begun[0][0].size
    ends = sorted(_end_of(row.lines[0]) for row, _ in begun if _end_of(row.lines[0]) < reach)
    if not ends:
        return []
    usual = ends[len(ends) // 2]
    return [(row, value) for row, value in begun if abs(_end_of(row.lines[0]) - usual) < _SAME_PLACE_PT]


def _value(line: Line) -> int | None:
    word = _word(line)
    return int(word) if word.isascii() and word.isdigit() and len(word) <= 5 else None


def _word(line: Line) -> str:
    """The first word of a line, which ends with its piece or at a blank."""
    return line.pieces[0].text.split(" ", 1)[0]


def _end_of(line: Line) -> float:
    return line.pieces[0].ends[len(_word(line)) - 1]


def _are_line_numbers(own: Sequence[tuple[Row, int]], page: PageDraft) -> bool:
    """Whether they count the rows of running text, all of which stand on their right."""
    if len(own) < _FEWEST:
        return False
    rows = rows_of(page.lines)
    places = {id(row.lines[0]): at for at, row in enumerate(rows)}
    steps = [
        (after - before, places[id(low.lines[0])] - places[id(high.lines[0])])
        for (high, before), (low, after) in pairwise(own)
    ]
    steady = sum(value == rows_between > 0 for value, rows_between in steps) >= _STEADY * len(steps)
    end = _end_of(own[0][0].lines[0])
    within = rows[places[id(own[0][0].lines[0])] : places[id(own[-1][0].lines[0])] + 1]
    beside = all(row.lines[0].left > end or _value(row.lines[0]) is not None for row in within)
    widest = max(row.right for row in within) - end
    full = sum(row.right - end >= _FULL * widest for row in within)
    return steady and beside and full >= _PROSE * len(within)


def _take(line: Line) -> None:
    isolated = isolate(line, line.left - 1, _end_of(line))
    ids = {id(piece) for piece in isolated}
    line.pieces = [piece for piece in line.pieces if id(piece) not in ids]
    if line.pieces:
        first = line.pieces[0]
        blank = len(first.text) - len(first.text.lstrip(" "))
        line.pieces[0] = cut(first, blank)[1]
        line.pieces = [piece for piece in line.pieces if piece.text]

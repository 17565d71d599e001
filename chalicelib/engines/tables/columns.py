"""Columns by the evidence of the text: boundaries moved off words, missing ones found, unfounded ones dropped."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, pairwise
from statistics import median

from chalicelib.engines.tables.cell_dates import looks_like_a_date
from chalicelib.engines.tables.grid import Grid, is_numeric, is_value, phrases, spread
from chalicelib.engines.tables.text import Word, text_of, visual_lines

_ALIGNED = 1.6
"""Edges that lie within this many points are aligned."""
_RAGGED = 3.5
_CROSSED = 0.15
"""The share of lines, headings mostly, that may run across a boundary."""
_FEWEST = 4
_SAME = 0.8
_WIDEST_BLANK = 2.0
"""No gap within a phrase is wider than this, in units of the size."""
_GROUP_HEAD = re.compile(r"[-+−–(]?[$€£¥]?\d{1,3}")
_GROUP_TAIL = re.compile(r"\d{3}(?!\d)")


def fit_columns(grid: Grid, seen: Sequence[float] = ()) -> None:
    """Mend the columns of ``grid`` in place; ``seen`` are boundaries that the model suggests inside ruled columns."""
    for x in seen:
        _add_suggested(grid, x)
    if not grid.ruled:
        _snap(grid)
        _drop_unfounded(grid)
    _split(grid)


def _add_suggested(grid: Grid, x: float) -> None:
    """Add the boundary ``x`` where at least half of its column's lines have cells on both sides of it."""
    if min(abs(x - own) for own in grid.xs) < 6:
        return
    column = sum(own < x for own in grid.xs) - 1
    if not 0 <= column < grid.columns:
        return
    inside = [w for w in grid.words if w.upright and grid.xs[column] <= w.center[0] < grid.xs[column + 1]]
    lines = visual_lines(inside)
    both = [one for one in (_Sides.of(line, x) for line in lines) if one is not None]
    parted = [one for one in both if one.right[0].x0 - one.left[-1].x1 > 1.6 * one.left[-1].blank]
    if len(parted) >= 2 and 2 * len(parted) >= len(lines) and 4 * len(parted) >= 3 * len(both):
        grid.xs.insert(column + 1, x)


def _snap(grid: Grid) -> None:
    """Move a boundary that cuts several phrases, more than heads of groups do, to where it cuts the fewest."""
    lines = phrases(grid.words)
    extents = [(phrase.x0, phrase.x1) for line in lines for phrase in line]
    for at in range(1, grid.columns):
        low = (grid.xs[at - 1] + grid.xs[at]) / 2
        high = (grid.xs[at] + grid.xs[at + 1]) / 2
        near = [(x0, x1) for x0, x1 in extents if x1 > low and x0 < high]
        if _cost(near, grid.xs[at], grid.xs[at])[0] <= max(1, _CROSSED * len(lines) / 2):
            continue
        edges = [edge for x0, x1 in near for edge in (x0 - 0.5, x1 + 0.5) if low < edge < high]
        grid.xs[at] = min([grid.xs[at], *edges], key=partial(_cost, near, grid.xs[at]))


def _cost(extents: Sequence[tuple[float, float]], origin: float, x: float) -> tuple[int, float]:
    return sum(x0 < x < x1 for x0, x1 in extents), abs(x - origin)


def _drop_unfounded(grid: Grid) -> None:
    """Drop a boundary that no line's text stands on both sides of, or that most lines' words run across."""
    at = 1
    while at < grid.columns:
        inside = [word for word in grid.words if grid.xs[at - 1] <= word.center[0] < grid.xs[at + 1]]
        x = grid.xs[at]
        lines = visual_lines(word for word in inside if word.upright)
        crossed = sum(any(one.x0 + 1 < x < one.x1 - 1 for one in line) for line in lines)
        left = sum(any(one.x1 <= x + 1 for one in line) for line in lines)
        right = sum(any(one.x0 >= x - 1 for one in line) for line in lines)
        both = [one for one in (_Sides.of(line, x) for line in lines) if one is not None]
        if not left or not right or crossed > 2 * min(left, right) or _is_one_phrase(both):
            del grid.xs[at]
        else:
            at += 1


def join_complementary(grid: Grid) -> None:
    """Join two columns of which no row fills both, where one holds only heads: a head set apart from its numbers."""
    at = 1
    while not grid.ruled and at < grid.columns:
        filled: dict[int, set[int]] = {at - 1: set(), at: set()}
        for word in grid.words:
            row, column = grid.slot(word)
            filled.get(column, set()).add(row)
        left, right = filled[at - 1], filled[at]
        heads = min(max(left, default=-1), max(right, default=-1)) < grid.header_rows
        if heads and not left & right and (left or right):
            del grid.xs[at]
        else:
            at += 1


def _split(grid: Grid) -> None:
    at = 0
    while at < grid.columns:
        x = _missing_boundary(grid, at)
        if x is None:
            at += 1
        else:
            grid.xs.insert(at + 1, x)


def _missing_boundary(grid: Grid, column: int) -> float | None:
    inside = [word for word in grid.words if word.upright and grid.xs[column] <= word.center[0] < grid.xs[column + 1]]
    lines = visual_lines(inside)
    if len(lines) < _FEWEST:
        return None
    gaps = _crossings(inside)
    for allowed in range(int(_CROSSED * len(lines)) + 1):
        for low, high in _channels(gaps, allowed):
            x = (low + high) / 2
            both = [one for one in (_Sides.of(line, x) for line in lines) if one is not None]
            if len(both) >= max(_FEWEST, 0.5 * len(lines)) and _is_boundary(both):
                return x
    return None


def _crossings(words: Sequence[Word]) -> list[tuple[float, float, int]]:
    """From left to right, the strips between any two edges of words, and how many words cross each."""
    steps = sorted([(word.x0, 1) for word in words] + [(word.x1, -1) for word in words])
    counts = accumulate(step for _, step in steps)
    return [
        (low, high, count) for ((low, _), (high, _)), count in zip(pairwise(steps), counts, strict=False) if low < high
    ]


def _channels(strips: Sequence[tuple[float, float, int]], allowed: int) -> list[tuple[float, float]]:
    """Adjoining strips that at most ``allowed`` words cross, the widest first."""
    channels: list[tuple[float, float]] = []
    for low, high, count in strips:
        if count > allowed:
            continue
        if channels and channels[-1][1] == low:
            channels[-1] = (channels[-1][0], high)
        else:
            channels.append((low, high))
    return sorted(channels, key=lambda channel: channel[0] - channel[1])


@dataclass(slots=True)
class _Sides:
    """What stands left and right of a possible boundary in one line."""

    left: list[Word]
    right: list[Word]

    @classmethod
    def of(cls, line: Sequence[Word], x: float) -> "_Sides | None":
        left = [word for word in line if word.x1 <= x + 0.5]
        right = [word for word in line if word.x0 >= x - 0.5]
        if not left or not right or len(left) + len(right) < len(line):
            return None
        return cls(left, right)


def _is_boundary(both: Sequence[_Sides]) -> bool:
    """Whether the edges line up as two columns do and as no single run of text can.

    Where one run starts at one place, a word after others of changing length can't; where it ends at one place,
    neither can a word before others; and in one run the gap is always a blank.
    """
    left, right = [one.left[-1] for one in both], [one.right[0] for one in both]
    if _only_signs(left) or _only_signs(right) or _is_grouped_number(both) or _is_one_phrase(both):
        return False
    told = _always_same([one.left for one in both]) and _is_told_by_a_head(both)
    return told or _edges_line_up(both, left, right)


def _edges_line_up(both: Sequence[_Sides], left: Sequence[Word], right: Sequence[Word]) -> bool:
    size = median(word.size for word in left)
    left_end, right_start = [word.x1 for word in left], [word.x0 for word in right]
    if spread(right_start) <= _ALIGNED and spread(left_end) >= size:
        return True
    if spread(left_end) <= _ALIGNED and spread(right_start) >= _RAGGED:
        return spread([word.x1 for word in right]) <= _ALIGNED
    if _range(left_end) <= _ALIGNED and _range(right_start) <= _ALIGNED:
        whole = [one.left[0].x0 for one in both], [one.right[-1].x1 for one in both]
        return min(map(_range, whole)) >= _RAGGED or _are_two_values(both)
    gaps = [end - start for start, end in zip(left_end, right_start, strict=True)]
    outer = [one.left[0].x0 for one in both], [one.right[-1].x1 for one in both]
    if max(map(spread, outer)) <= _ALIGNED and spread(gaps) >= size:
        numbers = sum(is_numeric(text_of(one.right)) for one in both)
        return numbers >= 0.8 * len(both)
    return False


def _range(values: Sequence[float]) -> float:
    return max(values) - min(values)


def _are_two_values(both: Sequence[_Sides]) -> bool:
    """``76.9% 18/03/2026``: each side is whole by itself, as the parts of a spaced number or a date are not."""
    pairs = [(text_of(one.left), text_of(one.right)) for one in both]
    whole = sum(is_value(a) and is_value(b) and (looks_like_a_date(a) or looks_like_a_date(b)) for a, b in pairs)
    return whole >= 0.8 * len(pairs)


def _is_one_phrase(both: Sequence[_Sides]) -> bool:
    """Whether the same words stand left and right in nearly every line: a phrase with a wide gap, not two columns."""
    if len(both) < _FEWEST or _is_told_by_a_head(both):
        return False
    if median(one.right[0].x0 - one.left[-1].x1 for one in both) > _WIDEST_BLANK * both[0].left[-1].size:
        return False
    inner = [text_of([one.left[-1], one.right[0]]) for one in both]
    return not any(char.isdigit() for char in inner[0]) and max(map(inner.count, inner)) > _SAME * len(inner)


def _always_same(sides: Sequence[Sequence[Word]]) -> bool:
    texts = [text_of(side) for side in sides]
    return len(texts) >= _FEWEST and max(map(texts.count, texts)) > _SAME * len(texts)


def _is_told_by_a_head(both: Sequence[_Sides]) -> bool:
    """Whether the top line has a wide gap here and goes on exactly where the others do."""
    top, starts = both[0], sorted(one.right[0].x0 for one in both)
    if text_of(top.left) == text_of(both[-1].left):
        return False
    gap = top.right[0].x0 - top.left[-1].x1
    return gap > 3 * top.left[-1].blank and abs(top.right[0].x0 - starts[len(starts) // 2]) <= _ALIGNED


def _is_grouped_number(both: Sequence[_Sides]) -> bool:
    """``1 234 567,89``: one number in groups of three digits."""
    pairs = [(one.left[-1].text, one.right[0].text) for one in both]
    return all(_GROUP_HEAD.fullmatch(left) and _GROUP_TAIL.match(right) for left, right in pairs)


def _only_signs(words: Sequence[Word]) -> bool:
    """Currency signs, dashes and plus-minus belong to the number beside them."""
    return not any(char.isalnum() for word in words for char in word.text)

"""How the cells of a table look on their page: shades, colours of letters, drawn sides, the place of text."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from chalicelib.engines.tables.grid import Grid, Slot, bounding, spread
from chalicelib.engines.tables.rules import Fill, Rule, Rules
from chalicelib.engines.tables.text import Box, Word

_NEAR = 3.0
"""A line this near to a boundary, in points, is drawn along it."""
_DRAWN = 0.6
"""Least share of a side along which a line runs."""
_SHADED = 0.8
"""Least share of a cell, or of its text, that a shade covers."""
_PANEL = 15.0
"""A shade that reaches this far beyond a table on both sides is what it stands on, and none of its own."""
_BESIDE = 18.0
"""The line above the first or below the last row, where no line gave the rows, is this near to their text."""
_ALIGNED, _RAGGED = 2.0, 4.0
_INDENT = 8.0
"""What is centred has more room than this on both sides; less is the padding of a cell."""


@dataclass(frozen=True, slots=True)
class Look:
    """A cell's looks: colours as RRGGBB, ``sides`` the drawn ones of "tblr", ``align`` "center", "right" or nothing."""

    fill: str = ""
    color: str = ""
    italic: bool = False
    sides: str = ""
    align: str = ""


def looks_of(grid: Grid, rules: Rules) -> list[tuple[int, int, Look]]:
    """(row, column, look) of each cell of ``grid`` that does not look plain."""
    cells: dict[Slot, list[Word]] = {}
    for word in grid.words:
        cells.setdefault(grid.slot(word), []).append(word)
    sides = _Sides(grid, rules)
    fills = [fill for fill in rules.fills if not _is_panel(grid, fill.box)]
    edges = [_edges(cells, column) for column in range(grid.columns)]
    found = []
    for row in range(grid.rows):
        for column in range(grid.columns):
            words = cells.get((row, column), [])
            box = _box(grid, row, column)
            look = Look(
                _shade(fills, bounding(words) if words else box),
                _color(words),
                bool(words) and all(word.italic for word in words),
                sides.of(row, column),
                _align(words, box if grid.ruled else None, edges[column]),
            )
            if look != Look():
                found.append((row, column, look))
    return found


def _box(grid: Grid, row: int, column: int) -> Box:
    """The box of a slot, or of the merged cell that begins there."""
    r1, c1 = next(((r1, c1) for r0, c0, r1, c1 in grid.spans if (r0, c0) == (row, column)), (row, column))
    return grid.xs[column], grid.ys[row], grid.xs[c1 + 1], grid.ys[r1 + 1]


class _Sides:
    """Looks up which sides of cells are drawn."""

    def __init__(self, grid: Grid, rules: Rules) -> None:
        across = [rule for rule in rules.horizontal if rule.hi > grid.xs[0] and rule.lo < grid.xs[-1]]
        self._xs, self._ys = grid.xs, grid.ys
        if grid.ruled:
            self._flat = [_near(across, y) for y in grid.ys]
        else:
            self._flat = [[rule for rule in across if low <= rule.at <= high] for low, high in _gaps(grid)]
        upright = [] if grid.places else rules.vertical
        self._posts = [_near(upright, x) for x in grid.xs]

    def of(self, row: int, column: int) -> str:
        x0, x1, y0, y1 = self._xs[column], self._xs[column + 1], self._ys[row], self._ys[row + 1]
        walls = {
            "t": (self._flat[row], x0, x1),
            "b": (self._flat[row + 1], x0, x1),
            "l": (self._posts[column], y0, y1),
            "r": (self._posts[column + 1], y0, y1),
        }
        return "".join(side for side, (lines, lo, hi) in walls.items() if _runs_along(lines, lo, hi))


def _near(rules: Sequence[Rule], at: float) -> list[Rule]:
    return [rule for rule in rules if abs(rule.at - at) <= _NEAR]


def _runs_along(rules: Sequence[Rule], lo: float, hi: float) -> bool:
    return any(rule.cover(lo, hi) >= _DRAWN for rule in rules)


def _gaps(grid: Grid) -> Iterator[tuple[float, float]]:
    """From the letters above each boundary of rows to those below it."""
    rows = grid.row_words()
    starts, ends = grid.ys[:-1], grid.ys[1:]
    tops = [min((one.baseline - 0.6 * one.size for one in row), default=y) for row, y in zip(rows, starts, strict=True)]
    floors = [max((one.baseline for one in row), default=y) for row, y in zip(rows, ends, strict=True)]
    yield tops[0] - _BESIDE, tops[0]
    yield from zip(floors, tops[1:], strict=False)
    yield floors[-1], floors[-1] + _BESIDE


def _is_panel(grid: Grid, box: Box) -> bool:
    return box[1] < grid.ys[0] - _PANEL and box[3] > grid.ys[-1] + _PANEL


def _shade(fills: Sequence[Fill], box: Box) -> str:
    """The colour of the topmost shade over ``box``; none where it is white."""
    area = max(0.1, (box[2] - box[0]) * (box[3] - box[1]))
    for fill in reversed(fills):
        width = min(box[2], fill.box[2]) - max(box[0], fill.box[0])
        height = min(box[3], fill.box[3]) - max(box[1], fill.box[1])
        if width > 0 and height > 0 and width * height >= _SHADED * area:
            return "" if fill.color == "FFFFFF" else fill.color
    return ""


def _color(words: Sequence[Word]) -> str:
    """The colour of most letters; none where it is black."""
    letters: Counter[int] = Counter()
    for word in words:
        letters[word.color] += len(word.text)
    most = letters.most_common(1)
    return f"{most[0][0]:06X}" if most and most[0][0] else ""


def _edges(cells: dict[Slot, list[Word]], column: int) -> tuple[float | None, float | None]:
    """Where the texts of a column begin, and where they end, if that is at one place and not for all being alike."""
    boxes = [bounding(words) for at, words in cells.items() if at[1] == column]
    starts, ends = sorted(box[0] for box in boxes), sorted(box[2] for box in boxes)
    if len(boxes) < 3 or max(spread(starts), spread(ends)) < _RAGGED:
        return None, None
    middle = len(boxes) // 2
    left = starts[middle] if spread(starts) <= _ALIGNED else None
    return left, ends[middle] if spread(ends) <= _ALIGNED else None


def _align(words: Sequence[Word], box: Box | None, edges: tuple[float | None, float | None]) -> str:
    if not words:
        return ""
    x0, _, x1, _ = bounding(words)
    left, right = edges
    if right is not None and abs(x1 - right) <= _ALIGNED:
        return "right"
    if box is None or (left is not None and abs(x0 - left) <= _ALIGNED):
        return ""
    before, after = x0 - box[0], box[2] - x1
    return "center" if min(before, after) > _INDENT and abs(before - after) <= 0.2 * min(before, after) else ""


def contrast(one: str, other: str) -> float:
    """How well letters of a colour (RRGGBB) are seen on another, from 1 to 21 (WCAG 2, relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    parts = [int(color[a:b], 16) / 255 for a, b in pairwise((0, 2, 4, 6))]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

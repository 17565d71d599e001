"""Two tables that stand side by side and were taken for one."""

from collections.abc import Sequence

from chalicelib.engines.tables.grid import Grid
from chalicelib.engines.tables.rules import Rules
from chalicelib.engines.tables.text import Word, visual_lines

_SAME_LINE = 1.2
"""Baselines of one row agree within this many points."""


def parted(grid: Grid, rules: Rules) -> list[Grid]:
    """``grid`` as it is, or its parts where the lines left and right of a gap have nothing to do with each other."""
    for at in range(2, grid.columns - 1):
        x = grid.xs[at]
        left = [word for word in grid.words if word.center[0] < x]
        right = [word for word in grid.words if word.center[0] >= x]
        if not _has_lines(left) or not _has_lines(right) or max(w.x1 for w in left) > min(w.x0 for w in right):
            continue
        if _reaches_across(grid, rules, left, right):
            continue
        if _rules_part(grid, rules, left, right) or _lines_differ(left, right):
            return [*parted(_part(grid, left, 0, at), rules), *parted(_part(grid, right, at, grid.columns), rules)]
    return [grid]


def _has_lines(words: Sequence[Word]) -> bool:
    return any(word.upright for word in words)


def _lines_differ(left: Sequence[Word], right: Sequence[Word]) -> bool:
    ours, theirs = _baselines(left), _baselines(right)
    if min(len(ours), len(theirs)) < 4:
        return False
    return max(_agreement(ours, theirs), _agreement(theirs, ours)) < 0.6


def _baselines(words: Sequence[Word]) -> list[float]:
    return [max(word.baseline for word in line) for line in visual_lines(w for w in words if w.upright)]


def _agreement(ours: Sequence[float], theirs: Sequence[float]) -> float:
    return sum(min(abs(one - other) for other in theirs) <= _SAME_LINE for one in ours) / len(ours)


def _reaches_across(grid: Grid, rules: Rules, left: Sequence[Word], right: Sequence[Word]) -> bool:
    """Whether a line or a shade runs on from one side to the other."""
    end, start = max(word.x1 for word in left), min(word.x0 for word in right)
    inside = [one for one in rules.horizontal + rules.shades if grid.ys[0] - 5 <= one.at <= grid.ys[-1] + 5]
    return any(one.lo < end and one.hi > start for one in inside)


def _rules_part(grid: Grid, rules: Rules, left: Sequence[Word], right: Sequence[Word]) -> bool:
    """Whether two or more lines span each side."""
    end, start = max(word.x1 for word in left), min(word.x0 for word in right)
    inside = [one for one in rules.horizontal if grid.ys[0] - 5 <= one.at <= grid.ys[-1] + 5]
    whole_left = [one for one in inside if one.cover(grid.xs[0] + 2, end - 2) > 0.95]
    whole_right = [one for one in inside if one.cover(start + 2, grid.xs[-1] - 2) > 0.95]
    return start - end >= 8 and len(whole_left) > 1 and len(whole_right) > 1


def _part(grid: Grid, words: list[Word], first: int, last: int) -> Grid:
    """Columns ``first`` to ``last`` with rows of their own: one for each line, to be joined by the row rules."""
    xs = grid.xs[first : last + 1]
    lines = visual_lines(word for word in words if word.upright)
    tops = [min(word.y0 for word in line) for line in lines]
    floors = [max(word.y1 for word in line) for line in lines]
    cuts = [(floor + top) / 2 for floor, top in zip(floors, tops[1:], strict=False)]
    return Grid(xs, [tops[0], *cuts, floors[-1]], words)

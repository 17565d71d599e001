"""The grids that drawn lines make: rows and columns where they cross, merged cells where one is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from chalicelib.engines.tables.fuse import Region
from chalicelib.engines.tables.rules import Rule, Rules
from chalicelib.engines.tables.text import Box

_TOUCH = 3.0
"""Lines that end this near to each other, in points, meet."""
_SAME = 3.0
"""Lines this near to each other are one boundary: double lines, and boxes drawn cell by cell with a gap."""
_WALL = 0.6
"""A side of a cell is drawn when a line runs along this share of it."""
_OPEN_SIDE = 4.0
"""Where lines reach this far beyond the outermost crossing one, cells stand there that no line closes."""
_MOST_RULES = 4_000
"""More lines than this are a drawing; no table on one page has as many."""


def lattices(rules: Rules) -> list[Region]:
    """The grids on a page with at least two cells, from top to bottom."""
    if len(rules.horizontal) + len(rules.vertical) > _MOST_RULES:
        return []
    regions = [_region(net) for net in _nets(rules)]
    return sorted((one for one in regions if one is not None), key=lambda one: (one.box[1], one.box[0]))


@dataclass(slots=True)
class _Net:
    """Lines that cross or meet one another."""

    horizontal: list[Rule]
    vertical: list[Rule]


def _nets(rules: Rules) -> list[_Net]:
    owner: dict[int, int] = {}

    def root(at: int) -> int:
        while owner.setdefault(at, at) != at:
            owner[at] = at = owner[owner[at]]
        return at

    flat, upright = rules.horizontal, sorted(rules.vertical, key=lambda rule: rule.at)
    for at, line in enumerate(flat):
        for other, post in enumerate(upright):
            if post.at > line.hi + _TOUCH:
                break
            if post.at >= line.lo - _TOUCH and post.lo - _TOUCH <= line.at <= post.hi + _TOUCH:
                owner[root(len(flat) + other)] = root(at)
    nets: dict[int, _Net] = {}
    for at, line in enumerate(flat):
        nets.setdefault(root(at), _Net([], [])).horizontal.append(line)
    for at, post in enumerate(upright):
        nets.setdefault(root(len(flat) + at), _Net([], [])).vertical.append(post)
    return [net for net in nets.values() if net.horizontal and net.vertical]


def _region(net: _Net) -> Region | None:
    xs = _with_open_sides(_boundaries(net.vertical), net.horizontal)
    ys = _with_open_sides(_boundaries(net.horizontal), net.vertical)
    if len(xs) < 2 or len(ys) < 2 or len(xs) + len(ys) < 5:
        return None
    cells = _cells(xs, ys, net)
    xs, ys = _used(xs, cells, 0), _used(ys, cells, 1)
    if len(cells) < 2 or len(xs) < 2 or len(ys) < 2:
        return None
    return Region((xs[0], ys[0], xs[-1], ys[-1]), xs, ys, cells)


def _boundaries(rules: Sequence[Rule]) -> list[float]:
    groups: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda one: one.at):
        if groups and rule.at - groups[-1][-1].at <= _SAME and rule.at - groups[-1][0].at <= 2 * _SAME:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return [max(group, key=lambda one: one.hi - one.lo).at for group in groups]


def _with_open_sides(bounds: list[float], across: Sequence[Rule]) -> list[float]:
    """Boundaries also at the common end of several lines that run on beyond the outermost crossing one."""
    if not bounds:
        return []
    before = sorted(rule.lo for rule in across if rule.lo < bounds[0] - _OPEN_SIDE)
    after = sorted(rule.hi for rule in across if rule.hi > bounds[-1] + _OPEN_SIDE)
    least = max(2, len(across) // 2)
    first = [before[0]] if len(before) >= least and before[-1] - before[0] <= _SAME else []
    last = [after[-1]] if len(after) >= least and after[-1] - after[0] <= _SAME else []
    return [*first, *bounds, *last]


def _cells(xs: Sequence[float], ys: Sequence[float], net: _Net) -> list[Box]:
    """Slots with no line between them as one cell each; slots that make no rectangle together stay apart."""
    columns = len(xs) - 1
    owner = list(range(columns * (len(ys) - 1)))

    def root(at: int) -> int:
        while owner[at] != at:
            owner[at] = at = owner[owner[at]]
        return at

    for row, (top, floor) in enumerate(pairwise(ys)):
        for column, (left, right) in enumerate(pairwise(xs)):
            at = row * columns + column
            if column + 1 < columns and not _is_drawn(net.vertical, right, top, floor):
                owner[root(at + 1)] = root(at)
            if row + 2 < len(ys) and not _is_drawn(net.horizontal, floor, left, right):
                owner[root(at + columns)] = root(at)
    groups: dict[int, list[tuple[int, int]]] = {}
    for at in range(len(owner)):
        groups.setdefault(root(at), []).append(divmod(at, columns))
    return [box for slots in groups.values() for box in _boxes(slots, xs, ys)]


def _is_drawn(rules: Sequence[Rule], at: float, lo: float, hi: float) -> bool:
    near = sorted((rule for rule in rules if abs(rule.at - at) <= 2 * _SAME), key=lambda rule: rule.lo)
    reached, total = lo, 0.0
    for rule in near:
        start, end = max(reached, rule.lo), min(hi, rule.hi)
        if end > start:
            total, reached = total + end - start, end
    return total >= _WALL * (hi - lo)


def _boxes(slots: Sequence[tuple[int, int]], xs: Sequence[float], ys: Sequence[float]) -> list[Box]:
    rows, columns = [row for row, _ in slots], [column for _, column in slots]
    r0, r1, c0, c1 = min(rows), max(rows), min(columns), max(columns)
    if (r1 - r0 + 1) * (c1 - c0 + 1) == len(slots):
        return [(xs[c0], ys[r0], xs[c1 + 1], ys[r1 + 1])]
    return [(xs[column], ys[row], xs[column + 1], ys[row + 1]) for row, column in slots]


def _used(bounds: list[float], cells: Sequence[Box], axis: int) -> list[float]:
    """The boundaries at which any cell begins or ends."""
    edges = {cell[axis] for cell in cells} | {cell[axis + 2] for cell in cells}
    return [bound for bound in bounds if bound in edges]

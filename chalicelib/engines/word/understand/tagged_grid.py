"""Grid lines of tagged tables: where rules are drawn between what stands in the cells, else in the gap between."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from chalicelib.engines.word.pages.drawn import Rule
from chalicelib.engines.word.pages.text import Box

_CELL_MARGIN_PT = 5.4
"""Of Word's cells, left and right of their text."""

_ABOVE_PT = 1.0
_SNAP_PT = 9.0
"""A grid line that was guessed lies on a rule so near to it."""

_BESIDE_PT = 72.0
"""The sides of a table may be so far from its text, where they are drawn."""

_EMPTY_ROW_PT = 14.0
_OUTLYING = 0.02
"""Of a column's cells that may stand out at its sides."""

_ACROSS = 0.2
"""A rule parts rows when it runs along this share of the table's width."""


@dataclass(slots=True)
class RowPlace:
    """A row from ``top`` to ``bottom`` of its ``page``; ``more`` is the height of its rest on following pages."""

    page: int
    top: float
    bottom: float
    more: float = 0.0


def column_edges(count: int, spans: Sequence[tuple[int, int, float, float]], rules: Sequence[float]) -> list[float]:
    """``count`` + 1 grid lines for cells over columns ``first`` up to ``last``, whose text begins and ends at x."""
    starts: list[list[float]] = [[] for _ in range(count + 1)]
    ends: list[list[float]] = [[] for _ in range(count + 1)]
    for first, last, low, high in spans:
        starts[min(first, count)].append(low)
        ends[min(last, count)].append(high)
    upright = sorted(rules)
    edges: list[float | None] = []
    for at in range(count + 1):
        before, after = _outer([-one for one in ends[at]]), _outer(starts[at])
        edges.append(_edge(None if before is None else -before, after, upright))
    return _filled(edges, 36.0)


def _outer(values: Sequence[float]) -> float | None:
    """The least value but for the few that stand out."""
    return sorted(values)[int(_OUTLYING * len(values))] if values else None


def _edge(before: float | None, after: float | None, rules: Sequence[float]) -> float | None:
    """Between what ends before and what begins after: on the rule there, else where Word's cells would begin."""
    if before is None and after is None:
        return None
    if after is None:
        guess = (before or 0.0) + _CELL_MARGIN_PT
        return _snapped(guess, rules, (before or 0.0) - 1, guess + _BESIDE_PT)
    guess = after - _CELL_MARGIN_PT
    if before is None:
        return _snapped(guess, rules, guess - _BESIDE_PT, after + 1)
    if before <= after:
        return _snapped(max(guess, (before + after) / 2), rules, before - 1, after + 1)
    return _snapped(guess, rules, guess - _SNAP_PT, after + 1)


def _snapped(value: float, rules: Sequence[float], low: float, high: float) -> float:
    at = bisect_left(rules, low)
    near = []
    while at < len(rules) and rules[at] <= high:
        near.append(rules[at])
        at += 1
    return min(near, key=lambda one: abs(one - value), default=value)


def row_edges(
    rows: Sequence[Mapping[int, Box]], sides: tuple[float, float], rules: Mapping[int, Sequence[Rule]]
) -> list[RowPlace]:
    """Where rows stand, given the boxes of their text on each page; empty ones stand evenly between the others."""
    pages = _pages_of(rows)
    found: list[RowPlace] = []
    for page in sorted(set(pages)):
        own = [rows[at].get(page) for at, one in enumerate(pages) if one == page]
        least = _ACROSS * (sides[1] - sides[0])
        level = sorted(
            rule.y0
            for rule in rules.get(page, ())
            if rule.horizontal and min(rule.x1, sides[1]) - max(rule.x0, sides[0]) >= least
        )
        edges = _row_lines(own, level)
        found += [RowPlace(page, top, bottom) for top, bottom in zip(edges, edges[1:], strict=False)]
    for place, boxes in zip(found, rows, strict=True):
        place.more = sum(box[3] - box[1] for page, box in boxes.items() if page > place.page)
    return found


def _pages_of(rows: Sequence[Mapping[int, Box]]) -> list[int]:
    """The page on which each row begins; an empty one is on that of the row before it, and none goes back."""
    first = next((min(boxes) for boxes in rows if boxes), 0)
    pages: list[int] = []
    for boxes in rows:
        first = max(first, min(boxes)) if boxes else first
        pages.append(first)
    return pages


def _row_lines(rows: Sequence[Box | None], rules: Sequence[float]) -> list[float]:
    edges: list[float | None] = []
    for at in range(len(rows) + 1):
        before, after = (rows[at - 1] if at else None), (rows[at] if at < len(rows) else None)
        if before is not None and after is not None:
            middle = (before[3] + after[1]) / 2
            low, high = sorted((before[3] - 1, after[1] + 1))
            edges.append(_snapped(middle, rules, low, high))
        elif after is not None and at == 0:
            edges.append(_snapped(after[1] - _ABOVE_PT, rules, after[1] - _SNAP_PT, after[1] + 1))
        elif before is not None and at == len(rows):
            edges.append(_snapped(before[3] + _ABOVE_PT, rules, before[3] - 1, before[3] + _SNAP_PT))
        else:
            edges.append(_beside_empty(before, after, rules))
    heights = [row[3] - row[1] for row in rows if row is not None]
    return _filled(edges, median(heights) + 2 if heights else _EMPTY_ROW_PT)


def _beside_empty(before: Box | None, after: Box | None, rules: Sequence[float]) -> float | None:
    """The line between a row and an empty one: drawn, or near to the text."""
    if before is not None:
        return _snapped(before[3] + _ABOVE_PT, rules, before[3] - 1, before[3] + _SNAP_PT)
    if after is not None:
        return _snapped(after[1] - _ABOVE_PT, rules, after[1] - _SNAP_PT, after[1] + 1)
    return None


def _filled(edges: Sequence[float | None], step: float) -> list[float]:
    """Unknown grid lines stand evenly between those that are known, and none stands before the one before it."""
    known = [(at, value) for at, value in enumerate(edges) if value is not None]
    if not known:
        return [72.0 + step * at for at in range(len(edges))]
    filled: list[float] = []
    for at in range(len(edges)):
        before = next(((i, v) for i, v in reversed(known) if i <= at), None)
        after = next(((i, v) for i, v in known if i >= at), None)
        if before and after and before[0] != after[0]:
            value = before[1] + (after[1] - before[1]) * (at - before[0]) / (after[0] - before[0])
        elif before:
            value = before[1] + step * (at - before[0])
        else:
            value = (after[1] if after else 72.0) - step * ((after[0] if after else 0) - at)
        filled.append(max(value, filled[-1] + 1) if filled else value)
    return filled

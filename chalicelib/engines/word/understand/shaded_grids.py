"""Columns of a ruled table that no line parts: the edges of their shades do."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.engines.word.draft.line import Line
from chalicelib.engines.word.pages.drawn import Fill
from chalicelib.engines.word.pages.grid import FoundGrid
from chalicelib.engines.word.understand.merging import stands_across

_ALONG = 0.8
"""An edge of shades parts columns when it runs along this share of the table."""

_LEAST_PT = 8.0
"""No column is narrower: shades of paragraphs and borders drawn as fills end near a line of the grid."""


def with_shades(grid: FoundGrid, fills: Sequence[Fill], lines: Sequence[Line]) -> FoundGrid:
    """The grid with the edges of shades within it; no word stands across one of these."""
    inside = [one.box for one in fills if _is_inside(one, grid)]
    xs = _new([(box[at], box[1], box[3]) for box in inside for at in (0, 2)], grid.xs, (grid.ys[0], grid.ys[-1]))
    pieces = [piece for line in lines for piece in line.pieces]
    xs = [x for x in xs if not any(stands_across(one, x) for one in pieces)]
    if not xs:
        return grid
    edges = sorted([*grid.xs, *xs])
    spans = tuple(
        (top, edges.index(grid.xs[left]), bottom, edges.index(grid.xs[right + 1]) - 1)
        for top, left, bottom, right in grid.spans
    )
    return replace(grid, xs=tuple(edges), spans=spans)


def _is_inside(fill: Fill, grid: FoundGrid) -> bool:
    x0, y0, x1, y1 = fill.box
    held = grid.xs[0] - _LEAST_PT < x0 and x1 < grid.xs[-1] + _LEAST_PT
    return held and y0 > grid.ys[0] - _LEAST_PT and y1 < grid.ys[-1] + _LEAST_PT


def _new(edges: Sequence[tuple[float, float, float]], known: Sequence[float], ends: tuple[float, float]) -> list[float]:
    """Places of edges (place, from, to) that are no lines of the grid yet, and run along most of it."""
    found: list[float] = []
    for place, _, _ in sorted(edges):
        if any(abs(place - one) < _LEAST_PT for one in (*known, *found)):
            continue
        own = sorted((low, high) for other, low, high in edges if abs(other - place) < 1)
        along, reached = 0.0, ends[0]
        for low, high in own:
            along += max(0.0, high - max(low, reached))
            reached = max(reached, high)
        if along >= _ALONG * (ends[1] - ends[0]):
            found.append(place)
    return found

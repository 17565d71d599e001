"""Where text runs in columns: strips without text, between lines that fill what is beside them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chalicelib.engines.word.draft.line import Line
from chalicelib.engines.word.understand.pieces import CUT

_GUTTER_PT = 8.0
"""No gutter between columns is narrower; Word's usual one is 36 points, journals have 12 to 20."""

_FEWEST_LINES = 4
"""A column has as many lines at least."""

_BESIDE = 0.5
"""Columns stand beside each other over this share of the shorter one's height."""

_FULL, _FLOWS = 0.8, 0.45
"""A line is full when it takes this share of its column; text that flows has so many full lines, values beside labels not."""

_LETTERS = 14
"""A column of text has as many letters in a line on average: fewer are a table's."""

_EDGE_PT = 3.0
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Item:
    """A part of a line, or a block that is known already, which has the number ``block``."""

    left: float
    right: float
    top: float
    bottom: float
    line: Line | None = None
    block: int | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A part of a page from edge to edge, and the items of each of its columns."""

    columns: list[list[Item]]


def cut_into_bands(items: Sequence[Item]) -> list[Band]:
    """The page's bands from top to bottom; neighbours of one column are one band."""
    bands: list[Band] = []
    for band in _bands(sorted(items, key=lambda one: (one.top, one.left)), 0):
        if bands and len(band.columns) == 1 and len(bands[-1].columns) == 1:
            bands[-1].columns[0].extend(band.columns[0])
        else:
            bands.append(band)
    return bands


def _bands(items: list[Item], depth: int) -> list[Band]:
    if not items:
        return []
    x = _best_gutter(items) if depth < _DEEPEST else None
    if x is None:
        return [Band([items])]
    found = []
    for run, split in _runs(items, x):
        if split:
            left = [one for one in run if one.right <= x]
            right = [one for one in run if one.left >= x]
            found.append(Band([*_flat(left, depth), *_flat(right, depth)]))
        else:
            found += [Band([run])]
    return found


def _flat(items: list[Item], depth: int) -> list[list[Item]]:
    """A column as the columns that it is made of, where it is throughout."""
    bands = _bands(items, depth + 1)
    return bands[0].columns if len(bands) == 1 else [items]


def _best_gutter(items: Sequence[Item]) -> float | None:
    """The x at which most lines run in two columns."""
    best, most = None, 0
    for x in _candidates(items):
        count = sum(len(run) for run, split in _runs(items, x) if split)
        if count > most:
            best, most = x, count
    return best


def _candidates(items: Sequence[Item]) -> list[float]:
    """Just before where several lines begin."""
    lefts = sorted(one.left for one in items)
    found: list[float] = []
    cluster: list[float] = []
    for left in [*lefts, float("inf")]:
        if cluster and left - cluster[0] > _EDGE_PT:
            if len(cluster) >= _FEWEST_LINES:
                found.append(cluster[0] - 0.5)
            cluster = []
        cluster.append(left)
    return found[1:] if found and found[0] <= lefts[0] else found


def _runs(items: Sequence[Item], x: float) -> list[tuple[list[Item], bool]]:
    """The items from top to bottom, cut where one reaches into the gutter before ``x``; and whether a run is one of two columns."""
    runs: list[list[Item]] = [[]]
    crossing: list[bool] = [False]
    for item in items:
        crosses = item.left < x and item.right > x + 0.5 - _GUTTER_PT
        if crosses != crossing[-1] and runs[-1]:
            runs.append([])
            crossing.append(crosses)
        crossing[-1] = crosses
        runs[-1].append(item)
    return [(run, not over and _is_split(run, x)) for run, over in zip(runs, crossing, strict=True)]


def _is_split(run: Iterable[Item], x: float, depth: int = 0) -> bool:
    items = list(run)
    left, right = [one for one in items if one.right <= x], [one for one in items if one.left >= x]
    if min(len(left), len(right)) < _FEWEST_LINES:
        return False
    gutter = min(one.left for one in right) - max(one.right for one in left)
    top, bottom = max(_top(left), _top(right)), min(_bottom(left), _bottom(right))
    shorter = min(_bottom(left) - _top(left), _bottom(right) - _top(right))
    beside = bottom - top >= _BESIDE * shorter
    return gutter >= _GUTTER_PT and beside and _flows(left, depth) and _flows(right, depth)


def _top(items: Sequence[Item]) -> float:
    return min(one.top for one in items)


def _bottom(items: Sequence[Item]) -> float:
    return max(one.bottom for one in items)


def _flows(items: Sequence[Item], depth: int) -> bool:
    """Whether items are a column of running text, or several."""
    return _is_running(items) or (
        depth < _DEEPEST
        and any(
            _is_split(items, x, depth + 1)
            for x in _candidates(items)
            if not any(one.left < x < one.right for one in items)
        )
    )


def _is_running(items: Sequence[Item]) -> bool:
    lines = _whole([one.line for one in items if one.line is not None])
    if not lines:
        return False
    width = max(right for _, right, _ in lines) - min(left for left, _, _ in lines)
    full = sum(right - left >= _FULL * width for left, right, _ in lines)
    return full >= _FLOWS * len(lines) and sum(letters for _, _, letters in lines) >= _LETTERS * len(lines)


def _whole(parts: Sequence[Line]) -> list[tuple[float, float, int]]:
    """Left and right edge and letters of each line, those parted at a wide blank of justified text put together."""
    lines: list[tuple[float, float, int]] = []
    last: Line | None = None
    for part in sorted(parts, key=lambda one: (round(one.baseline), one.left)):
        beside = last is not None and abs(last.baseline - part.baseline) < 1
        if last is not None and beside and part.left - last.right < CUT * part.size:
            left, right, letters = lines[-1]
            lines[-1] = min(left, part.left), max(right, part.right), letters + part.letters
        else:
            lines.append((part.left, part.right, part.letters))
        last = part
    return lines

"""One grid for each table of a page, from what the layout model sees and what the drawn lines say."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from chalicelib.engines.tables.grid import Grid
from chalicelib.engines.tables.text import Box, Word

_NEAR, _HELD, _INSIDE, _ALL_TEXT = 0.25, 0.7, 0.8, 0.9
"""Shares of the area, or of the words, that one finding has in another."""


@dataclass(slots=True)
class Region:
    """A table as one finder sees it: its box, the boundaries of rows and columns, and the cells, if lines drew them."""

    box: Box
    xs: list[float]
    ys: list[float]
    cells: list[Box]


def fuse(
    seen: Sequence[Region], ruled: Sequence[Region], words: Sequence[Word], pictures: Sequence[Box] = ()
) -> list[Grid]:
    """The grids of a page from top to bottom: ruled ones where the lines hold the text, else those seen.

    The lines of a chart make a grid too: inside ``pictures`` one counts only if at least half of it is filled.
    """
    grids: list[Grid] = []
    left = list(ruled)
    for region in seen:
        near = [one for one in left if max(_share(one.box, region.box), _share(region.box, one.box)) > _NEAR]
        grids += _grids_of(region, near, words)
        left = [one for one in left if one not in near]
    for one in left:
        grid = ruled_grid(one, None, words)
        charted = any(_share(one.box, picture) > _INSIDE for picture in pictures)
        if _looks_like_a_table(grid, least_filled=0.5 if charted else 0.0):
            grids.append(grid)
    return sorted(grids, key=lambda grid: (grid.ys[0], grid.xs[0]))


def _grids_of(region: Region, near: Sequence[Region], words: Sequence[Word]) -> list[Grid]:
    """The ruled tables that lie in what the model took for one, the one whose lines hold it, or what it saw."""
    inner = [one for one in near if _share(one.box, region.box) > _INSIDE]
    outer = [one for one in near if _share(region.box, one.box) > _HELD and len(one.xs) > 2 and len(one.ys) > 2]
    if len(inner) > 1 and _text_share([one.box for one in inner], region.box, words) > _ALL_TEXT:
        return [ruled_grid(one, _within(region, one) if len(one.xs) == 2 else None, words) for one in inner]
    if len(outer) == 1 and len(inner) < 2:
        return [ruled_grid(outer[0], region, words)]
    return [Grid(list(region.xs), list(region.ys), _inside(words, region.box))]


def _within(region: Region, frame: Region) -> Region:
    """What the model sees inside of ``frame``, whose lines part rows and no columns."""
    xs = [x for x in region.xs if frame.box[0] < x < frame.box[2]]
    return Region(frame.box, [frame.box[0], *xs, frame.box[2]], list(frame.ys), [])


def _looks_like_a_table(grid: Grid, least_filled: float) -> bool:
    """Whether text stands in two rows and two columns, and in the asked share of the cells."""
    filled = {grid.slot(word) for word in grid.words}
    rows = Counter(row for row, _ in filled)
    columns = Counter(column for _, column in filled)
    both = sum(count > 1 for count in rows.values()) > 1 and sum(count > 1 for count in columns.values()) > 1
    return both and len(filled) >= least_filled * grid.rows * grid.columns


def ruled_grid(ruled: Region, seen: Region | None, words: Sequence[Word], *, whole: bool = False) -> Grid:
    """Lines give the grid; where text or model find more rows or columns inside a ruled one, they are added.

    ``whole`` says that ``words`` are the table's, all of them, and none is to be parted.
    """
    box = ruled.box
    if whole:
        grid = Grid(list(ruled.xs), list(ruled.ys), list(words), ruled=True)
        grid.ruled_ys, grid.drawn = list(ruled.ys), _merged_cells(ruled)
        return grid
    if seen is not None:
        box = (min(box[0], seen.box[0]), min(box[1], seen.box[1]), max(box[2], seen.box[2]), max(box[3], seen.box[3]))
    merged = _merged_cells(ruled)
    inside = [part for word in _inside(words, box) for part in _split_at(word, _walls(ruled, merged, word))]
    grid = Grid(list(ruled.xs), list(ruled.ys), inside, ruled=True)
    if seen is not None:
        grid.ys = _with_outer(grid.ys, seen.ys, inside, axis=1)
        grid.xs = _with_outer(grid.xs, seen.xs, inside, axis=0)
        grid.seen_xs, grid.seen_ys = list(seen.xs), list(seen.ys)
    grid.ruled_ys = list(ruled.ys)
    grid.drawn = merged
    return grid


def _walls(ruled: Region, merged: Sequence[Box], word: Word) -> list[float]:
    """The boundaries that lines draw at the height of ``word``: none inside of a merged cell that it stands in."""
    x, y = word.center
    box = next((one for one in merged if one[0] < x < one[2] and one[1] < y < one[3]), None)
    return [wall for wall in ruled.xs if box is None or not box[0] < wall < box[2]]


def _split_at(word: Word, xs: Sequence[float]) -> tuple[Word, ...]:
    """The parts of a word that a line parts: the text of one cell runs up to that of the next without a blank."""
    for x in xs[1:-1]:
        if word.x0 + 2 < x < word.x1 - 2 and len(parts := word.split(x)) > 1:
            return parts[0], *_split_at(parts[1], xs)
    return (word,)


def _with_outer(bounds: list[float], seen: Sequence[float], words: Sequence[Word], *, axis: int) -> list[float]:
    """Boundaries beyond the ruled ones, where the model sees more rows or columns and text stands there."""
    before = [value for value in seen if value < bounds[0] - 3]
    after = [value for value in seen if value > bounds[-1] + 3]
    if not any(word.center[axis] < bounds[0] for word in words):
        before = []
    if not any(word.center[axis] > bounds[-1] for word in words):
        after = []
    return [*before, *bounds, *after]


def _merged_cells(ruled: Region) -> list[Box]:
    """The drawn cells that cover several columns or rows of their grid."""
    return [box for box in ruled.cells if len(_slots(box, ruled.xs, 0)) * len(_slots(box, ruled.ys, 1)) > 1]


def _slots(box: Box, bounds: Sequence[float], axis: int) -> list[int]:
    middles = [(low + high) / 2 for low, high in pairwise(bounds)]
    return [at for at, middle in enumerate(middles) if box[axis] < middle < box[axis + 2]]


def _inside(words: Sequence[Word], box: Box) -> list[Word]:
    x0, y0, x1, y1 = box
    return [w for w in words if x0 - 2 <= w.center[0] <= x1 + 2 and y0 - 2 <= w.center[1] <= y1 + 2]


def _share(one: Box, other: Box) -> float:
    """The share of ``one`` that lies in ``other``."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    area = (one[2] - one[0]) * (one[3] - one[1])
    return max(0.0, width) * max(0.0, height) / max(1.0, area)


def overlap(one: Box, other: Box) -> bool:
    """Whether a good part of either lies in the other."""
    return max(_share(one, other), _share(other, one)) > _NEAR


def _text_share(boxes: Sequence[Box], whole: Box, words: Sequence[Word]) -> float:
    inside = _inside(words, whole)
    covered = sum(any(_inside([word], box) for box in boxes) for word in inside)
    return covered / max(1, len(inside))

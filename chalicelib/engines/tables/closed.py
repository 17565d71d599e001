"""Tables whose every cell is drawn: a document shows them so, whether or not anything stands in their cells."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from chalicelib.engines.tables.content import PageContent, inside
from chalicelib.engines.tables.fuse import Region, ruled_grid
from chalicelib.engines.tables.grid import Grid, Slot, phrases
from chalicelib.engines.tables.heads import header_depth
from chalicelib.engines.tables.spans import drawn_spans
from chalicelib.engines.tables.text import Box, Word, visual_lines

_FILLED = 0.25
"""Least share of the cells that hold text: the lines of a chart make a grid too."""
_PAGE = 0.8
"""Two cells over this share of the page's height are its border and a line."""
_ROWS = 2
"""Lines between rows from which on all are drawn, as a rule: a head and a body alone may hold rows without lines."""
_ALIGNED, _ABREAST = 3, 3
"""So many lines of text abreast in so many columns are rows of their own."""
_SAME_PLACE_PT = 1.0
_WIDE = 2.0
"""In units of the size: no blank of justified text is as wide."""
_WITHIN = 0.9
"""Least share of the words that stand within one cell."""


def closed_grids(content: PageContent, drawn: Sequence[Region]) -> list[Grid]:
    """The tables of a page that its lines, ``drawn``, draw whole: with the rows, columns and cells of theirs alone."""
    regions = [region for region in drawn if _is_table(region, content)]
    return [_grid(one, content) for one in regions if not any(_is_part(one, other) for other in regions)]


def _is_table(region: Region, content: PageContent) -> bool:
    """Whether the cells of a lattice hold text as those of a table do, and no rows or columns besides."""
    words = list(inside(content.words, [region.box]))
    held = [list(inside(words, [cell])) for cell in region.cells]
    filled = sum(bool(one) for one in held)
    if filled < 2 or filled < _FILLED * len(region.cells):
        return False
    if len(region.cells) == 2 and region.box[3] - region.box[1] > _PAGE * content.height:
        return False
    if sum(_is_within(word, region.cells) for word in words) < _WITHIN * len(words):
        return False
    if len(region.xs) == 2:
        return not _has_columns(held)
    return not _has_rows(region, words, alone=len(region.ys) - 2 >= _ROWS)


def _is_within(word: Word, cells: Sequence[Box]) -> bool:
    x = word.center[0]
    return any(
        cell[0] <= x <= cell[2] and word.x0 > cell[0] - word.size and word.x1 < cell[2] + word.size for cell in cells
    )


def _has_rows(region: Region, words: Sequence[Word], *, alone: bool) -> bool:
    """Whether lines of text stand abreast in the columns of one drawn row, as rows without a line between them do.

    ``alone``: where more lines are drawn, only words that stand alone in their cells tell: figures; sentences wrap.
    """
    return any(
        _abreast(region, list(inside(words, [(region.xs[0], top, region.xs[-1], floor)])), alone=alone)
        for top, floor in pairwise(region.ys)
    )


def _has_columns(held: Sequence[Sequence[Word]]) -> bool:
    """Whether lines have gaps one below the other; those of justified text lie anywhere."""
    gaps = [(one, part) for words in held for line in phrases(words) for one, part in pairwise(line)]
    if any(part.x0 - one.x1 > _WIDE * part.words[0].size for one, part in gaps):
        return True
    starts = sorted(part.x0 for _, part in gaps)
    return any(after - before < _SAME_PLACE_PT for before, after in pairwise(starts))


def _abreast(region: Region, words: Sequence[Word], *, alone: bool) -> bool:
    rows = 0
    for line in visual_lines(word for word in words if word.upright):
        columns = Counter(
            at for word in line for at, (x0, x1) in enumerate(pairwise(region.xs)) if x0 < word.center[0] < x1
        )
        rows += sum(count == 1 or not alone for count in columns.values()) >= _ABREAST
    return rows >= _ALIGNED


def _is_part(one: Region, other: Region) -> bool:
    """Whether a lattice stands in a cell of another; a frame of two cells around it is none worth keeping."""
    if one is other:
        return False
    outer, inner = (other, one) if _holds(other.box, one.box) else (one, other)
    if not _holds(outer.box, inner.box):
        return False
    keep = inner if len(outer.cells) <= 2 < len(inner.cells) else outer
    return keep is not one


def _holds(outer: Box, inner: Box) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and outer[2] >= inner[2] and outer[3] >= inner[3]


def _grid(region: Region, content: PageContent) -> Grid:
    grid = ruled_grid(region, None, content.words)
    taken: set[Slot] = set()
    for box in grid.drawn:
        for span in drawn_spans(grid, box):
            slots = {(row, column) for row in range(span[0], span[2] + 1) for column in range(span[1], span[3] + 1)}
            if not slots & taken:
                taken |= slots
                grid.spans.append(span)
    grid.header_rows = header_depth(grid, content.rules) if _is_headed(grid) else 0
    return grid


def _is_headed(grid: Grid) -> bool:
    """Whether every column has something in the first row."""
    covered = {(row, at) for row, c0, _, c1 in grid.spans for at in range(c0 + 1, c1 + 1)}
    first = {column for row, column in grid.cells() if row == 0} | {column for row, column in covered if row == 0}
    return grid.rows > 1 and len(first) == grid.columns

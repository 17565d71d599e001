"""Cells of tagged tables with what is in them, in the columns in which they stand."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from chalicelib.engines.tagged.tree import Element
from chalicelib.engines.word.draft.block import BlockDraft
from chalicelib.engines.word.pages.boxes import hull
from chalicelib.engines.word.pages.drawn import Rule
from chalicelib.engines.word.pages.text import Box
from chalicelib.engines.word.understand.tagged_grid import column_edges

_ASTRAY = 0.05
"""The tags' columns are not believed when more than this share of the cells stands within another one."""

_REACHED = 0.25
"""A cell reaches into the next column when it covers this share of it: text sticks out a little now and then."""


@dataclass(frozen=True, slots=True)
class TaggedCell:
    """A cell of the tags: its element, and the places that it covers."""

    element: Element
    row: int
    column: int
    rows: int
    columns: int
    header: bool


@dataclass(slots=True)
class PlacedCell:
    """A cell with what is in it, and where that stands on each page."""

    cell: TaggedCell
    blocks: list[BlockDraft]
    boxes: dict[int, Box] = field(default_factory=dict)

    @property
    def box(self) -> Box | None:
        """Where it stands on the page on which it begins; None for an empty cell."""
        return self.boxes[min(self.boxes)] if self.boxes else None


def settled(placed: list[PlacedCell], rules: Sequence[Rule]) -> list[PlacedCell]:
    """The cells as the tags have them; by geometry where those can't be, as rows are short or cells stand elsewhere.

    Programs that tag a row leave out cells that are empty, or tag as two what stands in one.
    """
    widths: Counter[int] = Counter()
    for one in placed:
        for row in range(one.cell.row, one.cell.row + one.cell.rows):
            widths[row] += one.cell.columns
    usual = _usual(widths)
    rows: dict[int, list[PlacedCell]] = defaultdict(list)
    for one in placed:
        rows[one.cell.row].append(one)
    telling = [_in_order(own) for row, own in rows.items() if widths[row] == usual]
    edges = grid_columns([one for own in telling for one in own], usual, rules)
    found: list[PlacedCell] = []
    for row, own in sorted(rows.items()):
        if widths[row] == usual and not _are_astray(own, edges):
            found += own
        else:
            found += _row_by_geometry([one for one in own if one.boxes], edges)
    return found


def _in_order(row: Sequence[PlacedCell]) -> list[PlacedCell]:
    """A row that tells where columns are, its cells from left to right; nothing where one is empty and may be any."""
    lefts = [one.box[0] for one in row if one.box is not None]
    if lefts == sorted(lefts):
        return list(row)
    if len(lefts) < len(row) or any(one.cell.columns > 1 or one.cell.rows > 1 for one in row):
        return []
    ordered = sorted(row, key=_left)
    return [replace(one, cell=replace(one.cell, column=at)) for at, one in enumerate(ordered)]


def _left(one: PlacedCell) -> float:
    return one.box[0] if one.box is not None else 0.0


def grid_columns(placed: Sequence[PlacedCell], count: int, rules: Sequence[Rule]) -> list[float]:
    """The edges of ``count`` columns."""
    spans = [
        (one.cell.column, one.cell.column + one.cell.columns, box[0], box[2])
        for one in placed
        for box in one.boxes.values()
    ]
    return column_edges(count, spans, [rule.x0 for rule in rules if not rule.horizontal])


def _usual(widths: Counter[int]) -> int:
    """The number of columns that most cells' rows have."""
    counts: Counter[int] = Counter()
    for width in widths.values():
        counts[width] += width
    return counts.most_common(1)[0][0]


def _are_astray(placed: Sequence[PlacedCell], edges: Sequence[float]) -> bool:
    alone = [one for one in placed if one.cell.columns == 1 and one.box is not None]
    astray = sum(_is_astray(one, edges) for one in alone)
    return astray > _ASTRAY * len(alone)


def _is_astray(one: PlacedCell, edges: Sequence[float]) -> bool:
    box = one.box or (0, 0, 0, 0)
    middle = (box[0] + box[2]) / 2
    return not edges[one.cell.column] <= middle <= edges[one.cell.column + 1]


def _row_by_geometry(own: Sequence[PlacedCell], edges: Sequence[float]) -> list[PlacedCell]:
    """Cells of a row by where they stand; those of one column are one."""
    found: list[PlacedCell] = []
    for one in sorted(own, key=_left):
        first, last = _reach(one.box or (0, 0, 0, 0), edges)
        before = found[-1] if found else None
        if before is not None and before.cell.column + before.cell.columns > first:
            if before.cell.column == first:
                before.blocks = [*before.blocks, *one.blocks]
                for page, box in one.boxes.items():
                    before.boxes[page] = hull(before.boxes.get(page, box), box)
                continue
            before.cell = replace(before.cell, columns=first - before.cell.column)
        found.append(replace(one, cell=replace(one.cell, column=first, columns=last - first + 1)))
    return found


def _reach(box: Box, edges: Sequence[float]) -> tuple[int, int]:
    """The first and the last column that a box stands in."""
    last_column = len(edges) - 2
    first = _column_at(box[0] + min(3.0, 0.2 * (box[2] - box[0])), edges)
    last = first
    while last < last_column and box[2] - edges[last + 1] > _REACHED * (edges[last + 2] - edges[last + 1]):
        last += 1
    return first, last


def _column_at(x: float, edges: Sequence[float]) -> int:
    return max(0, min(len(edges) - 2, bisect_right(edges, x) - 1))

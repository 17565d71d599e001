"""Tables that a PDF's tags name: their words in the rows and cells that the tags, and the lines around them, give."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from chalicelib.engines.tables.content import inside
from chalicelib.engines.tables.fuse import Region, overlap, ruled_grid
from chalicelib.engines.tables.grid import Grid, Slot, bounding
from chalicelib.engines.tables.table_tags import TableTags, TagCell, place_of
from chalicelib.engines.tables.text import TagPath, Word, is_rtl

_IN_ORDER = 0.9
"""The share of neighbours which must stand on the page as the tags say; some programs tag at random."""
_LONGEST = 900
"""Characters; a cell with more is a part of a page's layout."""
_AGREE = 0.95
"""The share of tagged cells which must each have a drawn cell of their own for the lines to be believed."""

Filled = dict[tuple[int, ...], list[Word]]
"""The words of each cell, by its place in the tree."""


def tagged_grids(words: Sequence[Word], tags: TableTags, drawn: Sequence[Region]) -> list[Grid]:
    """A grid for each tagged table of a page that has rows and columns and stands on the page as its tags say."""
    grids = []
    for path, own in _tables(words, 0).items():
        grid = _grid(path, own, tags, drawn)
        grids += [grid] if grid is not None else _inner(own, len(path), tags, drawn)
    for grid in grids:
        _take_strays(grid, words)
    return grids


def _take_strays(grid: Grid, words: Sequence[Word]) -> None:
    """Words that stand in the table and are tagged elsewhere: Word hangs a list in cells under an earlier list."""
    box = bounding(grid.words) if not grid.ruled else grid.box()
    grid.words += [word for word in inside(words, [box]) if _is_stray(word)]


def _is_stray(word: Word) -> bool:
    return not any(role in ("Table", "Artifact") for role, _ in word.tags)


def _inner(words: Sequence[Word], depth: int, tags: TableTags, drawn: Sequence[Region]) -> list[Grid]:
    """The tables inside one that only lays out the page."""
    found = [_grid(path, inside, tags, drawn) for path, inside in _tables(words, depth).items()]
    return [grid for grid in found if grid is not None]


def _tables(words: Iterable[Word], depth: int) -> dict[TagPath, list[Word]]:
    """The words of each table whose tag lies below ``depth``, the outermost such."""
    tables: dict[TagPath, list[Word]] = defaultdict(list)
    for word in words:
        at = next((at for at, (role, _) in enumerate(word.tags) if role == "Table" and at >= depth), None)
        if at is not None:
            tables[word.tags[: at + 1]].append(word)
    return tables


def _grid(path: TagPath, words: list[Word], tags: TableTags, drawn: Sequence[Region]) -> Grid | None:
    cells = {cell.place: cell for cell in tags.cells(place_of(path))}
    filled: Filled = defaultdict(list)
    for word in words:
        depths = (at for at, (role, _) in enumerate(word.tags) if role in ("TH", "TD") and at >= len(path))
        filled[place_of(word.tags[: next(depths, -1) + 1])].append(word)
    if not cells or any(of not in cells for of in filled):
        return None
    shown = sorted((cells[of] for of in filled), key=lambda cell: (cell.row, cell.column))
    if not _is_a_table(shown, filled) or not _stands_so(shown, filled):
        return None
    rows = _rows(shown)
    grid = _by_lines(words, shown, filled, drawn)
    if grid is None:
        here = [cell for cell in cells.values() if cell.row in rows]
        grid = _by_tags(filled, here if _is_even(here) else _aligned(here, filled), rows)
    grid.tagged, grid.first_row = place_of(path), rows[0]
    grid.header_rows = _heads([cell for cell in cells.values() if cell.row in rows], {cell.row for cell in shown})
    return grid if grid.rows > 1 or rows[0] > 0 or len(cells) > len(shown) else None


def _rows(shown: Sequence[TagCell]) -> list[int]:
    """The rows on a page, blank ones too; the heads that a page repeats stand before rows that do not follow them."""
    present = sorted({cell.row for cell in shown})
    heads = _leading_heads(shown, present)
    if 0 < heads < len(present) and present[heads] > present[heads - 1] + 1:
        return [*present[:heads], *range(present[heads], present[-1] + 1)]
    return list(range(present[0], present[-1] + 1))


def _is_a_table(shown: Sequence[TagCell], filled: Filled) -> bool:
    """Several cells beside one another, and none that holds half a page."""
    beside = {cell.row for cell in shown if cell.column > 0}
    longest = max(sum(len(word.text) + 1 for word in filled[cell.place]) for cell in shown)
    nested = sum(sum(role == "Table" for role, _ in word.tags) > 1 for words in filled.values() for word in words)
    return bool(beside) and longest <= _LONGEST and 2 * nested <= sum(map(len, filled.values()))


def _stands_so(shown: Sequence[TagCell], filled: Filled) -> bool:
    """Whether rows follow one another down the page, and cells along it (from the right where text runs so)."""
    tops: dict[int, float] = {}
    for cell in shown:
        top = min(word.y0 for word in filled[cell.place])
        tops[cell.row] = min(top, tops.get(cell.row, top))
    lefts = {cell.place: min(word.x0 for word in filled[cell.place]) for cell in shown}
    down = [tops[one] <= tops[other] + 2 for one, other in pairwise(sorted(tops))]
    along = [lefts[a.place] < lefts[b.place] for a, b in pairwise(shown) if a.row == b.row]
    in_order = max(sum(along), len(along) - sum(along)) if _is_rtl(filled) else sum(along)
    return sum(down) >= _IN_ORDER * len(down) and in_order >= _IN_ORDER * len(along)


def _is_rtl(filled: Filled) -> bool:
    return is_rtl("".join(word.text for words in filled.values() for word in words))


def _by_lines(words: list[Word], shown: Sequence[TagCell], filled: Filled, drawn: Sequence[Region]) -> Grid | None:
    """The grid of the lines around the table, where each tagged cell stands in one drawn cell, and alone."""
    near = [region for region in drawn if overlap(region.box, bounding(words))]
    if len(near) != 1 or len(near[0].xs) < 3:
        return None
    grid = ruled_grid(near[0], None, words, whole=True)
    owners: dict[Slot, set[int]] = defaultdict(set)
    alone = 0
    for number, cell in enumerate(shown):
        slots = {_first_slot(grid, word, near[0]) for word in filled[cell.place]}
        alone += len(slots) == 1
        for slot in slots:
            owners[slot].add(number)
    apart = sum(len(owner) == 1 for owner in owners.values())
    return grid if alone >= _AGREE * len(shown) and apart >= _AGREE * len(owners) else None


def _first_slot(grid: Grid, word: Word, region: Region) -> Slot:
    """The first slot of the drawn cell that ``word`` stands in."""
    x, y = word.center
    box = next((box for box in region.cells if box[0] <= x <= box[2] and box[1] <= y <= box[3]), None)
    return grid.slot(word) if box is None else (grid.ys.index(box[1]), grid.xs.index(box[0]))


def _is_even(cells: Sequence[TagCell]) -> bool:
    """Whether all rows have as many columns, as where all spans are told; some programs tell none."""
    widths: Counter[int] = Counter()
    for cell in cells:
        for row in range(cell.row, cell.last_row + 1):
            widths[row] += cell.last_column - cell.column + 1
    inner = [widths[row] for row in {cell.row for cell in cells}]
    return len(set(inner)) == 1


def _aligned(cells: Sequence[TagCell], filled: Filled) -> list[TagCell]:
    """The cells with columns by where their text begins, under the row that has the most of them."""
    rows: dict[int, list[TagCell]] = defaultdict(list)
    for cell in cells:
        rows[cell.row].append(cell)
    most = max(map(len, rows.values()))
    full = [row for row in rows.values() if len(row) == most]
    columns = [[row[at] for row in full if row[at].place in filled] for at in range(most)]
    starts = [median(_left(cell, filled) for cell in column) if column else float("inf") for column in columns]
    ends = [median(_right(cell, filled) for cell in column) if column else float("-inf") for column in columns]
    placed: list[TagCell] = []
    for row in rows.values():
        placed += row if len(row) == most else _spread(row, starts, ends, filled)
    return placed


def _spread(row: Sequence[TagCell], starts: Sequence[float], ends: Sequence[float], filled: Filled) -> list[TagCell]:
    """The cells of a row that lacks some in the columns whose texts begin, or end, where theirs do."""
    placed: list[TagCell] = []
    for at, cell in enumerate(row):
        low = placed[-1].last_column + 1 if placed else 0
        high = len(starts) - (len(row) - at)
        column, right = low, 0.0
        if cell.place in filled:
            left, right = _left(cell, filled), _right(cell, filled)
            off = [min(abs(start - left), abs(end - right)) for start, end in zip(starts, ends, strict=True)]
            column = min(range(low, high + 1), key=lambda one: off[one], default=low)
        last = max([column, *(one for one in range(column, high + 1) if starts[one] < right - 2)])
        placed.append(replace(cell, column=column, last_column=last))
    return placed


def _right(cell: TagCell, filled: Filled) -> float:
    return max(word.x1 for word in filled[cell.place])


def _left(cell: TagCell, filled: Filled) -> float:
    return min(word.x0 for word in filled[cell.place])


def _by_tags(filled: Filled, cells: Sequence[TagCell], rows: Sequence[int]) -> Grid:
    at = {row: number for number, row in enumerate(rows)}
    places: dict[int, Slot] = {}
    tops: dict[int, float] = {}
    lefts: dict[int, list[float]] = defaultdict(list)
    for cell in cells:
        for word in filled.get(cell.place, ()):
            places[id(word)] = at[cell.row], cell.column
            tops[cell.row] = min(tops.get(cell.row, word.y0), word.y0)
        if cell.place in filled:
            lefts[cell.column].append(_left(cell, filled))
    words = [word for group in filled.values() for word in group]
    columns = max(cell.last_column for cell in cells) + 1
    grid = Grid(
        _edges([median(lefts[one]) if lefts[one] else None for one in range(columns)], max(word.x1 for word in words)),
        _edges([tops.get(row) for row in rows], max(word.y1 for word in words)),
        words,
        places=places,
    )
    spans = [
        (at[cell.row], cell.column, max(at[row] for row in rows if row <= cell.last_row), cell.last_column)
        for cell in cells
    ]
    grid.spans = [span for span in spans if span[:2] != span[2:]]
    return grid


def _edges(starts: Sequence[float | None], end: float) -> list[float]:
    """Boundaries that begin each row or column where it has text, and right after the last where it has none."""
    edges: list[float] = []
    for start in starts:
        edges.append(max(start if start is not None else -1.0, edges[-1] + 0.1 if edges else 0.0))
    return [*edges, max(end, edges[-1] + 0.1)]


def _heads(cells: Sequence[TagCell], shown: Collection[int]) -> int:
    """How many leading rows the tags call heads; -1 where they name none.

    Some programs tag the heads that a page repeats as further rows of the table's head: only those ``shown`` count.
    A row of a single cell at the end heads what follows, and not the columns.
    """
    rows = sorted(shown)
    heads = _leading_heads(cells, rows)
    while heads > 1 and sum(cell.row == rows[heads - 1] for cell in cells) == 1:
        heads -= 1
    return heads if 0 < heads < len(rows) else -1


def _leading_heads(cells: Sequence[TagCell], rows: Sequence[int]) -> int:
    """How many of the first ``rows`` hold nothing but heads."""
    others = {cell.row for cell in cells if not cell.head}
    return next((number for number, row in enumerate(rows) if row in others), len(rows))

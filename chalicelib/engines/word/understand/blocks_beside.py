"""Blocks of centred lines side by side, as places for signatures are: no tab holds them, so each is a cell of a row."""

from collections.abc import Sequence

from chalicelib.engines.word.draft.block import CellDraft, ParagraphDraft, TableDraft
from chalicelib.engines.word.draft.draft import Draft, PageDraft
from chalicelib.engines.word.draft.line import Line
from chalicelib.engines.word.understand.cell_room import find_cell_margins
from chalicelib.engines.word.understand.rows import Row, rows_of

_ON_AXIS_PT = 2.5
"""The middles of a block's lines differ by no more."""

_UNEQUAL = 1.0
"""Centred lines begin at different places, in units of their size; lines that begin at one place are a column."""

_FEWEST_ROWS = 3
_NEAR = 4.0
"""Lines of a block follow each other within so many sizes."""

_APART = 2.0
"""Blocks stand apart by so many sizes."""


def find_blocks_beside(draft: Draft) -> None:
    """Put blocks that stand side by side on untagged pages into ``known_blocks`` as tables of one row."""
    for page in draft.pages:
        if not page.tagged:
            for rows in _groups(rows_of(page.lines)):
                _take(page, rows)
            page.known_blocks.sort(key=lambda one: one.box[1])


def _groups(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows whose lines stand on the same axes, from one that has a line on each on."""
    groups: list[list[Row]] = []
    group: list[Row] = []
    for row in rows:
        if group and _goes_on(group, row):
            group.append(row)
            continue
        groups.append(group)
        group = [row] if len(row.lines) > 1 and _stand_apart(row) else []
    return [group for group in [*groups, group] if _are_blocks(group)]


def _goes_on(group: Sequence[Row], row: Row) -> bool:
    near = row.top - group[-1].bottom < _NEAR * row.size
    axes = [_middle(line) for line in group[0].lines]
    return near and all(any(abs(_middle(line) - axis) <= _ON_AXIS_PT for axis in axes) for line in row.lines)


def _middle(line: Line) -> float:
    return (line.left + line.right) / 2


def _stand_apart(row: Row) -> bool:
    pairs = zip(row.lines, row.lines[1:], strict=False)
    return all(after.left - before.right > _APART * row.size for before, after in pairs)


def _are_blocks(group: Sequence[Row]) -> bool:
    """Whether each block has several lines, and they are centred: they begin at different places."""
    if len(group) < _FEWEST_ROWS or not all(_stand_apart(row) for row in group):
        return False
    for axis in (_middle(line) for line in group[0].lines):
        lines = _on(axis, group)
        lefts = [line.left for line in lines]
        if len(lines) < _FEWEST_ROWS or max(lefts) - min(lefts) < _UNEQUAL * lines[0].size:
            return False
    return True


def _on(axis: float, group: Sequence[Row]) -> list[Line]:
    return [line for row in group for line in row.lines if abs(_middle(line) - axis) <= _ON_AXIS_PT]


def _take(page: PageDraft, group: Sequence[Row]) -> None:
    axes = [_middle(line) for line in group[0].lines]
    columns = [_on(axis, group) for axis in axes]
    between = [
        (max(line.right for line in before) + min(line.left for line in after)) / 2
        for before, after in zip(columns, columns[1:], strict=False)
    ]
    xs = [2 * axes[0] - between[0], *between, 2 * axes[-1] - between[-1]]
    ys = [min(row.top for row in group), max(row.bottom for row in group)]
    cells = [
        CellDraft(0, at, (xs[at], ys[0], xs[at + 1], ys[1]), blocks=[ParagraphDraft(lines, xs[at], xs[at + 1])])
        for at, lines in enumerate(columns)
    ]
    table = TableDraft(page.number, (xs[0], ys[0], xs[-1], ys[-1]), xs, ys, cells)
    find_cell_margins(table)
    page.known_blocks.append(table)
    taken = {id(line) for lines in columns for line in lines}
    page.lines = [line for line in page.lines if id(line) not in taken]

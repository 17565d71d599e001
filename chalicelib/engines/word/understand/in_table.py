"""Which lines stand in a table, told before tables are found: heads and notes are none of them."""

from collections.abc import Iterator

from chalicelib.engines.tagged.tree import TagTree
from chalicelib.engines.word.draft.draft import PageDraft
from chalicelib.engines.word.draft.line import Line


def is_in_table(line: Line, page: PageDraft, tags: TagTree) -> bool:
    """Whether tags, or drawn lines, say that it stands in a table."""
    return _table_of(line, tags) is not None or _is_in_grid(line, page)


def body_tables(page: PageDraft, tags: TagTree, edge: float) -> set[int]:
    """Lines (by identity) of tables of the tags that reach nearer to the page's middle than ``edge``, a share of its height."""
    tables = [(line, table) for line in page.lines if (table := _table_of(line, tags)) is not None]
    low, high = edge * page.page.height, (1 - edge) * page.page.height
    reaching = {table for line, table in tables if low <= line.baseline <= high}
    return {id(line) for line, table in tables if table in reaching}


def _table_of(line: Line, tags: TagTree) -> int | None:
    found = (tags.nearest(one, "Table") for one in _elements(line))
    return next((one.index for one in found if one is not None), None)


def _elements(line: Line) -> Iterator[int]:
    return (piece.element for piece in line.pieces if piece.element is not None)


def _is_in_grid(line: Line, page: PageDraft) -> bool:
    middle = line.baseline - 0.3 * line.size
    return any(
        grid.ruled and grid.ys[0] < middle < grid.ys[-1] and grid.xs[0] < line.right and line.left < grid.xs[-1]
        for grid in page.page.grids
    )

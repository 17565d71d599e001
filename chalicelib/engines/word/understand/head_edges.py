"""How far heads and feet reach into a page: down to the innermost row that repeats and is no head of a table or of the text."""

import re
from collections.abc import Mapping, Sequence

from chalicelib.engines.word.draft.draft import PageDraft
from chalicelib.engines.word.understand.rows import Row, rows_of

_OUTER_ROWS = 2
"""So many rows that change from page to page (titles of chapters) may stand outside of rows that repeat."""

_APART = 0.45
"""Least distance of a head from the text, in units of its size; a table's repeated head touches the rows below."""

_OTHER_SIZE = 0.05
"""Letters whose size differs by more are others than those of the text."""

_SAME_PLACE_PT = 3.0


def outermost_rows(
    pages: Sequence[PageDraft], zones: Sequence[list[Row]], repeated: Mapping[int, set[int]], head: bool
) -> list[list[Row]]:
    """The rows of each page's zone (from its edge inwards) that are heads; ``repeated``: their first lines, by page.

    Where the same rows stand apart from the text on most pages, they are heads on those too on which text comes near.
    """
    found = [
        _outermost(page, zone, repeated.get(at, set()))
        for at, (page, zone) in enumerate(zip(pages, zones, strict=True))
    ]
    usual = [_sign(rows[-1], page, head) for page, rows in zip(pages, found, strict=True) if rows]
    if 2 * len(usual) <= len(pages):
        return found
    for at, (page, zone) in enumerate(zip(pages, zones, strict=True)):
        near = _innermost(zone, repeated.get(at, set()))
        if (
            not found[at]
            and near >= 0
            and 2 * sum(_is_same(_sign(zone[near], page, head), one) for one in usual) > len(usual)
        ):
            found[at] = zone[: near + 1]
    return found


def _sign(row: Row, page: PageDraft, head: bool) -> tuple[str, float]:
    """What a row says whatever its numerals, and how far from the edge."""
    return re.sub(r"\d+", "0", row.text), abs(_edge(page, head) - row.baseline)


def _is_same(one: tuple[str, float], other: tuple[str, float]) -> bool:
    return one[0] == other[0] and abs(one[1] - other[1]) <= _SAME_PLACE_PT


def _edge(page: PageDraft, head: bool) -> float:
    return 0.0 if head else page.page.height


def _innermost(rows: list[Row], repeated: set[int]) -> int:
    return max((at for at, row in enumerate(rows) if id(row.lines[0]) in repeated), default=-1)


def _outermost(page: PageDraft, rows: list[Row], repeated: set[int]) -> list[Row]:
    """The rows from the edge to the innermost that repeats, unless they are the head of a table or of the text."""
    inner = _innermost(rows, repeated)
    while inner >= 0 and (
        sum(id(row.lines[0]) not in repeated for row in rows[: inner + 1]) > _OUTER_ROWS
        or id(rows[inner].lines[0]) not in repeated
        or not _is_apart(page, rows, inner)
    ):
        inner -= 1
    return rows[: inner + 1]


def _is_apart(page: PageDraft, rows: list[Row], inner: int) -> bool:
    edge = rows[inner]
    near, gap = nearest(page, rows, inner)
    if near is None:
        return True
    between = (edge.bottom + near.top) / 2 if near.baseline > edge.baseline else (near.bottom + edge.top) / 2
    grid = sum(not one.horizontal and one.y0 < between < one.y1 for one in page.page.rules)
    other_size = abs(near.size - edge.size) > _OTHER_SIZE * edge.size
    return grid < 2 and (gap > _APART * edge.size or other_size)


def nearest(page: PageDraft, rows: list[Row], inner: int) -> tuple[Row | None, float]:
    """The row of the text next to rows 0 to ``inner``, and the gap to it."""
    edge, outer = rows[inner], {id(line) for row in rows[: inner + 1] for line in row.lines}
    others = [row for row in rows_of(page.lines) if id(row.lines[0]) not in outer]
    near = min(others, key=lambda row: abs(row.baseline - edge.baseline), default=None)
    return near, max(near.top - edge.bottom, edge.top - near.bottom) if near else 0.0

"""What tables wear: grid lines where rules are drawn, borders, shades, and how the text stands in cells."""

from collections.abc import Collection, Iterable, Sequence
from typing import TypeVar

from chalicelib.engines.word.document.block import CellAlign
from chalicelib.engines.word.document.borders import Border, Borders
from chalicelib.engines.word.draft.block import CellDraft, ParagraphDraft, TableDraft
from chalicelib.engines.word.draft.draft import Draft
from chalicelib.engines.word.pages.drawn import Fill, Rule

_Drawn = TypeVar("_Drawn", Rule, Fill)

_NEAR_PT = 3.0
_ALONG = 0.6
"""A side has a border when a rule runs along this share of it."""

_SHADED = 0.6
"""A cell is shaded when a fill covers this share of it."""

_FREE = 0.3
"""Of a line's size, above and below the text of a cell together: with less there is nothing to tell."""

_EVEN, _EVEN_PT = 0.3, 1.5
"""Text stands in the middle when what is free above and below differs by no more, as a share of both or in points."""


def dress_tables(draft: Draft) -> None:
    """Fill borders and shades of all tables' cells."""
    rules = {page.number: _untaken(page.page.rules, page.taken_rules) for page in draft.pages}
    fills = {page.number: _untaken(page.page.fills, page.taken_fills) for page in draft.pages}
    for page in draft.pages:
        for block in page.known_blocks:
            for cell in block.cells if isinstance(block, TableDraft) else ():
                own = cell.page or block.page
                cell.borders = _borders(cell, rules.get(own, ()))
                cell.shade = _shade(cell, fills.get(own, ()))
                cell.align = _stand(cell)


def _untaken(drawn: Sequence[_Drawn], taken: Collection[int]) -> list[_Drawn]:
    return [one for at, one in enumerate(drawn) if at not in taken]


def _borders(cell: CellDraft, rules: Sequence[Rule]) -> Borders:
    x0, y0, x1, y1 = cell.box
    level = [one for one in rules if one.horizontal and min(one.x1, x1) - max(one.x0, x0) >= _ALONG * (x1 - x0)]
    upright = [one for one in rules if not one.horizontal and min(one.y1, y1) - max(one.y0, y0) >= _ALONG * (y1 - y0)]
    return Borders(
        top=_border(one for one in level if abs(one.y0 - y0) <= _NEAR_PT),
        left=_border(one for one in upright if abs(one.x0 - x0) <= _NEAR_PT),
        bottom=_border(one for one in level if abs(one.y0 - y1) <= _NEAR_PT),
        right=_border(one for one in upright if abs(one.x0 - x1) <= _NEAR_PT),
    )


def _border(rules: Iterable[Rule]) -> Border | None:
    widest = max(rules, key=lambda one: one.width, default=None)
    if widest is None:
        return None
    color = None if widest.color == "000000" else widest.color
    return Border(max(0.25, min(6.0, widest.width)), color, "dashed" if widest.dashed else "single")


def _shade(cell: CellDraft, fills: Sequence[Fill]) -> str | None:
    """The colour of the last fill that lies under the cell; white is none."""
    x0, y0, x1, y1 = cell.box
    area = max(1.0, (x1 - x0) * (y1 - y0))
    color = None
    for fill in fills:
        a0, b0, a1, b1 = fill.box
        shared = max(0.0, min(a1, x1) - max(a0, x0)) * max(0.0, min(b1, y1) - max(b0, y0))
        if shared >= _SHADED * area and (a1 - a0) * (b1 - b0) < 40 * area:
            color = fill.color
    return None if color == "FFFFFF" else color


def _stand(cell: CellDraft) -> CellAlign:
    """Whether its text stands at the top, in the middle or at the bottom."""
    lines = [line for block in cell.blocks if isinstance(block, ParagraphDraft) for line in block.lines]
    if not lines:
        return CellAlign.TOP
    above = min(line.top for line in lines) - cell.box[1]
    below = cell.box[3] - max(line.bottom for line in lines)
    room = lines[0].size
    if above + below > _FREE * room and abs(above - below) < min(0.5 * room, max(_EVEN_PT, _EVEN * (above + below))):
        return CellAlign.CENTER
    if above + below < room or above < 0.75 * room:
        return CellAlign.TOP
    return CellAlign.BOTTOM if below < 0.75 * room else CellAlign.TOP

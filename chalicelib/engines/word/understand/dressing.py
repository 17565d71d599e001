"""What tables wear: grid lines where rules are drawn, borders, shades, and how the text stands in cells."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from chalicelib.engines.word.document.block import CellAlign
from chalicelib.engines.word.document.borders import Border, Borders
from chalicelib.engines.word.draft.block import CellDraft, ParagraphDraft, TableDraft
from chalicelib.engines.word.draft.draft import Draft, PageDraft
from chalicelib.engines.word.pages.drawn import Fill, Rule

_SNAP_PT = 9.0
"""A grid line that was guessed lies on a rule so near to it."""

_NEAR_PT = 3.0
_ALONG = 0.6
"""A side has a border when a rule runs along this share of it."""

_SHADED = 0.6
"""A cell is shaded when a fill covers this share of it."""


def dress_tables(draft: Draft) -> None:
    """Fill borders and shades of all tables' cells."""
    for page in draft.pages:
        for block in page.known_blocks:
            if isinstance(block, TableDraft):
                _dress(block, page)


def _dress(table: TableDraft, page: PageDraft) -> None:
    rules = [one for at, one in enumerate(page.page.rules) if at not in page.taken_rules]
    fills = [one for at, one in enumerate(page.page.fills) if at not in page.taken_fills]
    if table.element is not None:
        _snap(table, rules, page.number)
    for cell in table.cells:
        if _page_of(cell, table) == page.number:
            cell.borders = _borders(cell, rules)
            cell.shade = _shade(cell, fills)
            cell.align = _stand(cell)


def _page_of(cell: CellDraft, table: TableDraft) -> int:
    return next((block.page for block in cell.blocks if block.page), table.page)


def _snap(table: TableDraft, rules: Sequence[Rule], page: int) -> None:
    """Move grid lines onto the rules that are drawn for them."""
    x0, y0, x1, y1 = table.box
    upright = sorted(
        one.x0 for one in rules if not one.horizontal and one.y1 > y0 and one.y0 < y1 and one.y1 - one.y0 > 4
    )
    level = sorted(one.y0 for one in rules if one.horizontal and one.x1 > x0 and one.x0 < x1 and one.x1 - one.x0 > 4)
    table.xs, table.ys = _snapped(table.xs, upright), _snapped(table.ys, level)
    table.box = (table.xs[0], table.ys[0], table.xs[-1], table.ys[-1])
    for cell in table.cells:
        rows, columns = len(table.ys) - 1, len(table.xs) - 1
        cell.box = (
            table.xs[cell.column],
            table.ys[cell.row],
            table.xs[min(columns, cell.column + cell.columns)],
            table.ys[min(rows, cell.row + cell.rows)],
        )


def _snapped(lines: Sequence[float], rules: Sequence[float]) -> list[float]:
    found: list[float] = []
    for line in lines:
        at = bisect_left(rules, line)
        near = [one for one in rules[max(0, at - 1) : at + 1] if abs(one - line) <= _SNAP_PT]
        best = min(near, key=lambda one: abs(one - line), default=line)
        found.append(best if not found or best > found[-1] + 1 else max(line, found[-1] + 1))
    return found


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
    if above + below < room or above < 0.75 * room:
        return CellAlign.TOP
    if abs(above - below) < 0.5 * room:
        return CellAlign.CENTER
    return CellAlign.BOTTOM if below < 0.75 * room else CellAlign.TOP

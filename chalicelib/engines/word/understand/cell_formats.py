"""How text lies in tables: a column's cells by what they share, a left edge, a right edge or the middle."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from chalicelib.engines.word.document.block import CellAlign
from chalicelib.engines.word.document.format import Align
from chalicelib.engines.word.draft.block import CellDraft, ParagraphDraft, TableDraft
from chalicelib.engines.word.draft.line import Line
from chalicelib.engines.word.understand.cell_room import lines_in, sides
from chalicelib.engines.word.understand.line_heights import above_of, height_of, wider, wider_by_font
from chalicelib.engines.word.understand.room import first_word

_SHARED_PT = 1.6
"""Edges, and middles, that differ by no more are one."""

_APART_PT = 3.0
"""Edges that differ by more are not one."""

_FEWEST = 3
"""Cells of one line that tell how their column lies."""

_ROUNDED_PT = 0.3
_TIGHTEST = 0.6
"""Lines drawn nearer to each other than this could not be read: the row grows."""

_OUTLYING = 0.1
_LEAST_PT = 1.5


def align_cells(table: TableDraft) -> None:
    """Set alignment and indents of paragraphs in cells, whose formats are there."""
    columns: dict[tuple[int, int], list[CellDraft]] = defaultdict(list)
    for cell in table.cells:
        columns[cell.column, cell.columns].append(cell)
    for cells in columns.values():
        usual = _usual(cells)
        for cell in cells:
            _align(cell, table, usual)


def _usual(cells: Sequence[CellDraft]) -> Align | None:
    """What the cells of one line share; None where they share everything or nothing."""
    alone = [lines[0] for cell in cells if len(lines := lines_in(cell)) == 1]
    if len(alone) < _FEWEST:
        return None
    lefts, rights = _spread([one.left for one in alone]), _spread([one.right for one in alone])
    middles = _spread([(one.left + one.right) / 2 for one in alone])
    if lefts <= _SHARED_PT:
        return Align.START
    if rights <= _SHARED_PT and lefts > _APART_PT:
        return Align.END
    return Align.CENTER if middles <= _SHARED_PT and min(lefts, rights) > _APART_PT else None


def _spread(values: Sequence[float]) -> float:
    """How far values lie apart but for the few that stand out."""
    ordered = sorted(values)
    out = int(_OUTLYING * len(ordered))
    return ordered[len(ordered) - 1 - out] - ordered[out]


def _align(cell: CellDraft, table: TableDraft, usual: Align | None) -> None:
    left, right = sides(cell, table)
    for block in cell.blocks:
        if not isinstance(block, ParagraphDraft) or not block.lines or block.format is None or block.label is not None:
            continue
        if any(line.rtl or any(piece.gap == "\t" for piece in line.pieces[1:]) for line in block.lines):
            continue
        align = _own(block.lines, left, right, usual)
        if align is Align.CENTER:
            beyond = min(0.0, round((right - left - _longest(block.lines)) / 2, 1))
            block.format = replace(block.format, align=align, start=beyond, first=0.0, end=beyond)
        elif align is Align.END:
            end = right - max(line.right for line in block.lines)
            block.format = replace(
                block.format,
                align=align,
                start=min(0.0, round(right - left - _longest(block.lines), 1)),
                first=0.0,
                end=round(end, 1) if end > _LEAST_PT else 0.0,
            )


def _longest(lines: Sequence[Line]) -> float:
    """The room that a line needs in Word to be one, or the longest word of several lines where its font may be missing."""
    if len(lines) == 1:
        return lines[0].right - lines[0].left + wider(lines[0]) + _ROUNDED_PT
    return max((first_word(line) * (1 + wider_by_font(line)) for line in lines if wider_by_font(line)), default=0.0)


def _own(lines: Sequence[Line], left: float, right: float, usual: Align | None) -> Align | None:
    """How a paragraph lies: as its column does, else in the middle where it stands there."""
    if len(lines) == 1 and usual in (Align.START, Align.END):
        return usual
    centered = all(abs((line.left - left) - (right - line.right)) < 2 * _SHARED_PT for line in lines)
    clear = min(line.left - left for line in lines) > _LEAST_PT or _spread([line.left for line in lines]) > _APART_PT
    if centered and clear:
        return Align.CENTER
    lefts, rights = [line.left for line in lines], [line.right for line in lines]
    if len(lines) > 1 and max(lefts) - min(lefts) > _APART_PT and max(rights) - min(rights) < _SHARED_PT:
        return Align.END
    return None


def stand_in_cells(table: TableDraft) -> None:
    """Text at the top of a cell stands as far below its edge as it did, and no line is higher than its row."""
    for cell in table.cells:
        first = next((one for one in cell.blocks if isinstance(one, ParagraphDraft) and one.lines), None)
        if first is None or first is not cell.blocks[0] or first.format is None:
            continue
        room = cell.box[3] - cell.box[1] - _border(cell)
        needed = _needed(cell)
        if needed > room > _TIGHTEST * needed and cell.rows == 1:
            _tighten(cell, room / needed)
        elif cell.align is CellAlign.TOP and room > needed:
            gap = first.lines[0].baseline - above_of(first.lines[0], first.format.spacing, at_top=False) - cell.box[1]
            gap = round(2 * min(gap, room - needed)) / 2
            if gap >= _LEAST_PT:
                first.format = replace(first.format, before=gap)


def _needed(cell: CellDraft) -> float:
    """The height that the text of a cell takes in Word on the page on which it begins."""
    height = 0.0
    page = next((one.page for one in cell.blocks if isinstance(one, ParagraphDraft) and one.lines), 0)
    for block in cell.blocks:
        if isinstance(block, ParagraphDraft) and block.format is not None:
            own = [line for line in block.lines if line.page == page]
            height += block.format.before + block.format.after if own else 0.0
            height += sum(height_of(line, block.format.spacing) for line in own)
        elif not isinstance(block, ParagraphDraft):
            height += block.box[3] - block.box[1]
    return height


def _tighten(cell: CellDraft, factor: float) -> None:
    """Draw the lines of a cell nearer to each other."""
    for block in cell.blocks:
        if isinstance(block, ParagraphDraft) and block.format is not None and not block.inline_pictures:
            spacing = block.format.spacing
            spacing = replace(spacing, value=round(factor * (spacing.value or 1.0), 2))
            before, after = factor * block.format.before, factor * block.format.after
            block.format = replace(block.format, spacing=spacing, before=before, after=after)


def height_in_word(table: TableDraft, page: int) -> float:
    """The height of the table's rows on a page, those with more text than they had room for grown by it."""
    heights = row_heights(table)
    grown = dict.fromkeys(range(len(heights)), 0.0)
    for cell in table.cells:
        if cell.rows == 1 and (cell.page or table.page) == page and cell.row < len(heights):
            grown[cell.row] = max(grown[cell.row], _needed(cell) - heights[cell.row])
    return table.box[3] - table.box[1] + sum(grown.values())


def _border(cell: CellDraft) -> float:
    """What the borders take of a row's height: programs give the wider one of a row's two room of its own."""
    return max((one.width for one in (cell.borders.top, cell.borders.bottom) if one), default=0.0)


def row_heights(table: TableDraft) -> list[float]:
    """The least height of each row, without its borders: a cell over several rows has them in each."""
    widths: dict[int, float] = {}
    for cell in table.cells:
        for row in range(cell.row, cell.row + cell.rows):
            widths[row] = max(widths.get(row, 0.0), _border(cell))
    heights = (after - before for before, after in zip(table.ys, table.ys[1:], strict=False))
    return [round(max(1.0, height - widths.get(row, 0.0)), 1) for row, height in enumerate(heights)] or [0.0]

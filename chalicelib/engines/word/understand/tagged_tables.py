"""Tables as the tags tell them: which cell stands in which row and column, and where its edges are on the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from chalicelib.engines.tagged.tree import Element, TagTree
from chalicelib.engines.word.draft.block import BlockDraft, CellDraft, ParagraphDraft, TableDraft
from chalicelib.engines.word.draft.draft import PageDraft
from chalicelib.engines.word.pages.text import Box

_MOST_COLUMNS, _MOST_ROWS = 63, 20_000
"""Word has no table with more columns; more rows are an attack on memory."""


@dataclass(frozen=True, slots=True)
class TaggedCell:
    """A cell of the tags: its element, and the places that it covers."""

    element: Element
    row: int
    column: int
    rows: int
    columns: int
    header: bool


def place_cells(table: Element, tags: TagTree) -> list[TaggedCell]:
    """The cells of a Table element, each at the first free place of its row."""
    found: list[TaggedCell] = []
    taken: set[tuple[int, int]] = set()
    for row, element in enumerate(_rows(table, tags)[:_MOST_ROWS]):
        column = 0
        head = tags.elements[element.parent].role == "THead"
        for cell in tags.children(element.index):
            if cell.role not in ("TD", "TH"):
                continue
            while (row, column) in taken:
                column += 1
            if column >= _MOST_COLUMNS:
                break
            rows = min(cell.attributes.row_span, _MOST_ROWS)
            columns = min(cell.attributes.column_span, _MOST_COLUMNS - column)
            taken |= {(row + down, column + right) for down in range(rows) for right in range(columns)}
            header = head or (cell.role == "TH" and cell.attributes.scope in (None, "Column", "Both"))
            found.append(TaggedCell(cell, row, column, rows, columns, header))
    return found


def _rows(table: Element, tags: TagTree) -> list[Element]:
    rows = []
    for child in tags.children(table.index):
        if child.role == "TR":
            rows.append(child)
        elif child.role in ("THead", "TBody", "TFoot"):
            rows += [one for one in tags.children(child.index) if one.role == "TR"]
    return rows


def table_of(
    element: Element, cells: Sequence[tuple[TaggedCell, list[BlockDraft]]], pages: dict[int, PageDraft]
) -> TableDraft | None:
    """The table with its grid in points; None where none of its cells is on a page at hand."""
    shown = [block.page for _, blocks in cells for block in blocks if block.page in pages]
    if not shown:
        return None
    page = min(shown)
    columns = max(cell.column + cell.columns for cell, _ in cells)
    rows = max(cell.row + cell.rows for cell, _ in cells)
    extents = [(cell, _extent(blocks, page), blocks) for cell, blocks in cells]
    xs = _edges(
        columns,
        [(cell.column, cell.column + cell.columns, box[0], box[2]) for cell, box, _ in extents if box],
    )
    ys = _edges(rows, [(cell.row, cell.row + cell.rows, box[1], box[3]) for cell, box, _ in extents if box])
    drafts = [
        CellDraft(
            cell.row,
            cell.column,
            (xs[cell.column], ys[cell.row], xs[cell.column + cell.columns], ys[min(rows, cell.row + cell.rows)]),
            min(cell.rows, rows - cell.row),
            cell.columns,
            blocks,
        )
        for cell, _, blocks in extents
    ]
    heads = _header_rows(cells, rows)
    box = (xs[0], min(ys), xs[-1], max(ys))
    return TableDraft(page, box, xs, ys, drafts, heads, element=element.index, alt=element.alt)


def _header_rows(cells: Sequence[tuple[TaggedCell, list[BlockDraft]]], rows: int) -> int:
    heads = 0
    for row in range(rows):
        own = [cell for cell, _ in cells if cell.row == row]
        if not own or not all(cell.header for cell in own):
            break
        heads = row + 1
    return heads if heads < rows else min(1, heads)


def _extent(blocks: Sequence[BlockDraft], page: int) -> Box | None:
    boxes = []
    for block in blocks:
        if isinstance(block, ParagraphDraft):
            boxes += [line.box for line in block.lines if line.page == page]
        elif block.page == page:
            boxes.append(block.box)
    if not boxes:
        return None
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


def _edges(count: int, extents: Sequence[tuple[int, int, float, float]]) -> list[float]:
    """``count`` + 1 grid lines, each between what ends before it and what begins after it."""
    starts: list[list[float]] = [[] for _ in range(count + 1)]
    ends: list[list[float]] = [[] for _ in range(count + 1)]
    for first, last, low, high in extents:
        starts[first].append(low)
        ends[min(last, count)].append(high)
    edges: list[float | None] = []
    for at in range(count + 1):
        before, after = max(ends[at], default=None), min(starts[at], default=None)
        if after is not None and before is not None and before > after:
            before = min(median(ends[at]), after)
        edges.append(after - 5.4 if after is not None else before + 5.4 if before is not None else None)
    return _filled(edges)


def _filled(edges: list[float | None]) -> list[float]:
    """Unknown grid lines stand evenly between those that are known, and none stands before the one before it."""
    known = [(at, value) for at, value in enumerate(edges) if value is not None]
    if not known:
        return [72.0 + 36 * at for at in range(len(edges))]
    filled: list[float] = []
    for at in range(len(edges)):
        before = next(((i, v) for i, v in reversed(known) if i <= at), None)
        after = next(((i, v) for i, v in known if i >= at), None)
        if before and after and before[0] != after[0]:
            value = before[1] + (after[1] - before[1]) * (at - before[0]) / (after[0] - before[0])
        elif before:
            value = before[1] + 36.0 * (at - before[0])
        else:
            value = (after[1] if after else 72.0) - 36.0 * ((after[0] if after else 0) - at)
        filled.append(max(value, filled[-1] + 1) if filled else value)
    return filled

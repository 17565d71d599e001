"""Reading order: a page is cut into stretches, a stretch into columns; what stands on one baseline there is one line."""

from collections.abc import Sequence
from statistics import median

from chalicelib.engines.word.draft.block import ParagraphDraft
from chalicelib.engines.word.draft.draft import ColumnDraft, Draft, PageDraft, StretchDraft
from chalicelib.engines.word.draft.line import Line
from chalicelib.engines.word.understand.body_edges import body_edges
from chalicelib.engines.word.understand.gutters import Band, Item, cut_into_bands
from chalicelib.engines.word.understand.solid import join_lines, solid_parts

_SAME_BASELINE = 0.35
"""Parts of one line have baselines that differ by less, in units of the size."""


def find_columns(draft: Draft) -> None:
    """Fill ``PageDraft.stretches`` with columns of lines and of the blocks that are known already; empties ``lines``."""
    for page, (left, right) in zip(draft.pages, body_edges(draft.pages), strict=True):
        bands = cut_into_bands(_items(page))
        given: set[int] = set()
        page.stretches = [_stretch(band, page, left, right, given) for band in bands] or [
            StretchDraft([ColumnDraft((left, 0.0, right, page.page.height))])
        ]
        page.lines, page.known_blocks = [], []


def _items(page: PageDraft) -> list[Item]:
    """All that has a place in the reading order; the lines of a block that is known bear its number."""
    items = [
        Item(part.left, part.right, part.top, part.bottom, line=part)
        for line in page.lines
        for part in solid_parts(line)
    ]
    for at, block in enumerate(page.known_blocks):
        if isinstance(block, ParagraphDraft):
            own = [line for line in block.lines if line.page == page.number]
            items += [Item(one.left, one.right, one.top, one.bottom, line=one, block=at) for one in own]
        else:
            x0, y0, x1, y1 = block.box
            items.append(Item(x0, x1, y0, y1, block=at))
    return items


def _stretch(band: Band, page: PageDraft, left: float, right: float, given: set[int]) -> StretchDraft:
    """The columns of a band. A block over several columns or bands is given to the first: it stands there as a whole."""
    columns = []
    starts = [min(item.left for item in column) for column in band.columns]
    for at, column in enumerate(band.columns):
        x0 = left if at == 0 else starts[at]
        ends = max(item.right for item in column)
        x1 = max(right, x0 + 1) if at == len(band.columns) - 1 else ends
        box = (min(x0, starts[at]), min(i.top for i in column), x1, max(i.bottom for i in column))
        lines = merged_lines([item.line for item in column if item.line is not None and item.block is None])
        numbers = sorted({item.block for item in column if item.block is not None} - given)
        given.update(numbers)
        columns.append(ColumnDraft(box, lines, [page.known_blocks[one] for one in numbers]))
    return StretchDraft(columns)


def merged_lines(parts: Sequence[Line]) -> list[Line]:
    """Parts of lines as lines, from top to bottom: those on one baseline become one."""
    rows: list[list[Line]] = []
    for part in sorted(parts, key=lambda one: (one.baseline, one.left)):
        row = next((one for one in reversed(rows[-4:]) if _belongs(part, one)), None)
        if row is None:
            rows.append([part])
        else:
            row.append(part)
    lines = [join_lines(row) for row in rows]
    return sorted(lines, key=lambda one: (one.baseline, one.left))


def _belongs(part: Line, row: Sequence[Line]) -> bool:
    level = median(one.baseline for one in row)
    size = min(part.size, *(one.size for one in row))
    beside = all(part.left >= one.right - 1 or part.right <= one.left + 1 for one in row)
    return beside and abs(part.baseline - level) <= _SAME_BASELINE * size

"""Reading order: a page is cut into stretches, a stretch into columns; what stands on one baseline there is one line."""

from collections import defaultdict
from collections.abc import Sequence
from statistics import median

from chalicelib.engines.word.draft.block import ParagraphDraft
from chalicelib.engines.word.draft.draft import ColumnDraft, Draft, PageDraft, StretchDraft
from chalicelib.engines.word.draft.line import Line
from chalicelib.engines.word.understand.gutters import Band, Item, cut_into_bands
from chalicelib.engines.word.understand.solid import join_lines, solid_parts

_SAME_BASELINE = 0.35
"""Parts of one line have baselines that differ by less, in units of the size."""

_OUTLYING = 0.02
"""The text's edges are those that all but this share of the document's lines keep."""


def find_columns(draft: Draft) -> None:
    """Fill ``PageDraft.stretches`` with columns of lines and of the blocks that are known already; empties ``lines``."""
    edges = _body_edges(draft.pages)
    for page in draft.pages:
        left, right = edges[_kind(page)]
        bands = cut_into_bands(_items(page))
        page.stretches = [_stretch(band, page, left, right) for band in bands] or [
            StretchDraft([ColumnDraft((left, 0.0, right, page.page.height))])
        ]
        page.lines, page.known_blocks = [], []


def _kind(page: PageDraft) -> tuple[int, int]:
    return round(page.page.width), round(page.page.height)


def _body_edges(pages: Sequence[PageDraft]) -> dict[tuple[int, int], tuple[float, float]]:
    """The left and right edge of the text on pages of each size."""
    lines: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for page in pages:
        lines[_kind(page)] += page.lines
        for block in page.known_blocks:
            if isinstance(block, ParagraphDraft):
                lines[_kind(page)] += block.lines
    edges = {}
    for page in pages:
        own = lines[_kind(page)]
        lefts, rights = sorted(one.left for one in own), sorted(one.right for one in own)
        spare = int(_OUTLYING * len(own))
        width = page.page.width
        edges[_kind(page)] = (max(0.0, lefts[spare]), min(width, rights[-1 - spare])) if own else (72.0, width - 72.0)
    return edges


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


def _stretch(band: Band, page: PageDraft, left: float, right: float) -> StretchDraft:
    columns = []
    starts = [min(item.left for item in column) for column in band.columns]
    for at, column in enumerate(band.columns):
        x0 = left if at == 0 else starts[at]
        ends = max(item.right for item in column)
        x1 = max(right, x0 + 1) if at == len(band.columns) - 1 else ends
        box = (min(x0, starts[at]), min(i.top for i in column), x1, max(i.bottom for i in column))
        lines = merged_lines([item.line for item in column if item.line is not None and item.block is None])
        numbers = sorted({item.block for item in column if item.block is not None})
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

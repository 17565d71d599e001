"""Reading order: a page is cut into stretches, a stretch into columns; what stands on one baseline there is one line."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import median

from chalicelib.engines.word.draft.block import ParagraphDraft
from chalicelib.engines.word.draft.draft import ColumnDraft, Draft, PageDraft, StretchDraft
from chalicelib.engines.word.draft.line import Line
from chalicelib.engines.word.understand.gutters import Band, Item, cut_into_bands
from chalicelib.engines.word.understand.solid import join_lines, solid_parts

_SAME_BASELINE = 0.35
"""Parts of one line have baselines that differ by less, in units of the size."""

_LONG = 0.6
"""Lines of this share of the widest one's width tell where the text's edges are."""

_OUTLYING = 0.05
"""Of a page's long lines that may stand out beyond the text's edges: text in boxes, lines that are too long."""

_TELLING = 8
"""Pages with so many long lines tell; on others a ragged edge may be anywhere."""


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
    """The left and right edge of the text on pages of each size: those of their long lines, page by page."""
    edges: dict[tuple[int, int], tuple[float, float]] = {}
    kinds: dict[tuple[int, int], list[list[Line]]] = defaultdict(list)
    for page in pages:
        blocks = [one for one in page.known_blocks if isinstance(one, ParagraphDraft)]
        own = [line for block in blocks for line in block.lines if line.page == page.number]
        kinds[_kind(page)].append([*page.lines, *own])
    for kind, lines in kinds.items():
        every = [line for own in lines for line in own]
        widest = max((line.right - line.left for line in every), default=0.0)
        long = [[line for line in own if line.right - line.left >= _LONG * widest] for own in lines]
        telling = [own for own in long if len(own) >= _TELLING] or [[line for own in long for line in own]]
        if every:
            left = median(_outer(line.left for line in own) for own in telling)
            edges[kind] = max(0.0, left), median(-_outer(-line.right for line in own) for own in telling)
        else:
            edges[kind] = 72.0, kind[0] - 72.0
    return edges


def _outer(edges: Iterable[float]) -> float:
    """The least of the edges but for the few that stand out."""
    ordered = sorted(edges)
    return ordered[int(_OUTLYING * len(ordered))]


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

"""Between which edges the text of each page stands: those of the long lines of pages that are set alike."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import median

from chalicelib.engines.word.draft.block import ParagraphDraft
from chalicelib.engines.word.draft.draft import PageDraft
from chalicelib.engines.word.draft.line import Line

_LONG = 0.6
"""Lines of this share of the widest one's width tell where the text's edges are."""

_OUTLYING = 0.05
"""Of a page's long lines that may stand out beyond the text's edges: text in boxes, lines that are too long."""

_TELLING = 8
"""Pages with so many long lines tell; on others a ragged edge may be anywhere."""

_MOVED_PT, _RAGGED_PT = 6.0, 15.0
"""Pages have other margins when both edges are moved by more than the first, and by as much but for a ragged edge's play."""

Edges = tuple[float, float]


def body_edges(pages: Sequence[PageDraft]) -> list[Edges]:
    """The left and right edge of the text for each page, in points."""
    lines = [_lines(page) for page in pages]
    kinds: dict[tuple[int, int], list[int]] = defaultdict(list)
    for at, page in enumerate(pages):
        kinds[round(page.page.width), round(page.page.height)].append(at)
    found = [(72.0, page.page.width - 72.0) for page in pages]
    for own in kinds.values():
        for at, edges in zip(own, _of_kind([lines[at] for at in own]), strict=True):
            found[at] = edges or found[at]
    return found


def _lines(page: PageDraft) -> list[Line]:
    blocks = [one for one in page.known_blocks if isinstance(one, ParagraphDraft)]
    return [*page.lines, *(line for block in blocks for line in block.lines if line.page == page.number)]


def _of_kind(pages: Sequence[Sequence[Line]]) -> list[Edges | None]:
    """Of pages of one size: most of them share their edges, others (a section, the even pages) have their own."""
    every = [line for own in pages for line in own]
    if not every:
        return [None for _ in pages]
    widest = max(line.right - line.left for line in every)
    long = [[line for line in own if line.right - line.left >= _LONG * widest] for own in pages]
    edges = [_edges(own) if len(own) >= _TELLING else None for own in long]
    telling = [one for one in edges if one is not None] or [_edges([line for own in long for line in own])]
    usual = median(left for left, _ in telling), median(right for _, right in telling)
    moved = [one for one in telling if _is_moved(one, usual)]
    return [_middle(one, moved) if one is not None and one in moved else usual for one in edges]


def _edges(lines: Sequence[Line]) -> Edges:
    return max(0.0, _outer(line.left for line in lines)), -_outer(-line.right for line in lines)


def _is_moved(edges: Edges, usual: Edges) -> bool:
    left, right = abs(edges[0] - usual[0]), abs(edges[1] - usual[1])
    return left > _MOVED_PT and right > _MOVED_PT and abs(left - right) < _RAGGED_PT


def _middle(edges: Edges, moved: Sequence[Edges]) -> Edges:
    """What pages with the same left edge have in common."""
    alike = [one for one in moved if abs(one[0] - edges[0]) < _MOVED_PT / 2]
    return median(left for left, _ in alike), median(right for _, right in alike)


def _outer(edges: Iterable[float]) -> float:
    """The least of the edges but for the few that stand out."""
    ordered = sorted(edges)
    return ordered[int(_OUTLYING * len(ordered))]

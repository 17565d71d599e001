"""Margins as the author set them: from the edges of the text of all pages of a section, not of each."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chalicelib.engines.word.document.section import PageSetup
from chalicelib.engines.word.draft.block import BlockDraft, ParagraphDraft, PictureDraft, TableDraft
from chalicelib.engines.word.draft.draft import PageDraft
from chalicelib.engines.word.draft.line import Line

_SHARED = 0.04
"""An edge is one of the text's when so many of its lines begin or end there; what sticks out further is set apart."""

_LEAST_LINES = 2
_STRAIGHT = 0.12
"""Text is flush on a side where so many lines end at its edge."""

_RAGGED_PT = 34.0
"""Ragged lines end before the margin by a word at most, in the longest of them."""

_USUAL_PT = tuple(
    sorted({36.0, 54.0, 63.0, 72.0, 90.0, 108.0, *(round(cm * 28.3465, 2) for cm in (1, 1.27, 1.5, 2, 2.5, 3, 3.17))})
)
"""Margins of Word's and LibreOffice's templates and menus, in inches and centimetres."""

_NEAR_PT = 1.5
_CELL_MARGIN_PT = 5.4
_LEAST_PT = 14.0


@dataclass(frozen=True, slots=True)
class _Edge:
    """Distance of the text from a side of the page; the margin is at most ``slack`` less."""

    far: float
    slack: float


def page_setup(pages: Sequence[PageDraft]) -> PageSetup:
    """Size, margins and the places of heads and feet of pages of the same size."""
    width, height = pages[0].page.width, pages[0].page.height
    lines = [line for page in pages for line in _flowing(page.blocks)]
    boxes = [block.box for page in pages for block in page.blocks if not isinstance(block, ParagraphDraft)]
    running = [line for page in pages for line in [*page.heads, *page.feet]]
    left = _side([line.left for line in lines], [box[0] + _CELL_MARGIN_PT for box in boxes], width)
    right = _side([width - line.right for line in lines], [width - box[2] + _CELL_MARGIN_PT for box in boxes], width)
    left, right = _with_running(left, right, running, width)
    left_pt, right_pt = _pair(left, right)
    top_pt, bottom_pt = _pair(_top(pages), _bottom(pages))
    return PageSetup(
        width=width,
        height=height,
        left=left_pt,
        right=right_pt,
        top=top_pt,
        bottom=bottom_pt,
        header=_distance([min(line.top for line in page.heads) for page in pages if page.heads], top_pt),
        footer=_distance([height - max(line.bottom for line in page.feet) for page in pages if page.feet], bottom_pt),
    )


def _flowing(blocks: Iterable[BlockDraft]) -> list[Line]:
    return [line for block in blocks if isinstance(block, ParagraphDraft) for line in block.lines]


def _side(lines: Sequence[float], boxes: Sequence[float], width: float) -> _Edge:
    """The outermost edge that lines share, else that of tables and pictures."""
    inside = [far for far in lines if 0 <= far < width / 2]
    if not inside:
        own = [far for far in boxes if 0 <= far < width / 2]
        return _Edge(min(own, default=72.0), 0.0 if own else 72.0)
    counts = Counter(round(far) for far in inside)
    least = max(_LEAST_LINES, _SHARED * len(inside))
    for far in sorted(counts):
        near = sum(counts[far + step] for step in (-1, 0, 1))
        if near >= least:
            edge = min(one for one in inside if abs(one - far) <= 1.5)
            return _Edge(edge, 0.0 if near >= _STRAIGHT * len(inside) and near > 2 else _RAGGED_PT)
    return _Edge(min(inside), _RAGGED_PT)


def _with_running(left: _Edge, right: _Edge, lines: Sequence[Line], width: float) -> tuple[_Edge, _Edge]:
    """Heads and feet often reach from margin to margin: they settle a side on which the text is ragged."""
    if right.slack:
        ends = [width - line.right for line in lines if 0 <= right.far - (width - line.right) <= right.slack + 1]
        right = _Edge(min(ends), 0.0) if ends else right
    if left.slack:
        starts = [line.left for line in lines if 0 <= left.far - line.left <= left.slack + 1]
        left = _Edge(min(starts), 0.0) if starts else left
    return left, right


def _top(pages: Sequence[PageDraft]) -> _Edge:
    tops = [min(_tops(page), default=None) for page in pages]
    known = [top for top in tops if top is not None]
    return _Edge(min(known, default=72.0), 0.0 if len(known) > 1 else 4.0)


def _tops(page: PageDraft) -> list[float]:
    return [line.top for line in _flowing(page.blocks)] + [
        block.box[1] for block in page.blocks if isinstance(block, TableDraft | PictureDraft)
    ]


def _bottom(pages: Sequence[PageDraft]) -> _Edge:
    """Full pages end a line or two before the margin; where none is full, nobody knows."""
    height = pages[0].page.height
    fars = []
    for page in pages:
        bottoms = [line.bottom for line in _flowing(page.blocks)] + [
            block.box[3] for block in page.blocks if isinstance(block, TableDraft | PictureDraft)
        ]
        if bottoms:
            fars.append(height - max(bottoms))
    far = max(0.0, min(fars, default=72.0))
    sizes = [line.size for page in pages for line in _flowing(page.blocks)]
    line_pt = 1.3 * (sorted(sizes)[len(sizes) // 2] if sizes else 11.0)
    slack = 2 * line_pt if len(fars) > 1 else max(2 * line_pt, far)
    if not any(page.feet for page in pages):
        return _Edge(far, slack)
    return _Edge(far, min(slack, max(0.0, far - min(height - page.feet[0].top for page in pages if page.feet))))


def _pair(one: _Edge, other: _Edge) -> tuple[float, float]:
    """Both margins: opposite ones are equal as a rule, and usual, as far as the text allows it."""
    first = _settle(one, other.far if not other.slack else None)
    return first, _settle(other, first)


def _settle(edge: _Edge, opposite: float | None) -> float:
    allowed = [edge.far - edge.slack - _NEAR_PT, edge.far + _NEAR_PT]
    if opposite is not None and allowed[0] <= opposite <= allowed[1]:
        return opposite
    usual = [one for one in _USUAL_PT if allowed[0] <= one <= allowed[1]]
    chosen = min(usual, key=lambda one: abs(one - edge.far), default=edge.far)
    return max(_LEAST_PT, round(chosen, 2))


def _distance(places: Sequence[float], margin: float) -> float:
    return max(0.0, round(min(places), 1)) if places else min(36.0, round(margin / 2, 1))

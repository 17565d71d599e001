"""Margins as the author set them: from the edges of the text of all pages of a section, not of each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chalicelib.engines.word.document.section import PageSetup
from chalicelib.engines.word.draft.block import BlockDraft, Join, ParagraphDraft, PictureDraft, TableDraft
from chalicelib.engines.word.draft.draft import PageDraft
from chalicelib.engines.word.draft.line import Line

_SHARED = 0.015
"""An edge is one of the text's when so many of its lines begin or end there; what sticks out further is set apart."""

_LEAST_LINES = 1
_STRAIGHT, _LEAST_FLUSH, _FLUSH_PT = 0.15, 4, 1.0
"""Text is flush on a side where so many lines (as a share of those that wrap) end at its edge, within this."""

_RAGGED_PT = 34.0
"""Ragged lines end before the margin by a word at most, in the longest of them."""

_USUAL_PT = tuple(
    sorted({36.0, 54.0, 63.0, 72.0, 90.0, 108.0, *(round(cm * 28.3465, 2) for cm in (1, 1.27, 1.5, 2, 2.5, 3, 3.17))})
)
"""Margins of Word's and LibreOffice's templates and menus, in inches and centimetres."""

_ABOVE_PT, _ABOVE_FIRST_PT = 4.0, 12.0
"""A line's room above its letters, and the space before a first paragraph, which only other pages tell."""

_FEW = 0.1
"""Where so few lines wrap, most of them end long before the margin."""

_NEAR_PT, _BEYOND_PT = 1.5, 0.5
"""A margin is usual when the text's edge is so near to it; beyond it stands what is in another place by rounding alone."""

_LABEL_INDENT_PT = 18.0
"""Where labels of lists alone stand at an edge, the margin may be as far out as Word indents them by itself."""
_ROUNDING_PT = 1.5
"""Room for lines that are a little wider in Word than in the PDF, where nothing tells the margin but the widest one."""

_LONGER = 0.006
"""The longest line of ragged text may be so much longer in Word and is not broken anew: kerning, rounded sizes."""

_WIDEST_PT = 144.0
"""Where all pages end further from the edge than any usual margin, none of them is full."""

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
    wrapped = [line for page in pages for block in page.blocks for line in _wrapped(block)]
    boxes = [block.box for page in pages for block in page.blocks if isinstance(block, TableDraft)]
    running = [line for page in pages for line in [*page.heads, *page.feet]]
    labelled = [float(left) for page in pages for block in page.blocks for left in _label_lefts(block)]
    left = _side([*(one.left for one in lines), *labelled], [one.left for one in wrapped], [b[0] for b in boxes], width)
    if all(one.left > left.far + _FLUSH_PT for one in lines):
        left = _Edge(left.far, max(left.slack, _LABEL_INDENT_PT))
    right = _side(
        [width - one.right for one in _different(lines)],
        [width - one.right for one in _different(wrapped)],
        [width - box[2] for box in boxes],
        width,
    )
    left, right = _with_running(left, right, running, width)
    left_pt, right_pt = _pair(left, right)
    if right.slack:
        right_pt = max(0.0, min(right_pt, round(right.far - _LONGER * (width - left_pt - right.far), 2)))
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


def _different(lines: Iterable[Line]) -> list[Line]:
    """Lines that say the same and end at the same place do so whatever the margin is: they tell as much as one."""
    return list({(line.text, round(line.right)): line for line in lines}.values())


def _label_lefts(block: BlockDraft) -> list[float]:
    return [block.label.left] if isinstance(block, ParagraphDraft) and block.label is not None else []


def _flowing(blocks: Iterable[BlockDraft]) -> list[Line]:
    return [line for block in blocks if isinstance(block, ParagraphDraft) for line in block.lines]


def _wrapped(block: BlockDraft) -> list[Line]:
    """Lines that end because the next word had no room."""
    if not isinstance(block, ParagraphDraft):
        return []
    joins = zip(block.lines, block.joins, strict=False)
    return [line for line, join in joins if join is not Join.BREAK][: len(block.lines) - 1]


def _side(lines: Sequence[float], wrapped: Sequence[float], boxes: Sequence[float], width: float) -> _Edge:
    """The outermost edge that lines share. Where no line is full, the margin may be anywhere beyond it; tables tell."""
    inside = [far for far in lines if 0 <= far < width / 2]
    tables = [far + _CELL_MARGIN_PT for far in boxes if _LEAST_PT <= far + _CELL_MARGIN_PT < width / 2]
    if not inside:
        beyond = min((far for far in lines if far >= 0), default=72.0)
        return _Edge(min(tables, default=min(72.0, beyond)), _CELL_MARGIN_PT if tables else 36.0)
    edge = _shared_edge(inside, [far for far in wrapped if 0 <= far < width / 2])
    if edge.slack and tables and min(tables) < edge.far:
        return _Edge(min(tables), _CELL_MARGIN_PT)
    return edge


def _shared_edge(inside: Sequence[float], wrapped: Sequence[float]) -> _Edge:
    """The edge on which the text is flush, or the outermost place that a ragged line reaches."""
    most = max(_LEAST_LINES, _SHARED * len(inside))
    near = {far: sum(far <= one <= far + _FLUSH_PT for one in inside) for far in inside}
    far = min((one for one in inside if near[one] >= most), default=min(inside))
    halfway = 2 * sum(far <= one <= far + _FLUSH_PT for one in wrapped) > max(len(wrapped), 2)
    if halfway or near[far] >= max(_LEAST_FLUSH, _STRAIGHT * len(wrapped)):
        return _Edge(far, 0.0)
    few = len(wrapped) < _FEW * len(inside)
    return _Edge(min(inside), max(inside) if few else _RAGGED_PT)


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
    return _Edge(min(known, default=72.0), _ABOVE_PT if len(known) > 1 else _ABOVE_FIRST_PT)


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
            fars.append(height - max(page.notes_bottom, *bottoms))
    far = max(0.0, min(fars, default=72.0))
    sizes = [line.size for page in pages for line in _flowing(page.blocks)]
    line_pt = 1.3 * (sorted(sizes)[len(sizes) // 2] if sizes else 11.0)
    full = len(fars) > 1 and far <= _WIDEST_PT
    slack = 2 * line_pt if full else max(2 * line_pt, far)
    if not any(page.feet for page in pages):
        return _Edge(far, slack)
    return _Edge(far, min(slack, max(0.0, far - min(height - page.feet[0].top for page in pages if page.feet))))


def _pair(one: _Edge, other: _Edge) -> tuple[float, float]:
    """Both margins: opposite ones are equal as a rule, and usual, as far as the text allows it."""
    first = _settle(one, other.far if not other.slack else None)
    return first, _settle(other, first)


def _settle(edge: _Edge, opposite: float | None) -> float:
    allowed = [edge.far - edge.slack - _NEAR_PT, edge.far + _BEYOND_PT]
    if opposite is not None and allowed[0] <= opposite <= allowed[1]:
        return opposite
    usual = [one for one in _USUAL_PT if allowed[0] <= one <= allowed[1]]
    chosen = min(usual, key=lambda one: abs(one - edge.far), default=edge.far - _ROUNDING_PT)
    return round(chosen, 2) if chosen >= _LEAST_PT else max(0.0, round(edge.far - _ABOVE_PT, 2))


def _distance(places: Sequence[float], margin: float) -> float:
    return max(0.0, round(min(places), 1)) if places else min(36.0, round(margin / 2, 1))

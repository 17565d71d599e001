"""What is drawn and belongs to nothing else: a paragraph's shade, panels behind text, lines between it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from chalicelib.engines.word.document.format import Format
from chalicelib.engines.word.draft.block import BlockDraft, ParagraphDraft, PictureDraft, TableDraft
from chalicelib.engines.word.draft.draft import Draft, PageDraft, ShapeDraft
from chalicelib.engines.word.draft.line import Line
from chalicelib.engines.word.pages.drawn import Fill, Rule
from chalicelib.engines.word.pages.text import Box
from chalicelib.engines.word.understand.paper import is_white
from chalicelib.engines.word.understand.pictures import area, inside

_FAINT = 0.3
"""A fill that lets more of what is below shine through colours nothing."""

_SMALLEST_PT2 = 30.0
_SHORTEST_PT = 12.0
_SHADE = 1.4
"""A fill that is higher than its paragraph by no more, in units of the size, is the paragraph's shade."""

_MOST = 150
"""So many shapes on a page at most: more are a texture, which slows Word down."""


def find_shapes(draft: Draft) -> None:
    """Set ``Format.shade`` of paragraphs on a fill of their own, and fill ``PageDraft.shapes``; formats are there."""
    for page in draft.pages:
        taken = [*_boxes([*page.blocks, *page.floating])]
        paragraphs = [block for block in page.blocks if isinstance(block, ParagraphDraft) and block.lines]
        shapes = list(_panels(page, taken, paragraphs))
        shapes += [_line(rule) for rule in _lines(page, taken)]
        page.shapes = shapes[:_MOST]


def _boxes(blocks: Sequence[BlockDraft]) -> Iterator[Box]:
    """Of tables, which have borders and shades, and of pictures."""
    for block in blocks:
        if isinstance(block, TableDraft | PictureDraft) and not (isinstance(block, PictureDraft) and block.behind):
            yield block.box


def _panels(page: PageDraft, taken: Sequence[Box], paragraphs: Sequence[ParagraphDraft]) -> Iterator[ShapeDraft]:
    kept: list[Box] = []
    for at, fill in enumerate(page.page.fills):
        if at in page.taken_fills or area(fill.box) < _SMALLEST_PT2 or fill.alpha < _FAINT:
            continue
        if any(inside(fill.box, box) for box in taken) or (is_white(fill) and not _on_any(fill.box, kept)):
            continue
        kept.append(fill.box)
        own = [one for one in paragraphs if _holds(fill.box, _lines_on(one, page.number))]
        if len(own) == 1 and _is_shade(fill, _lines_on(own[0], page.number)):
            own[0].format = replace(own[0].format or Format(), shade=fill.color)
        else:
            yield ShapeDraft(fill.box, fill.color)


def _on_any(box: Box, others: Sequence[Box]) -> bool:
    return any(inside(box, one) for one in others)


def _lines_on(paragraph: ParagraphDraft, page: int) -> list[Line]:
    return [line for line in paragraph.lines if line.page == page]


def _holds(box: Box, lines: Sequence[Line]) -> bool:
    return bool(lines) and all(
        box[0] - 1 <= line.left and line.right <= box[2] + 1 and box[1] <= line.baseline - 0.3 * line.size <= box[3]
        for line in lines
    )


def _is_shade(fill: Fill, lines: Sequence[Line]) -> bool:
    height = lines[-1].baseline - lines[0].baseline + lines[0].size
    return fill.box[3] - fill.box[1] <= height + _SHADE * lines[0].size


def _lines(page: PageDraft, taken: Sequence[Box]) -> Iterator[Rule]:
    for at, rule in enumerate(page.page.rules):
        box = (rule.x0, rule.y0, rule.x1, rule.y1)
        long = max(rule.x1 - rule.x0, rule.y1 - rule.y0)
        if at not in page.taken_rules and long >= _SHORTEST_PT and not any(inside(box, one) for one in taken):
            yield rule


def _line(rule: Rule) -> ShapeDraft:
    half = max(0.25, rule.width / 2)
    if rule.horizontal:
        return ShapeDraft((rule.x0, rule.y0 - half, rule.x1, rule.y0 + half), rule.color)
    return ShapeDraft((rule.x0 - half, rule.y0, rule.x0 + half, rule.y1), rule.color)

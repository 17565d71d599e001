"""How paragraphs lie: alignment, indents and line spacing, as an author would have set them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from statistics import median

from chalicelib.engines.word.document.format import Align, Format, LineSpacing, Role, SpacingRule, TabAlign, TabStop
from chalicelib.engines.word.draft.block import BlockDraft, ParagraphDraft, PictureDraft, TableDraft
from chalicelib.engines.word.draft.draft import Draft, PageDraft, SectionDraft
from chalicelib.engines.word.draft.line import Line
from chalicelib.engines.word.understand.cell_formats import align_cells
from chalicelib.engines.word.understand.cell_room import sides
from chalicelib.engines.word.understand.leaders import leader_of
from chalicelib.engines.word.understand.line_heights import (
    family_of,
    is_east_asian,
    natural_height,
    wider,
    written_size,
)

_EVEN_PT = 1.6
"""Edges that differ by no more are one edge."""

_INDENT_PT = 3.0
"""No author indents by less."""

_CENTERED_PT = 1.5
"""Text whose middle is that of its column within this is centred."""

_CLEAR_PT = 12.0
"""Centred text, and text with a margin of its own, stays so far from the edges."""

_EVEN_SIZE = 1.15
"""In a paragraph with larger letters than this, lines are not all of one height."""

_STEPS = (1.0, 1.08, 1.15, 1.25, 1.5, 2.0)
"""Line spacings of Word's menus and templates: those near to one are that."""


def find_formats(draft: Draft) -> None:
    """Fill ``ParagraphDraft.format`` everywhere, but for the space above and below."""
    justified = _is_justified(draft.paragraphs())
    for section in draft.sections:
        for page in draft.pages[section.first : section.last + 1]:
            _format_page(page, section, justified)
        for running in (section.headers, section.footers):
            for blocks in (running.default, running.first, running.even):
                _format_blocks(blocks, section.setup.left, section.setup.width - section.setup.right, False)
    for note in draft.notes:
        _format_blocks(note.paragraphs, 0, 0, justified)
    _settle_spacing(draft)
    for paragraph in draft.every_paragraph():
        _fix_height(paragraph)


def _format_page(page: PageDraft, section: SectionDraft, justified: bool) -> None:
    for stretch in page.stretches:
        alone = len(stretch.columns) == 1
        for column in stretch.columns:
            left = section.setup.left if alone else column.box[0]
            right = section.setup.width - section.setup.right if alone else column.box[2]
            _format_blocks(column.blocks, left, max(right, left + 36), justified)
            if not section.rtl:
                _format_pictures(column.blocks, left, right)


def _format_blocks(blocks: Sequence[BlockDraft], left: float, right: float, justified: bool) -> None:
    for block in blocks:
        if isinstance(block, ParagraphDraft) and block.lines:
            edges = (left, right) if right > left else (block.left, block.right)
            block.format = _format(block, *edges, justified)
        elif isinstance(block, TableDraft):
            block.indent = round(block.xs[0] - left, 1) if right > left else 0.0
            for cell in block.cells:
                _format_blocks(cell.blocks, *sides(cell, block), False)
            align_cells(block)


def _format_pictures(blocks: Sequence[BlockDraft], left: float, right: float) -> None:
    """Pictures that are paragraphs stand in the middle, at the right edge or so far from the left one."""
    for block in blocks:
        if isinstance(block, PictureDraft):
            start, end = block.box[0] - left, right - block.box[2]
            if start > _CLEAR_PT and abs(start - end) < 2 * _INDENT_PT:
                block.format = Format(align=Align.CENTER)
            elif start > _CLEAR_PT and abs(end) < _INDENT_PT:
                block.format = Format(align=Align.END)
            else:
                block.format = Format(start=_snapped(start))


def _format(paragraph: ParagraphDraft, left: float, right: float, justified: bool) -> Format:
    lines = paragraph.first_lines
    rtl = _is_rtl(lines)
    align = _align(lines, left, right, justified, labelled=paragraph.label is not None)
    start, first, end = _indents(paragraph, lines, left, right, align)
    return Format(
        align=align,
        start=start,
        end=end,
        first=first,
        spacing=LineSpacing(_multiple(lines)),
        tabs=_tabs(lines, left, right, rtl) if align in (Align.START, Align.JUSTIFY) else (),
        rtl=rtl,
    )


def _align(lines: Sequence[Line], left: float, right: float, justified: bool, *, labelled: bool) -> Align:
    """By the room that lines leave at their start and end, in the direction of reading."""
    starts, ends = _rooms(lines, left, right)
    centered = all(abs(one - other) < 2 * _CENTERED_PT for one, other in zip(starts, ends, strict=True))
    if not labelled and centered and min(starts) > _CLEAR_PT and max(starts) > 4 * _INDENT_PT:
        return Align.CENTER
    if len(lines) == 1:
        far = abs(ends[0]) < _EVEN_PT and starts[0] > (right - left) / 3
        return Align.END if far and not labelled and all(one.gap != "\t" for one in lines[0].pieces) else Align.START
    body = ends[:-1]
    if max(body) - min(body) < _EVEN_PT and (len(body) > 1 or (justified and abs(body[0]) < 4)):
        return Align.JUSTIFY if max(starts[1:]) - min(starts[1:]) < _INDENT_PT or len(lines) == 2 else Align.END
    if max(starts) - min(starts) > _INDENT_PT and max(ends) - min(ends) < _EVEN_PT and not labelled:
        return Align.END
    return Align.START


def _rooms(lines: Sequence[Line], left: float, right: float) -> tuple[list[float], list[float]]:
    """What lines leave free before and after them, in the direction of reading."""
    before, after = [one.left - left for one in lines], [right - one.right for one in lines]
    return (after, before) if _is_rtl(lines) else (before, after)


def _is_rtl(lines: Sequence[Line]) -> bool:
    return sum(line.rtl for line in lines) * 2 > len(lines)


def _indents(
    paragraph: ParagraphDraft, lines: Sequence[Line], left: float, right: float, align: Align
) -> tuple[float, float, float]:
    """Start, first line's and end indent."""
    if align in (Align.CENTER, Align.END):
        return 0.0, 0.0, 0.0
    starts, ends = _rooms(lines, left, right)
    first = starts[0]
    if paragraph.label is not None:
        first = right - paragraph.label.right if _is_rtl(lines) else paragraph.label.left - left
    rest = median(starts[1:]) if len(starts) > 1 else starts[0]
    narrower = align is Align.JUSTIFY or len(lines) > 3
    end = _snapped(min(ends)) if narrower and min(ends) > 2 * _CLEAR_PT else _beyond(lines, ends)
    return _snapped(rest), _snapped(first - rest), min(end, 0.5 * (right - left))


def _beyond(lines: Sequence[Line], ends: Sequence[float]) -> float:
    """Below 0 where text needs more room than there is: it stood out, or is wider in Word and a line would be two."""
    alone = len(lines) == 1
    least = min(end - (wider(line) if alone else 0.0) for line, end in zip(lines, ends, strict=True))
    return round(least, 1) if least < -0.5 else 0.0


def _snapped(value: float) -> float:
    return 0.0 if abs(value) < _INDENT_PT else round(value, 1)


def _tabs(lines: Sequence[Line], left: float, right: float, rtl: bool) -> tuple[TabStop, ...]:
    """A stop for each gap that is no blank, where what follows it begins; or ends, at the right edge."""
    stops: dict[int, TabStop] = {}
    for line in lines:
        for at, piece in enumerate(line.pieces):
            if piece.gap != "\t":
                continue
            last = at == len(line.pieces) - 1 or all(one.gap != "\t" for one in line.pieces[at + 1 :])
            edge = line.left if rtl else line.right
            leader = leader_of(line.pieces[at - 1]) if at else leader_of(piece)
            if last and abs(edge - (left if rtl else right)) < 4:
                place, align = right - left, TabAlign.END
            else:
                place, align = (right - piece.right if rtl else piece.left - left), TabAlign.START
            stops.setdefault(round(place), TabStop(round(place, 1), align, leader))
    return tuple(stops[key] for key in sorted(stops) if key > 0)


def _multiple(lines: Sequence[Line]) -> float:
    """The line spacing as a multiple of the font's own; 0 where one line does not tell."""
    pitches = [
        after.baseline - before.baseline
        for before, after in zip(lines, lines[1:], strict=False)
        if after.page == before.page and after.baseline > before.baseline
    ]
    if not pitches:
        return 0.0
    exact = median(pitches) / line_height(lines[0])
    near = min(_STEPS, key=lambda step: abs(step - exact))
    return near if abs(near - exact) < 0.012 else round(max(0.7, min(4.0, exact)), 2)


def _fix_height(paragraph: ParagraphDraft) -> None:
    """Lines with East Asian letters are as high as they were: other programs' fonts for these would not be.

    Other lines grow with their letters, as an editor expects.
    """
    if paragraph.format is None or not paragraph.lines or paragraph.inline_pictures:
        return
    pieces = [piece for line in paragraph.lines for piece in line.pieces if piece.text.strip()]
    sizes = [piece.face.size for piece in pieces if piece.form is None]
    if not sizes or max(sizes) > _EVEN_SIZE * min(line.size for line in paragraph.lines):
        return
    if not any(is_east_asian(family_of(one)) for one in pieces):
        return
    height = paragraph.format.spacing.value * max(map(line_height, paragraph.lines))
    paragraph.format = replace(paragraph.format, spacing=LineSpacing(round(height, 1), SpacingRule.EXACT))


def line_height(line: Line) -> float:
    """The height of a line in points at single spacing, in the family that stands for the font."""
    piece = max(line.pieces, key=lambda one: len(one.text))
    return natural_height(family_of(piece)) * written_size(line.size)


def _is_justified(paragraphs: Iterable[ParagraphDraft]) -> bool:
    """Whether most paragraphs of three lines and more are justified."""
    votes = Counter(
        _align(one.lines, one.left, one.right, False, labelled=False) is Align.JUSTIFY
        for one in paragraphs
        if len(one.lines) > 2
    )
    return votes[True] > votes[False]


def _settle_spacing(draft: Draft) -> None:
    """Paragraphs of one line have the line spacing that is usual in their role."""
    known: dict[Role, Counter[float]] = {}
    for one in draft.every_paragraph():
        if one.format and one.format.spacing.value:
            known.setdefault(one.role, Counter())[one.format.spacing.value] += len(one.lines)
    body = known.get(Role.NORMAL, Counter()).most_common(1)
    usual = body[0][0] if body else 1.0
    in_cells = {id(one) for one in _in_cells(draft)}
    for one in draft.every_paragraph():
        if one.format and not one.format.spacing.value:
            own = [] if id(one) in in_cells else known.get(one.role, Counter()).most_common(1)
            single = 1.0 if id(one) in in_cells else min(usual, 1.5)
            one.format = replace(one.format, spacing=LineSpacing(own[0][0] if own else single))


def _in_cells(draft: Draft) -> Iterator[ParagraphDraft]:
    """Paragraphs of cells; where they have one line, that of the text around them says nothing of its spacing."""
    tables = [block for page in draft.pages for block in page.blocks if isinstance(block, TableDraft)]
    return (one for table in tables for cell in table.cells for one in cell.blocks if isinstance(one, ParagraphDraft))

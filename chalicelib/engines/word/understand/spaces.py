"""Space above and below: every block begins where it began, by the heights that Word gives to what is before it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from chalicelib.engines.word.document.format import Format, Role
from chalicelib.engines.word.draft.block import BlockDraft, ParagraphDraft, PictureDraft, TableDraft
from chalicelib.engines.word.draft.draft import Draft, PageDraft, SectionDraft
from chalicelib.engines.word.draft.line import Line
from chalicelib.engines.word.understand.cell_formats import height_in_word, stand_in_cells
from chalicelib.engines.word.understand.line_heights import above_of, below_of, height_of

_LEAST_PT = 1.5
"""No author sets paragraphs apart by less."""

_MOST_PT = 400.0
_DRIFT_PT = 1.0
"""A space is what it is between its neighbours until so much has come together by rounding."""

_UNDER_PICTURE = 0.25
"""Below a picture in line with text: what its line keeps free for letters that go below the baseline, in body sizes."""

_FITS_PT = 0.5
_SPARE, _SPARE_LINE = 0.03, 1.2
"""By so much of its height, and a line (in body sizes), a page's text may be longer elsewhere."""


@dataclass(slots=True)
class _Cursor:
    """Where in Word the next block begins, and the block before it in the column. ``hard``: nothing flows here from before."""

    y: float
    hard: bool
    before: BlockDraft | None = None
    rest: ParagraphDraft | TableDraft | None = None
    """What began before and goes on here."""


def find_spaces(draft: Draft) -> None:
    """Set ``before`` and ``after`` in the formats, and make a section's lower margin small enough for its pages."""
    for page in draft.pages:
        _space_cells([*page.blocks, *page.floating])
    for section in draft.sections:
        pages = draft.pages[section.first : section.last + 1]
        rest: ParagraphDraft | TableDraft | None = None
        ends = []
        for at, page in enumerate(pages):
            end, rest = _space_page(page, section, rest if at else None, hard=at == 0, body=draft.body_size)
            ends.append(end)
        forced = all(_breaks(page.blocks[:1], column=False) for page in pages[1:])
        _fit(section, ends, _SPARE_LINE * draft.body_size if forced else None)
        for running in (section.headers, section.footers):
            for blocks in (running.default, running.first, running.even):
                _space_inside(blocks)
    for note in draft.notes:
        _space_inside(note.paragraphs)


def _fit(section: SectionDraft, ends: Iterable[float], spare_line: float | None) -> None:
    """The text of each page must end above the lower margin, or its last lines would be on the next page.

    Where every page is forced to begin where it does, there is some room to spare, ``spare_line`` at least: other programs
    and fonts need it.
    """
    end = max(ends, default=0.0)
    spare = 0.0 if spare_line is None else spare_line + _SPARE * max(0.0, end - section.setup.top)
    room = section.setup.height - end - _FITS_PT - spare
    if room < section.setup.bottom:
        section.setup = replace(section.setup, bottom=max(0.0, room))


def _space_page(
    page: PageDraft, section: SectionDraft, rest: ParagraphDraft | TableDraft | None, *, hard: bool, body: float
) -> tuple[float, ParagraphDraft | TableDraft | None]:
    """Where the page's text ends in Word, and what goes on on the next page."""
    top = section.setup.top
    for number, stretch in enumerate(page.stretches):
        ends = [top]
        for at, column in enumerate(stretch.columns):
            begins = hard or number > 0 or _breaks(column.blocks[:1], column=at > 0)
            cursor = _Cursor(top, begins and rest is None, rest=rest)
            _space_column(column.blocks, page.number, cursor, body)
            rest = _going_on(cursor.before, page.number, column.blocks)
            ends.append(cursor.y)
        top = max(ends)
    return top, rest


def _breaks(first: Sequence[BlockDraft], *, column: bool) -> bool:
    """Whether a break stands before the column or page."""
    for block in first:
        if isinstance(block, ParagraphDraft):
            return block.column_break if column else bool(block.format and block.format.page_break_before)
        if isinstance(block, TableDraft):
            inner = [one for cell in block.cells[:1] for one in cell.blocks]
            return _breaks(inner[:1], column=column)
    return False


def _space_column(blocks: Sequence[BlockDraft], page: int, cursor: _Cursor, body: float) -> None:
    if cursor.rest is not None:
        cursor.y = _after_rest(cursor.rest, page, cursor.y)
        cursor.before = cursor.rest
    for block in blocks:
        if isinstance(block, ParagraphDraft):
            if block.lines:
                _space_paragraph(block, cursor)
        else:
            gap = _rounded(block.box[1] - cursor.y)
            cursor.y += gap if _give_above(gap, cursor, block) else 0.0
            cursor.y += _height(block, page, body)
        cursor.before = block


def _space_paragraph(paragraph: ParagraphDraft, cursor: _Cursor) -> None:
    lines = paragraph.first_lines
    spacing = (paragraph.format or Format()).spacing
    first = cursor.y + above_of(lines[0], spacing, at_top=cursor.before is None)
    wanted = lines[0].baseline - first
    gap = _rounded(_local(paragraph, cursor, wanted))
    if abs(wanted - gap) > _DRIFT_PT:
        gap = _rounded(wanted)
    if cursor.before is None and not cursor.hard:
        gap = 0.0
    _give(gap, cursor, paragraph)
    cursor.y = first + gap + sum(height_of(line, spacing) for line in lines[1:]) + below_of(lines[-1], spacing)


def _local(paragraph: ParagraphDraft, cursor: _Cursor, wanted: float) -> float:
    """The space between a paragraph and the one before it alone, whatever came before."""
    before = cursor.before
    if not isinstance(before, ParagraphDraft) or not before.lines or before.lines[-1].page != paragraph.page:
        return wanted
    spacing = (paragraph.format or Format()).spacing
    pitch = paragraph.lines[0].baseline - before.lines[-1].baseline
    below = below_of(before.lines[-1], (before.format or Format()).spacing)
    return pitch - below - above_of(paragraph.lines[0], spacing, at_top=False)


def _give(gap: float, cursor: _Cursor, block: ParagraphDraft | None) -> None:
    """The space goes to the one of two neighbours that rather has it: headings and first paragraphs have it above."""
    before = cursor.before
    if gap <= 0:
        return
    above = isinstance(before, ParagraphDraft) and (block is None or block.role is not Role.HEADING)
    if above and isinstance(before, ParagraphDraft):
        before.format = replace(before.format or Format(), after=gap)
    elif block is not None:
        block.format = replace(block.format or Format(), before=gap)


def _give_above(gap: float, cursor: _Cursor, block: TableDraft | PictureDraft) -> bool:
    """Space above a table or picture: below the paragraph before it, else its own; whether it has it."""
    if isinstance(cursor.before, ParagraphDraft):
        _give(gap, cursor, None)
        return True
    if cursor.before is None and (isinstance(block, TableDraft) or not cursor.hard):
        return False
    if isinstance(block, TableDraft):
        block.before = gap
        return True
    if block.format is not None:
        block.format = replace(block.format, before=gap)
    return block.format is not None


def _height(block: TableDraft | PictureDraft, page: int, body: float) -> float:
    if isinstance(block, TableDraft):
        return max(block.box[3] - block.box[1], height_in_word(block, page))
    return block.box[3] - block.box[1] + _UNDER_PICTURE * body


def _rounded(gap: float) -> float:
    gap = round(gap * 2) / 2
    return gap if _LEAST_PT <= gap <= _MOST_PT else 0.0


def _going_on(last: BlockDraft | None, page: int, blocks: Sequence[BlockDraft]) -> ParagraphDraft | TableDraft | None:
    """The block that does not end in its column."""
    if isinstance(last, ParagraphDraft) and blocks:
        return last if len(last.first_lines) < len(last.lines) else None
    if isinstance(last, TableDraft):
        pages = {line.page for cell in last.cells for line in _lines(cell.blocks)}
        return last if any(one > page for one in pages) else None
    return None


def _after_rest(rest: ParagraphDraft | TableDraft, page: int, top: float) -> float:
    """Where the rest of a block ends in a column that begins at ``top``."""
    if isinstance(rest, ParagraphDraft):
        spacing = (rest.format or Format()).spacing
        lines = [line for line in rest.lines[len(rest.first_lines) :] if line.page == page]
        return top + sum(height_of(line, spacing) for line in lines)
    return max([top, *(line.bottom for cell in rest.cells for line in _lines(cell.blocks) if line.page == page)])


def _lines(blocks: Sequence[BlockDraft]) -> list[Line]:
    return [line for block in blocks if isinstance(block, ParagraphDraft) for line in block.lines]


def _space_cells(blocks: Sequence[BlockDraft]) -> None:
    for block in blocks:
        if isinstance(block, TableDraft):
            for cell in block.cells:
                _space_inside(cell.blocks)
                _space_cells(cell.blocks)
            stand_in_cells(block)


def _space_inside(blocks: Sequence[BlockDraft]) -> None:
    """The spaces between paragraphs of a cell, a note, a head."""
    cursor = _Cursor(0.0, True)
    for block in blocks:
        if isinstance(block, ParagraphDraft) and block.lines and isinstance(cursor.before, ParagraphDraft):
            _give(_rounded(_local(block, cursor, 0.0)), cursor, block)
        cursor.before = block

"""Breaks of pages and columns: where one ended although what comes next would have had room on it."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.engines.word.document.format import Format, Role
from chalicelib.engines.word.draft.block import BlockDraft, ParagraphDraft, TableDraft
from chalicelib.engines.word.draft.draft import Draft, PageDraft, SectionDraft

_LINES = 3.0
"""So many lines of room are kept free for a heading that stays with its text, and for two lines that stay together."""

_USUAL_PT = 72.0
"""The margins that Word and most authors have at most."""

_HEADING_LINES = 1.0
"""A heading at a page's top where it had so much room before: whether it was sent there or followed its text, there it begins."""


def find_page_breaks(draft: Draft) -> None:
    """Set ``page_break_before`` in the formats of first paragraphs, and ``column_break``."""
    for section in draft.sections:
        pages = draft.pages[section.first : section.last + 1]
        for page in pages:
            _find_column_breaks(page, section)
        for page, after in zip(pages, pages[1:], strict=False):
            blocks = after.blocks
            if blocks and _ended_early(page, blocks[0], section):
                _break_before(blocks)


def _ended_early(page: PageDraft, first: BlockDraft, section: SectionDraft) -> bool:
    bottoms = [_bottom(block, page.number) for block in page.blocks]
    if not bottoms:
        return True
    room = section.setup.height - _bottom_margin(section) - max(bottoms)
    return room > _needed(first)


def _bottom_margin(section: SectionDraft) -> float:
    """Where no page of a section reaches further down than a usual margin, none of them is known to be full."""
    return min(section.setup.bottom, max(section.setup.top, _USUAL_PT))


def _find_column_breaks(page: PageDraft, section: SectionDraft) -> None:
    for stretch in page.stretches:
        for column, after in zip(stretch.columns, stretch.columns[1:], strict=False):
            first = after.blocks[0] if after.blocks else None
            if isinstance(first, ParagraphDraft) and column.blocks:
                end = max(_bottom(block, page.number) for block in column.blocks)
                room = section.setup.height - section.setup.bottom - end
                first.column_break = room > _needed(first)


def _bottom(block: BlockDraft, page: int) -> float:
    if isinstance(block, ParagraphDraft):
        return max((line.bottom for line in block.lines if line.page == page), default=0.0)
    if isinstance(block, TableDraft):
        own = [cell.box[3] for cell in block.cells if any(one.page == page for one in cell.blocks)]
        return max(own, default=block.box[3] if block.page == page else 0.0)
    return block.box[3]


def _needed(block: BlockDraft) -> float:
    """The height of what can't be parted from the top of a block."""
    if isinstance(block, ParagraphDraft):
        space = block.format.before if block.format else 0.0
        lines = _HEADING_LINES if block.role is Role.HEADING else _LINES
        return lines * 1.3 * block.lines[0].size + space
    if isinstance(block, TableDraft):
        return max(40.0, block.ys[min(len(block.ys) - 1, 1 + block.header_rows)] - block.ys[0])
    return block.box[3] - block.box[1] + 24.0


def _break_before(blocks: Sequence[BlockDraft]) -> None:
    first = blocks[0]
    if isinstance(first, TableDraft):
        inner = [block for cell in first.cells[:1] for block in cell.blocks]
        first = inner[0] if inner else first
    if isinstance(first, ParagraphDraft):
        first.format = replace(first.format or Format(), page_break_before=True)

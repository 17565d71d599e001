"""Headings and their levels: by tags, by the outline, else by numbering and typography; the title; captions; code; quotes."""

import re
from collections.abc import Sequence

from chalicelib.engines.word.document.format import Role
from chalicelib.engines.word.draft.block import BlockDraft, Join, ParagraphDraft, PictureDraft, TableDraft
from chalicelib.engines.word.draft.draft import Draft
from chalicelib.engines.word.understand.heading_looks import pieces_of
from chalicelib.engines.word.understand.known_looks import deepen
from chalicelib.engines.word.understand.outline_headings import follow_outline
from chalicelib.engines.word.understand.room import first_word
from chalicelib.engines.word.understand.titles import find_title
from chalicelib.engines.word.understand.typography import find_by_typography

_LONGEST_TAGGED = 40
"""Words of a heading as tags say; whole clauses of contracts are tagged so, and stay text."""

_MOST_LINES = 4
"""A longer paragraph is no caption."""

_CAPTION = re.compile(
    r"^(fig(ure|\.|ura)?|abb(ildung|\.)?|tab(le|elle|\.|la|leau)?|image|chart|diagram(me)?|listing|scheme|plate|рис\.?|табл\.?|图|表|圖|図)"
    r"\s*\.?\s*(\d|[ivx]+\b)",
    re.I,
)


def find_headings(draft: Draft) -> None:
    """Set ``role`` and ``level`` of the body's paragraphs outside of tables."""
    paragraphs = [one for one in draft.paragraphs() if one.lines]
    _mistrust_tags(paragraphs)
    by_outline = follow_outline(draft, paragraphs)
    if by_outline and not any(one.element is not None for one in paragraphs):
        deepen([one for one in paragraphs if id(one) in by_outline])
    tagged = any(one.role is Role.HEADING and id(one) not in by_outline for one in paragraphs)
    _find_others(draft, paragraphs)
    if not by_outline and not tagged:
        find_by_typography(draft, paragraphs)
    find_title(draft, paragraphs, told=bool(by_outline or tagged))


def _mistrust_tags(paragraphs: Sequence[ParagraphDraft]) -> None:
    for one in paragraphs:
        if one.role is Role.HEADING and len(one.text.split()) > _LONGEST_TAGGED:
            one.role, one.level = Role.NORMAL, 0


def _find_others(draft: Draft, paragraphs: Sequence[ParagraphDraft]) -> None:
    """Code by its font; captions by their word and number, beside what they are about."""
    for one in paragraphs:
        if one.role is Role.NORMAL and all(piece.face.mono for piece in pieces_of(one)) and one.label is None:
            one.role = Role.CODE
        if one.role is Role.CODE and _has_lines_of_its_own(one):
            one.joins = [Join.BREAK] * (len(one.lines) - 1)
    for page in draft.pages:
        blocks = page.blocks
        pictured = any(isinstance(one, PictureDraft) for one in page.floating)
        for at, block in enumerate(blocks):
            beside = pictured or any(_is_shown(one) for one in blocks[max(0, at - 1) : at + 2])
            if isinstance(block, ParagraphDraft) and block.role is Role.NORMAL and beside and _is_caption(block):
                block.role = Role.CAPTION


def _has_lines_of_its_own(paragraph: ParagraphDraft) -> bool:
    """Whether most lines end although the next word had room: no program broke them."""
    right = max([paragraph.right, *(line.right for line in paragraph.lines)])
    pairs = list(zip(paragraph.lines, paragraph.lines[1:], strict=False))
    short = sum(right - line.right > first_word(after) + line.size for line, after in pairs)
    return 2 * short > len(pairs)


def _is_shown(block: BlockDraft) -> bool:
    if isinstance(block, ParagraphDraft):
        return bool(block.inline_pictures)
    return isinstance(block, PictureDraft | TableDraft)


def _is_caption(paragraph: ParagraphDraft) -> bool:
    return bool(_CAPTION.match(paragraph.text)) and len(paragraph.lines) <= _MOST_LINES

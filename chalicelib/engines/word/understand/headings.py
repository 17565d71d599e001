"""Headings and their levels: by tags, by the outline, else by numbering and typography; the title; captions; code; quotes."""

import re
from collections.abc import Sequence

from chalicelib.engines.word.document.format import Role
from chalicelib.engines.word.draft.block import BlockDraft, ParagraphDraft, PictureDraft, TableDraft
from chalicelib.engines.word.draft.draft import Draft
from chalicelib.engines.word.draft.line import Piece
from chalicelib.engines.word.understand.labels import BULLETS
from chalicelib.engines.word.understand.outline_headings import follow_outline

_MOST_WORDS, _MOST_LINES = 18, 3
"""A longer paragraph is no heading, however it looks."""

_LONGEST_TAGGED = 40
"""Words of a heading as tags say; whole clauses of contracts are tagged so, and stay text."""

_LARGER = 1.08
"""A heading's letters are larger than the text's by this, or bold."""

_TITLE = 1.25
_LEVELS = 6
_CAPTION = re.compile(
    r"^(fig(ure|\.|ura)?|abb(ildung|\.)?|tab(le|elle|\.|la|leau)?|image|chart|diagram(me)?|listing|scheme|plate|рис\.?|табл\.?|图|表|圖|図)"
    r"\s*\.?\s*(\d|[ivx]+\b)",
    re.I,
)
_STOPS = ".,;!"


def find_headings(draft: Draft) -> None:
    """Set ``role`` and ``level`` of the body's paragraphs outside of tables."""
    paragraphs = [one for one in draft.paragraphs() if one.lines]
    _mistrust_tags(paragraphs)
    by_outline = follow_outline(draft, paragraphs)
    tagged = any(one.role is Role.HEADING and id(one) not in by_outline for one in paragraphs)
    _find_others(draft, paragraphs)
    if not by_outline and not tagged:
        _by_typography(draft, paragraphs)
    _find_title(draft, paragraphs, bool(by_outline or tagged))


def _mistrust_tags(paragraphs: Sequence[ParagraphDraft]) -> None:
    for one in paragraphs:
        if one.role is Role.HEADING and len(one.text.split()) > _LONGEST_TAGGED:
            one.role, one.level = Role.NORMAL, 0


def _find_others(draft: Draft, paragraphs: Sequence[ParagraphDraft]) -> None:
    """Code by its font; captions by their word and number, beside what they are about."""
    for one in paragraphs:
        if one.role is Role.NORMAL and all(piece.face.mono for piece in pieces_of(one)) and one.label is None:
            one.role = Role.CODE
    for page in draft.pages:
        blocks = page.blocks
        pictured = any(isinstance(one, PictureDraft) for one in page.floating)
        for at, block in enumerate(blocks):
            beside = pictured or any(_is_shown(one) for one in blocks[max(0, at - 1) : at + 2])
            if isinstance(block, ParagraphDraft) and block.role is Role.NORMAL and beside and _is_caption(block):
                block.role = Role.CAPTION


def _is_shown(block: BlockDraft) -> bool:
    if isinstance(block, ParagraphDraft):
        return bool(block.inline_pictures)
    return isinstance(block, PictureDraft | TableDraft)


def _is_caption(paragraph: ParagraphDraft) -> bool:
    return bool(_CAPTION.match(paragraph.text)) and len(paragraph.lines) <= _MOST_LINES + 1


def pieces_of(paragraph: ParagraphDraft) -> list[Piece]:
    """The pieces of a paragraph that show letters."""
    return [piece for line in paragraph.lines for piece in line.pieces if piece.text.strip()]


def _by_typography(draft: Draft, paragraphs: Sequence[ParagraphDraft]) -> None:
    chosen = [one for at, one in enumerate(paragraphs) if _looks_like_heading(draft, paragraphs, at)]
    looks = sorted({_rank(one) for one in chosen})
    for one in chosen:
        one.role = Role.HEADING
        one.level = min(_LEVELS, looks.index(_rank(one)) + 1)


def size_of(paragraph: ParagraphDraft) -> float:
    """The size of most of its letters."""
    return max(paragraph.lines, key=lambda line: line.letters).size


def is_bold(paragraph: ParagraphDraft) -> bool:
    """Whether all of its letters are bold."""
    own = [piece for piece in pieces_of(paragraph) if any(char.isalnum() for char in piece.text)]
    return bool(own) and all(piece.face.bold for piece in own)


def _rank(paragraph: ParagraphDraft) -> tuple[int, bool, bool, int]:
    """What a reader sees as more important comes first: size, then weight, then capitals, then less deep numbering."""
    text = paragraph.text
    return -round(2 * size_of(paragraph)), not is_bold(paragraph), text.upper() != text, _depth(paragraph)


def _depth(paragraph: ParagraphDraft) -> int:
    return paragraph.label.text.rstrip(".").count(".") if paragraph.label else 0


def _looks_like_heading(draft: Draft, paragraphs: Sequence[ParagraphDraft], at: int) -> bool:
    one = paragraphs[at]
    text = one.text.strip()
    if one.role is not Role.NORMAL or one.contents is not None or not any(char.isalpha() for char in text):
        return False
    if len(text.split()) > _MOST_WORDS or len(one.lines) > _MOST_LINES or text[-1] in _STOPS:
        return False
    if one.label is not None and one.label.text in BULLETS:
        return False
    larger = size_of(one) >= max(_LARGER * draft.body_size, draft.body_size + 0.9)
    if larger:
        return size_of(one) >= draft.body_size + 1.9 or is_bold(one) or _stands_over(paragraphs, at)
    same = size_of(one) >= draft.body_size - 0.6
    return same and is_bold(one) and _stands_over(paragraphs, at)


def _stands_over(paragraphs: Sequence[ParagraphDraft], at: int) -> bool:
    """Whether text that does not look the same comes next."""
    one = paragraphs[at]
    after = next(iter(paragraphs[at + 1 : at + 2]), None)
    if after is None or after.page > one.page + 1:
        return False
    return is_bold(after) != is_bold(one) or abs(size_of(after) - size_of(one)) > 0.6


def _find_title(draft: Draft, paragraphs: Sequence[ParagraphDraft], told: bool) -> None:
    """The title stands at the beginning, in letters larger than any after it; with tags or outline only if they skip it."""
    head = [one for one in paragraphs if one.page == paragraphs[0].page][:4] if paragraphs else []
    sizes = [size_of(one) for one in paragraphs]
    for at, one in enumerate(head):
        free = one.role is Role.NORMAL or (one.role is Role.HEADING and one.level == 1 and not told)
        largest = size_of(one) >= _TITLE * draft.body_size and size_of(one) >= max(sizes)
        alone = sum(abs(size - size_of(one)) < 0.6 for size in sizes) <= 2
        if free and largest and alone and len(one.text.split()) <= _MOST_WORDS and one.label is None:
            one.role, one.level = Role.TITLE, 0
            if not told:
                _raise_levels(paragraphs)
            return
        if at and one.role is Role.HEADING:
            return


def _raise_levels(paragraphs: Sequence[ParagraphDraft]) -> None:
    headings = [one for one in paragraphs if one.role is Role.HEADING]
    if headings and min(one.level for one in headings) > 1:
        for one in headings:
            one.level -= 1

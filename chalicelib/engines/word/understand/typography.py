"""Headings where neither tags nor outline tell: short paragraphs that look more important than the text that they stand over."""

from collections import Counter
from collections.abc import Sequence

from chalicelib.engines.word.document.format import Role
from chalicelib.engines.word.draft.block import ParagraphDraft
from chalicelib.engines.word.draft.draft import Draft
from chalicelib.engines.word.understand.heading_looks import is_bold, is_italic, rank, size_of
from chalicelib.engines.word.understand.known_looks import levels_of
from chalicelib.engines.word.understand.labels import BULLETS

MOST_WORDS = 18
_MOST_LINES = 3
"""A longer paragraph is no heading, however it looks."""

_LARGER = 1.08
"""A heading's letters are larger than the text's by this, or bold."""

_LEVELS = 6
_STOPS = ".,;!"
_AGAIN = 2
"""Slanted lines are headings when there are so many that look the same: one may be a remark."""


def find_by_typography(draft: Draft, paragraphs: Sequence[ParagraphDraft]) -> None:
    """Set ``role`` and ``level`` of the paragraphs that look like headings."""
    chosen = [one for at, one in enumerate(paragraphs) if _looks_like_heading(draft, paragraphs, at)]
    slanted = Counter(rank(one)[:-1] for one in chosen if _is_only_slanted(draft, one))
    chosen = [one for one in chosen if slanted.get(rank(one)[:-1], _AGAIN) >= _AGAIN]
    settle_levels(chosen)


def settle_levels(headings: Sequence[ParagraphDraft]) -> None:
    """Make headings of these paragraphs, of the levels that their looks tell."""
    levels = levels_of(headings, _LEVELS)
    for one in headings:
        one.role, one.level = Role.HEADING, levels[rank(one)]


def _is_only_slanted(draft: Draft, one: ParagraphDraft) -> bool:
    return is_italic(one) and not is_bold(one) and size_of(one) < draft.body_size + 0.9


def _looks_like_heading(draft: Draft, paragraphs: Sequence[ParagraphDraft], at: int) -> bool:
    one = paragraphs[at]
    text = one.text.strip()
    if one.role is not Role.NORMAL or one.contents is not None or not any(char.isalpha() for char in text):
        return False
    if len(text.split()) > MOST_WORDS or len(one.lines) > _MOST_LINES or text[-1] in _STOPS:
        return False
    if one.label is not None and one.label.text in BULLETS:
        return False
    larger = size_of(one) >= max(_LARGER * draft.body_size, draft.body_size + 0.9)
    if larger:
        return size_of(one) >= draft.body_size + 1.9 or is_bold(one) or _stands_over(paragraphs, at)
    same = size_of(one) >= draft.body_size - 0.6
    return same and (is_bold(one) or is_italic(one)) and _stands_over(paragraphs, at)


def _stands_over(paragraphs: Sequence[ParagraphDraft], at: int) -> bool:
    """Whether text that does not look the same comes next."""
    one = paragraphs[at]
    after = next(iter(paragraphs[at + 1 : at + 2]), None)
    if after is None or after.page > one.page + 1:
        return False
    other = is_bold(after) != is_bold(one) or is_italic(after) != is_italic(one)
    return other or abs(size_of(after) - size_of(one)) > 0.6

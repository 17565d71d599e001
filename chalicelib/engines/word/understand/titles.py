"""The title of a document: its first and largest letters, where they are no heading of the first level."""

from collections.abc import Sequence
from itertools import pairwise

from chalicelib.engines.word.document.format import Role
from chalicelib.engines.word.draft.block import ParagraphDraft
from chalicelib.engines.word.draft.draft import Draft
from chalicelib.engines.word.understand.heading_looks import depth, rank, size_of
from chalicelib.engines.word.understand.typography import MOST_WORDS, settle_levels

_TITLE, _ALONE = 1.25, 1.85
"""A title's size in units of the text's, at least; of a document that has no headings beside it."""

_OVER = 1.3
"""Its size in units of the largest heading's: Word's is 1.75, LibreOffice's 1.54, that of Google Docs 1.3.

Headings of the first level are larger than those of the second by less: 1.23, 1.13, 1.25.
"""

_LARGER = 1.08
"""By this at least, where chapters count from one, or begin after the title's page: both say that it is none of them."""

_SAME_PT = 0.6
_CENTERED_PT = 6.0
_COUNTED = 2
_TITLE_PAGE_LINES = 12
_MOST_PARTS = 3
"""Paragraphs of a title that goes on."""


def find_title(draft: Draft, paragraphs: Sequence[ParagraphDraft], *, told: bool) -> None:
    """Set the role of the title's paragraphs; ``told``: tags or the outline name the headings, and skip the title."""
    head = [one for one in paragraphs if one.page == paragraphs[0].page][:4] if paragraphs else []
    sizes = [size_of(one) for one in paragraphs]
    for at, one in enumerate(head):
        if _is_free(one, told=told) and _is_largest(draft, one, sizes):
            title = [other for other in head[at:] if _is_free(other, told=told) and _same(other, one)]
            if told or _is_above_headings(draft, one, paragraphs):
                for part in title:
                    part.role, part.level = Role.TITLE, 0
                if not told:
                    _drop_lines_under(one, paragraphs)
                    settle_levels([other for other in paragraphs if other.role is Role.HEADING])
            return
        if at and one.role is Role.HEADING:
            return


def _is_free(one: ParagraphDraft, *, told: bool) -> bool:
    free = one.role is Role.NORMAL or (one.role is Role.HEADING and one.level == 1 and not told)
    return free and len(one.text.split()) <= MOST_WORDS and one.label is None


def _same(one: ParagraphDraft, other: ParagraphDraft) -> bool:
    return abs(size_of(one) - size_of(other)) < _SAME_PT


def _is_largest(draft: Draft, one: ParagraphDraft, sizes: Sequence[float]) -> bool:
    alone = sum(abs(size - size_of(one)) < _SAME_PT for size in sizes) <= _MOST_PARTS
    return size_of(one) >= _TITLE * draft.body_size and size_of(one) >= max(sizes) and alone


def _is_above_headings(draft: Draft, one: ParagraphDraft, paragraphs: Sequence[ParagraphDraft]) -> bool:
    headings = [other for other in paragraphs if other.role is Role.HEADING and not _same(other, one)]
    if not headings:
        return size_of(one) >= _ALONE * draft.body_size
    widths = {page.number: page.page.width for page in draft.pages}
    apart = _is_centered(one, widths) and not any(_is_centered(other, widths) for other in headings)
    over = size_of(one) / max(map(size_of, headings))
    return apart or over >= _OVER or (over >= _LARGER and (_are_counted(headings) or _has_a_page(one, paragraphs)))


def _are_counted(headings: Sequence[ParagraphDraft]) -> bool:
    """Whether the most important of the headings below have numbers of one numeral."""
    first = min(one.level for one in headings)
    return [depth(one) for one in headings if one.level == first].count(1) >= _COUNTED


def _has_a_page(one: ParagraphDraft, paragraphs: Sequence[ParagraphDraft]) -> bool:
    """Whether all other headings stand on later pages, and so little on its own that it is no chapter."""
    own = [other for other in paragraphs if other.page == one.page and other is not one]
    later = all(
        other.page > one.page
        for other in paragraphs
        if other.role is Role.HEADING and not _is_under(other, one, paragraphs)
    )
    return later and sum(len(other.lines) for other in own) <= _TITLE_PAGE_LINES


def _is_under(other: ParagraphDraft, one: ParagraphDraft, paragraphs: Sequence[ParagraphDraft]) -> bool:
    """Whether it is the title or one of its lines, of the author or the date: no other heading looks so."""
    if other.page != one.page or other.label is not None or depth(other) is not None:
        return False
    return _same(other, one) or not any(
        rank(third) == rank(other) for third in paragraphs if third.role is Role.HEADING and third is not other
    )


def _is_centered(one: ParagraphDraft, widths: dict[int, float]) -> bool:
    """Whether it is set in the middle of its page or column, away from both edges."""
    line = one.lines[0]
    indented = line.left - one.left > size_of(one)
    middles = widths.get(line.page, 0.0), one.left + one.right
    return indented and any(abs(line.left + line.right - twice) < 2 * _CENTERED_PT for twice in middles)


def _drop_lines_under(one: ParagraphDraft, paragraphs: Sequence[ParagraphDraft]) -> None:
    """The author and the date, right below the title, head nothing: the heading that follows them is more important."""
    start = next(at for at, other in enumerate(paragraphs) if other is one) + 1
    headings = [other for other in paragraphs[start:] if other.role is Role.HEADING]
    for other, after in pairwise(headings[: _MOST_PARTS + 1]):
        if other.page != one.page or rank(other) <= rank(after):
            return
        other.role, other.level = Role.NORMAL, 0

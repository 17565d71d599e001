"""Headings by the outline: which paragraphs its entries lead to."""

import re
import unicodedata
from collections.abc import Sequence

from chalicelib.engines.word.document.format import Role
from chalicelib.engines.word.draft.block import ParagraphDraft
from chalicelib.engines.word.draft.draft import Draft
from chalicelib.engines.word.pages.marks import OutlineEntry

_LEVELS = 9
_LONGEST = 300


def follow_outline(draft: Draft, paragraphs: Sequence[ParagraphDraft]) -> set[int]:
    """Make headings of the paragraphs that the outline names; their identities.

    Tags know their levels better: an outline has no entry above one that skips a level.
    """
    found: set[int] = set()
    on: dict[int, list[ParagraphDraft]] = {}
    for paragraph in paragraphs:
        on.setdefault(paragraph.page, []).append(paragraph)
    for entry in draft.source.outline:
        named = _named(entry, on, found)
        if named is not None:
            if named.role is not Role.HEADING:
                named.role, named.level = Role.HEADING, max(1, min(_LEVELS, entry.level))
            found.add(id(named))
    return found


def _named(entry: OutlineEntry, on: dict[int, list[ParagraphDraft]], taken: set[int]) -> ParagraphDraft | None:
    title = plain(entry.title)
    if entry.place is None or not title or len(title) > _LONGEST:
        return None
    near = [one for one in on.get(entry.place.page, ()) if id(one) not in taken and _says(one, title)]
    y = entry.place.y
    if y is None or len(near) < 2:
        return near[0] if near else None
    return min(near, key=lambda one: abs(one.lines[0].top - y))


def _says(paragraph: ParagraphDraft, title: str) -> bool:
    """Whether it is the title, with or without its number; an entry of the contents is not."""
    if paragraph.contents is not None:
        return False
    text = plain(paragraph.text)
    label = plain(paragraph.label.text) if paragraph.label else ""
    return bool(text) and (text == title or label + text == title)


def plain(text: str) -> str:
    """The letters and digits of ``text``, case folded: what outlines and pages agree on."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())

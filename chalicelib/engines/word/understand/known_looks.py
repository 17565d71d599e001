"""Looks of headings that Word and Google Docs give them: whoever sees one knows its level, whatever levels the text leaves out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.engines.word.draft.block import ParagraphDraft
from chalicelib.engines.word.understand.heading_looks import Rank, is_bold, is_italic, pieces_of, rank, size_of

_SAME_PT = 0.3
_DEEPEST = 9


@dataclass(frozen=True, slots=True)
class _Look:
    level: int
    size: float
    color: str
    bold: bool = False
    italic: bool = False


_LOOKS = (
    # Word 2007 and 2010
    _Look(1, 14, "365F91", bold=True),
    _Look(2, 13, "4F81BD", bold=True),
    _Look(3, 11, "4F81BD", bold=True),
    _Look(4, 11, "4F81BD", bold=True, italic=True),
    _Look(5, 11, "243F60"),
    _Look(6, 11, "243F60", italic=True),
    # Word 2013
    _Look(1, 16, "2E74B5"),
    _Look(2, 13, "2E74B5"),
    _Look(3, 12, "1F4D78"),
    _Look(4, 11, "2E74B5", italic=True),
    _Look(5, 11, "2E74B5"),
    _Look(6, 11, "1F4D78"),
    # Word 2016 and 2019
    _Look(1, 16, "2F5496"),
    _Look(2, 13, "2F5496"),
    _Look(3, 12, "1F3763"),
    _Look(4, 11, "2F5496", italic=True),
    _Look(5, 11, "2F5496"),
    _Look(6, 11, "1F3763"),
    # Word of 2023 and later
    _Look(1, 20, "0F4761"),
    _Look(2, 16, "0F4761"),
    _Look(3, 14, "0F4761"),
    _Look(4, 12, "0F4761", italic=True),
    _Look(5, 12, "0F4761"),
    # Google Docs: its first two levels are black, as any text is
    _Look(3, 14, "434343"),
    _Look(4, 12, "666666"),
    _Look(5, 11, "666666"),
    _Look(6, 11, "666666", italic=True),
)
"""The headings of the templates that these programs begin a document with."""


def levels_of(headings: Sequence[ParagraphDraft], most: int) -> dict[Rank, int]:
    """The level of each look: the one that a program gives it, else its place among the others.

    A look in the colour and weight of such a level, in another size, is of that level at least.
    """
    looks = {rank(one): one for one in headings}
    levels: dict[Rank, int] = {}
    level = 0
    for look in sorted(looks):
        exact, least = _known(looks[look])
        level = exact or min(most, max(level + 1, least))
        levels[look] = level
    return levels


def deepen(headings: Sequence[ParagraphDraft]) -> None:
    """Give headings that an outline names the levels of their looks: an outline nests, and leaves out levels that are skipped."""
    deeper: dict[int, int] = {}
    level = 0
    for told in sorted({one.level for one in headings}):
        known = [_known(one) for one in headings if one.level == told]
        (exact, least), count = Counter(known).most_common(1)[0]
        sure = 2 * count > len(known)
        level = max(told, level + 1, (exact or least) if sure else 1)
        deeper[told] = min(_DEEPEST, level)
    for one in headings:
        one.level = deeper[one.level]


def _known(one: ParagraphDraft) -> tuple[int | None, int]:
    """The level of a known look, and the least level of looks like it but for their size."""
    colors = {piece.face.color for piece in pieces_of(one)}
    like = [
        look for look in _LOOKS if colors == {look.color} and (look.bold, look.italic) == (is_bold(one), is_italic(one))
    ]
    exact = next((look.level for look in like if abs(look.size - size_of(one)) <= _SAME_PT), None)
    return exact, min((look.level for look in like), default=1)

"""How the letters of a paragraph look that may be a heading: their size, weight and slant, and how deep its number is."""

import re

from chalicelib.engines.word.draft.block import ParagraphDraft
from chalicelib.engines.word.draft.line import Piece

_NUMBER = re.compile(r"^(?:[A-Z]\.)?(\d{1,3}(?:\.\d{1,3})*)\.?\s+\w")

Rank = tuple[int, bool, bool, bool, int]


def pieces_of(paragraph: ParagraphDraft) -> list[Piece]:
    """The pieces of a paragraph that show letters."""
    return [piece for line in paragraph.lines for piece in line.pieces if piece.text.strip()]


def size_of(paragraph: ParagraphDraft) -> float:
    """The size of most of its letters."""
    return max(paragraph.lines, key=lambda line: line.letters).size


def is_bold(paragraph: ParagraphDraft) -> bool:
    """Whether all of its letters are bold."""
    own = [piece for piece in pieces_of(paragraph) if any(char.isalnum() for char in piece.text)]
    return bool(own) and all(piece.face.bold for piece in own)


def is_italic(paragraph: ParagraphDraft) -> bool:
    """Whether all of its letters are slanted."""
    own = [piece for piece in pieces_of(paragraph) if any(char.isalnum() for char in piece.text)]
    return bool(own) and all(piece.face.italic for piece in own)


def rank(paragraph: ParagraphDraft) -> Rank:
    """What a reader sees as more important comes first: size, then weight, then capitals, then upright, then less deep numbers."""
    text = paragraph.text
    look = not is_bold(paragraph), text.upper() != text, is_italic(paragraph)
    return -round(2 * size_of(paragraph)), *look, (depth(paragraph) or 1) - 1


def depth(paragraph: ParagraphDraft) -> int | None:
    """Of how many numerals its number is made; None where it has none."""
    if paragraph.label is not None:
        number = paragraph.label.text.strip("()[]").rstrip(".)")
        return number.count(".") + 1 if number[:1].isdigit() else None
    found = _NUMBER.match(paragraph.text)
    return found[1].count(".") + 1 if found else None

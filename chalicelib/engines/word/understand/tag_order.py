"""Whether the tags of a page can tell how it is read: what they leave out may not be a part of the lines that they own."""

from chalicelib.engines.tagged.tree import TagTree
from chalicelib.engines.word.draft.draft import PageDraft
from chalicelib.engines.word.draft.line import Line, Piece
from chalicelib.engines.word.understand.rows import rows_of
from chalicelib.engines.word.understand.tagged_text import INLINE

_TORN, _FEWEST = 0.2, 4
"""Share of the rows, and their number, of which tags may own one part and leave out another: a page number, a side note."""


def is_readable(page: PageDraft, tags: TagTree) -> bool:
    """Whether rows are owned whole, but for a few: else (as where lines are numbered) the page is read by its geometry.

    Nor may the tags tear words into blocks, as where a program made one of each piece that it drew.
    """
    if _torn_words(page, tags) > _TORN * len(page.lines):
        return False
    rows = rows_of(page.lines)
    torn = sum(len({_is_owned(line) for line in row.lines if line.text.strip()}) > 1 for row in rows)
    return torn < _FEWEST or torn < _TORN * len(rows)


def _is_owned(line: Line) -> bool:
    return any(piece.element is not None for piece in line.pieces if piece.text.strip())


def _torn_words(page: PageDraft, tags: TagTree) -> int:
    """How many lines have letters that touch and are of two blocks."""
    found = 0
    for line in page.lines:
        pairs = zip(line.pieces, line.pieces[1:], strict=False)
        found += any(
            not two.gap and _is_within_word(one, two) and _block(one, tags) != _block(two, tags) for one, two in pairs
        )
    return found


def _is_within_word(one: Piece, two: Piece) -> bool:
    return not one.trails and one.text[-1:].isalpha() and two.text[:1].isalpha()


def _block(piece: Piece, tags: TagTree) -> int | None:
    """The element of its block, by way of those within a line."""
    at = piece.element
    while at is not None and at >= 0 and tags.elements[at].role in INLINE:
        at = tags.elements[at].parent
    return at

"""The pieces of a document by the elements of its tags, and lines made of some of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from chalicelib.engines.tagged.tree import Element, TagTree
from chalicelib.engines.word.draft.draft import PageDraft
from chalicelib.engines.word.draft.line import Line, Piece
from chalicelib.engines.word.understand.lines import make_line

INLINE = frozenset(
    {"Span", "Link", "Annot", "Reference", "BibEntry", "Quote", "Em", "Strong", "Sub", "Lbl", "Ruby", "RB", "RT", "RP"}
)
"""Roles that stand in a line of the element around them."""

_ONE_LINE = 0.5
"""Pieces stand on one line when their baselines differ by less than this, in units of the greater size."""

_COLUMN = 1.5
"""Text that goes up by more than this many sizes goes on in the next column."""


class TaggedText:
    """The pieces of the tagged pages, as far as no pass has taken them, by page and element."""

    def __init__(self, pages: Iterable[PageDraft]) -> None:
        self._pieces: dict[int, list[tuple[int, int, Piece]]] = defaultdict(list)
        for page in pages:
            order = {id(span): at for at, span in enumerate(page.page.spans)}
            for line in page.lines:
                for piece in line.pieces:
                    if piece.element is not None:
                        self._pieces[piece.element].append((page.number, order.get(id(piece.span), 0), piece))

    def of(self, element: int) -> list[tuple[int, int, Piece]]:
        """The pieces right in an element: page, place in the content stream, piece."""
        return self._pieces.get(element, [])


def inline_pieces(element: Element, tags: TagTree, text: TaggedText) -> list[tuple[int, int, Piece]]:
    """The pieces of an element and of the inline elements in it."""
    found = list(text.of(element.index))
    for child in tags.children(element.index):
        if child.role in INLINE:
            found += inline_pieces(child, tags, text)
    return found


def lines_of(pieces: Sequence[tuple[int, int, Piece]]) -> list[Line]:
    """Pieces of one paragraph as its lines: page by page, column by column, down the page."""
    lines: list[Line] = []
    for page in sorted({one[0] for one in pieces}):
        own = sorted((one for one in pieces if one[0] == page), key=lambda one: one[1])
        for column in _columns([piece for _, _, piece in own]):
            lines += [make_line(page, row) for row in _rows(column)]
    return lines


def _columns(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces in the order of the stream, cut where they go on higher up and beside what was before."""
    columns: list[list[Piece]] = []
    for piece in pieces:
        if columns:
            last = columns[-1]
            up = last[-1].span.baseline - piece.span.baseline > _COLUMN * max(piece.face.size, last[-1].face.size)
            beside = piece.left >= max(one.right for one in last) or piece.right <= min(one.left for one in last)
            if up and beside and abs(last[-1].span.baseline - last[0].span.baseline) >= 0:
                columns.append([piece])
                continue
            last.append(piece)
        else:
            columns.append([piece])
    return columns


def _rows(pieces: Sequence[Piece]) -> list[list[Piece]]:
    rows: list[list[Piece]] = []
    baselines: list[tuple[float, float]] = []
    for piece in sorted(pieces, key=lambda one: (-round(one.face.size), one.span.baseline)):
        near = [
            (abs(base - piece.span.baseline), at)
            for at, (base, size) in enumerate(baselines)
            if abs(base - piece.span.baseline) < _ONE_LINE * max(size, piece.face.size)
        ]
        if near:
            rows[min(near)[1]].append(piece)
        else:
            rows.append([piece])
            baselines.append((piece.span.baseline, piece.face.size))
    order = sorted(range(len(rows)), key=lambda at: baselines[at][0])
    return [sorted(rows[at], key=lambda one: one.left) for at in order]

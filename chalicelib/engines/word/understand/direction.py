"""Right-to-left text: the direction of each line, and its letters in the order in which they are read."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from chalicelib.engines.word.draft.cutting import part_of
from chalicelib.engines.word.draft.draft import Draft, PageDraft, paragraphs_in
from chalicelib.engines.word.draft.line import Line, Piece
from chalicelib.engines.word.understand.bidi import Letter, balance, is_right_to_left, logical, mirrored, strength
from chalicelib.engines.word.understand.rows import Row, rows_of

_RAGGED = 2.0
"""A line that ends so many sizes before the column's edge on one side only begins on the other."""

_AT_EDGE_PT = 3.0
_LEADS = re.compile(r"^(\s*[\divxlc]+\s*(?:[.\u2026]\s*){4})|(?:[.\u2026]\s*){4}[\divxlc]+\s*$")
"""Dots that lead to a page's number stand between it and the words: at their end."""

_FORMS = range(0xFB1D, 0xFEFD)
"""Letters as they are drawn (initial, final, joined): Arabic and Hebrew presentation forms."""


def find_directions(draft: Draft) -> None:
    """Set ``Line.rtl`` and ``Piece.rtl``, and bring pieces and their letters into reading order.

    From here on lines are not to be made of pieces again: that goes by their place.
    """
    lines = {page.number: _lines_on(page) for page in draft.pages}
    for note in draft.notes:
        lines[note.page] += [line for paragraph in note.paragraphs for line in paragraph.lines]
    text = "".join(line.text for one in lines.values() for line in one)
    if not is_right_to_left(text):
        return
    right, left = strength(text)
    for own in lines.values():
        _find_bases(own, mostly_right=right > left)
    orders = [
        (line, logical(_letters(line), line.rtl))
        for own in lines.values()
        for line in own
        if line.rtl or is_right_to_left(line.text)
    ]
    as_drawn = sum(balance(_right_text(order)) for _, order in orders)
    turned_round = sum(balance(mirrored(_right_text(order))) for _, order in orders)
    for line, order in orders:
        line.pieces = _rebuilt(line, order, mirror=turned_round > as_drawn)


def _lines_on(page: PageDraft) -> list[Line]:
    """All lines of the page, wherever the passes before have put them."""
    flowing = [line for stretch in page.stretches for column in stretch.columns for line in column.lines]
    blocks = [*page.blocks, *page.known_blocks, *page.floating]
    in_blocks = [line for paragraph in paragraphs_in(blocks) for line in paragraph.lines]
    every = [*page.lines, *flowing, *in_blocks, *page.heads, *page.feet, *page.turned, *page.fixed_lines]
    return list({id(line): line for line in every}.values())


def _find_bases(lines: Sequence[Line], mostly_right: bool) -> None:
    """The direction of each line: by the side on which its row begins, else by its letters."""
    rows = rows_of(line for line in lines if not line.turn)
    lefts, rights = _usual([row.left for row in rows]), _usual([row.right for row in rows])
    last: bool | None = None
    for row in reversed(rows):
        right, left = strength(row.text.replace("\t", " "))
        side = _side(row, lefts, rights) if right else None
        if side is None and right:
            side = last if last is not None and right and left else (right >= left or mostly_right)
        if side is None:
            side = mostly_right and (left == 0 or bool(_side(row, lefts, rights)))
        last = side if right else None
        for line in row.lines:
            line.rtl = side


def _usual(edges: Iterable[float]) -> list[float]:
    """The edges that rows share, the most frequent first."""
    return [edge for edge, count in Counter(round(edge) for edge in edges).most_common(3) if count > 1]


def _side(row: Row, lefts: Sequence[float], rights: Sequence[float]) -> bool | None:
    """True where the row begins at the right edge and ends before the left one, False the other way round."""
    leads = _LEADS.search(row.text)
    if leads:
        return leads.group(1) is not None
    at_left = any(abs(row.left - edge) < _AT_EDGE_PT for edge in lefts)
    at_right = any(abs(row.right - edge) < _AT_EDGE_PT for edge in rights)
    room = _RAGGED * row.size
    if at_right and lefts and row.left > min(lefts) + room and not at_left:
        return True
    if at_left and rights and row.right < max(rights) - room and not at_right:
        return False
    return None


def _letters(line: Line) -> list[Letter]:
    found: list[Letter] = []
    pieces = sorted(range(len(line.pieces)), key=lambda at: line.pieces[at].left)
    for at in pieces:
        piece = line.pieces[at]
        if found and piece.gap:
            found.append(Letter(piece.gap, found[-1].end, piece.left, -1))
        found += [
            Letter(text, start, end, at) for text, start, end in zip(piece.text, piece.starts, piece.ends, strict=True)
        ]
    return found


def _right_text(order: Iterable[tuple[Letter, bool]]) -> str:
    return "".join(letter.text for letter, right in order if right)


def _rebuilt(line: Line, order: list[tuple[Letter, bool]], mirror: bool) -> list[Piece]:
    """The pieces in reading order: each of one owner and one direction."""
    pieces: list[Piece] = []
    run: list[Letter] = []
    gap, owner, way = "", -1, False
    for letter, right in [*order, (Letter("", 0, 0, -2), False)]:
        if run and (letter.owner != owner or right != way):
            pieces.append(_piece(line.pieces[owner], run, gap, way, mirror))
            run, gap = [], ""
        if letter.owner == -1:
            gap = letter.text
        elif letter.owner >= 0:
            run, owner, way = [*run, letter], letter.owner, right
    return pieces


def _piece(owner: Piece, letters: Sequence[Letter], gap: str, right: bool, mirror: bool) -> Piece:
    text, starts, ends = "", [], []
    for letter in letters:
        written = _written(letter.text)
        text += mirrored(written) if right and mirror else written
        starts += [letter.start] * len(written)
        ends += [letter.end] * len(written)
    blank = gap or (" " if text[:1] == " " else "")
    kept = len(text) - len(text.lstrip(" ")) if text.strip(" ") else 0
    piece = part_of(owner, text[kept:], starts[kept:], ends[kept:], blank)
    piece.rtl = right
    return piece


def _written(text: str) -> str:
    """A letter as it is typed, where the PDF says how it is drawn."""
    return unicodedata.normalize("NFKC", text) if len(text) == 1 and ord(text) in _FORMS else text

"""Letters as wide as they were, in a family that was drawn wider or narrower than the font that it stands for."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from chalicelib.engines.word.document.inline import Level
from chalicelib.engines.word.draft.draft import Draft, PageDraft, paragraphs_in
from chalicelib.engines.word.draft.line import Line, Piece
from chalicelib.engines.word.families import face_of
from chalicelib.engines.word.metrics import advance
from chalicelib.engines.word.pages.text import Face

_TELLING, _ENOUGH = 24, 4000
"""Letters of a font that tell how wide it is, and more than these tell nothing new."""

_LEAST = 0.01
"""What lines do not show."""

_NARROWEST, _WIDEST = 0.7, 1.4
"""Beyond this it is another design altogether, and letters so stretched are ugly."""

_KERNED = 0.4
"""A place that is so much wider than the family's letter, in units of the size, is not the letter's own."""


def find_widths(draft: Draft) -> None:
    """Fill ``Draft.widths``: by which factor the letters of a font are wider than those of the family in Word."""
    own: dict[Face, float] = defaultdict(float)
    there: dict[Face, float] = defaultdict(float)
    letters: dict[Face, int] = defaultdict(int)
    for piece in _pieces(draft):
        key = plain_face(piece.face)
        if letters[key] >= _ENOUGH:
            continue
        for width, wanted in _advances(piece):
            own[key] += width
            there[key] += wanted
            letters[key] += 1
    draft.widths = {
        face: max(_NARROWEST, min(_WIDEST, own[face] / there[face])) for face in own if letters[face] >= _TELLING
    }


def plain_face(face: Face) -> Face:
    """The face as far as its letters' widths depend on it."""
    return Face(face.font, 1.0, face.bold, face.italic, face.serif, face.mono)


def width_of(face: Face, widths: Mapping[Face, float], written: float) -> float:
    """The factor for letters of ``face`` that are written in the size ``written``; 1 where nobody would see it."""
    known = widths.get(plain_face(face))
    factor = round(known * face.size / written, 2) if known and written else 1.0
    return factor if abs(factor - 1) > _LEAST / 2 and _NARROWEST <= factor <= _WIDEST else 1.0


def _pieces(draft: Draft) -> Iterator[Piece]:
    for line in _lines(draft):
        for piece in line.pieces:
            if piece.level is Level.BASE and not piece.small_caps and not piece.form and not line.rtl:
                yield piece


def _lines(draft: Draft) -> Iterator[Line]:
    for page in draft.pages:
        yield from _of_page(page)
    for note in draft.notes:
        for paragraph in note.paragraphs:
            yield from paragraph.lines


def _of_page(page: PageDraft) -> Iterable[Line]:
    for paragraph in paragraphs_in([*page.blocks, *page.floating]):
        yield from paragraph.lines
    yield from (*page.heads, *page.feet, *page.fixed_lines)


def _advances(piece: Piece) -> Iterator[tuple[float, float]]:
    """The width of each character that is followed by another one, and that of the family's, in units of the size.

    Blanks count: those of justified text are as wide as the font's in the mean, and lines break by their whole width.
    """
    face = piece.face
    mapped = face_of(face.font, 4 * face.serif + 8 * face.mono)
    bold, italic = face.bold or mapped.bold, face.italic or mapped.italic
    for at, letter in enumerate(piece.text[:-1]):
        if piece.text[at + 1] == " ":
            width = (piece.ends[at] - piece.starts[at]) / face.size
        else:
            width = (
                piece.starts[at + 1] - (piece.ends[at - 1] if letter == " " and at else piece.starts[at])
            ) / face.size
        wanted = advance(mapped.family, letter, bold=bold, italic=italic)
        if wanted and 0 < width < wanted + _KERNED + (letter == " "):
            yield width, wanted

"""Superscripts, subscripts and small capitals, told by size and baseline against the letters beside them."""

from chalicelib.engines.word.document.inline import Level
from chalicelib.engines.word.draft.draft import Draft
from chalicelib.engines.word.draft.line import Line, Piece

_SMALLER = 0.86
"""A script's size in units of that beside it is at most this: Word takes .65, LibreOffice .58, TeX .7 or .8."""

_RAISED, _LOWERED = 0.12, 0.035
"""Least distance of a script's baseline from that beside it, in units of the larger size."""

_FARTHEST = 0.8
"""A script further away is a line of its own."""

_APART = 0.6
"""Letters so many sizes apart do not belong together: a label and the text of its item."""

_SMALL_CAPS = (0.66, 0.86)
"""Size of small capitals in units of the large ones: Word and LibreOffice take .8."""


def find_scripts(draft: Draft) -> None:
    """Set ``Piece.level``, ``Piece.around`` and ``Piece.small_caps`` everywhere."""
    for page in draft.pages:
        for line in [*page.lines, *page.turned, *page.heads, *page.feet]:
            _read_line(line)


def _read_line(line: Line) -> None:
    for at, piece in enumerate(line.pieces):
        beside = _beside(line.pieces, at)
        if beside is None or piece.form is not None:
            continue
        raised = (beside.span.baseline - piece.span.baseline) / beside.face.size
        if _RAISED <= raised <= _FARTHEST:
            piece.level, piece.around = Level.SUPER, beside.face.size
        elif _LOWERED <= -raised <= _FARTHEST:
            piece.level, piece.around = Level.SUB, beside.face.size
        elif abs(raised) < _LOWERED and _is_small_capital(piece, beside):
            piece.small_caps, piece.around = True, beside.face.size
    for before, piece in zip(line.pieces, line.pieces[1:], strict=False):
        if piece.small_caps and not before.small_caps and before.face.font == piece.face.font and before.text.isupper():
            before.small_caps = True
    for piece in line.pieces:
        if piece.small_caps and piece.around:
            piece.text = piece.text.lower() if len(piece.text.lower()) == len(piece.text) else piece.text


def _beside(pieces: list[Piece], at: int) -> Piece | None:
    """The nearest larger letters of the line, those before first; a bullet or a number apart from the text is none."""
    for side in (pieces[at::-1], pieces[at:]):
        for near, other in zip(side, side[1:], strict=False):
            if max(near.left - other.right, other.left - near.right) > _APART * max(near.face.size, other.face.size):
                break
            if pieces[at].face.size <= _SMALLER * other.face.size and any(char.isalnum() for char in other.text):
                return other
    return None


def _is_small_capital(piece: Piece, beside: Piece) -> bool:
    ratio = piece.face.size / beside.face.size
    large = [char for char in beside.text if char.isalpha()]
    return (
        _SMALL_CAPS[0] <= ratio <= _SMALL_CAPS[1]
        and piece.face.font == beside.face.font
        and any(char.isalpha() for char in piece.text)
        and piece.text.upper() == piece.text
        and bool(large)
        and beside.text.upper() == beside.text
    )

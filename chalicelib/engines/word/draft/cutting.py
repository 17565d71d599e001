"""Cuts pieces of lines where a fact begins or ends within them."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.engines.word.draft.line import Line, Piece


def part_of(piece: Piece, text: str, starts: Sequence[float], ends: Sequence[float], gap: str) -> Piece:
    """A piece that looks as ``piece`` does and means the same, with letters of its own."""
    return replace(piece, text=text, starts=list(starts), ends=list(ends), gap=gap, comments=list(piece.comments))


def cut(piece: Piece, at: int) -> tuple[Piece, Piece]:
    """The piece's first ``at`` characters, and the rest, which touches them."""
    head = part_of(piece, piece.text[:at], piece.starts[:at], piece.ends[:at], piece.gap)
    return head, part_of(piece, piece.text[at:], piece.starts[at:], piece.ends[at:], "")


def isolate(line: Line, left: float, right: float) -> list[Piece]:
    """The pieces of ``line`` whose characters have their middle between ``left`` and ``right``, cut off from the others; fields stay whole."""
    kept: list[Piece] = []
    found: list[Piece] = []
    for piece in line.pieces:
        inside = [left <= (a + b) / 2 <= right for a, b in zip(piece.starts, piece.ends, strict=True)]
        if piece.form is not None:
            inside = [left <= (piece.left + piece.right) / 2 <= right] * len(inside)
        rest, begin = piece, 0
        for at in range(1, len(inside)):
            if inside[at] != inside[at - 1]:
                head, rest = cut(rest, at - begin)
                _put(head, inside[begin], kept, found)
                begin = at
        if inside:
            _put(rest, inside[begin], kept, found)
    line.pieces = kept
    return found


def _put(piece: Piece, inside: bool, kept: list[Piece], found: list[Piece]) -> None:
    kept.append(piece)
    if inside:
        found.append(piece)


def trimmed(piece: Piece) -> Piece:
    """The piece without the blanks around its text."""
    begin = len(piece.text) - len(piece.text.lstrip())
    end = len(piece.text.rstrip())
    if (begin, end) == (0, len(piece.text)):
        return piece
    return replace(
        piece,
        text=piece.text[begin:end],
        starts=piece.starts[begin:end],
        ends=piece.ends[begin:end],
        gap=" " if begin else piece.gap,
        trails=piece.trails or end < len(piece.text),
        comments=list(piece.comments),
    )

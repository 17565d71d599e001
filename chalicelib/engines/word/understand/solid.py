"""Lines cut at every gap that could be a gutter, and put together again where it was none."""

from collections.abc import Sequence

from chalicelib.engines.word.draft.cutting import cut
from chalicelib.engines.word.draft.line import Line, Piece
from chalicelib.engines.word.understand.lines import make_line

_WIDE = 0.8
"""A gap of so many sizes may lie between two columns; a blank of justified text is rarely as wide."""


def solid_parts(line: Line) -> list[Line]:
    """The line as lines without a wide gap in them."""
    runs: list[list[Piece]] = []
    last: float | None = None
    for piece in line.pieces:
        for part in _solid_pieces(piece):
            wide = last is not None and part.left - last > _WIDE * line.size
            if wide or not runs:
                runs.append([])
            runs[-1].append(part)
            last = part.right
    return [line] if len(runs) < 2 else [_like(line, run) for run in runs]


def _solid_pieces(piece: Piece) -> list[Piece]:
    if piece.form is not None:
        return [piece]
    parts: list[Piece] = []
    rest, begin = piece, 0
    for at in range(1, len(piece.text) - 1):
        if piece.text[at] == " " and piece.starts[at + 1] - piece.ends[at - 1] > _WIDE * piece.face.size:
            head, rest = cut(rest, at - begin)
            head.trails = True
            _, rest = cut(rest, 1)
            parts.append(head)
            begin = at + 1
    return [*parts, rest]


def _like(line: Line, pieces: Sequence[Piece]) -> Line:
    part = make_line(line.page, pieces, line.turn)
    part.rtl = line.rtl
    return part


def join_lines(parts: Sequence[Line]) -> Line:
    """Parts of one baseline as one line, from left to right."""
    if len(parts) == 1:
        return parts[0]
    ordered = sorted(parts, key=lambda one: one.left)
    pieces = [piece for part in ordered for piece in part.pieces]
    joined = make_line(ordered[0].page, pieces, ordered[0].turn)
    joined.rtl = all(part.rtl for part in parts)
    return joined

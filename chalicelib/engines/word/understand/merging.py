"""Cells of a found grid that are one: where no line parts them, or a word stands across their edge."""

from collections.abc import Sequence

from chalicelib.engines.word.draft.block import CellDraft
from chalicelib.engines.word.draft.line import Line, Piece
from chalicelib.engines.word.pages.drawn import Rule

_NEAR_PT = 2.5
_ALONG = 0.5
"""A rule parts two cells when it runs along this share of their edge."""

_TOUCH = 0.2
"""Letters nearer to each other than this, in units of the size, are of one word."""


def merge_cells(cells: Sequence[CellDraft], lines: Sequence[Line], rules: Sequence[Rule]) -> list[CellDraft]:
    """The cells, neighbours of a row that are one merged."""
    top, bottom = min(one.box[1] for one in cells), max(one.box[3] for one in cells)
    upright = [one for one in rules if not one.horizontal and one.y1 > top and one.y0 < bottom]
    found: list[CellDraft] = []
    for cell in sorted(cells, key=lambda one: (one.row, one.column)):
        before = found[-1] if found else None
        if before is not None and _beside(before, cell) and _are_one(cell, lines, upright, cells):
            before.columns += cell.columns
            before.box = (before.box[0], before.box[1], cell.box[2], before.box[3])
        else:
            found.append(cell)
    return found


def _beside(before: CellDraft, cell: CellDraft) -> bool:
    return (before.row, before.rows) == (cell.row, cell.rows) and before.column + before.columns == cell.column


def _has_walls(cell: CellDraft, cells: Sequence[CellDraft], upright: Sequence[Rule]) -> bool:
    """Whether lines part any two cells of its row: then those that none parts are one. Bands of shade need no lines."""
    left, right = min(one.box[0] for one in cells), max(one.box[2] for one in cells)
    top, bottom = cell.box[1], cell.box[3]
    inner = [one for one in upright if left + _NEAR_PT < one.x0 < right - _NEAR_PT]
    return any(min(one.y1, bottom) - max(one.y0, top) >= _ALONG * (bottom - top) for one in inner)


def _is_alone(cell: CellDraft, cells: Sequence[CellDraft], lines: Sequence[Line]) -> bool:
    """Whether one cell of its row holds all text of the row."""
    row = [one for one in cells if one.row == cell.row]
    top, bottom = cell.box[1], cell.box[3]
    beside = [line for line in lines if top <= line.baseline - 0.3 * line.size <= bottom]
    return sum(any(one.box[0] <= line.left < one.box[2] for line in beside) for one in row) <= 1


def _are_one(cell: CellDraft, lines: Sequence[Line], upright: Sequence[Rule], cells: Sequence[CellDraft]) -> bool:
    """Whether a cell is part of the one before it: their edge is drawn elsewhere and not here, or a word crosses it."""
    x, top, bottom = cell.box[0], cell.box[1], cell.box[3]
    near = [one for one in upright if abs(one.x0 - x) <= _NEAR_PT]
    along = sum(max(0.0, min(one.y1, bottom) - max(one.y0, top)) for one in near)
    if along >= _ALONG * (bottom - top):
        return False
    if near and (_has_walls(cell, cells, upright) or _is_alone(cell, cells, lines)):
        return True
    crossing = [
        line for line in lines if top <= line.baseline - 0.3 * line.size <= bottom and line.left < x < line.right
    ]
    return any(stands_across(piece, x) for line in crossing for piece in line.pieces)


def stands_across(piece: Piece, x: float) -> bool:
    """Whether a word of the piece has letters on both sides of ``x``."""
    if not piece.left < x < piece.right:
        return False
    letters = sorted(zip(piece.starts, piece.ends, piece.text, strict=True))
    for before, after in zip(letters, letters[1:], strict=False):
        if before[0] < x - 1 and after[1] > x + 1 and before[2] != " " and after[2] != " ":
            return after[0] - before[1] < _TOUCH * piece.face.size
    return False

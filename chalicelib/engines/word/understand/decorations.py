"""Underlines, strikes and highlights: rules and fills that keep to the letters, and the marks of readers."""

from collections.abc import Sequence

from chalicelib.engines.word.draft.cutting import isolate
from chalicelib.engines.word.draft.draft import Draft, PageDraft
from chalicelib.engines.word.draft.line import Line, Piece
from chalicelib.engines.word.pages.drawn import Fill, Rule
from chalicelib.engines.word.pages.marks import Mark, MarkKind

_UNDER = (0.01, 0.3)
"""Where an underline is below the baseline, in units of the size: fonts say .07 to .15, thick lines reach further."""

_STRUCK = (-0.5, -0.14)
"""Where a strike is: in the middle of small letters."""

_THICKEST = 0.16
_BEYOND = 0.6
"""A line of letters' own goes so far beyond them at most (the width of two blanks); borders and form lines go further."""

_HIGHLIGHT_HEIGHT = (0.75, 2.0)
_WHITE, _DARK = 0xF4, 0x60
"""A colour without any channel below the first is paper; one without any above the second hides the letters."""

_SHORT = 0.35
_BORDER_PT = 1.5


def find_decorations(draft: Draft) -> None:
    """Set ``underline``, ``strike`` and ``highlight`` of pieces; what made them is taken from the page."""
    for page in draft.pages:
        lines = [*page.lines, *page.heads, *page.feet]
        for at, rule in enumerate(page.page.rules):
            if rule.horizontal and _apply_rule(lines, rule):
                page.taken_rules.add(at)
        for at, fill in enumerate(page.page.fills):
            if _is_color(fill) and not _is_bordered(fill, page.page.rules) and _apply_fill(lines, fill):
                page.taken_fills.add(at)
        _apply_marks(page, lines)


def _apply_rule(lines: list[Line], rule: Rule) -> bool:
    left, right = min(rule.x0, rule.x1), max(rule.x0, rule.x1)
    found = False
    for line in lines:
        place = (rule.y0 - line.baseline) / line.size
        under, struck = _UNDER[0] <= place <= _UNDER[1], _STRUCK[0] <= place <= _STRUCK[1]
        if (under or struck) and rule.width <= _THICKEST * line.size and _keeps_to(line, left, right):
            found = True
            for piece in isolate(line, left - 0.3, right + 0.3):
                piece.underline |= under
                piece.strike |= struck
    return found


def _keeps_to(line: Line, left: float, right: float) -> bool:
    """Whether letters of the line stand from ``left`` to ``right``, and begin and end there (but for blanks)."""
    room = _BEYOND * line.size
    inside = [
        (start, end)
        for piece in line.pieces
        for start, end in zip(piece.starts, piece.ends, strict=True)
        if left - 0.3 <= (start + end) / 2 <= right + 0.3
    ]
    if not inside:
        return False
    first, last = min(start for start, _ in inside), max(end for _, end in inside)
    return abs(first - left) <= room and -_SHORT * line.size <= right - last <= room


def _is_color(fill: Fill) -> bool:
    channels = [int(fill.color[at : at + 2], 16) for at in (0, 2, 4)]
    return min(channels) <= _WHITE and max(channels) > _DARK and fill.alpha > 0.1


def _is_bordered(fill: Fill, rules: Sequence[Rule]) -> bool:
    """Whether a line runs along a side of it: then it is a cell's shade."""
    x0, y0, x1, y1 = fill.box
    for rule in rules:
        if rule.horizontal:
            along = min(x1, max(rule.x0, rule.x1)) - max(x0, min(rule.x0, rule.x1)) > 0.5 * (x1 - x0)
            near = min(abs(rule.y0 - y0), abs(rule.y0 - y1)) < _BORDER_PT
        else:
            along = min(y1, max(rule.y0, rule.y1)) - max(y0, min(rule.y0, rule.y1)) > 0.5 * (y1 - y0)
            near = min(abs(rule.x0 - x0), abs(rule.x0 - x1)) < _BORDER_PT
        if along and near:
            return True
    return False


def _apply_fill(lines: list[Line], fill: Fill) -> bool:
    """A fill that keeps to some letters of a line, at both of their ends, is their highlight."""
    x0, y0, x1, y1 = fill.box
    found = False
    for line in lines:
        over = y0 < line.baseline - 0.35 * line.size and y1 > line.baseline - 0.05 * line.size
        high = _HIGHLIGHT_HEIGHT[0] <= (y1 - y0) / line.size <= _HIGHLIGHT_HEIGHT[1]
        if over and high and _keeps_to(line, x0, x1):
            found = True
            for piece in isolate(line, x0, x1):
                piece.highlight = fill.color
    return found


def _apply_marks(page: PageDraft, lines: list[Line]) -> None:
    for mark in page.page.marks:
        for x0, y0, x1, y1 in mark.boxes:
            for line in lines:
                if y0 < line.baseline - 0.25 * line.size < y1:
                    for piece in isolate(line, x0, x1):
                        _decorate(piece, mark)


def _decorate(piece: Piece, mark: Mark) -> None:
    if mark.kind is MarkKind.HIGHLIGHT:
        piece.highlight = mark.color
    elif mark.kind is MarkKind.STRIKE:
        piece.strike = True
    else:
        piece.underline = True

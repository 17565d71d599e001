"""Links and comments: which letters they lie over."""

from collections.abc import Iterable

from chalicelib.engines.word.document.document import Comment
from chalicelib.engines.word.draft.cutting import isolate
from chalicelib.engines.word.draft.draft import Draft, PageDraft
from chalicelib.engines.word.draft.line import Line, Piece
from chalicelib.engines.word.pages.marks import LinkArea, StickyNote
from chalicelib.engines.word.pages.text import Box

_SLACK_PT = 1.0
"""Programs round the area of a link to whole points."""


def find_links(draft: Draft) -> None:
    """Set ``Piece.link`` of the letters under each link, and ``Piece.comments``; fill ``Draft.comments``."""
    for page in draft.pages:
        lines = [*page.lines, *page.heads, *page.feet]
        for area in page.page.links:
            for piece in _under(lines, area.box):
                piece.link = area
        _read_comments(draft, page, lines)


def _under(lines: Iterable[Line], box: Box) -> list[Piece]:
    x0, y0, x1, y1 = box
    found = []
    for line in lines:
        if y0 - _SLACK_PT <= line.baseline - 0.25 * line.size <= y1 + _SLACK_PT:
            found += isolate(line, x0 - _SLACK_PT, x1 + _SLACK_PT)
    return found


def _read_comments(draft: Draft, page: PageDraft, lines: list[Line]) -> None:
    numbers: dict[int, int] = {}
    for note in page.page.notes:
        if note.text.strip() and lines:
            number = _add(draft, note, numbers)
            _nearest(lines, note.box).comments.append(number)
    for mark in page.page.marks:
        pieces = [piece for box in mark.boxes for piece in _under(lines, box)]
        if mark.comment and mark.comment.strip() and pieces:
            draft.comments.append(Comment(mark.comment, mark.author, mark.moment))
            for piece in pieces:
                piece.comments.append(len(draft.comments) - 1)


def _add(draft: Draft, note: StickyNote, numbers: dict[int, int]) -> int:
    reply = numbers.get(note.reply_to) if note.reply_to is not None else None
    draft.comments.append(Comment(note.text, note.author, note.moment, reply))
    numbers[note.xref] = len(draft.comments) - 1
    return numbers[note.xref]


def _nearest(lines: list[Line], box: Box) -> Piece:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    pieces = [(line, piece) for line in lines for piece in line.pieces]
    return min(pieces, key=lambda one: _distance(one[1].left, one[1].right, one[0].top, one[0].bottom, x, y))[1]


def _distance(left: float, right: float, top: float, bottom: float, x: float, y: float) -> float:
    return max(left - x, 0, x - right) + 2 * max(top - y, 0, y - bottom)


def link_over(page: PageDraft, box: Box) -> LinkArea | None:
    """The link that lies over the middle of a picture."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return next((area for area in page.page.links if _holds(area.box, x, y)), None)


def _holds(box: Box, x: float, y: float) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]

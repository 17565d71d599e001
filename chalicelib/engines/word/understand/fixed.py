"""Pages whose things must stand where they stood: scans, letters without meaning, text over text or in all directions."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.engines.word.document.document import Way
from chalicelib.engines.word.draft.draft import Draft, PageDraft
from chalicelib.engines.word.draft.line import Line, Piece
from chalicelib.engines.word.pages.page import Page
from chalicelib.engines.word.pages.text import Box

NO_TEXT, SCANNED, UNREADABLE, TURNED, OVERLAID = "no text", "scanned", "unreadable", "mostly turned", "overlaid"

_COVERED = 0.5
"""A page is a scan when images cover this share of it and no more text is seen than hidden behind them."""

_UNREADABLE = 0.25
"""Share of a page's characters without a meaning from which on only a picture shows what it says."""

_TURNED = 0.5
"""Share of a page's letters that run another way than the page does, from which on no text flows."""

_OVERLAID = 0.35
"""Share of a page's letters that stand on other letters, from which on no order of them is the right one."""

_ON_EACH_OTHER = 0.5
"""Letters stand on each other when they share so much of the smaller part's area."""

_HEIGHT = 0.7
"""Of letters above the baseline, in units of their size."""


def find_fixed_pages(draft: Draft) -> None:
    """Set ``PageDraft.way`` and ``why``; the lines of fixed pages go to ``fixed_lines``, and to others they are blank."""
    for page in draft.pages:
        if page.way is Way.UNREAD:
            continue
        if _is_blank(page):
            page.way = Way.BLANK
            continue
        judged = _as_picture(page) or _as_fixed(page)
        if judged is not None:
            page.way, page.why = judged
            _fix(page)


def _is_blank(page: PageDraft) -> bool:
    shown = page.page
    return not (shown.spans or shown.images or shown.drawings or shown.rules or shown.fills or shown.fields)


def _as_picture(page: PageDraft) -> tuple[Way, str] | None:
    """Only a picture shows what the page shows."""
    seen, hidden, unreadable = _letters([*page.lines, *page.turned]), _letters(page.hidden), page.page.unreadable
    if not (seen or hidden or unreadable or page.page.fields):
        return Way.PICTURE, NO_TEXT
    if seen <= hidden and _covered(page.page) >= _COVERED:
        return Way.PICTURE, SCANNED
    if unreadable > _UNREADABLE * (seen + unreadable):
        return Way.PICTURE, UNREADABLE
    return None


def _as_fixed(page: PageDraft) -> tuple[Way, str] | None:
    seen = _letters([*page.lines, *page.turned])
    if _letters(page.turned) > _TURNED * seen:
        return Way.FIXED, TURNED
    if _overlaid(page.lines) > _OVERLAID * seen:
        return Way.FIXED, OVERLAID
    return None


def _fix(page: PageDraft) -> None:
    """Hidden text of pictures is what was recognised; of other pages it stays hidden."""
    page.fixed_lines = [*page.lines, *page.turned]
    page.lines, page.turned = [], []
    if page.way is Way.PICTURE:
        page.fixed_lines += page.hidden
        page.hidden = []
    page.shown = page.page
    page.page = replace(page.page, spans=(), rules=(), fills=(), drawings=(), images=(), grids=(), fields=())


def _letters(lines: Sequence[Line]) -> int:
    return sum(line.letters for line in lines)


def _covered(page: Page) -> float:
    """Share of the page that images cover, each counted whole."""
    area = sum(_area(_cut(one.box, (0, 0, page.width, page.height))) for one in page.images)
    return area / max(1.0, page.width * page.height)


def _overlaid(lines: Sequence[Line]) -> int:
    """How many letters stand on others, found by sweeping down the page; bold or shadows made by repeating do not count."""
    found = 0
    reached: list[Piece] = []
    pieces = [piece for line in lines for piece in line.pieces if piece.form is None and piece.text.strip()]
    for piece in sorted(pieces, key=lambda one: one.span.top):
        reached = [one for one in reached if one.span.bottom > piece.span.top]
        if any(_on_each_other(one, piece) for one in reached):
            found += len(piece.text) - piece.text.count(" ")
        reached.append(piece)
    return found


def _on_each_other(one: Piece, other: Piece) -> bool:
    shared = _area(_cut(_box(one), _box(other)))
    smaller = max(0.1, min(_area(_box(one)), _area(_box(other))))
    return shared > _ON_EACH_OTHER * smaller and one.text not in other.text and other.text not in one.text


def _box(piece: Piece) -> Box:
    """Of its letters, without the room that the font asks for above and below."""
    size, baseline = piece.face.size, piece.span.baseline
    return piece.left, baseline - _HEIGHT * size, piece.right, baseline


def _cut(one: Box, other: Box) -> Box:
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def _area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])

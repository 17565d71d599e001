"""Pieces: the letters of a page's spans in visual order, cut where a gap is too wide for a blank or holds other letters."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from chalicelib.engines.tagged.tree import TagTree
from chalicelib.engines.word.draft.line import Piece
from chalicelib.engines.word.pages.marks import FormField
from chalicelib.engines.word.pages.page import Page
from chalicelib.engines.word.pages.text import Face, Span

BLANK = 0.16
"""A wider gap, in units of the size, between two letters is a blank; that of Times is .25, that of a tight line .18."""

_WITH_BLANKS = 0.3
"""The same on pages whose PDF has its blanks: a narrower gap comes from kerning, as in Arabic script."""

_HAS_BLANKS = 0.05
"""A page has its blanks when they are more than this share of its characters; in English every sixth is one."""

OVERLAID = 0.04
"""A blank of the PDF in a narrower gap, in units of the size, lies over letters, as Word prints some in Arabic script."""

CUT = 1.5
"""A wider gap, in units of the size, cuts a line: justified text seldom has blanks of more than one."""

_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_FIELD_SIZE = 0.7
"""Size of the letters in a form field of one line, in units of its height, where the field does not say it."""


def pieces_of(page: Page, spans: Sequence[Span], tags: TagTree) -> list[Piece]:
    """The pieces of spans of one turn; ``Piece.gap`` and ``trails`` tell what blanks the PDF has around them."""
    characters = sum(len(span.text) for span in spans)
    blanks = sum(span.text.strip().count(" ") for span in spans)
    least = _WITH_BLANKS if blanks > _HAS_BLANKS * characters else BLANK
    others = _Others(spans)
    pieces = [
        piece for span in spans if span.text.strip() for piece in _cut(span, _owner(page, span, tags), least, others)
    ]
    _note_blanks(pieces, [span for span in spans if not span.text.strip()])
    return pieces


def _note_blanks(pieces: Sequence[Piece], blanks: Sequence[Span]) -> None:
    """Tell the letters before (or after) blanks that stand in the PDF by themselves."""
    rows: dict[float, list[Piece]] = {}
    for piece in pieces:
        rows.setdefault(round(piece.span.baseline), []).append(piece)
    for blank in blanks:
        for piece in rows.get(round(blank.baseline), ()):
            near = 0.15 * piece.face.size
            if abs(piece.right - blank.left) < near:
                piece.trails = True
            elif abs(piece.left - blank.right) < near:
                piece.gap = " "


def _owner(page: Page, span: Span, tags: TagTree) -> int | None:
    element = tags.of(page.number, span.mcid)
    return element.index if element else None


class _Others:
    """Where letters stand on each baseline: programs draw a line's signs of another font after all of its letters."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._middles: dict[int, list[float]] = {}
        for span in spans:
            if span.text.strip():
                own = self._middles.setdefault(round(span.baseline), [])
                own += [
                    (start + end) / 2
                    for start, end, char in zip(span.starts, span.ends, span.text, strict=True)
                    if char != " "
                ]
        for middles in self._middles.values():
            middles.sort()

    def between(self, left: float, right: float, baseline: float) -> bool:
        """Whether a letter has its middle between these places."""
        for near in {round(baseline - 0.3), round(baseline + 0.3)}:
            middles = self._middles.get(near, [])
            at = bisect_right(middles, left)
            if at < len(middles) and middles[at] < right:
                return True
        return False


def _cut(span: Span, element: int | None, least: float, others: _Others) -> Iterator[Piece]:
    """The span in visual order, cut at gaps; blanks that were lost are put in, those around it go."""
    letters = list(zip(span.starts, span.ends, span.text, strict=True))
    if _RTL.search(span.text):
        letters.sort(key=lambda one: one[0])
    size = span.face.size
    widest = _usual_gap(letters) + least * size
    run: list[tuple[float, float, str]] = []
    blank = leads = False
    for start, end, char in letters:
        if char == " ":
            blank = True
            continue
        gap = start - run[-1][1] if run else 0.0
        apart = gap > CUT * size
        if run and (apart or (gap > OVERLAID * size and others.between(run[-1][1], start, span.baseline))):
            yield _piece(run, span, element, leads=leads, trails=blank, least=least)
            run, leads = [], blank
        elif run and ((blank and gap > OVERLAID * size) or gap > widest):
            run.append((run[-1][1], max(run[-1][1], start), " "))
        elif blank:
            leads = True
        run.append((start, end, char))
        blank = False
    if run:
        yield _piece(run, span, element, leads=leads, trails=blank, least=least)


def _usual_gap(letters: Sequence[tuple[float, float, str]]) -> float:
    """What stands between the letters of spaced text; 0 of text that is set as usual."""
    gaps = [
        after[0] - before[1]
        for before, after in zip(letters, letters[1:], strict=False)
        if " " not in (before[2], after[2])
    ]
    return max(0.0, median(gaps)) if len(gaps) > 3 else 0.0


def _piece(
    run: Sequence[tuple[float, float, str]], span: Span, element: int | None, *, leads: bool, trails: bool, least: float
) -> Piece:
    return Piece(
        text="".join(char for _, _, char in run),
        starts=[start for start, _, _ in run],
        ends=[end for _, end, _ in run],
        span=span,
        gap=" " if leads else "",
        trails=trails,
        least_blank=least,
        language=span.language,
        element=element,
    )


def field_piece(field: FormField) -> Piece:
    """A form field as a piece: it stands in the line, and a gap must not be seen where it is."""
    x0, y0, x1, y1 = field.box
    size = field.size or max(6.0, min(12.0, _FIELD_SIZE * (y1 - y0)))
    baseline = y0 + size if field.multiline else (y0 + y1) / 2 + 0.35 * size
    text = field.value or " "
    step = (x1 - x0) / len(text)
    starts = tuple(x0 + at * step for at in range(len(text)))
    ends = tuple(x0 + (at + 1) * step for at in range(len(text)))
    span = Span(text, starts, ends, baseline, baseline - 0.8 * size, baseline + 0.2 * size, Face("Helvetica", size))
    return Piece(text, list(starts), list(ends), span, form=field)

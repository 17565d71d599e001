"""Lines: the letters of a page that stand on one baseline, cut where a gap is too wide for a blank."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from chalicelib.engines.tagged.tree import TagTree
from chalicelib.engines.word.draft.draft import Draft, PageDraft
from chalicelib.engines.word.draft.line import Line, Piece
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

_HEIGHT, _DEPTH = 0.72, 0.21
"""Of Latin letters above and below the baseline, in units of their size."""

_SHARED = 0.5
"""Letters stand on a line when they share so much of the lower one's height with it."""

_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_BUCKET_PT = 12.0
_FIELD_SIZE = 0.7
"""Size of the letters in a form field of one line, in units of its height, where the field does not say it."""


def find_lines(draft: Draft) -> None:
    """Fill ``PageDraft.lines``, ``turned`` and ``hidden``."""
    for page in draft.pages:
        read_lines(page, draft.source.tags)


def read_lines(draft: PageDraft, tags: TagTree) -> None:
    """The lines of one page."""
    page = draft.page
    seen = [span for span in page.spans if not span.hidden and span.text]
    upright = [*_pieces(page, [span for span in seen if span.turn == 0], tags), *map(_field_piece, page.fields)]
    draft.lines = _lines(page.number, upright, 0)
    for turn in sorted({span.turn for span in seen} - {0}):
        draft.turned += _lines(page.number, _pieces(page, [one for one in seen if one.turn == turn], tags), turn)
    hidden = [span for span in page.spans if span.hidden and span.turn == 0 and span.text.strip()]
    draft.hidden = _lines(page.number, _pieces(page, hidden, tags), 0)


def _pieces(page: Page, spans: Sequence[Span], tags: TagTree) -> list[Piece]:
    characters = sum(len(span.text) for span in spans)
    blanks = sum(span.text.strip().count(" ") for span in spans)
    least = _WITH_BLANKS if blanks > _HAS_BLANKS * characters else BLANK
    pieces = [piece for span in spans if span.text.strip() for piece in _cut(span, _owner(page, span, tags), least)]
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


def _cut(span: Span, element: int | None, least: float) -> Iterator[Piece]:
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
        if run and gap > CUT * size:
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


def _field_piece(field: FormField) -> Piece:
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


def _lines(page: int, pieces: list[Piece], turn: float) -> list[Line]:
    rows = _rows(pieces)
    found = [make_line(page, run, turn) for row in rows for run in _runs(row)]
    return sorted(found, key=lambda one: (one.baseline, one.left))


def _rows(pieces: list[Piece]) -> list[list[Piece]]:
    """Pieces by the line that they stand on; small ones, raised or lowered, join that of the letters beside them."""
    rows: list[list[Piece]] = []
    spans: list[tuple[float, float]] = []
    near: dict[int, list[int]] = {}
    for piece in sorted(pieces, key=lambda one: (-round(one.face.size), one.span.baseline, one.left)):
        top, bottom = _extent(piece)
        at = _row_of(piece, top, bottom, rows, spans, near.get(int(bottom // _BUCKET_PT), ()))
        if at is None:
            at = len(rows)
            rows.append([])
            spans.append((top, bottom))
            for bucket in range(int(top // _BUCKET_PT), int((bottom + _BUCKET_PT) // _BUCKET_PT) + 1):
                near.setdefault(bucket, []).append(at)
        rows[at].append(piece)
    return [sorted(row, key=lambda one: one.left) for row in rows]


def _extent(piece: Piece) -> tuple[float, float]:
    baseline, size = piece.span.baseline, piece.face.size
    return baseline - _HEIGHT * size, baseline + _DEPTH * size


def _row_of(
    piece: Piece,
    top: float,
    bottom: float,
    rows: list[list[Piece]],
    spans: list[tuple[float, float]],
    candidates: Iterable[int],
) -> int | None:
    best, share = None, _SHARED
    for at in candidates:
        y0, y1 = spans[at]
        overlap = (min(y1, bottom) - max(y0, top)) / max(0.1, bottom - top)
        if overlap > share and not _covered(piece, rows[at]):
            best, share = at, overlap
    return best


def _covered(piece: Piece, row: list[Piece]) -> bool:
    """Whether other letters of the row stand where the piece does: then it is on a line of its own."""
    room = 0.5 * (piece.right - piece.left)
    if abs(row[0].span.baseline - piece.span.baseline) < 0.05 * piece.face.size:
        return False
    return any(min(one.right, piece.right) - max(one.left, piece.left) > room for one in row)


def _runs(row: list[Piece]) -> Iterator[list[Piece]]:
    """A row cut where the gap between two pieces is too wide, or where the marked content changes kind."""
    run: list[Piece] = []
    for piece in row:
        if run:
            before = run[-1]
            size = max(before.face.size, piece.face.size)
            apart = before.span.artifact != piece.span.artifact
            if apart or piece.left - before.right > CUT * size:
                yield run
                run = []
        run.append(piece)
    if run:
        yield run


def make_line(page: int, pieces: Sequence[Piece], turn: float = 0) -> Line:
    """A line of pieces that stand on one baseline, from left to right; equal neighbours become one."""
    merged: list[Piece] = []
    for piece in pieces:
        if merged:
            gap = gap_between(merged[-1], piece)
            if gap != "\t" and _alike(merged[-1], piece):
                _append(merged[-1], piece, gap)
                continue
            piece.gap = gap
        merged.append(piece)
    weights: Counter[tuple[float, float]] = Counter()
    for one in merged:
        weights[one.face.size, one.span.baseline] += len(one.text)
    sizes: Counter[float] = Counter()
    for (size, _), count in weights.items():
        sizes[size] += count
    size = max(sizes, key=lambda one: (sizes[one], one))
    baseline = max((count, base) for (own, base), count in weights.items() if own == size)[1]
    return Line(
        page=page,
        pieces=merged,
        baseline=baseline,
        size=size,
        top=min(one.span.top for one in merged if one.face.size == size),
        bottom=max(one.span.bottom for one in merged if one.face.size == size),
        turn=turn,
        element=_common([one.element for one in merged]),
    )


def gap_between(before: Piece, piece: Piece) -> str:
    """What stands between two neighbours of a line: nothing, a blank, or a gap."""
    size = max(before.face.size, piece.face.size)
    gap = piece.left - before.right
    if gap > CUT * size:
        return "\t"
    told = (before.trails or piece.gap == " ") and gap > OVERLAID * min(before.face.size, piece.face.size)
    return (
        " "
        if told or before.form or piece.form or gap > before.least_blank * min(before.face.size, piece.face.size)
        else ""
    )


def _alike(one: Piece, other: Piece) -> bool:
    return (
        one.face == other.face
        and one.element == other.element
        and one.language == other.language
        and not one.form
        and not other.form
        and abs(one.span.baseline - other.span.baseline) < 0.05 * one.face.size
        and _facts(one) == _facts(other)
    )


def _facts(piece: Piece) -> tuple[object, ...]:
    """What passes have found of its letters: lines are made anew of pieces that they cut."""
    decorated = piece.underline, piece.strike, piece.highlight, piece.small_caps
    return (*decorated, piece.level, piece.link, piece.note, piece.page_field, tuple(piece.comments))


def _append(piece: Piece, other: Piece, gap: str) -> None:
    if gap:
        piece.starts.append(piece.right)
        piece.ends.append(max(piece.right, other.left))
    piece.text += gap + other.text
    piece.trails = other.trails
    piece.starts += other.starts
    piece.ends += other.ends


def _common(elements: Sequence[int | None]) -> int | None:
    """The element of the tag tree that all pieces share, as far as it is the same."""
    return elements[0] if len(set(elements)) == 1 else None

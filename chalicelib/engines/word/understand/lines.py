"""Lines: the letters of a page that stand on one baseline, cut where a gap is too wide for a blank."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from chalicelib.engines.tagged.tree import TagTree
from chalicelib.engines.word.draft.draft import Draft, PageDraft
from chalicelib.engines.word.draft.line import Line, Piece
from chalicelib.engines.word.understand.pieces import CUT, OVERLAID, field_piece, pieces_of

_HEIGHT, _DEPTH = 0.72, 0.21
"""Of Latin letters above and below the baseline, in units of their size."""

_SHARED = 0.5
"""Letters stand on a line when they share so much of the lower one's height with it."""

_SMALLER, _TOUCHED, _SNUG = 0.9, 0.2, 0.25
"""Size of a script far off its baseline, the share of its height that the line's letters have, its distance from them."""

_LYING = 0.5
"""Letters lie over others when they share so much of their width, or of their size where that is less."""

_BUCKET_PT = 12.0


def find_lines(draft: Draft) -> None:
    """Fill ``PageDraft.lines``, ``turned`` and ``hidden``."""
    for page in draft.pages:
        read_lines(page, draft.source.tags)


def read_lines(draft: PageDraft, tags: TagTree) -> None:
    """The lines of one page."""
    page = draft.page
    seen = [span for span in page.spans if not span.hidden and span.text]
    upright = [*pieces_of(page, [span for span in seen if span.turn == 0], tags), *map(field_piece, page.fields)]
    draft.lines = _lines(page.number, upright, 0)
    for turn in sorted({span.turn for span in seen} - {0}):
        draft.turned += _lines(page.number, pieces_of(page, [one for one in seen if one.turn == turn], tags), turn)
    hidden = [span for span in page.spans if span.hidden and span.turn == 0 and span.text.strip()]
    draft.hidden = _lines(page.number, pieces_of(page, hidden, tags), 0)


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
    if best is None or _is_far(piece, rows[best]):
        return next((at for at in candidates if _is_script(piece, top, bottom, rows[at], spans[at])), best)
    return best


def _is_far(piece: Piece, row: list[Piece]) -> bool:
    """Whether small letters stand at no letter of the row: their own line may be further off."""
    size = row[0].face.size
    return piece.face.size <= _SMALLER * size and all(
        piece.left > one.right + _SNUG * size or piece.right < one.left - _SNUG * size for one in row
    )


def _is_script(piece: Piece, top: float, bottom: float, row: list[Piece], extent: tuple[float, float]) -> bool:
    """Whether smaller letters that are raised or lowered by more than most stand in a gap of the row, at a letter of it."""
    size = row[0].face.size
    overlap = min(extent[1], bottom) - max(extent[0], top)
    if piece.face.size > _SMALLER * size or overlap < _TOUCHED * (bottom - top):
        return False
    near = _SNUG * size
    free = all(piece.left > one.right - near or piece.right < one.left + near for one in row)
    return free and any(abs(piece.left - one.right) < near for one in row)


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
            if apart or piece.left - before.right > CUT * size or _lies_on(piece, before):
                yield run
                run = []
        run.append(piece)
    if run:
        yield run


def _lies_on(piece: Piece, before: Piece) -> bool:
    """Whether letters of another size are drawn over the end of a piece: they do not go on with it."""
    over = before.right - piece.left
    return piece.face.size != before.face.size and over > _LYING * min(piece.face.size, piece.right - piece.left)


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

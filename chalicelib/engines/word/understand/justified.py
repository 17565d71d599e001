"""Wide blanks of justified text: in narrow columns they are as wide as gaps that tabs make, but all alike."""

from collections.abc import Iterator, Sequence

from chalicelib.engines.word.draft.line import Line

_ALIKE, _ROUNDED_PT = 0.1, 0.5
"""Blanks of a justified line differ by no more than this share of their width, and by rounding."""

_AT_EDGE_PT = 1.5


def even_out(lines: Sequence[Line]) -> None:
    """Make blanks of the gaps of lines, one below the other, where they are those of justified text."""
    even = [line for line in lines if _has_tab(line) and _is_even(list(_gaps(line)))]
    flush = [line for line in lines if not _has_tab(line) or line in even]
    for line in lines:
        if _has_tab(line) and (line in even or any(_same_edges(line, other) for other in flush)):
            for piece in line.pieces:
                piece.gap = " " if piece.gap == "\t" else piece.gap


def _has_tab(line: Line) -> bool:
    return any(piece.gap == "\t" for piece in line.pieces[1:])


def _is_even(gaps: Sequence[float]) -> bool:
    return len(gaps) > 1 and max(gaps) - min(gaps) < _ALIKE * max(gaps) + _ROUNDED_PT


def _gaps(line: Line) -> Iterator[float]:
    """The widths of the blanks between words."""
    last: float | None = None
    blank = False
    for piece in line.pieces:
        blank = blank or bool(piece.gap)
        for start, end, char in sorted(zip(piece.starts, piece.ends, piece.text, strict=True)):
            if char == " ":
                blank = True
                continue
            if blank and last is not None:
                yield start - last
            last, blank = end, False


def _same_edges(one: Line, other: Line) -> bool:
    """Whether both fill the same column, and one is no row of a label and its value: these have one gap each."""
    return (
        one is not other
        and abs(one.left - other.left) < _AT_EDGE_PT
        and abs(one.right - other.right) < _AT_EDGE_PT
        and one.letters > 0
        and sum(1 for _ in _gaps(other)) > 1
    )

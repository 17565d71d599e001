"""Whether the tags of a page can tell how it is read: what they leave out may not be a part of the lines that they own."""

from chalicelib.engines.word.draft.draft import PageDraft
from chalicelib.engines.word.draft.line import Line
from chalicelib.engines.word.understand.rows import rows_of

_TORN, _FEWEST = 0.2, 4
"""Share of the rows, and their number, of which tags may own one part and leave out another: a page number, a side note."""


def is_readable(page: PageDraft) -> bool:
    """Whether rows are owned whole, but for a few: else (as where lines are numbered) the page is read by its geometry."""
    rows = rows_of(page.lines)
    torn = sum(len({_is_owned(line) for line in row.lines if line.text.strip()}) > 1 for row in rows)
    return torn < _FEWEST or torn < _TORN * len(rows)


def _is_owned(line: Line) -> bool:
    return any(piece.element is not None for piece in line.pieces if piece.text.strip())

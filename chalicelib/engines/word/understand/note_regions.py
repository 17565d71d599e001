"""Where notes stand at the foot of a page: in each column below a short line, else the last lines that are small."""

from collections.abc import Callable, Sequence

from chalicelib.engines.tagged.tree import TagTree
from chalicelib.engines.word.draft.draft import PageDraft
from chalicelib.engines.word.draft.line import Line
from chalicelib.engines.word.understand.in_table import is_in_table
from chalicelib.engines.word.understand.rows import Row, rows_of

_SHORTEST_RULE, _LONGEST_RULE = 0.05, 0.5
"""Length of the line over footnotes, in units of the page's width: Word's and LibreOffice's are 2 and 1.67 inches."""

_SMALLER = 0.96
"""Without a line over them notes are smaller than the text by this at least."""

_ONE_COLUMN = 2.0
"""Lines that no wider gap parts stand in one column, in units of their size; a mark may stand further from its note."""

_MARK_LETTERS, _MARK_GAP = 4, 6.0

Begins = Callable[[Sequence[Row]], list[int]]
"""Which of these rows begin a note: with a mark that stands in the text of the page, outside of them."""


def note_regions(page: PageDraft, tags: TagTree, begins: Begins) -> list[list[Row]]:
    """The rows of the notes of each column of a page; takes the line over them out of the rules that border something."""
    lines = [line for line in page.lines if not is_in_table(line, page, tags)]
    found: list[list[Row]] = []
    for at, rule in enumerate(page.page.rules):
        length = rule.x1 - rule.x0
        short = _SHORTEST_RULE * page.page.width <= length <= _LONGEST_RULE * page.page.width
        if not rule.horizontal or not short or at in page.taken_rules:
            continue
        above = rows_of(line for line in lines if line.baseline <= rule.y0)
        for column in _columns([line for line in lines if line.baseline > rule.y0]):
            rows = rows_of(column)
            beside = min(line.left for line in column) < rule.x1 and max(line.right for line in column) > rule.x0
            if beside and above and _is_small(rows, above) and begins(rows):
                page.taken_rules |= _touching(page, rule.y0)
                found.append(rows)
                lines = [line for line in lines if line not in column]
    return found or _small_rows(lines, begins)


def _columns(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines by the columns in which they stand, from left to right."""
    columns: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: one.left):
        last = columns[-1] if columns else None
        if last is not None and any(_is_beside(one, line) for one in last):
            last.append(line)
        else:
            columns.append([line])
    return columns


def _is_beside(one: Line, line: Line) -> bool:
    allowed = _MARK_GAP if one.letters <= _MARK_LETTERS else _ONE_COLUMN
    return line.left - one.right < allowed * line.size


def _touching(page: PageDraft, y: float) -> set[int]:
    return {at for at, rule in enumerate(page.page.rules) if abs(rule.y0 - y) < 1.5 and abs(rule.y1 - y) < 1.5}


def _is_small(below: Sequence[Row], above: Sequence[Row]) -> bool:
    return max(row.size for row in below) <= 1.01 * _usual(above)


def _usual(rows: Sequence[Row]) -> float:
    sizes = sorted(row.size for row in rows)
    return sizes[len(sizes) // 2]


def _small_rows(lines: Sequence[Line], begins: Begins) -> list[list[Row]]:
    """The last rows of each column, from the first that begins with a mark of the text."""
    rows = rows_of(lines)
    if len(rows) < 3:
        return []
    most = _SMALLER * _usual(rows)
    small: list[Line] = []
    larger: list[Line] = []
    for line in sorted(lines, key=lambda one: -one.baseline):
        below = (one for one in larger if one.left < line.right and one.right > line.left)
        (small if line.size <= most and not any(below) else larger).append(line)
    found = []
    for column in _columns(small):
        own = rows_of(column)
        first = next(iter(begins(own)), None)
        if first is not None and (first or len(column) < len(lines)):
            found.append(own[first:])
    return found

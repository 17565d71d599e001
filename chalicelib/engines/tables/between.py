"""What stands between the rows of a grid: lines, shades, gaps, and text that runs on from one to the next."""

from collections.abc import Sequence

from chalicelib.engines.tables.grid import Grid, is_numeric, phrases
from chalicelib.engines.tables.rules import Rules
from chalicelib.engines.tables.text import Word, text_of, visual_lines


def parted(grid: Grid, rules: Rules, row: int) -> float:
    """The share of the width along which a line or shade parts ``row`` from the one above."""
    above, below = _gap(grid, row)
    x0, _, x1, _ = grid.box()
    return max(rules.between(above, below, x0, x1), rules.shaded_between(above, below, x0, x1))


def has_any_line(grid: Grid, rules: Rules, row: int) -> bool:
    """Whether any line, as under the head of a group, runs between ``row`` and the one above."""
    above, below = _gap(grid, row)
    x0, _, x1, _ = grid.box()
    return any(above <= rule.at <= below and rule.hi > x0 and rule.lo < x1 for rule in rules.horizontal)


def _gap(grid: Grid, row: int) -> tuple[float, float]:
    """From the last baseline above to the first top of letters below the boundary over ``row``."""
    upper, lower = grid.row_words()[row - 1 : row + 1]
    above = max((word.baseline for word in upper), default=grid.ys[row])
    below = min((word.baseline - 0.6 * word.size for word in lower), default=grid.ys[row])
    low, high = sorted((above, below))
    return low - 1, high + 1


def lead(upper: Sequence[Word], lower: Sequence[Word]) -> float:
    """From the last baseline of ``upper`` to the first of ``lower``, in units of the size."""
    floor = max(word.baseline for word in upper)
    top = min(lower, key=lambda word: word.baseline)
    return (top.baseline - floor) / max(1.0, top.size)


def columns_of(grid: Grid, words: Sequence[Word]) -> set[int]:
    """The columns in which ``words`` stand."""
    return {grid.slot(word)[1] for word in words}


def numeric_columns(grid: Grid, line: Sequence[Word]) -> set[int]:
    """The columns in which ``line`` holds a number."""
    columns: dict[int, list[Word]] = {}
    for word in line:
        columns.setdefault(grid.slot(word)[1], []).append(word)
    return {column for column, words in columns.items() if is_numeric(text_of(words))}


def crosses(grid: Grid, words: Sequence[Word]) -> bool:
    """Whether a phrase of ``words`` runs across the boundary of two columns."""
    inner = grid.xs[1:-1]
    return any(phrase.x0 < x < phrase.x1 for line in phrases(words) for phrase in line for x in inner)


def overflows(grid: Grid, column: int, above: Sequence[Word], below: Sequence[Word]) -> bool:
    """Whether the first word of ``below`` had no place left in the line above: that was wrapped, not ended.

    Both are words of ``column``; how far its lines reach is seen from all of them.
    """
    if not above or not below:
        return False
    last, first = visual_lines(above)[-1], visual_lines(below)[0]
    edge = max(word.x1 for word in grid.words if word.upright and grid.slot(word)[1] == column)
    indent = first[0].x0 - last[0].x0
    same = last[0].bold == first[0].bold and -1 <= indent <= 2 * first[0].size
    return same and last[-1].x1 + 1.2 * last[-1].blank + first[0].x1 - first[0].x0 > edge

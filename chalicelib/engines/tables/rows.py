"""Rows by the evidence of text and lines: records parted, boundaries moved off words, wrapped lines joined."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from chalicelib.engines.tables.between import (
    columns_of,
    crosses,
    has_any_line,
    lead,
    numeric_columns,
    overflows,
    parted,
)
from chalicelib.engines.tables.grid import Grid
from chalicelib.engines.tables.heads import header_depth
from chalicelib.engines.tables.rules import Rule, Rules
from chalicelib.engines.tables.text import Word, visual_lines

_TIGHT = 1.36
"""Lines of one paragraph are up to this many sizes apart; 1.2 is usual."""
_CLOSER = 0.85
"""Lines of one cell stand closer than rows do: at most by this factor."""
_BLANK_LINE = 1.7
"""From this lead on, in units of the size, a blank line parts what stands above and below."""
_WHOLE = 0.9
_PARTLY = 0.3
_NEAR = 8.0
_BOX_LINES = 3
"""A box with a head has so many lines across; with more of them, lines part the rows."""


def fit_rows(grid: Grid, rules: Rules) -> None:
    """Mend the rows of ``grid`` in place and find out how many head it."""
    if grid.ruled:
        _part_stepped(grid, rules)
        _part_suggested(grid)
        _part_records(grid)
    else:
        _part_records(grid)
        drawn = [rule for rule in rules.horizontal + rules.shades if rule.cover(grid.xs[0], grid.xs[-1]) > _WHOLE]
        _take_drawn(grid, drawn)
        _snap(grid, drawn)
    _drop_empty(grid)
    if not grid.ruled:
        _join_staggered(grid, rules)
    grid.header_rows = header_depth(grid, rules)
    _join_header_lines(grid, rules)
    _join_continued(grid, rules)


def _part_stepped(grid: Grid, rules: Rules) -> None:
    """Cut a ruled row at the height where several of its vertical lines begin or end: below the heads of groups."""
    inner = [rule for rule in rules.vertical if grid.xs[0] + 3 < rule.at < grid.xs[-1] - 3]
    ends = sorted(end for rule in inner for end in (rule.lo, rule.hi))
    for low, high in pairwise(ends):
        row = next((at for at in range(grid.rows) if grid.ys[at] + 4 < low and high < grid.ys[at + 1] - 4), None)
        if row is None or high - low > 1.5:
            continue
        words = grid.row_words()[row]
        if any(word.baseline < low for word in words) and any(word.center[1] > high for word in words):
            grid.cut_row(row, [(low + high) / 2])


def _part_suggested(grid: Grid) -> None:
    """Cut a ruled row where the model sees rows in it, if a blank line parts them or a new record begins."""
    for row in range(grid.rows - 1, -1, -1):
        words = [word for word in grid.row_words()[row] if word.upright]
        pairs = []
        for y in (y for y in grid.seen_ys if grid.ys[row] + 3 < y < grid.ys[row + 1] - 3):
            above = [word for word in words if word.center[1] < y]
            below = [word for word in words if word.center[1] >= y]
            if above and below and (lead(above, below) > _BLANK_LINE or _begins_record(grid, above, below)):
                pairs.append((above, below))
        if not _more_begin_so(grid, words, pairs):
            grid.cut_row(row, [_between(above, below) for above, below in pairs])


def _more_begin_so(grid: Grid, words: Sequence[Word], pairs: Sequence[tuple[list[Word], list[Word]]]) -> bool:
    """Whether lines that the model leaves in one row begin like those at which it cuts: then none is a record."""
    if any(lead(above, below) > _BLANK_LINE for above, below in pairs):
        return False
    heads = {id(word) for _, below in pairs for word in visual_lines(below)[0]}
    lines = visual_lines(words)
    return any(id(after[0]) not in heads and _begins_record(grid, before, after) for before, after in pairwise(lines))


def _begins_record(grid: Grid, above: Sequence[Word], below: Sequence[Word]) -> bool:
    """Whether the first line of ``below`` fills several columns, the first too, and is not all wrapped text."""
    first = visual_lines(below)[0]
    columns = columns_of(grid, first)
    if len(columns) < 2 or 0 not in columns:
        return False
    ended = [
        column
        for column in columns
        if (upper := [word for word in above if grid.slot(word)[1] == column])
        and not overflows(grid, column, upper, [word for word in first if grid.slot(word)[1] == column])
    ]
    return 2 * len(ended) > len(columns)


def _between(above: Sequence[Word], below: Sequence[Word]) -> float:
    """Halfway between the lowest letters above and the highest below."""
    return (max(word.baseline for word in above) + min(word.baseline - 0.7 * word.size for word in below)) / 2


def _part_records(grid: Grid) -> None:
    """Cut a row in which numbers stand under numbers, or whole lines under whole lines: text wraps otherwise."""
    row = 0
    while row < grid.rows:
        row += grid.cut_row(row, _record_cuts(grid, [word for word in grid.row_words()[row] if word.upright]))


def _record_cuts(grid: Grid, words: Sequence[Word]) -> list[float]:
    lines = visual_lines(words)
    filled = [numeric_columns(grid, line) for line in lines]
    whole = [columns_of(grid, line) for line in lines]
    alike = _is_open(grid) and all(columns == whole[0] for columns in whole)
    if len(lines) > 2 and len(whole[0]) > 1 and (alike or _are_rows_in_a_box(grid, lines, whole)):
        filled = whole
    records = [at for at, columns in enumerate(filled) if columns]
    return [
        _between(lines[after - 1], lines[after])
        for before, after in pairwise(records)
        if filled[before] & filled[after]
    ]


def _is_open(grid: Grid) -> bool:
    """Whether no lines part the rows of the body: where they do, text does not."""
    return not grid.ruled or len(grid.ruled_ys) <= _BOX_LINES


def _are_rows_in_a_box(grid: Grid, lines: Sequence[Sequence[Word]], whole: Sequence[set[int]]) -> bool:
    """Whether lines in one drawn cell are rows: no line parts rows in the whole body, and no text ran out of place."""
    if not grid.ruled or not _is_open(grid) or any(len(columns) < 2 or 0 not in columns for columns in whole):
        return False
    return not any(
        overflows(grid, column, _of(grid, column, upper), _of(grid, column, lower))
        and (_is_mid_sentence(grid, column, lower) or column != 0)
        for upper, lower in pairwise(lines)
        for column in columns_of(grid, upper) & columns_of(grid, lower)
        if _fills(grid, column, upper)
    )


def _of(grid: Grid, column: int, words: Sequence[Word]) -> list[Word]:
    return [word for word in words if grid.slot(word)[1] == column]


def _fills(grid: Grid, column: int, words: Sequence[Word]) -> bool:
    """Whether a line reaches near the end of its drawn column: only there does text wrap."""
    end = max(word.x1 for word in _of(grid, column, words))
    return end > grid.xs[column + 1] - 0.15 * (grid.xs[column + 1] - grid.xs[column])


def _take_drawn(grid: Grid, drawn: Sequence[Rule]) -> None:
    """Where a line or the edge of a shade runs all across between two lines of text, rows part there."""
    for y in sorted({rule.at for rule in drawn if grid.ys[0] + 4 < rule.at < grid.ys[-1] - 4}):
        row = sum(own <= y for own in grid.ys) - 1
        near = min((row, row + 1), key=lambda at: abs(grid.ys[at] - y))
        if 0 < near < grid.rows and abs(grid.ys[near] - y) < _NEAR:
            grid.ys[near] = y
        elif grid.row_words()[row]:
            grid.ys.insert(row + 1, y)


def _snap(grid: Grid, drawn: Sequence[Rule]) -> None:
    """Move each boundary to where it cuts the fewest words, the nearest such place; drawn ones stay."""
    fixed = {rule.at for rule in drawn}
    letters = [
        (word.y0, word.y1, word.baseline - 0.55 * word.size, word.baseline) for word in grid.words if word.upright
    ]
    for at in range(1, grid.rows):
        origin = grid.ys[at]
        if origin in fixed:
            continue
        low, high = (grid.ys[at - 1] + origin) / 2, (origin + grid.ys[at + 1]) / 2
        near = [(top, floor) for y0, y1, top, floor in letters if y1 > low and y0 < high]
        places = [y for top, floor in near for y in (top - 0.5, floor + 0.5) if low < y < high]
        costs = {y: (sum(top < y < floor for top, floor in near), abs(y - origin)) for y in [origin, *places]}
        grid.ys[at] = min(costs, key=lambda y: costs[y])


def _drop_empty(grid: Grid) -> None:
    """Drop rows without text; inside a ruled table they are rows all the same."""
    row = 0
    while row < grid.rows and grid.rows > 1:
        if grid.row_words()[row] or (grid.ruled and 0 < row < grid.rows - 1):
            row += 1
        else:
            del grid.ys[row if row == grid.rows - 1 else row + 1]


def _join_staggered(grid: Grid, rules: Rules) -> None:
    """Join rows whose lines overlap in height: a label set at the middle of a cell of two lines."""
    row = 1
    while row < grid.rows:
        upper, lower = grid.row_words()[row - 1 : row + 1]
        if upper and lower and lead(upper, lower) < 0.7 and parted(grid, rules, row) < _PARTLY:
            del grid.ys[row]
        else:
            row += 1


def _join_header_lines(grid: Grid, rules: Rules) -> None:
    """Join lines of wrapped column heads; a head over several columns and its parts stay apart."""
    row = 1
    while row < grid.header_rows:
        if _is_wrapped_head(grid, rules, row):
            del grid.ys[row]
            grid.header_rows -= 1
        else:
            row += 1


def _is_wrapped_head(grid: Grid, rules: Rules, row: int) -> bool:
    upper, lower = grid.row_words()[row - 1 : row + 1]
    if not upper or not lower or lead(upper, lower) > _TIGHT:
        return False
    if has_any_line(grid, rules, row) or crosses(grid, upper):
        return False
    above, below = columns_of(grid, upper), columns_of(grid, lower)
    return above <= below or below <= above


def _join_continued(grid: Grid, rules: Rules) -> None:
    """Join a row to the one above when it only goes on with its text."""
    leads = [lead(upper, lower) for upper, lower in pairwise(grid.row_words()) if upper and lower]
    if len(leads) < 2:
        return
    usual = median(leads)
    row = grid.header_rows + 1
    while row < grid.rows:
        if _continues(grid, rules, row, usual):
            del grid.ys[row]
        else:
            row += 1


def _continues(grid: Grid, rules: Rules, row: int, usual: float) -> bool:
    """Whether ``row`` only adds to the cells above: it stands closer than rows do, or their text ran out of place."""
    upper, lower = grid.row_words()[row - 1 : row + 1]
    if not upper or not lower or (gap := lead(upper, lower)) > _TIGHT:
        return False
    above, below = columns_of(grid, upper), columns_of(grid, lower)
    if parted(grid, rules, row) > _PARTLY or numeric_columns(grid, lower) & above:
        return False
    if below < above and gap <= _CLOSER * usual:
        return True
    if below <= above:
        runs = all(_runs_on(grid, column, upper, lower) for column in below)
        return runs and (below < above or _is_closer(grid, gap, usual, below, lower))
    return above < below and all(
        _runs_on(grid, column, upper, lower) and _is_mid_sentence(grid, column, lower) for column in above
    )


def _is_closer(grid: Grid, gap: float, usual: float, columns: set[int], lower: Sequence[Word]) -> bool:
    """Lines that fill the same columns at the pitch of all others are rows; text seldom wraps in all cells alike."""
    if len(columns) < 2 or gap <= _CLOSER * usual:
        return True
    return any(_is_mid_sentence(grid, column, lower) for column in columns)


def _runs_on(grid: Grid, column: int, upper: Sequence[Word], lower: Sequence[Word]) -> bool:
    above, below = ([w for w in words if w.upright and grid.slot(w)[1] == column] for words in (upper, lower))
    return overflows(grid, column, above, below)


def _is_mid_sentence(grid: Grid, column: int, row: Sequence[Word]) -> bool:
    """Whether a cell begins with a small letter: what stands above in its column belongs to it."""
    words = [word for word in row if grid.slot(word)[1] == column]
    return bool(words) and visual_lines(words)[0][0].text[:1].islower()

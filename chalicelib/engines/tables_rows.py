"""Rows by the evidence of the text: records parted, wrapped lines joined, captions and notes set apart."""

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from chalicelib.engines.tables_grid import Grid, is_numeric, is_year, phrases
from chalicelib.engines.tables_rules import Rules
from chalicelib.engines.tables_text import Word, text_of, visual_lines

_TIGHT = 1.36
"""Lines of one paragraph are up to this many sizes apart; 1.2 is usual."""
_CLOSER = 0.85
"""Lines of one cell stand closer than rows do: at most by this factor."""
_DEEPEST_HEADER = 6
_NOTE = re.compile(r"(?:sources?|notes?|quelle|anmerkung(?:en)?|fuente|nota|see notes)\b|[*†‡]|\(?[a-z1-9][).] ", re.IGNORECASE)


_CAPTION = re.compile(
    r"(?:table|exhibit|figure|fig|chart|box|schedule|tab|tabelle|abbildung|abb|tableau|figura|tabla|cuadro|tabela|quadro|tabella)"
    r"\.? *(?:[A-Z]{0,3}[-.]?\d|[IVX]+\b|[A-Z]\b)",
    re.IGNORECASE,
)


def fit_rows(grid: Grid, rules: Rules) -> None:
    """Mend the rows of ``grid`` in place."""
    if grid.ruled:
        _part_stepped(grid, rules)
    _part_records(grid)
    if not grid.ruled:
        _take_drawn(grid, rules)
        _snap(grid, rules)
    _drop_empty(grid, rules)
    _join_staggered(grid, rules)
    grid.header_rows = header_depth(grid, rules)
    _join_header_lines(grid, rules)
    _join_continued(grid, rules)


def header_depth(grid: Grid, rules: Rules) -> int:
    """How many leading rows head the columns: those above the first full rule, else those above the first numbers.

    A row of heads that each stand over several columns needs the next row as well.
    """
    texts = grid.texts()
    numeric = [_numbers(texts, row, grid.columns) for row in range(grid.rows)]
    first = next((row for row, count in enumerate(numeric) if count), grid.rows)
    limit = min(_DEEPEST_HEADER, grid.rows - 1)
    full = (row for row in range(1, min(limit, first) + 1) if _ruled(grid, rules, row) >= 0.85)
    depth = next(full, first if first <= limit else min(1, limit))
    while 0 < depth < min(first, limit) and _heads_groups(grid, depth - 1):
        depth += 1
    return depth


def _heads_groups(grid: Grid, row: int) -> bool:
    """Whether a cell of ``row`` stands over several columns."""
    y = (grid.ys[row] + grid.ys[row + 1]) / 2
    drawn = [box for box in grid.drawn if box[1] < y < box[3]]
    over = any(sum(box[0] < x < box[2] for x in grid.xs[1:-1]) > 0 for box in drawn)
    return over or _crosses(grid, grid.row_words()[row])


def _numbers(texts: dict[tuple[int, int], str], row: int, columns: int) -> int:
    found = [texts[row, column] for column in range(1, columns) if texts.get((row, column), "").strip()]
    count = sum(is_numeric(text) and not is_year(text) for text in found)
    return count if 2 * count >= len(found) else 0


def _ruled(grid: Grid, rules: Rules, row: int) -> float:
    """The share of the width along which a line or shade parts ``row`` from the one above."""
    above, below = _gap(grid, row)
    x0, _, x1, _ = grid.box()
    return max(rules.between(above, below, x0, x1), rules.shaded_between(above, below, x0, x1))


def _gap(grid: Grid, row: int) -> tuple[float, float]:
    """From the last baseline above to the first caps height below the boundary over ``row``."""
    words = grid.row_words()
    above = [word.baseline for word in words[row - 1]] or [grid.ys[row]]
    below = [word.baseline - 0.6 * word.size for word in words[row]] or [grid.ys[row]]
    low, high = sorted((max(above), min(below)))
    return low - 1, high + 1


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
            grid.ys.insert(row + 1, (low + high) / 2)


def _part_records(grid: Grid) -> None:
    """Cut a row in which numbers stand under numbers, or whole lines under whole lines: text wraps otherwise."""
    row = 0
    while row < grid.rows:
        words = [word for word in grid.row_words()[row] if word.upright]
        cuts = _record_cuts(grid, words)
        grid.ys[row + 1 : row + 1] = cuts
        row += 1 + len(cuts)


def _record_cuts(grid: Grid, words: Sequence[Word]) -> list[float]:
    lines = visual_lines(words)
    filled = [_numeric_columns(grid, line) for line in lines]
    whole = [{grid.slot(word)[1] for word in line} for line in lines]
    if len(lines) > 2 and len(whole[0]) > 1 and all(columns == whole[0] for columns in whole):
        filled = whole
    records = [at for at, columns in enumerate(filled) if columns]
    cuts = []
    for before, after in pairwise(records):
        if filled[before] & filled[after]:
            upper = lines[after - 1] if after - before > 1 else lines[before]
            cuts.append((max(w.baseline for w in upper) + min(w.baseline - 0.7 * w.size for w in lines[after])) / 2)
    return cuts


def _numeric_columns(grid: Grid, line: Sequence[Word]) -> set[int]:
    columns: dict[int, list[Word]] = {}
    for word in line:
        columns.setdefault(grid.slot(word)[1], []).append(word)
    return {column for column, words in columns.items() if is_numeric(text_of(words))}


def _take_drawn(grid: Grid, rules: Rules) -> None:
    """Where a line or the edge of a shade runs all across between two lines of text, rows part there."""
    x0, top, x1, floor = grid.box()
    for at in sorted({rule.at for rule in rules.horizontal + rules.shades if rule.cover(x0, x1) > 0.9}):
        if not top + 4 < at < floor - 4:
            continue
        row = sum(y <= at for y in grid.ys) - 1
        near = min((row, row + 1), key=lambda one: abs(grid.ys[one] - at))
        if 0 < near < grid.rows and abs(grid.ys[near] - at) < 8:
            grid.ys[near] = at
        elif grid.row_words()[row]:
            grid.ys.insert(row + 1, at)


def _snap(grid: Grid, rules: Rules) -> None:
    """Move each boundary to where it cuts the fewest words, the nearest such place; drawn ones stay."""
    for at in range(1, grid.rows):
        if _is_drawn(grid, rules, grid.ys[at]):
            continue
        low = (grid.ys[at - 1] + grid.ys[at]) / 2
        high = (grid.ys[at] + grid.ys[at + 1]) / 2
        near = [(w.baseline - 0.55 * w.size, w.baseline) for w in grid.words if w.upright and w.y1 > low and w.y0 < high]
        origin = grid.ys[at]
        places = [origin, *(y for lo, hi in near for y in (lo - 0.5, hi + 0.5) if low < y < high)]
        grid.ys[at] = min(places, key=lambda y: (sum(lo < y < hi for lo, hi in near), abs(y - origin)))


def _is_drawn(grid: Grid, rules: Rules, y: float) -> bool:
    x0, _, x1, _ = grid.box()
    return any(abs(rule.at - y) < 0.1 and rule.cover(x0, x1) > 0.9 for rule in rules.horizontal + rules.shades)


def _drop_empty(grid: Grid, rules: Rules) -> None:
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
        if not grid.ruled and _overlap(upper, lower) and _ruled(grid, rules, row) < 0.3:
            del grid.ys[row]
        else:
            row += 1


def _overlap(upper: Sequence[Word], lower: Sequence[Word]) -> bool:
    if not upper or not lower:
        return False
    floor = max(upper, key=lambda word: word.baseline)
    top = min(lower, key=lambda word: word.baseline)
    return top.baseline - floor.baseline < 0.7 * min(top.size, floor.size)


def _lead(upper: Sequence[Word], lower: Sequence[Word]) -> float:
    """From the last baseline of ``upper`` to the first of ``lower``, in units of the size."""
    floor = max(upper, key=lambda word: word.baseline)
    top = min(lower, key=lambda word: word.baseline)
    return (top.baseline - floor.baseline) / max(1.0, top.size)


def _join_continued(grid: Grid, rules: Rules) -> None:
    """Join a row to the one above when it only goes on with its text: closer than rows are, and nothing new."""
    rows = grid.row_words()
    leads = [_lead(a, b) for a, b in zip(rows, rows[1:], strict=False) if a and b]
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
    upper, lower = grid.row_words()[row - 1 : row + 1]
    if not upper or not lower:
        return False
    lead = _lead(upper, lower)
    if lead > _TIGHT or _ruled(grid, rules, row) > 0.3 or _numeric_columns(grid, lower):
        return False
    above = {grid.slot(word)[1] for word in upper}
    below = {grid.slot(word)[1] for word in lower}
    if lead <= _CLOSER * usual and below < above:
        return True
    if below <= above:
        return all(_overflows(grid, row, column) for column in below)
    return above < below and all(_overflows(grid, row, column) and _goes_on(grid, row, column) for column in above)


def _goes_on(grid: Grid, row: int, column: int) -> bool:
    """Whether a cell begins in the middle of a sentence: what stands above in its column belongs to it."""
    words = [word for word in grid.row_words()[row] if grid.slot(word)[1] == column]
    return bool(words) and visual_lines(words)[0][0].text[:1].islower()


def _overflows(grid: Grid, row: int, column: int) -> bool:
    """Whether the first word of a cell had no place left in the line above: that line was wrapped, not ended."""
    inside = [word for word in grid.words if word.upright and grid.slot(word)[1] == column]
    above = [word for word in inside if grid.slot(word)[0] == row - 1]
    below = [word for word in inside if grid.slot(word)[0] == row]
    if not above or not below:
        return False
    last, first = visual_lines(above)[-1], visual_lines(below)[0]
    edge = max(word.x1 for word in inside)
    indent = first[0].x0 - last[0].x0
    same = last[0].bold == first[0].bold and -1 <= indent <= 2 * first[0].size
    return same and last[-1].x1 + 1.2 * last[-1].blank + first[0].x1 - first[0].x0 > edge


def _join_header_lines(grid: Grid, rules: Rules) -> None:
    """Join lines of wrapped column heads; a head over several columns and its parts stay apart."""
    row = 1
    while row < grid.header_rows:
        if _wraps(grid, rules, row):
            del grid.ys[row]
            grid.header_rows -= 1
        else:
            row += 1


def _wraps(grid: Grid, rules: Rules, row: int) -> bool:
    upper, lower = grid.row_words()[row - 1 : row + 1]
    if not upper or not lower or _lead(upper, lower) > _TIGHT:
        return False
    if _ruled_parts(grid, rules, row) or _crosses(grid, upper):
        return False
    below = {grid.slot(word)[1] for word in lower}
    above = {grid.slot(word)[1] for word in upper}
    return above <= below or below <= above


def _ruled_parts(grid: Grid, rules: Rules, row: int) -> bool:
    """Whether any line, as under the head of a group, runs between ``row`` and the one above."""
    above, below = _gap(grid, row)
    x0, _, x1, _ = grid.box()
    return any(above <= rule.at <= below and rule.hi > x0 and rule.lo < x1 for rule in rules.horizontal)


def _crosses(grid: Grid, words: Sequence[Word]) -> bool:
    return any(
        phrase.x0 < x < phrase.x1 for line in phrases(words) for phrase in line for x in grid.xs[1:-1]
    )


def set_apart(grid: Grid) -> tuple[list[list[Word]], list[list[Word]]]:
    """Take caption rows off the top and notes off the bottom of ``grid``: text that runs across the columns."""
    captions, notes = [], []
    while grid.rows > 2 and _is_caption(grid):
        captions.append(_take(grid, 0))
    while grid.rows > 2 and _is_note(grid):
        notes.append(_take(grid, grid.rows - 1))
    return captions, notes[::-1]


def _is_caption(grid: Grid) -> bool:
    words = grid.row_words()[0]
    if _is_titled(words):
        return True
    if grid.ruled or not _runs_across(grid, words):
        return False
    left, right = min(word.x0 for word in words), max(word.x1 for word in words)
    width = grid.xs[-1] - grid.xs[0]
    middle = abs((left + right) - (grid.xs[0] + grid.xs[-1])) / 2
    return right - left > 0.6 * width or (grid.columns > 3 and middle < 0.03 * width)


def _is_note(grid: Grid) -> bool:
    words = grid.row_words()[-1]
    if _is_titled(words):
        return True
    if _NOTE.match(text_of(words)):
        return _crosses(grid, words) and not _numeric_columns(grid, words)
    return _runs_across(grid, words) and len(visual_lines(words)) > 1


def _is_titled(words: Sequence[Word]) -> bool:
    """Whether a row begins as captions do, "Table 3", and holds no data."""
    if not words or not _CAPTION.match(text_of(words)):
        return False
    parts = ["".join(word.text for word in one.words) for line in phrases(words) for one in line]
    return len(" ".join(parts)) > 12 and not any(is_numeric(part) for part in parts)


def _runs_across(grid: Grid, words: Sequence[Word]) -> bool:
    """Whether a row is nothing but one text, which takes no notice of the columns."""
    lines = phrases(words)
    return bool(lines) and all(len(line) == 1 for line in lines) and _crosses(grid, words)


def _take(grid: Grid, row: int) -> list[Word]:
    words = grid.row_words()[row]
    taken = {id(word) for word in words}
    grid.words = [word for word in grid.words if id(word) not in taken]
    if row == 0:
        del grid.ys[0]
        grid.header_rows = max(0, grid.header_rows - 1)
    else:
        del grid.ys[-1]
    return words

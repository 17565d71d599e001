"""Merged cells by the evidence of text and rules: heads of groups across columns, heads of columns down rows."""

from chalicelib.engines.tables_grid import Grid, Phrase, Span, is_numeric, phrases, spread
from chalicelib.engines.tables_rules import Rules
from chalicelib.engines.tables_text import Word, text_of


def find_spans(grid: Grid, rules: Rules) -> None:
    """Add the merged cells of ``grid`` to its ``spans``."""
    _add_drawn(grid)
    taken = {at for span in grid.spans for at in _slots(span)}
    filled = {grid.slot(word) for word in grid.words}
    profile = [_Alignment.of(grid, column) for column in range(grid.columns)]
    for row, words in enumerate(grid.row_words()):
        for line in phrases(words):
            for phrase in line:
                _span_phrase(grid, row, phrase, line, taken, filled, profile)
    _spread_group_heads(grid, rules, taken)
    _spread_down(grid, rules, taken)


def _add_drawn(grid: Grid) -> None:
    """The merged cells that lines drew; of a ruled row which was cut into records, each has its own."""
    for x0, y0, x1, y1 in grid.drawn:
        columns = [at for at in range(grid.columns) if x0 < (grid.xs[at] + grid.xs[at + 1]) / 2 < x1]
        rows = [at for at in range(grid.rows) if y0 < (grid.ys[at] + grid.ys[at + 1]) / 2 < y1]
        if not rows or not columns:
            continue
        ruled = sum(y0 + 3 < y < y1 - 3 for y in grid.ruled_ys)
        parts = [(rows[0], rows[-1])] if ruled else [(row, row) for row in rows]
        for first, last in parts:
            span = (first, columns[0], last, columns[-1])
            if len(_slots(span)) > 1 and _is_one_cell(grid, span):
                grid.spans.append(span)


def _is_one_cell(grid: Grid, span: Span) -> bool:
    """Whether the text within is one cell's, and not that of several which no line parts."""
    r0, c0, r1, c1 = span
    words = [
        w
        for w in grid.words
        if r0 <= grid.slot(w)[0] <= r1 and c0 <= grid.slot(w)[1] <= c1
    ]
    for x in grid.xs[c0 + 1 : c1 + 1]:
        apart = any(w.x1 <= x + 1 for w in words) and any(w.x0 >= x - 1 for w in words)
        if apart and not any(p.x0 < x - 1 and p.x1 > x + 1 for line in phrases(words) for p in line):
            return False
    return True


def _slots(span: Span) -> set[tuple[int, int]]:
    r0, c0, r1, c1 = span
    return {(row, column) for row in range(r0, r1 + 1) for column in range(c0, c1 + 1)}


class _Alignment:
    """How the cells of a column line up: at their left edge, right edge or middle."""

    def __init__(self, kind: str, at: float) -> None:
        self.kind = kind
        self.at = at

    @classmethod
    def of(cls, grid: Grid, column: int) -> "_Alignment | None":
        cells: dict[int, list[Word]] = {}
        for word in grid.words:
            row, at = grid.slot(word)
            if at == column and row >= grid.header_rows and word.upright and _inside(grid, word, column):
                cells.setdefault(row, []).append(word)
        if len(cells) < 3:
            return None
        edges = {
            "left": [min(w.x0 for w in words) for words in cells.values()],
            "right": [max(w.x1 for w in words) for words in cells.values()],
        }
        edges["middle"] = [(a + b) / 2 for a, b in zip(edges["left"], edges["right"], strict=True)]
        kind = min(edges, key=lambda one: spread(edges[one]))
        values = sorted(edges[kind])
        return cls(kind, values[len(values) // 2])

    def fits(self, words: list[Word]) -> bool:
        left, right = min(w.x0 for w in words), max(w.x1 for w in words)
        value = {"left": left, "right": right, "middle": (left + right) / 2}[self.kind]
        return abs(value - self.at) <= 0.3 * words[0].size


def _inside(grid: Grid, word: Word, column: int) -> bool:
    return word.x0 >= grid.xs[column] - 1 and word.x1 <= grid.xs[column + 1] + 1


def _span_phrase(grid, row, phrase, line, taken, filled, profile) -> None:
    columns = sorted({grid.slot(word)[1] for word in phrase.words})
    first, last = columns[0], columns[-1]
    for word in phrase.words:
        # a word that reaches well into the next column belongs to both
        while last + 1 < grid.columns and word.x1 > grid.xs[last + 1] + 0.25 * (word.x1 - word.x0) + 1:
            last += 1
        while first > 0 and word.x0 < grid.xs[first] - 0.25 * (word.x1 - word.x0) - 1:
            first -= 1
    if first == last:
        return
    slots = {(row, column) for column in range(first, last + 1)}
    if slots & taken:
        return
    others = {grid.slot(word) for word in grid.row_words()[row] if id(word) not in {id(w) for w in phrase.words}}
    if slots & others:
        return
    parts = [text_of([w for w in phrase.words if grid.slot(w)[1] == column]) for column in columns]
    if len(columns) > 1 and all(map(is_numeric, parts)):
        return
    if all(_cell_like(grid, phrase, column, profile[column]) for column in columns) and len(columns) > 1:
        return
    grid.spans.append((row, first, row, last))
    taken |= slots


def _cell_like(grid, phrase, column, alignment) -> bool:
    words = [word for word in phrase.words if grid.slot(word)[1] == column]
    return alignment is not None and alignment.fits(words) and all(_inside(grid, w, column) for w in words)


def _spread_group_heads(grid: Grid, rules: Rules, taken: set) -> None:
    """Merge a head with the empty cells beside it when it stands at the middle of them all, or is underlined so far."""
    filled = {grid.slot(word) for word in grid.words}
    for row in range(grid.header_rows - 1):
        for line in phrases(grid.row_words()[row]):
            if len(line) < 1:
                continue
            for phrase in line:
                span = _group(grid, rules, row, phrase, taken, filled)
                if span:
                    own = next((s for s in grid.spans if s[0] == row and s[1] >= span[1] and s[3] <= span[3]), None)
                    if own:
                        grid.spans.remove(own)
                    grid.spans.append(span)
                    taken |= _slots(span)


def _group(grid, rules, row, phrase, taken, filled):
    columns = [grid.slot(word)[1] for word in phrase.words]
    first, last = min(columns), max(columns)
    own = next((s for s in grid.spans if s[0] <= row <= s[2] and s[1] <= first <= s[3]), None)
    if own:
        if own[2] != row or own[0] != row:
            return None
        first, last = own[1], own[3]

    def free(column):
        return (row, column) not in filled and (row, column) not in taken and (row + 1, column) in filled

    low = first
    while low > 0 and free(low - 1):
        low -= 1
    high = last
    while high < grid.columns - 1 and free(high + 1):
        high += 1
    middle = (phrase.x0 + phrase.x1) / 2
    best = None
    for a in range(low, first + 1):
        for b in range(last, high + 1):
            if a == b:
                continue
            below = [w for w in grid.words if grid.slot(w)[0] == row + 1 and a <= grid.slot(w)[1] <= b]
            if not below or any((row + 1, c) not in filled for c in range(a, b + 1)):
                continue
            x0, x1 = min(w.x0 for w in below), max(w.x1 for w in below)
            off = min(abs(middle - (x0 + x1) / 2), abs(middle - (grid.xs[a] + grid.xs[b + 1]) / 2))
            under = any(
                phrase.words[0].baseline - 1 <= r.at <= min(w.baseline - 0.5 * w.size for w in below)
                and abs(r.lo - x0) < 15 and abs(r.hi - x1) < 15
                for r in rules.horizontal
            )
            score = 0 if under else off
            if under or off <= max(4.0, 0.06 * (x1 - x0)) or (first == last and off <= 0.15 * (x1 - x0)):
                if best is None or score < best[0]:
                    best = (score, a, b)
    if best is None:
        return None
    _, a, b = best
    if (a, b) == (first, last):
        return None
    # not when it is centred at least as well over its own column
    if first == last and best[0] > 0:
        own_words = [w for w in grid.words if grid.slot(w) == (row + 1, first)]
        if own_words:
            m = (min(w.x0 for w in own_words) + max(w.x1 for w in own_words)) / 2
            if min(abs(middle - m), abs(middle - (grid.xs[first] + grid.xs[first + 1]) / 2)) < 0.7 * best[0] - 2:
                return None
    return (row, a, row, b)


def _spread_down(grid: Grid, rules: Rules, taken: set) -> None:
    """Merge a column's only head over all rows of the header."""
    depth = grid.header_rows
    if depth < 2:
        return
    filled = {grid.slot(word) for word in grid.words}
    for column in range(grid.columns):
        rows = [row for row in range(depth) if (row, column) in filled]
        if len(rows) != 1 or any((row, column) in taken for row in range(depth)):
            continue
        if any(
            rules.between(grid.ys[row] - 2, grid.ys[row] + 2, grid.xs[column], grid.xs[column + 1]) > 0.7
            for row in range(1, depth)
        ):
            continue
        grid.spans.append((0, column, depth - 1, column))
        taken |= {(row, column) for row in range(depth)}

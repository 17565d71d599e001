"""Merged cells by the evidence of text and rules: heads of groups across columns, heads of columns down rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from chalicelib.engines.tables.grid import Grid, Phrase, Slot, Span, is_value, phrases, spread
from chalicelib.engines.tables.rules import Rules
from chalicelib.engines.tables.text import Word, text_of

_REACH = 0.25
"""A word belongs to the next column too when this share of it stands there."""
_MOST = 0.6
_UNDERLINE = 15.0
"""The line under the head of a group ends this near to the heads below it, in points."""


def find_spans(grid: Grid, rules: Rules) -> None:
    """Add the merged cells of ``grid`` to its ``spans``."""
    _Merger(grid, rules).run()


def find_groups(grid: Grid, rules: Rules) -> None:
    """Add the merged heads of ``grid`` to its ``spans``, where what tells its cells tells no spans."""
    _Merger(grid, rules).run_heads()


@dataclass(frozen=True, slots=True)
class _Alignment:
    """Where the cells of a column line up."""

    edge: Literal["left", "right", "middle"]
    at: float

    @classmethod
    def of(cls, grid: Grid, column: int) -> "_Alignment | None":
        """The alignment of the cells below the head; ``None`` for fewer than three."""
        cells: dict[int, list[Word]] = {}
        for word in grid.words:
            row, at = grid.slot(word)
            if at == column and row >= grid.header_rows and word.upright and _is_inside(grid, word, column):
                cells.setdefault(row, []).append(word)
        if len(cells) < 3:
            return None
        extents = [_extent(words) for words in cells.values()]
        left, right = [x0 for x0, _ in extents], [x1 for _, x1 in extents]
        middle = [(x0 + x1) / 2 for x0, x1 in extents]
        choices: list[tuple[Literal["left", "right", "middle"], list[float]]]
        choices = [("left", left), ("right", right), ("middle", middle)]
        edge, values = min(choices, key=lambda choice: spread(choice[1]))
        return cls(edge, sorted(values)[len(values) // 2])

    def fits(self, words: Sequence[Word]) -> bool:
        """Whether ``words`` stand where the column's cells do."""
        x0, x1 = _extent(words)
        value = {"left": x0, "right": x1, "middle": (x0 + x1) / 2}[self.edge]
        return abs(value - self.at) <= 0.3 * words[0].size


class _Merger:
    """Collects the spans of one grid; a slot belongs to one at most."""

    def __init__(self, grid: Grid, rules: Rules) -> None:
        self.grid = grid
        self.rules = rules
        self.taken = {slot for span in grid.spans for slot in slots_of(span)}
        self.filled = {grid.slot(word) for word in grid.words}
        self.alignments = [_Alignment.of(grid, column) for column in range(grid.columns)]

    def run(self) -> None:
        for box in self.grid.drawn:
            for span in drawn_spans(self.grid, box):
                self._add(span)
        for row, words in enumerate(self.grid.row_words()):
            for phrase in (phrase for line in phrases(words) for phrase in line):
                self._span_phrase(row, phrase, words)
        self.run_heads()

    def run_heads(self) -> None:
        """Merge heads of groups across the columns, and heads of columns down the rows."""
        for row in range(self.grid.header_rows - 1):
            for phrase in (phrase for line in phrases(self.grid.row_words()[row]) for phrase in line):
                self._span_group(row, phrase)
        if self.grid.header_rows > 1:
            for column in range(self.grid.columns):
                self._span_down(column)

    def _add(self, span: Span) -> None:
        if not self.taken & slots_of(span):
            self.grid.spans.append(span)
            self.taken |= slots_of(span)

    def _span_phrase(self, row: int, phrase: Phrase, words: Sequence[Word]) -> None:
        """Merge the cells that one phrase runs across, unless its parts are the cells of their columns."""
        first, last = self._reach(phrase)
        if first == last or self._is_made_of_cells(phrase) or self._is_ruled_off(row, first, last):
            return
        own = {id(word) for word in phrase.words}
        others = {self.grid.slot(word) for word in words if id(word) not in own}
        span = (row, first, row, last)
        if not slots_of(span) & others:
            self._add(span)

    def _is_ruled_off(self, row: int, first: int, last: int) -> bool:
        """Whether a line is drawn down through ``row`` between the columns: text that crosses it only runs over."""
        top, floor = self.grid.ys[row], self.grid.ys[row + 1]
        inner = self.grid.xs[first + 1 : last + 1]
        return any(
            rule.cover(top + 2, floor - 2) > 0.8 and any(abs(rule.at - x) <= 2 for x in inner)
            for rule in self.rules.vertical
        )

    def _reach(self, phrase: Phrase) -> tuple[int, int]:
        columns = [self.grid.slot(word)[1] for word in phrase.words]
        first, last, xs = min(columns), max(columns), self.grid.xs
        while last + 1 < self.grid.columns and any(
            word.x1 > xs[last + 1] + _REACH * (word.x1 - word.x0) + 1 for word in phrase.words
        ):
            last += 1
        while first > 0 and any(word.x0 < xs[first] - _REACH * (word.x1 - word.x0) - 1 for word in phrase.words):
            first -= 1
        return first, last

    def _is_made_of_cells(self, phrase: Phrase) -> bool:
        parts: dict[int, list[Word]] = {}
        for word in phrase.words:
            parts.setdefault(self.grid.slot(word)[1], []).append(word)
        if len(parts) < 2:
            return False
        if all(is_value(text_of(words)) for words in parts.values()):
            return True
        return all(self._is_cell(column, words) for column, words in parts.items())

    def _is_cell(self, column: int, words: Sequence[Word]) -> bool:
        alignment = self.alignments[column]
        inside = all(_is_inside(self.grid, word, column) for word in words)
        return alignment is not None and inside and alignment.fits(words)

    def _span_group(self, row: int, phrase: Phrase) -> None:
        """Merge a head with the empty cells beside it when it is underlined so far, or stands at their middle."""
        own = self._own_columns(row, phrase)
        if own is None:
            return
        group = self._best_group(row, phrase, *own)
        if group is None or group == own:
            return
        old = (row, own[0], row, own[1])
        if old in self.grid.spans:
            self.grid.spans.remove(old)
            self.taken -= slots_of(old)
        self._add((row, group[0], row, group[1]))

    def _own_columns(self, row: int, phrase: Phrase) -> tuple[int, int] | None:
        """The columns of ``phrase`` with those of its span; ``None`` when that covers several rows."""
        columns = [self.grid.slot(word)[1] for word in phrase.words]
        first, last = min(columns), max(columns)
        for r0, c0, r1, c1 in self.grid.spans:
            if r0 <= row <= r1 and c0 <= first <= c1:
                return (c0, c1) if r0 == r1 else None
        return first, last

    def _best_group(self, row: int, phrase: Phrase, first: int, last: int) -> tuple[int, int] | None:
        low, high = self._free_neighbours(row, first, last)
        middle = (phrase.x0 + phrase.x1) / 2
        found = []
        for group in product(range(low, first + 1), range(last, high + 1)):
            if group[0] < group[1] and (off := self._misfit(row, phrase, group, alone=first == last)) is not None:
                found.append((off, group))
        if not found:
            return None
        off, best = min(found)
        if first == last and off and self._off_middle(row, middle, (first, first)) < 0.7 * off - 2:
            return None
        return best

    def _free_neighbours(self, row: int, first: int, last: int) -> tuple[int, int]:
        """How far empty cells with heads below them reach to both sides."""

        def is_free(column: int) -> bool:
            slot = (row, column)
            return slot not in self.filled and slot not in self.taken and (row + 1, column) in self.filled

        low, high = first, last
        while low > 0 and is_free(low - 1):
            low -= 1
        while high < self.grid.columns - 1 and is_free(high + 1):
            high += 1
        return low, high

    def _misfit(self, row: int, phrase: Phrase, group: tuple[int, int], *, alone: bool) -> float | None:
        """How far ``phrase`` is off the middle of ``group``, 0 if a line under it says so; ``None`` if too far."""
        if any((row + 1, column) not in self.filled for column in range(group[0], group[1] + 1)):
            return None
        below = self._words_below(row, group)
        x0, x1 = _extent(below)
        floor = min(word.baseline - 0.5 * word.size for word in below)
        for rule in self.rules.horizontal:
            ends = abs(rule.lo - x0) < _UNDERLINE and abs(rule.hi - x1) < _UNDERLINE
            if ends and phrase.words[0].baseline - 1 <= rule.at <= floor:
                return 0.0
        off = self._off_middle(row, (phrase.x0 + phrase.x1) / 2, group)
        allowed = max(4.0, (0.15 if alone else 0.06) * (x1 - x0))
        return off if off <= allowed else None

    def _off_middle(self, row: int, middle: float, group: tuple[int, int]) -> float:
        """From ``middle`` to that of the heads below ``group``, or of its columns, whichever is nearer."""
        columns = abs(middle - (self.grid.xs[group[0]] + self.grid.xs[group[1] + 1]) / 2)
        below = self._words_below(row, group)
        return min(columns, abs(middle - sum(_extent(below)) / 2)) if below else columns

    def _words_below(self, row: int, group: tuple[int, int]) -> list[Word]:
        return [
            word
            for word in self.grid.words
            if (slot := self.grid.slot(word))[0] == row + 1 and group[0] <= slot[1] <= group[1]
        ]

    def _span_down(self, column: int) -> None:
        """Merge a column's only head over all rows of the header, unless a line parts them."""
        depth, xs = self.grid.header_rows, self.grid.xs
        filled = [row for row in range(depth) if (row, column) in self.filled]
        parted = any(self.rules.between(y - 2, y + 2, xs[column], xs[column + 1]) > 0.7 for y in self.grid.ys[1:depth])
        if len(filled) == 1 and not parted:
            self._add((0, column, depth - 1, column))


def drawn_spans(grid: Grid, box: tuple[float, float, float, float]) -> list[Span]:
    """What a drawn cell over several slots merges; of a ruled row that was cut into records, each has its own."""
    x0, y0, x1, y1 = box
    columns = [at for at in range(grid.columns) if x0 < (grid.xs[at] + grid.xs[at + 1]) / 2 < x1]
    rows = [at for at in range(grid.rows) if y0 < (grid.ys[at] + grid.ys[at + 1]) / 2 < y1]
    if not rows or not columns:
        return []
    over_ruled_rows = any(y0 + 3 < y < y1 - 3 for y in grid.ruled_ys)
    apart = not over_ruled_rows or _has_rows_of_its_own(grid, rows, columns)
    parts = [(row, row) for row in rows] if apart else [(rows[0], rows[-1])]
    spans = [(first, columns[0], last, columns[-1]) for first, last in parts]
    return [span for span in spans if len(slots_of(span)) > 1 and _is_one_cell(grid, span)]


def _has_rows_of_its_own(grid: Grid, rows: Sequence[int], columns: Sequence[int]) -> bool:
    """Whether the text of a drawn cell fills most of the rows that text alone has parted beside it."""
    parted = [row for row in rows if not any(abs(grid.ys[row + 1] - y) <= 3 for y in grid.ruled_ys)]
    filled = {row for word in grid.words for row, column in [grid.slot(word)] if column in columns}
    return len(parted) > 1 and sum(row in filled for row in parted) >= _MOST * len(parted)


def slots_of(span: Span) -> set[Slot]:
    """Every slot that ``span`` covers."""
    r0, c0, r1, c1 = span
    return set(product(range(r0, r1 + 1), range(c0, c1 + 1)))


def _is_one_cell(grid: Grid, span: Span) -> bool:
    """Whether the text within is one cell's, and not that of several which no line parts."""
    slots = slots_of(span)
    words = [word for word in grid.words if grid.slot(word) in slots]
    whole = [phrase for line in phrases(words) for phrase in line]
    for x in grid.xs[span[1] + 1 : span[3] + 1]:
        apart = any(word.x1 <= x + 1 for word in words) and any(word.x0 >= x - 1 for word in words)
        if apart and not any(phrase.x0 < x - 1 and phrase.x1 > x + 1 for phrase in whole):
            return False
    return True


def _is_inside(grid: Grid, word: Word, column: int) -> bool:
    return word.x0 >= grid.xs[column] - 1 and word.x1 <= grid.xs[column + 1] + 1


def _extent(words: Sequence[Word]) -> tuple[float, float]:
    return min(word.x0 for word in words), max(word.x1 for word in words)

"""A table's grid: where its rows and columns part, which words stand in which cell, which cells are merged."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from chalicelib.engines.tables.cell_dates import looks_like_a_date
from chalicelib.engines.tables.text import Box, Word, text_of, visual_lines

Slot = tuple[int, int]
"""Row and column."""

Span = tuple[int, int, int, int]
"""First row, first column, last row, last column of merged cells."""

PHRASE_GAP = 1.6
"""A gap up to this many blanks is within a phrase; wider ones part cells."""

_NUMERIC = re.compile(r"[-+−–(]?[$€£¥]?[-+−–(]?\d[\d.,'’ ]*[%)]*[*†‡a-e]{0,3}")
_NO_NUMBER = frozenset({"-", "–", "—", "−", "..", "...", ":", "***", "****", "*****"})
"""What stands in the place of a number."""
_YEAR = re.compile(r"(?:19|20)\d\d(?:[-/–]\d\d(?:\d\d)?)?")


@dataclass(slots=True)
class Phrase:
    """Words of one line with blanks between them."""

    words: list[Word]

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return max(word.x1 for word in self.words)


@dataclass(slots=True)
class Grid:
    """Boundaries of columns (``xs``) and rows (``ys``), in points, and the words between them.

    ``ruled`` says whether drawn lines gave them: then ``drawn`` are the cells over several slots, ``ruled_ys`` the
    lines, ``seen_xs`` and ``seen_ys`` what the model suggests besides. ``spans`` holds the merged cells.

    Where tags gave the cells, ``tagged`` is the place of their table in the tree, ``first_row`` the number of its
    first row here, and ``places`` holds the slot of each word by its ``id``.
    """

    xs: list[float]
    ys: list[float]
    words: list[Word]
    ruled: bool = False
    spans: list[Span] = field(default_factory=list)
    header_rows: int = 0
    seen_xs: list[float] = field(default_factory=list)
    seen_ys: list[float] = field(default_factory=list)
    drawn: list[Box] = field(default_factory=list)
    ruled_ys: list[float] = field(default_factory=list)
    places: dict[int, Slot] = field(default_factory=dict)
    tagged: tuple[int, ...] = ()
    first_row: int = 0

    @property
    def rows(self) -> int:
        return len(self.ys) - 1

    @property
    def columns(self) -> int:
        return len(self.xs) - 1

    def slot(self, word: Word) -> Slot:
        """Row and column of the middle of ``word``; a word beyond the edge counts to the outer cell."""
        told = self.places.get(id(word)) if self.places else None
        return told or (_slot(self.ys, (word.y0 + word.y1) / 2), _slot(self.xs, (word.x0 + word.x1) / 2))

    def cells(self) -> dict[tuple[int, int], list[Word]]:
        """The words of each cell that has any; those of merged cells stand at the first."""
        first = {
            (row, column): (r0, c0)
            for r0, c0, r1, c1 in self.spans
            for row in range(r0, r1 + 1)
            for column in range(c0, c1 + 1)
        }
        cells: dict[tuple[int, int], list[Word]] = defaultdict(list)
        for word in self.words:
            at = self.slot(word)
            cells[first.get(at, at)].append(word)
        return dict(cells)

    def texts(self) -> dict[tuple[int, int], str]:
        """The text of each cell that has any."""
        return {at: text_of(words) for at, words in self.cells().items()}

    def row_words(self) -> list[list[Word]]:
        """The words of each row, whatever their columns."""
        rows: list[list[Word]] = [[] for _ in range(self.rows)]
        for word in self.words:
            row = self.slot(word)[0] if self.places else _slot(self.ys, (word.y0 + word.y1) / 2)
            rows[row].append(word)
        return rows

    def cut_row(self, row: int, cuts: Iterable[float]) -> int:
        """Cut ``row`` at those of ``cuts`` that lie inside it, one below the other; the number of rows it is then."""
        inside = [y for y in sorted(set(cuts)) if self.ys[row] + 1 < y < self.ys[row + 1] - 1]
        self.ys[row + 1 : row + 1] = inside
        return len(inside) + 1

    def take_row(self, row: int) -> list[Word]:
        """Take the first or the last row off and return its words."""
        words = self.row_words()[row]
        taken = {id(word) for word in words}
        self.words = [word for word in self.words if id(word) not in taken]
        del self.ys[0 if row == 0 else -1]
        return words

    def box(self) -> Box:
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]


def phrases(words: Iterable[Word]) -> list[list[Phrase]]:
    """Each visual line of ``words`` as its phrases."""
    lines = []
    for line in visual_lines(word for word in words if word.upright):
        parts = [Phrase([line[0]])]
        for word in line[1:]:
            if word.x0 - parts[-1].x1 <= PHRASE_GAP * word.blank:
                parts[-1].words.append(word)
            else:
                parts.append(Phrase([word]))
        lines.append(parts)
    return lines


def bounding(words: Sequence[Word]) -> Box:
    """The box around ``words``, of which there is one at least."""
    return (
        min(word.x0 for word in words),
        min(word.y0 for word in words),
        max(word.x1 for word in words),
        max(word.y1 for word in words),
    )


def is_numeric(text: str) -> bool:
    """Whether a cell holds a number as data: with sign, currency, per cent or footnote mark; dashes count too."""
    text = text.strip()
    return _NUMERIC.fullmatch(text) is not None or text in _NO_NUMBER


def is_value(text: str) -> bool:
    """Whether a cell holds a number or a date: something whole, which no other value joins in one cell."""
    text = text.strip()
    return any(char.isdigit() for char in text) and (is_numeric(text) or looks_like_a_date(text))


def is_year(text: str) -> bool:
    """Whether a cell holds a year or a span of years, which heads columns as often as it is data."""
    return _YEAR.fullmatch(text.strip()) is not None


def spread(values: Sequence[float]) -> float:
    """How far the middle eight tenths of ``values`` lie apart."""
    ordered = sorted(values)
    cut = len(ordered) // 10
    return ordered[-1 - cut] - ordered[cut]


def _slot(bounds: Sequence[float], at: float) -> int:
    return bisect_right(bounds, at, 1, len(bounds) - 1) - 1

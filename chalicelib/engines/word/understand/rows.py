"""Rows: the lines of a page that stand side by side on one baseline."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chalicelib.engines.word.draft.line import Line

_SAME_BASELINE = 0.35
"""Lines whose baselines differ by less, in units of their size, stand side by side."""


@dataclass(slots=True)
class Row:
    """Lines from left to right."""

    lines: list[Line]

    @property
    def text(self) -> str:
        """Its text, with a tab between its lines."""
        return "\t".join(one.text for one in self.lines)

    @property
    def top(self) -> float:
        """Its least y."""
        return min(one.top for one in self.lines)

    @property
    def bottom(self) -> float:
        """Its greatest y."""
        return max(one.bottom for one in self.lines)

    @property
    def baseline(self) -> float:
        """Of its first line."""
        return self.lines[0].baseline

    @property
    def size(self) -> float:
        """Of most of its letters."""
        return max(self.lines, key=lambda one: one.letters).size

    @property
    def left(self) -> float:
        """Its least x."""
        return min(one.left for one in self.lines)

    @property
    def right(self) -> float:
        """Its greatest x."""
        return max(one.right for one in self.lines)


def rows_of(lines: Iterable[Line]) -> list[Row]:
    """The rows of lines, from top to bottom."""
    rows: list[Row] = []
    for line in sorted(lines, key=lambda one: one.baseline):
        last = rows[-1] if rows else None
        if last and abs(line.baseline - last.baseline) < _SAME_BASELINE * min(line.size, last.size):
            last.lines.append(line)
        else:
            rows.append(Row([line]))
    for row in rows:
        row.lines.sort(key=lambda one: one.left)
    return rows


def lines_of(rows: Sequence[Row]) -> list[Line]:
    """The lines of rows, from top to bottom."""
    return [line for row in rows for line in row.lines]

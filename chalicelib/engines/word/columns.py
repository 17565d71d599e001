"""Which parts of a page are set in two columns, so that each column is read to its end before the next begins."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from pdf2docx.common.Collection import Collection
from pdf2docx.layout.Column import Column
from pdf2docx.layout.Section import Section
from pdf2docx.text.Line import Line

Span = tuple[float, float]

_MIDDLE = (0.3, 0.7)
"""Where between the margins a gutter may lie."""

_GUTTER_PT = 6.0
_RULE_PT = 3.0
"""A drawn line not thicker than this may stand in a gutter."""

_FILLED = 0.55
_LETTERS = 14
_LINES = 4
"""A column has this many lines, of which the middle one fills this share of its width and has so many letters; tables and forms do not."""

_APART = 1.5
"""A line that stands alone after a gap of so many of its heights does not belong to the columns above."""


@dataclass
class _Run:
    """Rows, from top to bottom, that leave the same strips of the page free."""

    rows: list[Any] = field(default_factory=list)
    free: list[Span] = field(default_factory=list)


def find_sections(elements: Sequence[Any], box: tuple[float, float, float, float]) -> list[Any]:
    """pdf2docx sections, from top to bottom, for a page's lines and shapes; ``box`` is the page within its margins."""
    x0, y0, x1, _ = box
    page = Collection()
    page.extend(elements)
    parts: list[tuple[float | None, list[Any]]] = []
    for run in _runs(page.group_by_rows(), x0, x1):
        for gutter, rows in _split(run, x0, x1):
            if parts and parts[-1][0] is None and gutter is None:
                parts[-1][1].extend(rows)
            elif rows:
                parts.append((gutter, list(rows)))
    sections, above = [], y0
    for gutter, rows in parts:
        section = _section([one for row in rows for one in row], gutter, x0, x1)
        section.before_space = round(section.bbox[1] - above, 1)
        above = section.bbox[3]
        sections.append(section)
    return sections


def _runs(rows: Sequence[Any], x0: float, x1: float) -> list[_Run]:
    middle = [(x0 + _MIDDLE[0] * (x1 - x0), x0 + _MIDDLE[1] * (x1 - x0))]
    runs: list[_Run] = []
    for row in rows:
        free = _free(row)
        common = _common(runs[-1].free, free) if runs else []
        if common:
            runs[-1].rows.append(row)
            runs[-1].free = common
        else:
            runs.append(_Run([row], _common(middle, free)))
    return runs


def _free(row: Any) -> list[Span]:
    """The strips of the page that nothing in the row stands in."""
    spans = []
    right = float("-inf")
    for one in sorted((one for one in row if not _is_upright_rule(one)), key=lambda one: one.bbox.x0):
        if one.bbox.x0 > right:
            spans.append((right, one.bbox.x0))
        right = max(right, one.bbox.x1)
    return [*spans, (right, float("inf"))]


def _is_upright_rule(element: Any) -> bool:
    return not isinstance(element, Line) and element.bbox.width <= _RULE_PT < element.bbox.height


def _common(first: Sequence[Span], second: Sequence[Span]) -> list[Span]:
    both = [(max(a[0], b[0]), min(a[1], b[1])) for a in first for b in second]
    return [one for one in both if one[1] - one[0] >= _GUTTER_PT]


def _split(run: _Run, x0: float, x1: float) -> list[tuple[float | None, list[Any]]]:
    """The run's rows as parts of one column (gutter None) and of two."""
    for free in sorted(run.free, key=lambda one: one[0] - one[1]):
        gutter = (free[0] + free[1]) / 2
        first, last = _trim(run.rows, gutter)
        body = run.rows[first:last]
        if body and _is_text_in_columns([one for row in body for one in row], gutter, x0, x1):
            return [(None, run.rows[:first]), (gutter, body), (None, run.rows[last:])]
    return [(None, run.rows)]


def _trim(rows: Sequence[Any], gutter: float) -> tuple[int, int]:
    """The range of rows without those at the top and the end that stand apart on one side: titles, page numbers."""
    both = [index for index, row in enumerate(rows) if row.bbox.x0 < gutter < row.bbox.x1]
    if not both:
        return 0, 0
    first, last = both[0], both[-1] + 1
    while first > 0 and not _is_apart(rows[first - 1], rows[first]):
        first -= 1
    while last < len(rows) and not _is_apart(rows[last - 1], rows[last]):
        last += 1
    return first, last


def _is_apart(above: Any, below: Any) -> bool:
    height = min(one.bbox.height for row in (above, below) for one in row)
    return bool(below.bbox.y0 - above.bbox.y1 > _APART * height)


def _is_text_in_columns(elements: Sequence[Any], gutter: float, x0: float, x1: float) -> bool:
    for start, end in ((x0, gutter), (gutter, x1)):
        lines = [one for one in elements if isinstance(one, Line) and start <= _middle(one) < end]
        text = [line for line in lines if not line.image_spans]
        if len(text) < _LINES or median(len(line.text) for line in text) < _LETTERS:
            return False
        if median(line.bbox.width for line in text) < _FILLED * (end - start):
            return False
    return True


def _middle(element: Any) -> float:
    return float(element.bbox.x0 + element.bbox.x1) / 2


def _section(elements: Sequence[Any], gutter: float | None, x0: float, x1: float) -> Any:
    box = Collection(elements).bbox
    edges = [x0, x1] if gutter is None else [x0, gutter, x1]
    columns = []
    for left, right in zip(edges, edges[1:], strict=False):
        inside = [
            one for one in elements if gutter is None or left <= _middle(one) < right or (left, right) == (x0, x1)
        ]
        column = Column().update_bbox((left, box.y0, right, max(one.bbox.y1 for one in inside)))
        column.add_elements(inside)
        columns.append(column)
    return Section(space=0, columns=columns)

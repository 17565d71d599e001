"""The lines that a page draws: where its tables are ruled, shaded, or underlined with dashes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.engines.tables.text import Box, Word, is_rule

_THIN = 3.0
"""A filled rectangle below this thickness, in points, is a line."""
_SHORTEST = 4.0
_SNAP = 1.5
_JOIN = 3.0
_WHITE = 0.95
_SEEN = 0.5


@dataclass(slots=True)
class Rule:
    """A straight line: its position across (``at``) and its extent (``lo`` to ``hi``), in points."""

    at: float
    lo: float
    hi: float

    def cover(self, lo: float, hi: float) -> float:
        """The share of ``lo`` to ``hi`` which this line runs along."""
        return max(0.0, min(hi, self.hi) - max(lo, self.lo)) / max(0.1, hi - lo)


@dataclass(frozen=True, slots=True)
class Fill:
    """An area painted in one colour (RRGGBB), white too."""

    box: Box
    color: str


@dataclass(slots=True)
class Rules:
    """All lines of a page; ``shades`` are the upper and lower edges of shaded bands, ``fills`` areas as painted.

    ``ink`` is the colour that most of its lines have, as RRGGBB.
    """

    horizontal: list[Rule] = field(default_factory=list)
    vertical: list[Rule] = field(default_factory=list)
    shades: list[Rule] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    ink: str = "000000"

    def between(self, y0: float, y1: float, x0: float, x1: float) -> float:
        """The share of ``x0`` to ``x1`` that is ruled anywhere from ``y0`` down to ``y1``."""
        return _covered((rule for rule in self.horizontal if y0 <= rule.at <= y1), x0, x1)

    def shaded_between(self, y0: float, y1: float, x0: float, x1: float) -> float:
        """The share of ``x0`` to ``x1`` along which a shade begins or ends from ``y0`` down to ``y1``."""
        return _covered((rule for rule in self.shades if y0 <= rule.at <= y1), x0, x1)


def page_rules(drawings: Iterable[dict[str, Any]], words: Iterable[Word]) -> Rules:
    """The lines of ``page.get_drawings()`` and those written as ``-----``."""
    rules, white = Rules(), Rules()
    shades: list[Box] = []
    fills: list[Fill] = []
    inks: Counter[str] = Counter()
    for drawing in drawings:
        stroked = drawing["type"] in ("s", "fs") and drawing.get("stroke_opacity") != 0
        filled = drawing["type"] in ("f", "fs") and drawing.get("fill_opacity") != 0
        shaded = filled and not _is_white(drawing.get("fill"))
        pale = (stroked and _is_white(drawing.get("color"))) or (filled and not shaded and not stroked)
        for item in drawing["items"]:
            _add_item(white if pale else rules, item, stroked=stroked, shaded=shaded or pale)
        if filled and not stroked and all(item[0] == "l" for item in drawing["items"]):
            _add_box(white if pale else rules, tuple(drawing["rect"]), stroked=False, shaded=True)
        if shaded:
            shades.append(tuple(drawing["rect"]))
        if filled:
            fills += _fills(drawing)
        if (stroked or shaded) and not pale:
            inks[_hex(drawing["color"] if stroked else drawing["fill"])] += _thin_lines(drawing, stroked=stroked)
    rules.horizontal += [rule for rule in white.horizontal if _lies_on(rule, shades, across=1)]
    rules.vertical += [rule for rule in white.vertical if _lies_on(rule, shades, across=0)]
    for word in words:
        if word.upright and is_rule(word.text) and word.text[0] not in ".·…":
            rules.horizontal.append(Rule(word.baseline - 0.25 * word.size, word.x0, word.x1))
    ink = next((color for color, count in inks.most_common(1) if count), "000000")
    return Rules(_merged(rules.horizontal), _merged(rules.vertical), _merged(rules.shades), fills, ink)


def _fills(drawing: dict[str, Any]) -> Iterator[Fill]:
    """The areas that a drawing paints; one with curves is a picture's."""
    opacity = drawing.get("fill_opacity")
    color = _hex(drawing.get("fill"), 1.0 if opacity is None else opacity)
    kinds = {item[0] for item in drawing["items"]}
    if kinds == {"l"}:
        yield Fill(tuple(drawing["rect"]), color)
    for item in drawing["items"] if kinds <= {"re", "qu"} else ():
        box = tuple(item[1] if item[0] == "re" else item[1].rect)
        if min(box[2] - box[0], box[3] - box[1]) > _THIN:
            yield Fill(box, color)


def _hex(color: Sequence[float] | None, opacity: float = 1.0) -> str:
    """A colour over white paper as RRGGBB."""
    parts = color if color is not None else (1.0, 1.0, 1.0)
    return "".join(f"{round(255 * min(1.0, max(0.0, part * opacity + 1 - opacity))):02X}" for part in parts)


def _thin_lines(drawing: dict[str, Any], *, stroked: bool) -> int:
    boxes = [item[1] for item in drawing["items"] if item[0] == "re"]
    return len(drawing["items"]) if stroked else sum(min(box.width, box.height) <= _THIN for box in boxes)


def _lies_on(rule: Rule, shades: Sequence[Box], across: int) -> bool:
    """Whether at least half of a white line shows, on or along shades; on white paper nobody sees it."""
    along = 1 - across
    near = [
        Rule(rule.at, box[along], box[along + 2])
        for box in shades
        if box[across] - _SNAP <= rule.at <= box[across + 2] + _SNAP and box[across + 2] - box[across] > _THIN
    ]
    return _covered(near, rule.lo, rule.hi) >= _SEEN


def _add_item(rules: Rules, item: Sequence[Any], *, stroked: bool, shaded: bool) -> None:
    if item[0] == "l":
        _add_box(rules, (item[1].x, item[1].y, item[2].x, item[2].y), stroked=stroked, shaded=False)
    elif item[0] == "re":
        _add_box(rules, tuple(item[1]), stroked=stroked, shaded=shaded)
    elif item[0] == "qu":
        _add_box(rules, tuple(item[1].rect), stroked=stroked, shaded=shaded)


def _add_box(rules: Rules, box: Box, *, stroked: bool, shaded: bool) -> None:
    x0, x1 = sorted((box[0], box[2]))
    y0, y1 = sorted((box[1], box[3]))
    width, height = x1 - x0, y1 - y0
    if height <= _THIN or width <= _THIN:
        if not stroked and not shaded:
            return
        if height <= width and width >= _SHORTEST:
            rules.horizontal.append(Rule((y0 + y1) / 2, x0, x1))
        elif height >= _SHORTEST:
            rules.vertical.append(Rule((x0 + x1) / 2, y0, y1))
        return
    if stroked:
        rules.horizontal += [Rule(y0, x0, x1), Rule(y1, x0, x1)]
        rules.vertical += [Rule(x0, y0, y1), Rule(x1, y0, y1)]
    elif shaded:
        rules.shades += [Rule(y0, x0, x1), Rule(y1, x0, x1)]


def _is_white(fill: Sequence[float] | None) -> bool:
    return fill is None or all(part > _WHITE for part in fill)


def _merged(rules: list[Rule]) -> list[Rule]:
    """Pieces of one line, as tables draw them cell by cell, joined."""
    merged: list[Rule] = []
    for row in _rows(rules):
        last: Rule | None = None
        for rule in sorted(row, key=lambda one: one.lo):
            if last is not None and rule.lo <= last.hi + _JOIN:
                last.hi = max(last.hi, rule.hi)
            else:
                last = Rule(rule.at, rule.lo, rule.hi)
                merged.append(last)
    return merged


def _rows(rules: list[Rule]) -> list[list[Rule]]:
    """Lines at one position, give or take."""
    rows: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda one: one.at):
        if rows and rule.at - rows[-1][0].at <= _SNAP:
            rows[-1].append(rule)
        else:
            rows.append([rule])
    return rows


def _covered(rules: Iterable[Rule], lo: float, hi: float) -> float:
    reached, total = lo, 0.0
    for rule in sorted(rules, key=lambda one: one.lo):
        start, end = max(reached, rule.lo), min(hi, rule.hi)
        if end > start:
            total += end - start
            reached = end
    return total / max(0.1, hi - lo)

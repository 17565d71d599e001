"""Lines that stand at fixed places: which of them share a text box, and where it is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.engines.word.draft.line import Line
from chalicelib.engines.word.pages.text import Box

_MOST_BOXES = 400
"""Beyond this, boxes hold all lines of one direction: Word and LibreOffice grow slow with thousands of them."""

_LINE = 1.2
"""Height of a line, in units of its size, where no other follows."""

_NEXT = 1.9
"""The next line of a box is no farther below, in units of the size."""

_ABOVE_BASELINE = 0.8
"""Share of an exact line height that Word puts above the baseline."""

_SAME_SIZE, _SAME_LEFT = 0.15, 1.0
_LONGER, _SLACK_PT = 0.1, 6.0
"""A box is longer than its text: the font there may be wider than the page's was."""


@dataclass(frozen=True, slots=True)
class LineBox:
    """Lines with the same left edge and size, one below the other, and the box for them as ``TextBox`` has it.

    ``pitch`` is from baseline to baseline in points.
    """

    lines: tuple[Line, ...]
    pitch: float
    box: Box
    turn: int


def boxes_of(lines: Sequence[Line]) -> list[LineBox]:
    """The boxes for ``lines``, from top to bottom of the page."""
    groups: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: (one.turn, round(one.left), one.baseline)):
        if groups and _follows(groups[-1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
    if len(groups) > _MOST_BOXES:
        turns = sorted({line.turn for line in lines})
        groups = [sorted((one for one in lines if one.turn == turn), key=lambda one: one.baseline) for turn in turns]
    return sorted(map(_line_box, groups), key=lambda one: (round(one.box[1]), one.box[0]))


def _follows(group: Sequence[Line], line: Line) -> bool:
    before = group[-1]
    step = line.baseline - before.baseline
    pitch = group[1].baseline - group[0].baseline if len(group) > 1 else step
    return (
        line.turn == before.turn
        and abs(line.size - before.size) <= _SAME_SIZE * before.size
        and abs(line.left - before.left) <= _SAME_LEFT
        and 0.5 * before.size < step <= _NEXT * before.size
        and abs(step - pitch) <= 0.1 * before.size
    )


def _line_box(lines: Sequence[Line]) -> LineBox:
    size = max(line.size for line in lines)
    pitch = (lines[-1].baseline - lines[0].baseline) / (len(lines) - 1) if len(lines) > 1 else _LINE * size
    pitch = max(pitch, 0.5 * size) if len(lines) < _MOST_BOXES else _LINE * size
    left = min(line.left for line in lines)
    right = max(line.right for line in lines)
    top = lines[0].baseline - _ABOVE_BASELINE * pitch
    width = (right - left) * (1 + _LONGER) + _SLACK_PT
    box = (left, top, left + width, top + len(lines) * pitch + _SLACK_PT)
    return LineBox(tuple(lines), pitch, _on_page(box, lines[0].turn), round(lines[0].turn) % 360)


def _on_page(box: Box, turn: float) -> Box:
    """The box on the page: as it stands there when it is turned along an axis, else before it is turned in its middle."""
    if turn == 0:
        return box
    middle_x, middle_y = turned((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, turn)
    width, height = box[2] - box[0], box[3] - box[1]
    if turn in (90, 270):
        width, height = height, width
    return middle_x - width / 2, middle_y - height / 2, middle_x + width / 2, middle_y + height / 2


def turned(x: float, y: float, turn: float) -> tuple[float, float]:
    """A point in the frame of ``Span.turn`` on the upright page."""
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    return x * cos - y * sin, x * sin + y * cos

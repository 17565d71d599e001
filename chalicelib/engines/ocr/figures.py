"""The figures on a page's picture: what is drawn besides words and rules, and the words that belong to it."""

from collections.abc import Sequence

import cv2  # type: ignore[import-not-found]
import numpy  # type: ignore[import-not-found]

from chalicelib.engines.ocr.model import Box, Word
from chalicelib.engines.ocr.rules import Rule

_WORDS_IN_FIGURE = 0.04
"""Of its area: a drawing has labels, a shaded table is full of words."""
_DENSE, _LINES = 0.12, 3
"""As much of it in so many lines is a table, though its shade be made of dots."""
_PLAIN = 12.0
"""Grey levels by which a shade varies; a photo, or a drawing, varies more."""
_EDGE, _TEXTURED, _STRAIGHT = 30, 0.004, 1 / 60
"""Grey levels of an edge; the share of dots on edges in a picture, not in a shade; straight edges apart."""
_PAPER = 40
_AREA = 0.004
"""Of the page: a stamp or a small drawing; less is dirt, or text that was left out and is named."""
_WHOLE, _SOLID = 0.9, 0.5
"""Of the page, beyond which it is the paper's own shade; of a box, from which ink is a photo or a shade."""
_JOINED = 1 / 60
_MARGIN, _AROUND = 3, 4


def figures_of(picture: numpy.ndarray, lines: Sequence[Sequence[Word]], rules: Sequence[Rule]) -> list[Box]:
    """The boxes of what is drawn on the grey ``picture`` besides words and rules.

    Photos come first: what looks like rules in them is none.
    """
    paper = float(numpy.median(picture))
    drawn = (abs(picture.astype(numpy.int16) - paper) > _PAPER).astype(numpy.uint8)
    photos = [box for box, full in _pieces(drawn) if full >= _SOLID and not _is_shade(picture, box, lines)]
    for box in [*photos, *_taken(lines, rules)]:
        x0, y0, x1, y1 = (max(0, round(edge)) for edge in box)
        drawn[y0:y1, x0:x1] = 0
    return photos + [box for box, _ in _pieces(drawn) if not _is_shade(picture, box, lines)]


def _pieces(drawn: numpy.ndarray) -> list[tuple[Box, float]]:
    """Boxes of ink that is near together, and the share of each that is ink."""
    reach = max(3, round(max(drawn.shape) * _JOINED))
    opened = cv2.morphologyEx(drawn, cv2.MORPH_OPEN, numpy.ones((3, 3), numpy.uint8))
    joined = cv2.morphologyEx(opened, cv2.MORPH_CLOSE, numpy.ones((reach, reach), numpy.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    inked = numpy.bincount(labels.ravel(), weights=drawn.ravel(), minlength=len(stats))
    least = _AREA * drawn.size
    return [
        ((float(x), float(y), float(x + w), float(y + h)), inked[at] / (w * h))
        for at, (x, y, w, h, _) in enumerate(stats)
        if at and w * h >= least and inked[at] >= least / 8 and w * h < _WHOLE * drawn.size
    ]


def outside(lines: Sequence[Sequence[Word]], figures: Sequence[Box]) -> list[list[Word]]:
    """The words that are not part of a figure, which shows its own."""
    free = [[word for word in line if not any(_is_in(word, box) for box in figures)] for line in lines]
    return [line for line in free if line]


def apart(rules: Sequence[Rule], figures: Sequence[Box]) -> list[Rule]:
    """The rules that are not part of a figure."""
    return [
        rule
        for rule in rules
        if not any(
            x0 - _MARGIN <= min(rule.x0, rule.x1)
            and max(rule.x0, rule.x1) <= x1 + _MARGIN
            and y0 - _MARGIN <= min(rule.y0, rule.y1)
            and max(rule.y0, rule.y1) <= y1 + _MARGIN
            for x0, y0, x1, y1 in figures
        )
    ]


def _is_in(word: Word, box: Box) -> bool:
    x0, y0, x1, y1 = box
    return x0 < (word.x0 + word.x1) / 2 < x1 and y0 < word.baseline - word.size / 3 < y1


def _is_shade(picture: numpy.ndarray, box: Box, lines: Sequence[Sequence[Word]]) -> bool:
    """Whether a box is only what words stand on."""
    x0, y0, x1, y1 = (int(edge) for edge in box)
    inside = [word for line in lines for word in line if _is_in(word, box)]
    worded = sum((word.x1 - word.x0) * word.size for word in inside) / max(1, (x1 - x0) * (y1 - y0))
    low, high = numpy.percentile(picture[y0:y1, x0:x1], (10, 90))
    if high - low < _PLAIN:
        return True
    if worded > _DENSE and len({round(word.baseline / word.size) for word in inside}) >= _LINES:
        return True
    return bool(worded > _WORDS_IN_FIGURE and _texture(picture, box, inside) < _TEXTURED)


def _texture(picture: numpy.ndarray, box: Box, inside: Sequence[Word]) -> float:
    """The share of dots on edges, but for the words and for straight edges, which rules and shaded cells have."""
    x0, y0, x1, y1 = (int(edge) for edge in box)
    part = picture[y0:y1, x0:x1].astype(numpy.int16)
    across = numpy.pad(abs(numpy.diff(part, axis=1)) > _EDGE, ((0, 0), (1, 0))).astype(numpy.uint8)
    down = numpy.pad(abs(numpy.diff(part, axis=0)) > _EDGE, ((1, 0), (0, 0))).astype(numpy.uint8)
    length = max(3, round(max(picture.shape) * _STRAIGHT))
    upright = cv2.morphologyEx(across, cv2.MORPH_OPEN, numpy.ones((length, 1), numpy.uint8))
    level = cv2.morphologyEx(down, cv2.MORPH_OPEN, numpy.ones((1, length), numpy.uint8))
    edges = (across & (1 - upright)) | (down & (1 - level))
    free = numpy.ones(part.shape, numpy.uint8)
    for word in inside:
        left, top, right, bottom = (round(edge) for edge in word.box)
        free[max(0, top - _AROUND - y0) : bottom + _AROUND - y0, max(0, left - _AROUND - x0) : right + _AROUND - x0] = 0
    return float((edges * free).sum() / max(1, free.sum()))


def _taken(lines: Sequence[Sequence[Word]], rules: Sequence[Rule]) -> list[Box]:
    boxes = []
    for line in lines:
        x0, x1 = line[0].x0, line[-1].x1
        boxes.append((x0 - _MARGIN, line[0].box[1] - _MARGIN, x1 + _MARGIN, line[0].box[3] + _MARGIN))
    for rule in rules:
        around = rule.width / 2 + _MARGIN
        boxes.append((rule.x0 - around, rule.y0 - around, rule.x1 + around, rule.y1 + around))
    return boxes

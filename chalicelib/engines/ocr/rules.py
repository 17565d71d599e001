"""The ruled lines and the figures of a page's picture: long thin strokes, and ink that is neither line nor word."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2  # type: ignore[import-not-found]
import numpy  # type: ignore[import-not-found]

from chalicelib.engines.ocr.model import Box, Word

_LEAST_LENGTH = 1 / 40
"""Of the page's longer side: half as long again as the strokes of a headline's letters."""
_THICKEST, _THICK_PX = 1 / 250, 8
_BRIDGED = 3
"""Pixels: a scan breaks thin lines; more would bridge letters."""
_WORDS_IN_FIGURE = 0.04
"""Of its area: a drawing has labels, a shaded table is full of words."""
_PLAIN = 12.0
"""Grey levels by which a shade varies; a photo, or a drawing, varies more."""
_FIGURE_AREA = 0.004
"""Of the page: a stamp or a small drawing; less is dirt, or text that was left out and is named."""
_WITHIN = 0.5
_JOINED = 1 / 60
_MARGIN = 3


@dataclass(frozen=True, slots=True)
class Rule:
    """A stroke from (x0, y0) to (x1, y1), level or upright."""

    x0: float
    y0: float
    x1: float
    y1: float
    width: float


def rules_of(picture: numpy.ndarray, lines: Sequence[Sequence[Word]]) -> list[Rule]:
    """The level and upright lines of a straight grey ``picture``, less the strokes of the letters of ``lines``."""
    dark = _dark(picture)
    side = max(picture.shape)
    length, thickest = round(side * _LEAST_LENGTH), max(_THICK_PX, round(side * _THICKEST))
    rules = []
    for upright in (False, True):
        kernel = (1, length) if upright else (length, 1)
        bridge = (1, _BRIDGED) if upright else (_BRIDGED, 1)
        whole = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, numpy.ones(bridge[::-1], numpy.uint8))
        found = cv2.morphologyEx(whole, cv2.MORPH_OPEN, numpy.ones(kernel[::-1], numpy.uint8))
        _, _, stats, _ = cv2.connectedComponentsWithStats(found)
        rules += [_rule(x, y, w, h, upright) for x, y, w, h, _ in stats[1:] if (w if upright else h) <= thickest]
    boxes = numpy.array([word.box for line in lines for word in line]).reshape(-1, 4)
    return [rule for rule in rules if not _is_letters(rule, boxes)]


def _is_letters(rule: Rule, boxes: numpy.ndarray) -> bool:
    """Whether most of a stroke lies within words: a large letter's, or the common edge of many small ones."""
    x0, y0, x1, y1 = boxes.T
    if rule.x0 == rule.x1:
        beside = (x0 < rule.x0) & (rule.x0 < x1)
        covered = (numpy.minimum(y1, rule.y1) - numpy.maximum(y0, rule.y0))[beside]
        return bool(covered.clip(0).sum() > _WITHIN * (rule.y1 - rule.y0))
    above, below = y0 + 0.1 * (y1 - y0), y1 - 0.15 * (y1 - y0)
    beside = (above < rule.y0) & (rule.y0 < below)
    covered = (numpy.minimum(x1, rule.x1) - numpy.maximum(x0, rule.x0))[beside]
    return bool(covered.clip(0).sum() > _WITHIN * (rule.x1 - rule.x0))


def _rule(x: int, y: int, width: int, height: int, upright: bool) -> Rule:
    if upright:
        return Rule(x + width / 2, y, x + width / 2, y + height, width)
    return Rule(x, y + height / 2, x + width, y + height / 2, height)


def _dark(picture: numpy.ndarray) -> numpy.ndarray:
    return cv2.adaptiveThreshold(picture, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 41, 12)


def figures_of(picture: numpy.ndarray, lines: Sequence[Sequence[Word]], rules: Sequence[Rule]) -> list[Box]:
    """The boxes of what is drawn on ``picture`` besides words and rules."""
    paper = float(numpy.median(picture))
    drawn = (abs(picture.astype(numpy.int16) - paper) > 40).astype(numpy.uint8)
    for box in _taken(lines, rules):
        x0, y0, x1, y1 = (max(0, round(edge)) for edge in box)
        drawn[y0:y1, x0:x1] = 0
    reach = max(3, round(max(picture.shape) * _JOINED))
    drawn = cv2.morphologyEx(drawn, cv2.MORPH_OPEN, numpy.ones((3, 3), numpy.uint8))
    joined = cv2.morphologyEx(drawn, cv2.MORPH_CLOSE, numpy.ones((reach, reach), numpy.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    inked = numpy.bincount(labels.ravel(), weights=drawn.ravel(), minlength=len(stats))
    least = _FIGURE_AREA * picture.size
    boxes = [
        (float(x), float(y), float(x + w), float(y + h))
        for at, (x, y, w, h, _) in enumerate(stats)
        if at and w * h >= least and inked[at] >= least / 8 and w * h < 0.9 * picture.size
    ]
    return [box for box in boxes if not _is_shade(picture, box, lines)]


def _is_shade(picture: numpy.ndarray, box: Box, lines: Sequence[Sequence[Word]]) -> bool:
    """Whether a box is only what words stand on."""
    x0, y0, x1, y1 = box
    inside = [w for line in lines for w in line if x0 < (w.x0 + w.x1) / 2 < x1 and y0 < w.baseline < y1]
    worded = sum((word.x1 - word.x0) * word.size for word in inside)
    part = picture[int(y0) : int(y1), int(x0) : int(x1)]
    low, high = numpy.percentile(part, (10, 90))
    return bool(worded > _WORDS_IN_FIGURE * (x1 - x0) * (y1 - y0) or high - low < _PLAIN)


def _taken(lines: Sequence[Sequence[Word]], rules: Sequence[Rule]) -> list[Box]:
    boxes = []
    for line in lines:
        x0, x1 = line[0].x0, line[-1].x1
        boxes.append((x0 - _MARGIN, line[0].box[1] - _MARGIN, x1 + _MARGIN, line[0].box[3] + _MARGIN))
    for rule in rules:
        around = rule.width / 2 + _MARGIN
        boxes.append((rule.x0 - around, rule.y0 - around, rule.x1 + around, rule.y1 + around))
    return boxes

"""The ruled lines of a page's picture: long thin strokes."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2  # type: ignore[import-not-found]
import numpy  # type: ignore[import-not-found]

from chalicelib.engines.ocr.model import Word

_LEAST_LENGTH = 1 / 40
"""Of the page's longer side: half as long again as the strokes of a headline's letters."""
_THICKEST, _THICK_PX = 1 / 250, 8
_BRIDGED = 3
"""Pixels: a scan breaks thin lines; more would bridge letters."""
_WITHIN = 0.5


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

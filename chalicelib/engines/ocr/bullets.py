"""The bullets of lists, which readers of words leave out: round specks in front of lines, below one another."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2  # type: ignore[import-not-found]
import numpy  # type: ignore[import-not-found]

from chalicelib.engines.ocr.model import Word

BULLET = "•"
_SMALLEST, _LARGEST, _ROUND, _FULL = 0.14, 0.6, 1.35, 0.6
"""In sizes of the line; sides of a disc or a square differ less, and are filled by ink more than letters are."""
_NEAREST, _FARTHEST = 0.3, 4.0
"""Sizes between a bullet and its line."""
_ALONE = 0.25
_LOWEST, _HIGHEST = 0.05, 0.65
"""Sizes above the baseline, of its middle."""
_BELOW, _LIKE = 0.35, 1.4
"""Two bullets of a list stand below one another, within sizes, and are of one size; a speck of dirt is by itself."""


@dataclass(frozen=True, slots=True)
class _Speck:
    """A round piece of ink in front of line ``at``."""

    at: int
    x0: float
    x1: float
    side: float


def with_bullets(lines: Sequence[Sequence[Word]], picture: numpy.ndarray) -> list[list[Word]]:
    """``lines``, those with a bullet on the grey ``picture`` beginning with it."""
    specks = _specks(lines, picture)
    found = {one.at: one for one in specks if any(_are_alike(one, other, lines) for other in specks)}
    return [[_word(found[at], line[0]), *line] if at in found else list(line) for at, line in enumerate(lines)]


def _are_alike(one: _Speck, other: _Speck, lines: Sequence[Sequence[Word]]) -> bool:
    apart = abs(one.x0 - other.x0) <= _BELOW * lines[one.at][0].size
    return one.at != other.at and apart and 1 / _LIKE <= one.side / other.side <= _LIKE


def _word(speck: _Speck, first: Word) -> Word:
    return Word(BULLET, speck.x0, speck.x1, first.baseline, first.size, first.confidence)


def _specks(lines: Sequence[Sequence[Word]], picture: numpy.ndarray) -> list[_Speck]:
    if not lines:
        return []
    _, dark = cv2.threshold(picture, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    _, _, stats, middles = cv2.connectedComponentsWithStats(dark)
    sizes = [line[0].size for line in lines]
    sides = stats[:, 2:4]
    round_ = (sides.max(axis=1) <= _ROUND * sides.min(axis=1)) & (stats[:, 4] >= _FULL * sides.prod(axis=1))
    fit = (sides.min(axis=1) >= _SMALLEST * min(sizes)) & (sides.max(axis=1) <= _LARGEST * max(sizes)) & round_
    specks = []
    for (x, y, across, down, _), middle in zip(stats[fit], middles[fit, 1], strict=True):
        at = _line_behind(float(x + across), float(middle), max(across, down), lines)
        if at is not None and _stands_alone(dark, (x, y, across, down), sizes[at]):
            specks.append(_Speck(at, float(x), float(x + across), float(max(across, down))))
    return specks


def _line_behind(right: float, middle: float, side: float, lines: Sequence[Sequence[Word]]) -> int | None:
    for at, (first, *_) in enumerate(lines):
        size = first.size
        near = _NEAREST * size <= first.x0 - right <= _FARTHEST * size
        level = _LOWEST * size <= first.baseline - middle <= _HIGHEST * size
        if near and level and _SMALLEST * size <= side <= _LARGEST * size:
            return at
    return None


def _stands_alone(dark: numpy.ndarray, box: Sequence[int], size: float) -> bool:
    x, y, across, down = (int(one) for one in box)
    around = max(1, round(_ALONE * size))
    part = dark[max(0, y - around) : y + down + around, max(0, x - around) : x + across + around]
    return bool(part.sum() == dark[y : y + down, x : x + across].sum())

"""The upright page: where things are once /Rotate is undone, text that is turned as a whole stands, and it fits Word."""

import math
from dataclasses import dataclass
from typing import Any

from chalicelib.engines.tables.pymupdf import pymupdf
from chalicelib.engines.word.pages.text import Box

LONGEST_SIDE_PT = 1584.0
"""22 inches: no page in Word is wider or higher."""

_MOST = 0.8
"""A page is turned when more than this share of its letters runs in another direction."""

_STRAIGHT_DEGREES = 1.2
"""Directions so near to an axis count as along it."""


@dataclass(frozen=True, slots=True)
class Frame:
    """``matrix`` takes a point of PyMuPDF's page, rotation set to 0, to the upright page. ``turned`` beyond /Rotate."""

    matrix: Any
    width: float
    height: float
    rotation: int
    turned: int
    scale: float

    def box(self, rect: Any) -> Box:
        """A rectangle of the unrotated page on the upright page."""
        placed = pymupdf.Rect(rect) * self.matrix
        return float(placed.x0), float(placed.y0), float(placed.x1), float(placed.y1)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the unrotated page on the upright page."""
        m = self.matrix
        return x * m.a + y * m.c + m.e, x * m.b + y * m.d + m.f

    def turn(self, direction: tuple[float, float]) -> float:
        """Degrees, clockwise, by which text of this direction is turned on the upright page; snapped to the axes."""
        m, (dx, dy) = self.matrix, direction
        degrees = math.degrees(math.atan2(dx * m.b + dy * m.d, dx * m.a + dy * m.c)) % 360
        nearest = round(degrees / 90) * 90
        return float(nearest % 360) if abs(degrees - nearest) <= _STRAIGHT_DEGREES else round(degrees, 1)


def frame_of(page: Any, rotation: int, turns: dict[int, int]) -> Frame:
    """The frame of ``page``, its rotation set to 0; ``turns`` counts the letters by how the unrotated page turns them.

    /Rotate turns the page clockwise by ``rotation``; when nearly all of its text then runs another way, text decides.
    """
    shown = {(turn + rotation) % 360: count for turn, count in turns.items()}
    total = sum(shown.values())
    prevailing = next((turn for turn, count in shown.items() if total and count > _MOST * total), 0)
    turned = (360 - prevailing) % 360
    angle = (rotation + turned) % 360
    width, height = float(page.rect.width), float(page.rect.height)
    scale = min(1.0, LONGEST_SIDE_PT / max(width, height, 1.0))
    matrix = {
        0: pymupdf.Matrix(1, 0, 0, 1, 0, 0),
        90: pymupdf.Matrix(0, 1, -1, 0, height, 0),
        180: pymupdf.Matrix(-1, 0, 0, -1, width, height),
        270: pymupdf.Matrix(0, -1, 1, 0, 0, width),
    }[angle]
    sides = (width, height) if angle % 180 == 0 else (height, width)
    return Frame(matrix * pymupdf.Matrix(scale, scale), sides[0] * scale, sides[1] * scale, rotation, turned, scale)

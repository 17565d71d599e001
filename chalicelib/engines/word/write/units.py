"""Lengths in the units of WordprocessingML and DrawingML, within what these allow."""

import math
import re

_LONGEST_TWIPS = 31_680
"""22 inches: the largest length that Word takes for pages, indents and tabs."""

_LARGEST_EMU = 2_147_483_647
_EMU_PER_PT = 12_700
_COLOR = re.compile("[0-9A-Fa-f]{6}")


def _whole(value: float, least: int, most: int) -> int:
    """The nearest whole number from ``least`` to ``most``; what is no number is the least that is not negative."""
    if math.isnan(value):
        return max(0, least)
    return round(max(least, min(most, value)))


def twips(points: float) -> int:
    """Twentieths of a point."""
    return _whole(points * 20, -_LONGEST_TWIPS, _LONGEST_TWIPS)


def size_twips(points: float) -> int:
    """Twentieths of a point, not negative."""
    return _whole(points * 20, 0, _LONGEST_TWIPS)


def lines(multiple: float) -> int:
    """240ths of a line."""
    return _whole(multiple * 240, 1, _LONGEST_TWIPS)


def half_points(points: float) -> int:
    """Half points of a font's size, from 0.5 to 1638 pt as Word takes them."""
    return _whole(points * 2, 1, 3276)


def eighths(points: float) -> int:
    """Eighths of a point of a border's width, from 1/4 to 12 pt."""
    return _whole(points * 8, 2, 96)


def percent(share: float) -> int:
    """Hundredths of the width of letters, from 1 to 600 as Word takes them."""
    return _whole(share * 100, 1, 600)


def thousandths(share: float) -> int:
    """Thousandths of a per cent of a picture's side."""
    return _whole(share * 100_000, 0, 100_000)


def emu(points: float) -> int:
    """English metric units."""
    return _whole(points * _EMU_PER_PT, -_LARGEST_EMU, _LARGEST_EMU)


def extent(points: float) -> int:
    """English metric units of a width or height, which is never nothing."""
    return _whole(points * _EMU_PER_PT, 1, _LARGEST_EMU)


def rotation(degrees: float) -> int:
    """60,000ths of a degree clockwise, from 0 to a full turn."""
    return _whole(degrees % 360 * 60_000, 0, 21_600_000) % 21_600_000 if math.isfinite(degrees) else 0


def color(rgb: str | None) -> str:
    """RRGGBB, or ``auto`` where there is none."""
    return rgb.upper() if rgb and _COLOR.fullmatch(rgb) else "auto"

"""A page's picture upright and straight: turned by quarters where it reads badly, and by the angle of its lines."""

import cv2  # type: ignore[import-not-found]
import numpy  # type: ignore[import-not-found]

_MOST_SKEW, _COARSE, _FINE = 5.0, 0.5, 0.05
"""Degrees: beyond five a scan was meant to be aslant; the steps in which angles are tried."""
_TRIED_SIDE = 1_000
_WORTH = 0.1
"""Degrees: less does not move a line by the height of a letter, across a page."""
_GAIN = 1.02
_INKED = 1e-3
QUARTERS = (0, 180, 90, 270)
"""Degrees clockwise, the likelier first."""

_ROTATIONS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


def turned(picture: numpy.ndarray, quarter: int) -> numpy.ndarray:
    """``picture`` turned clockwise by ``quarter`` degrees."""
    return cv2.rotate(picture, _ROTATIONS[quarter]) if quarter else picture


def skew_of(picture: numpy.ndarray) -> float:
    """By how many degrees clockwise the lines run downhill: where rows of ink are sharpest; 0 without lines."""
    scale = min(1.0, _TRIED_SIDE / max(picture.shape))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    dark = cv2.adaptiveThreshold(small, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 15)
    if dark.mean() < _INKED:
        return 0.0
    level = _sharpness(dark, 0.0)
    best = max(numpy.arange(-_MOST_SKEW, _MOST_SKEW + _COARSE, _COARSE), key=lambda angle: _sharpness(dark, angle))
    near = numpy.arange(best - _COARSE, best + _COARSE + _FINE, _FINE)
    best = float(max(near, key=lambda angle: _sharpness(dark, angle)))
    return best if abs(best) >= _WORTH and _sharpness(dark, best) > _GAIN * level else 0.0


def _sharpness(dark: numpy.ndarray, angle: float) -> float:
    height, width = dark.shape
    rows = cv2.warpAffine(dark, _about_middle(width, height, angle), (width, height)).sum(axis=1, dtype=numpy.float64)
    return float(numpy.square(numpy.diff(rows)).sum())


def straightened(picture: numpy.ndarray, angle: float) -> numpy.ndarray:
    """``picture`` with lines that ran downhill by ``angle`` degrees made level; what comes into view is white."""
    if not angle:
        return picture
    height, width = picture.shape[:2]
    matrix = _about_middle(width, height, angle)
    return cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=255)


def _about_middle(width: int, height: int, angle: float) -> numpy.ndarray:
    return cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)


def back(width: int, height: int, quarter: int, angle: float) -> numpy.ndarray:
    """3 × 3: from the upright picture's pixels to those of the picture, ``width`` × ``height``, that it came from."""
    across, down = (height, width) if quarter in (90, 270) else (width, height)
    level = numpy.vstack([_about_middle(across, down, angle), [0, 0, 1]])
    quarters = {
        0: numpy.eye(3),
        90: numpy.array([[0, -1, height], [1, 0, 0], [0, 0, 1]]),
        180: numpy.array([[-1, 0, width], [0, -1, height], [0, 0, 1]]),
        270: numpy.array([[0, 1, 0], [-1, 0, width], [0, 0, 1]]),
    }
    inverse: numpy.ndarray = numpy.linalg.inv(level @ quarters[quarter])
    return inverse

"""PP-OCRv6 by faster-paddle: Latin scripts, Chinese and Japanese, without being told which."""

import functools
import itertools
import os
from dataclasses import replace
from statistics import median
from typing import Any

import cv2  # type: ignore[import-not-found]
import numpy  # type: ignore[import-not-found]

from chalicelib.engines.ocr.model import Line

SMALL, TINY = "small", "tiny"
"""The models in the wheel: a page takes small about four times as long, and it misreads a quarter as much."""
_MOST_THREADS = 2
_SIDE = 1_600
"""Pixels of the longer side at which lines are looked for: the engine's own."""
_SMALL_PRINT_PX, _NEAR_PX = 16, 58
"""Heights of most lines: at that size, below which digits are missed and columns run together; where they do not."""
_NEAR_SIDE, _NEAR_PIXELS, _CLOSEST = 8_000, 4_500_000, 3.0
"""The longest side of a part of a page that is looked at from near, its area, and how much it is enlarged at most."""
_PIXELS_PER_S = {SMALL: 800_000, TINY: 2_500_000}
"""What a second of processor time is enough for, lines and all."""
_WORTH = 1.4
_SHORTEST = 0.6
_BLUR_PX = 5


@functools.cache
def _engine(size: str, side: int) -> Any:
    os.environ |= {"OCR_DET_SPIN": "0", "OCR_REC_SPIN": "0"}  # threads that wait leave the processor to others
    import faster_paddle  # type: ignore[import-not-found]  # 60 MB, only where a page has no text

    threads = min(_MOST_THREADS, len(os.sched_getaffinity(0)))
    return faster_paddle.OcrEngine(model_size=size, threads=threads, det_max_side=side)


def read(picture: numpy.ndarray, size: str, patience_s: float = 0.0) -> list[Line]:
    """The lines on a grey ``picture``, from top to bottom as the engine orders them.

    Small print is read again, enlarged as far as ``patience_s`` of processor time allows.
    """
    lines = _read(picture, size, _SIDE)
    if not lines:
        return lines
    height = median(min(line.box[3] - line.box[1], line.box[2] - line.box[0]) for line in lines)
    if height * min(1.0, _SIDE / max(picture.shape)) >= _SMALL_PRINT_PX:
        return lines
    affordable = (patience_s * _PIXELS_PER_S[size] / picture.size) ** 0.5
    factor = min(_NEAR_PX / height, _CLOSEST, _NEAR_SIDE / max(picture.shape), affordable)
    return _from_near(picture, size, factor) if factor * max(picture.shape) > _WORTH * _SIDE else lines


def _from_near(picture: numpy.ndarray, size: str, factor: float) -> list[Line]:
    """The lines of an enlarged ``picture``, read in parts, since the memory for a part grows with its area."""
    method = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    whole = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=method)
    lines = []
    for top, bottom in _parts(whole):
        lines += [_moved(line, top, factor) for line in _read(whole[top:bottom], size, _NEAR_SIDE)]
    return lines


def _parts(whole: numpy.ndarray) -> list[tuple[int, int]]:
    """From where to where each part goes, cut where the rows are whitest."""
    height, across = whole.shape
    most = max(1, _NEAR_PIXELS // across)
    rows = cv2.blur(whole.mean(axis=1).reshape(-1, 1), (1, _BLUR_PX)).ravel()
    cuts = [0]
    while height - cuts[-1] > most:
        first = cuts[-1] + max(1, round(_SHORTEST * most))
        cuts.append(first + int(rows[first : cuts[-1] + most + 1].argmax()))
    return list(itertools.pairwise([*cuts, height]))


def _moved(line: Line, top: int, factor: float) -> Line:
    x0, y0, x1, y1 = line.box
    return replace(line, box=(x0 / factor, (y0 + top) / factor, x1 / factor, (y1 + top) / factor))


def _read(picture: numpy.ndarray, size: str, side: int) -> list[Line]:
    encoded = cv2.imencode(".bmp", picture)[1].tobytes()
    return [_line(one) for one in _engine(size, side).ocr(encoded)["bounds"].values()]


def _line(one: dict[str, Any]) -> Line:
    (x0, y0), (x1, y1) = one["topLeftCoord"], one["bottomRightCoord"]
    return Line(one["text"], (float(x0), float(y0), float(x1), float(y1)), float(one["confidence"]))

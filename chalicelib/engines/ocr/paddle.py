"""PP-OCRv6 by faster-paddle: Latin scripts, Chinese and Japanese, without being told which."""

import functools
import os
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
_NEAR_SIDE = 2_400
"""The same for small print: A4 as it is at 200 dpi. It takes a quarter more memory, and lone digits are found."""
_SMALL_PRINT_PX = 14
"""Height of most lines at that size, below which some are missed."""
_DARK = 128


@functools.cache
def _engine(size: str, side: int) -> Any:
    os.environ |= {"OCR_DET_SPIN": "0", "OCR_REC_SPIN": "0"}  # threads that wait leave the processor to others
    import faster_paddle  # type: ignore[import-not-found]  # 60 MB, only where a page has no text

    threads = min(_MOST_THREADS, len(os.sched_getaffinity(0)))
    return faster_paddle.OcrEngine(model_size=size, threads=threads, det_max_side=side)


def read(picture: numpy.ndarray, size: str) -> list[Line]:
    """The lines on a grey ``picture``, from top to bottom as the engine orders them; small print from nearer."""
    lines = _read(picture, size, _SIDE)
    longer = max(picture.shape)
    if not lines or longer <= _SIDE:
        return lines
    seen_px = median(line.box[3] - line.box[1] for line in lines) * _SIDE / longer
    return _read(picture, size, _NEAR_SIDE) if seen_px < _SMALL_PRINT_PX else lines


def _read(picture: numpy.ndarray, size: str, side: int) -> list[Line]:
    encoded = cv2.imencode(".bmp", picture)[1].tobytes()
    return [_line(one) for one in _engine(size, side).ocr(encoded)["bounds"].values()]


def _line(one: dict[str, Any]) -> Line:
    (x0, y0), (x1, y1) = one["topLeftCoord"], one["bottomRightCoord"]
    return Line(one["text"], (float(x0), float(y0), float(x1), float(y1)), float(one["confidence"]))

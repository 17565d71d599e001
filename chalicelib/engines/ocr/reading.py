"""One page's picture read: upright, straight, by the engine that knows its script."""

from dataclasses import dataclass

import cv2  # type: ignore[import-not-found]
import numpy  # type: ignore[import-not-found]

from chalicelib.engines.ocr import paddle, tesseract
from chalicelib.engines.ocr.model import Line, ReadPage
from chalicelib.engines.ocr.upright import QUARTERS, skew_of, straightened, turned
from chalicelib.engines.ocr.words import words_of

DOUBTFUL = 0.85
"""Mean confidence below which a page may be turned, in another script, or badly scanned; it is then named."""
_SCRIPT_BELOW = 0.93
"""A script that PP-OCR lacks is read as letters that look alike, with less confidence than its own."""
_TRIED_SIDE = 1_200
_LEAST_LETTERS, _FEW_LETTERS = 20, 4


@dataclass(frozen=True)
class Wanted:
    """``size`` of PP-OCR's model; ``languages`` (ISO 639-1), empty where the script has to be found.

    ``patience_s`` is the processor time for a second, closer look at small print.
    """

    size: str
    languages: tuple[str, ...] = ()
    patience_s: float = 0.0

    @property
    def foreign(self) -> bool:
        """Whether one of the languages has to be read by Tesseract, which then reads English beside it."""
        return any(language in tesseract.LANGUAGES for language in self.languages)


def read_picture(picture: numpy.ndarray, wanted: Wanted) -> tuple[ReadPage, numpy.ndarray]:
    """What the ``picture`` (BGR) says, and the picture upright."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    quarter = 0
    angle = skew_of(grey)
    upright = straightened(grey, angle)
    lines = _read(upright, wanted)
    if _confidence(lines) < DOUBTFUL:
        quarter = _quarter_of(grey, wanted)
    if quarter:
        grey = turned(grey, quarter)
        angle = skew_of(grey)
        upright = straightened(grey, angle)
        lines = _read(upright, wanted)
    engine, language = f"PP-OCRv6 {wanted.size}", wanted.languages
    if wanted.foreign:
        engine = "Tesseract"
    elif foreign := _found_script(upright, lines, wanted):
        other = tesseract.read(upright, foreign)
        if _letters(other) >= _LEAST_LETTERS:
            lines, engine, language = other, "Tesseract", foreign
    read = ReadPage(words_of(lines, upright), engine, ",".join(language), quarter, angle)
    return read, straightened(turned(picture, quarter), angle)


def _read(upright: numpy.ndarray, wanted: Wanted) -> list[Line]:
    if wanted.foreign:
        return tesseract.read(upright, wanted.languages)
    return paddle.read(upright, wanted.size, wanted.patience_s)


def _found_script(upright: numpy.ndarray, lines: list[Line], wanted: Wanted) -> tuple[str, ...]:
    if wanted.languages or not lines or _confidence(lines) >= _SCRIPT_BELOW:
        return ()
    language = tesseract.language_of(upright)
    return (language,) if language else ()


def _quarter_of(grey: numpy.ndarray, wanted: Wanted) -> int:
    """By how many degrees to turn the page clockwise: as it reads best, by the quick model on a small picture."""
    scale = min(1.0, _TRIED_SIDE / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    scores = {}
    for quarter in QUARTERS:
        lines = paddle.read(turned(small, quarter), paddle.TINY)
        scores[quarter] = sum(_trust(line) * len(line.text) for line in lines if line.confidence > DOUBTFUL)
    return max(QUARTERS, key=lambda quarter: scores[quarter])


def _confidence(lines: list[Line]) -> float:
    letters = _letters(lines)
    return sum(_trust(line) * len(line.text) for line in lines) / letters if letters else 0.0


def _trust(line: Line) -> float:
    """The line's confidence; none where it runs up or down: PP-OCR reads such lines of a page that lies on its side."""
    x0, y0, x1, y1 = line.box
    return line.confidence if x1 - x0 > y1 - y0 or len(line.text) < _FEW_LETTERS else 0.0


def _letters(lines: list[Line]) -> int:
    return sum(len(line.text) for line in lines)

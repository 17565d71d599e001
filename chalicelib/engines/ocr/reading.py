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
_SCRIPT_BELOW = 0.97
"""A script that PP-OCR lacks is read as letters that look alike, with less confidence than its own."""
_BELIEVED = 0.8
"""Tesseract's confidence in letters of its language is .85 and more, in others read as such .4 to .75."""
_BEYOND_LATIN, _MOST = 0x370, 0.5
"""The packs for other scripts read Latin letters too: most of the letters have to be others."""
_TRIED_SHARE = 0.12
"""Of a page's height, where most ink is: some lines, to try languages on."""
_LATIN = "vi"
_VIETNAMESE, _FEWEST_KINDS, _FEWEST_SHARE = "đươ", 2, 0.015
"""Letters that PP-OCR reads, while it drops the tones of the vowels; other languages have one of them at most."""
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


@dataclass(frozen=True)
class _Found:
    """What one of the engines makes of a page that was turned by ``quarter`` and straightened by ``angle``."""

    lines: list[Line]
    engine: str
    language: tuple[str, ...]
    quarter: int
    angle: float
    upright: numpy.ndarray


def read_picture(picture: numpy.ndarray, wanted: Wanted) -> tuple[ReadPage, numpy.ndarray]:
    """What the ``picture`` (BGR) says, and the picture upright."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    found = _attempt(grey, wanted, 0)
    other = None if wanted.languages else _named(grey, found)
    if other is None and _confidence(found.lines) < DOUBTFUL:
        if quarter := _quarter_of(grey, wanted):
            found = _attempt(grey, wanted, quarter)
        other = None if wanted.languages else _tried(grey, found)
    found = other or found
    words = words_of(found.lines, found.upright)
    read = ReadPage(words, found.engine, ",".join(found.language), found.quarter, found.angle)
    return read, straightened(turned(picture, found.quarter), found.angle)


def _attempt(grey: numpy.ndarray, wanted: Wanted, quarter: int) -> _Found:
    lying = turned(grey, quarter)
    angle = skew_of(lying)
    upright = straightened(lying, angle)
    engine = "Tesseract" if wanted.foreign else f"PP-OCRv6 {wanted.size}"
    return _Found(_read(upright, wanted), engine, wanted.languages, quarter, angle, upright)


def _named(grey: numpy.ndarray, found: _Found) -> _Found | None:
    """The page as Tesseract reads it, if its letters tell that it is in one of its languages."""
    if not found.lines:
        return None
    if _is_vietnamese(found.lines):
        return _by_tesseract(grey, _LATIN, 0)
    look = tesseract.look(found.upright) if _confidence(found.lines) < _SCRIPT_BELOW else tesseract.Look()
    return _by_tesseract(grey, look.language, look.turn) if look.language else None


def _tried(grey: numpy.ndarray, found: _Found) -> _Found | None:
    """The page in the language in which some of its lines read well, where it does not read well as it is."""
    if _letters(found.lines) < _LEAST_LETTERS or _confidence(found.lines) >= DOUBTFUL:
        return None
    turn = tesseract.look(grey).turn
    language = _best(turned(grey, turn))
    return _by_tesseract(grey, language, turn) if language else None


def _by_tesseract(grey: numpy.ndarray, language: str, quarter: int) -> _Found | None:
    """What Tesseract makes of it, if that can be believed."""
    other = _attempt(grey, Wanted("", (language,)), quarter)
    return other if _letters(other.lines) >= _LEAST_LETTERS and _belief(other.lines, language) >= _BELIEVED else None


def _belief(lines: list[Line], language: str) -> float:
    """How sure Tesseract is of letters in the script of ``language``."""
    letters = [letter for line in lines for letter in line.text if letter.isalpha()]
    beyond = sum(ord(letter) >= _BEYOND_LATIN for letter in letters)
    return _confidence(lines) if language == _LATIN or beyond > _MOST * len(letters) else 0.0


def _is_vietnamese(lines: list[Line]) -> bool:
    text = "".join(line.text for line in lines).lower()
    kinds = {letter for letter in _VIETNAMESE if letter in text}
    share = sum(text.count(letter) for letter in kinds) / max(1, len(text))
    return len(kinds) >= _FEWEST_KINDS and share >= _FEWEST_SHARE


def _best(picture: numpy.ndarray) -> str | None:
    """The language in which some lines read well: Tesseract does not know every script from its look."""
    dark = 255.0 - picture.mean(axis=1)
    height = max(1, round(_TRIED_SHARE * len(dark)))
    top = int(numpy.convolve(dark, numpy.ones(height), "valid").argmax())
    some = picture[top : top + height]
    scores = {language: _belief(tesseract.read(some, (language,)), language) for language in tesseract.candidates()}
    best = max(scores, key=lambda language: scores[language], default=None)
    return best if best is not None and scores[best] >= _BELIEVED else None


def _read(upright: numpy.ndarray, wanted: Wanted) -> list[Line]:
    if wanted.foreign:
        return tesseract.read(upright, wanted.languages)
    return paddle.read(upright, wanted.size, wanted.patience_s)


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

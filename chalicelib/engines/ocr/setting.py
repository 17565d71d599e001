"""How a scan's text is set: sizes that a document repeats, and bold letters, by the strokes of the ink."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import cv2  # type: ignore[import-not-found]
import numpy  # type: ignore[import-not-found]

from chalicelib.engines.ocr.model import Word

_ALIKE = 1.06
"""Sizes within this ratio on two pages are one: a page's own varies so much with the letters on it."""
_STEPS_PER_POINT = 2
_FINE = 4
"""How much letters are enlarged to measure strokes of two or three pixels."""
_LOWEST, _HIGHEST, _WIDEST = 0.04, 0.5, 0.4
"""In sizes: between these above the baseline all letters have stems; wider ink is a level stroke, or a picture."""
_RANGE, _MOST_INK = (3, 97), 0.6
"""Percentiles of grey that are ink and paper: a stem's edge is midway; heavy letters fill half of their band."""
_STEM = 35
"""Percentile of the runs of ink along rows: stems are the many narrow ones."""
_USUAL, _THINNEST, _THICKEST = 0.092, 0.07, 0.105
"""Of a size, the stem of fonts' regular cuts, and between which a document's usual stem is believed."""
_BOLDER = 1.22
"""Bold cuts have stems half as wide again as regular ones, some serif fonts a quarter."""
_LEAST_LETTERS = 3


@dataclass
class Setting:
    """What the pages of one document were found to be set in, so that later ones are set alike."""

    sizes: list[float] = field(default_factory=list)
    stems: list[tuple[float, int]] = field(default_factory=list)

    def set(self, lines: Sequence[Sequence[Word]], scale: float, seen: Sequence[Sequence[float]]) -> list[list[Word]]:
        """``lines`` with steady sizes and bold words; ``scale`` pixels make a point, ``seen`` are ``stems_of`` them."""
        even = [[replace(word, size=self._steady(word.size / scale) * scale) for word in line] for line in lines]
        self.stems += [
            (stem, len(word.text))
            for line, stems in zip(lines, seen, strict=True)
            for word, stem in zip(line, stems, strict=True)
            if stem
        ]
        least = _BOLDER * self._usual_stem()
        return [_bold(line, stems, least) for line, stems in zip(even, seen, strict=True)]

    def _steady(self, size: float) -> float:
        near = min(self.sizes, key=lambda one: abs(one - size), default=0.0)
        if not size / _ALIKE <= near <= size * _ALIKE:
            near = max(1.0, round(_STEPS_PER_POINT * size)) / _STEPS_PER_POINT
            self.sizes.append(near)
        return near

    def _usual_stem(self) -> float:
        """That of the middle letter; where most is bold, the widest that is none."""
        if not self.stems:
            return _USUAL
        widths, letters = numpy.array(sorted(self.stems)).T
        middle = widths[numpy.searchsorted(letters.cumsum(), letters.sum() / 2)]
        return float(min(_THICKEST, max(_THINNEST, middle)))


def stems_of(lines: Sequence[Sequence[Word]], picture: numpy.ndarray) -> list[list[float]]:
    """For each word on a grey ``picture`` how wide its letters' stems are, in sizes; 0 where it shows none."""
    return [[_stem(word, picture) for word in line] for line in lines]


def _stem(word: Word, picture: numpy.ndarray) -> float:
    left, right = max(0, int(word.x0) - 1), int(word.x1) + 2
    top, bottom = max(0, int(word.baseline - _HIGHEST * word.size)), int(word.baseline - _LOWEST * word.size)
    part = picture[top:bottom, left:right]
    if sum(letter.isalnum() for letter in word.text) < _LEAST_LETTERS or min(part.shape) < 2:
        return 0.0
    fine = cv2.resize(part, None, fx=_FINE, fy=_FINE, interpolation=cv2.INTER_CUBIC)
    darkest, lightest = numpy.percentile(fine, _RANGE)
    ink = fine < (darkest + lightest) / 2
    if ink.mean() > _MOST_INK:
        ink = ~ink
    edges = numpy.diff(numpy.pad(ink.astype(numpy.int8), ((0, 0), (1, 1))), axis=1).ravel()
    runs = (numpy.flatnonzero(edges == -1) - numpy.flatnonzero(edges == 1)) / _FINE
    runs = runs[runs < _WIDEST * word.size]
    return float(numpy.percentile(runs, _STEM)) / word.size if len(runs) else 0.0


def _bold(line: Sequence[Word], stems: Sequence[float], least: float) -> list[Word]:
    """A word too short to tell is as the words around it are."""
    known = [stem >= least if stem else None for stem in stems]
    bold = []
    for at, own in enumerate(known):
        before = next((one for one in known[at::-1] if one is not None), None)
        after = next((one for one in known[at:] if one is not None), None)
        around = {one for one in (before, after) if one is not None}
        bold.append(own if own is not None else around == {True})
    return [replace(word, bold=heavy) for word, heavy in zip(line, bold, strict=True)]

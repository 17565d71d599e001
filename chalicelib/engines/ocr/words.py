"""Lines into words: where the blanks are, how large the letters, and on which baseline they stand."""

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

import cv2  # type: ignore[import-not-found]
import numpy  # type: ignore[import-not-found]

from chalicelib.engines.ocr.letters import reach, width
from chalicelib.engines.ocr.model import Line, Word

_LEAST_CONFIDENCE = 0.5
_LEAST_ALONE = 0.8
"""Of one or two characters by themselves: specks and the grain of photos read as such."""
_LEAST_LONELY, _LONELY_LETTERS = 0.85, 20
"""Of all lines where a page has hardly any letters: patterns in a photo."""
_ALIKE, _SPREAD = 1.12, 1.08
"""Sizes within this ratio are one size: the ink of a line varies with its letters, that of long lines less."""
_LEAST_INK, _LEAST_INK_PX = 0.004, 2
_FEW_LETTERS = 4
_SMALLEST_PX = 5
_LONGEST_STROKE, _WHOLE = 1.3, 0.95
"""In units of a line's height: no letter has a level stroke so long, nor an upright one of the whole height."""
_LONG_LETTERS = 12
"""A line of so many letters has high and deep ones among them, and tells its size."""
_BELIEVED, _NEAR, _FAR = 1.2, 1.15, 1.35


def words_of(lines: Sequence[Line], picture: numpy.ndarray) -> list[list[Word]]:
    """The words of ``lines`` on the grey ``picture``; what is too doubtful to be text is left out."""
    kept = [line for line in lines if _is_text(line)]
    if sum(len(line.text) for line in kept) < _LONELY_LETTERS:
        kept = [line for line in kept if line.confidence >= _LEAST_LONELY]
    found = [(words, line.box[3] - line.box[1]) for line in kept if (words := _line_words(line, picture))]
    return _evened([words for words, _ in found], [height for _, height in found])


def _is_text(line: Line) -> bool:
    letters = sum(letter.isalnum() for letter in line.text)
    least = _LEAST_CONFIDENCE if letters > 2 else _LEAST_ALONE
    return bool(line.text.strip()) and line.confidence >= least


def _line_words(line: Line, picture: numpy.ndarray) -> list[Word]:
    x0, y0, x1, y1 = (round(edge) for edge in line.box)
    crop = picture[max(0, y0) : y1, max(0, x0) : x1]
    if crop.shape[0] < _SMALLEST_PX or crop.shape[1] < _SMALLEST_PX:
        return []
    ink = _ink(crop)
    above, below = reach(line.text)
    top, foot, bottom = _extent(ink.sum(axis=1, dtype=numpy.int64))
    if len(line.text) < _FEW_LETTERS:
        foot = bottom - (bottom - top) * below / (above + below)
    size = (foot - top) / above
    baseline = max(0, y0) + foot
    texts = line.text.split()
    spans = [(box[0], box[2]) for _, box in line.words] if len(line.words) == len(texts) else None
    spans = spans or _spans(texts, ink.any(axis=0), max(0, x0))
    return [
        Word(text, left, right, baseline, size, line.confidence)
        for text, (left, right) in zip(texts, spans, strict=True)
    ]


def _ink(crop: numpy.ndarray) -> numpy.ndarray:
    """1 where a letter is printed, dark on light or light on dark; lines under and beside letters do not count."""
    _, dark = cv2.threshold(crop, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    ink = 1 - dark if dark.mean() > 0.5 else dark
    height, across = ink.shape
    level = numpy.ones((1, max(_SMALLEST_PX, min(across, round(_LONGEST_STROKE * height)))), numpy.uint8)
    under = cv2.dilate(cv2.morphologyEx(ink, cv2.MORPH_OPEN, level), numpy.ones((3, 1), numpy.uint8))
    beside = ink.mean(axis=0) > _WHOLE
    letters = ink & (1 - under) & (1 - beside[None, :].astype(numpy.uint8))
    return letters if letters.any() else ink


def _extent(rows: numpy.ndarray) -> tuple[float, float, float]:
    """The first row of ink, behind that on which letters stand, where ink ceases most, and behind the last."""
    inked = numpy.flatnonzero(rows >= max(_LEAST_INK_PX, _LEAST_INK * rows.max()))
    if not len(inked):
        return 0, len(rows), len(rows)
    top, bottom = int(inked[0]), int(inked[-1]) + 1
    middle = (top + bottom) // 2
    ceasing = rows[middle:bottom] - numpy.append(rows[middle + 1 : bottom], 0)
    return top, middle + int(ceasing.argmax()) + 1, bottom


def _spans(texts: Sequence[str], columns: numpy.ndarray, offset: int) -> list[tuple[float, float]]:
    """Where each of ``texts`` stands: the line cut at its widest blanks, near where letters' widths expect them."""
    inked = numpy.flatnonzero(columns)
    if not len(inked):
        return _by_width(texts, offset, offset + len(columns))
    first, last = int(inked[0]), int(inked[-1]) + 1
    cuts = _cuts(texts, inked, first, last)
    if len(cuts) < len(texts) - 1:
        return _by_width(texts, offset + first, offset + last)
    edges = [first, *(edge for cut in cuts for edge in cut), last]
    return [(offset + edges[at], offset + edges[at + 1]) for at in range(0, len(edges), 2)]


def _cuts(texts: Sequence[str], inked: numpy.ndarray, first: int, last: int) -> list[tuple[int, int]]:
    """The blanks between the words, in order: for each the best of those left, so that every later one has its own."""
    steps = numpy.flatnonzero(numpy.diff(inked) > 1)
    gaps = [(int(inked[at]) + 1, int(inked[at + 1])) for at in steps]
    wanted = len(texts) - 1
    widest = sorted(gaps, key=lambda gap: gap[0] - gap[1])[:wanted]
    least = 0.6 * min((gap[1] - gap[0] for gap in widest), default=0)
    candidates = [gap for gap in gaps if gap[1] - gap[0] >= least]
    if len(candidates) <= wanted or wanted == 0:
        return sorted(widest)
    return _aligned(candidates, _expected(texts, first, last), last - first)


def _expected(texts: Sequence[str], first: int, last: int) -> list[float]:
    """The middles of the blanks, were the line set in ordinary letters."""
    total = width(" ".join(texts))
    places, before = [], 0.0
    for text in texts[:-1]:
        before += width(text)
        places.append(first + (last - first) * (before + width(" ") / 2) / total)
        before += width(" ")
    return places


def _aligned(gaps: Sequence[tuple[int, int]], places: Sequence[float], length: int) -> list[tuple[int, int]]:
    """For each expected place a gap, in order, wide and near; by dynamic programming."""
    costs = numpy.array(
        [
            [abs((gap[0] + gap[1]) / 2 - place) / length - (gap[1] - gap[0]) / length * 2 for gap in gaps]
            for place in places
        ]
    )
    total = numpy.full((len(places) + 1, len(gaps) + 1), numpy.inf)
    total[0] = 0
    for row in range(1, len(places) + 1):
        for column in range(row, len(gaps) + 1):
            taken = total[row - 1, column - 1] + costs[row - 1, column - 1]
            total[row, column] = min(total[row, column - 1], taken)
    chosen, column = [], len(gaps)
    for row in range(len(places), 0, -1):
        while column > row and total[row, column] == total[row, column - 1]:
            column -= 1
        column -= 1
        chosen.append(gaps[column])
    return chosen[::-1]


def _by_width(texts: Sequence[str], first: float, last: float) -> list[tuple[float, float]]:
    total = width(" ".join(texts)) or 1.0
    scale, spans, at = (last - first) / total, [], first
    for text in texts:
        spans.append((at, at + scale * width(text)))
        at = spans[-1][1] + scale * width(" ")
    return spans


def _evened(lines: Sequence[list[Word]], heights: Sequence[float]) -> list[list[Word]]:
    """Lines of about one size given that size; short ones, which say little of theirs, one of the long ones'."""
    letters = [sum(len(word.text) for word in line) for line in lines]
    long = [at for at, count in enumerate(letters) if count >= _LONG_LETTERS] or list(range(len(lines)))
    ratio = median(lines[at][0].size / heights[at] for at in long) if long else 1.0
    sizes = [line[0].size for line in lines]
    for at in set(range(len(lines))) - set(long):
        expected = ratio * heights[at]
        sizes[at] = sizes[at] if 1 / _BELIEVED < sizes[at] / expected < _BELIEVED else expected
    common = _common([(sizes[at], letters[at]) for at in long])
    given = [
        _nearest(size, [one for one, _ in common], _ALIKE) if at in long else _likely(size, common)
        for at, size in enumerate(sizes)
    ]
    return [[replace(one, size=size) for one in line] for size, line in zip(given, lines, strict=True)]


def _common(lines: Sequence[tuple[float, int]]) -> list[tuple[float, int]]:
    """The sizes used most, first, with the letters of the ``lines`` (size, letters) that have them."""
    left, found = list(lines), []
    while left:
        groups = [[one for one in left if size / _SPREAD <= one[0] <= size * _SPREAD] for size, _ in left]
        group = max(groups, key=lambda one: sum(count for _, count in one))
        found.append((median(size for size, _ in group), sum(count for _, count in group)))
        left = [one for one in left if one not in group]
    return found


def _likely(size: float, common: Sequence[tuple[float, int]]) -> float:
    """A short line's: of the sizes that it may have, that which is used most."""
    near = [one for one, _ in common if 1 / _NEAR <= size / one <= _NEAR]
    return near[0] if near else _nearest(size, [one for one, _ in common], _FAR)


def _nearest(size: float, common: Sequence[float], within: float) -> float:
    best = min(common, key=lambda one: abs(one - size), default=size)
    return best if 1 / within <= size / best <= within else size

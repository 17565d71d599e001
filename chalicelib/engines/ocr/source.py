"""The PDF that may hold scans: which pages have a picture and no text, and what they look like."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy  # type: ignore[import-not-found]
import pypdfium2  # type: ignore[import-not-found]
import pypdfium2.raw as pdfium  # type: ignore[import-not-found]

FEWEST_CHARACTERS = 40
"""What a scanner or a fax stamps onto a page is shorter; as the table engine counts."""
_COVER = 0.3
"""The share of a page that pictures cover at least, if they may show text."""
_ILLEGIBLE = 0.3
"""The share of characters without a meaning from which a text layer is no better than none."""
DPI, MOST_PIXELS = 200, 16_000_000
"""What the models read best; a page of A3 has 7.7 million pixels at that, a poster gets fewer for each inch."""
LEAST_DPI = 100
"""A scan is looked at in its own pixels, from here to DPI: made larger it is blurred, and read a little worse."""
_WHOLE = 0.8
_POINTS = 72
_DEEPEST = 4


class Source:
    """An open PDF. Raises what pypdfium2 raises where it is not one, or its password is wrong."""

    def __init__(self, path: Path, password: str | None) -> None:
        self._document = pypdfium2.PdfDocument(path, password=password)
        self._document.init_forms()

    def __len__(self) -> int:
        return len(self._document)

    def close(self) -> None:
        """Give the file back."""
        self._document.close()

    def without_text(self, pages: Sequence[int]) -> list[int]:
        """Those of ``pages`` (0-based) whose text has to be read from what they show."""
        return [index for index in pages if self._is_scan(index)]

    def picture(self, index: int) -> tuple[numpy.ndarray, float]:
        """Page ``index`` as a person sees it (BGR), and how many of its pixels make a point."""
        page = self._document[index]
        try:
            across, down = page.get_size()
            scale = min(_dpi(page) / _POINTS, (MOST_PIXELS / max(1.0, across * down)) ** 0.5)
            bitmap = page.render(scale=scale, rev_byteorder=False, may_draw_forms=True)
            picture = numpy.ascontiguousarray(bitmap.to_numpy()[..., :3])
        finally:
            page.close()
        return picture, picture.shape[1] / across

    def box(self, index: int) -> tuple[float, float, float, float, int]:
        """The part of a page that shows, in its own space, and by how many degrees it is turned to be shown."""
        page = self._document[index]
        try:
            left, bottom, right, top = page.get_cropbox()
            return left, bottom, right, top, page.get_rotation()
        finally:
            page.close()

    def _is_scan(self, index: int) -> bool:
        try:
            page = self._document[index]
        except pypdfium2.PdfiumError:
            return False
        try:
            return _pictured(page) and not _legible(page)
        finally:
            page.close()


def _pictured(page: Any) -> bool:
    across, down = page.get_size()
    covered = 0.0
    for one in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=_DEEPEST):
        left, bottom, right, top = one.get_bounds()
        covered += max(0.0, min(right, across) - max(left, 0)) * max(0.0, min(top, down) - max(bottom, 0))
    return bool(covered >= _COVER * across * down)


def _dpi(page: Any) -> float:
    """At which a page's picture loses and gains nothing, where one picture is all of it."""
    across, down = page.get_size()
    for one in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=_DEEPEST):
        left, bottom, right, top = one.get_bounds()
        if (right - left) * (top - bottom) >= _WHOLE * across * down:
            pixels = max(one.get_px_size()) * _POINTS / max(right - left, top - bottom)
            return float(min(DPI, max(LEAST_DPI, pixels)))
    return DPI


def _legible(page: Any) -> bool:
    text = page.get_textpage()
    try:
        letters = [letter for letter in text.get_text_range() if not letter.isspace()]
    finally:
        text.close()
    unknown = sum(letter == "\ufffd" or letter < " " or "\ue000" <= letter <= "\uf8ff" for letter in letters)
    return bool(len(letters) >= FEWEST_CHARACTERS and unknown <= _ILLEGIBLE * len(letters))


def to_user(box: tuple[float, float, float, float, int], scale: float, size: tuple[int, int]) -> numpy.ndarray:
    """3 × 3: from the pixels of a page's picture, ``size`` (across, down), to the page's own space."""
    left, bottom, right, top, turned = box
    across, down = right - left, top - bottom
    shown_height = size[1] / scale
    shown = numpy.array([[1 / scale, 0, 0], [0, -1 / scale, shown_height], [0, 0, 1]])
    turns = {
        0: [[1, 0, left], [0, 1, bottom], [0, 0, 1]],
        90: [[0, -1, left + across], [1, 0, bottom], [0, 0, 1]],
        180: [[-1, 0, left + across], [0, -1, bottom + down], [0, 0, 1]],
        270: [[0, 1, left], [-1, 0, bottom + down], [0, 0, 1]],
    }
    matrix: numpy.ndarray = numpy.array(turns[turned % 360]) @ shown
    return matrix

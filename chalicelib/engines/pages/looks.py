"""Pages that look blank although something lies on them: white scans, white text on white."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pypdfium2  # type: ignore[import-not-found]

SMALL_PX, LARGE_PX = 300, 1_200
"""Longest side of the first look, at every page, and of the second, at those that looked blank."""

PAPER = 250
"""Of 255: what is lighter is paper to the eye, and what JPEG makes of it."""


def white_pages(path: Path, password: str | None, numbers: Iterable[int]) -> list[int]:
    """Those of ``numbers`` (from 1) that show nothing when they are drawn; none where they can't be."""
    try:
        with pypdfium2.PdfDocument(path, password=password) as document:
            return list(_white(document, numbers))
    except pypdfium2.PdfiumError:
        return []


def _white(document: pypdfium2.PdfDocument, numbers: Iterable[int]) -> Iterator[int]:
    document.init_forms()
    for number in numbers:
        if number <= len(document) and _is_white(document[number - 1]):
            yield number


def _is_white(page: pypdfium2.PdfPage) -> bool:
    return all(_darkest(page, side) >= PAPER for side in (SMALL_PX, LARGE_PX))


def _darkest(page: pypdfium2.PdfPage, side_px: int) -> int:
    """The darkest grey on the page, which is drawn with ``side_px`` as its longest side."""
    scale = side_px / max(1.0, *page.get_size())
    darkest, _ = page.render(scale=scale, grayscale=True, may_draw_forms=True).to_pil().getextrema()
    return int(darkest)

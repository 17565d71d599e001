"""Pictures out of the PDF: the bytes of an image as they are, and regions of a page as they look."""

import math
from typing import Any

from chalicelib.engines.tables.pymupdf import pymupdf
from chalicelib.engines.word.document.picture import Media, MediaType
from chalicelib.engines.word.pages.drawn import Image
from chalicelib.engines.word.pages.text import Box
from chalicelib.engines.word.read.frame import Frame
from chalicelib.engines.word.read.page_reader import PageReader

DPI = 150
_SHARPEST_DPI = 300
_LARGEST_PIXELS = 25_000_000
_AS_THEY_ARE = {"jpeg": MediaType.JPEG, "jpg": MediaType.JPEG, "png": MediaType.PNG}


class PagePictures:
    """An open PDF that gives pictures of its pages; boxes are on the upright page."""

    def __init__(self, reader: PageReader) -> None:
        self._reader = reader
        self._frames: dict[int, Frame] = {}
        self._bare: dict[tuple[int, bool], Any] = {}

    def image(self, number: int, image: Image) -> Media:
        """An image of page ``number``: its own bytes where Word can show them as they are, else as it looks there."""
        kept = self._original(image) if image.number > 0 and not image.turn else None
        density = 72 * image.width_px / max(1.0, image.box[2] - image.box[0])
        return kept or self.region(number, image.box, text=False, dpi=round(max(DPI, min(_SHARPEST_DPI, density))))

    def region(self, number: int, box: Box, *, text: bool = True, images: bool = True, dpi: int = DPI) -> Media:
        """What page ``number`` shows in ``box`` as a PNG, on demand without its ``text`` or ``images``."""
        frame = self._frame(number)
        page = self._page(number, text=text, images=images)
        zoom = _affordable(box, dpi) / 72
        clip = (pymupdf.Rect(box) * ~frame.matrix) & page.rect
        pixmap = page.get_pixmap(matrix=frame.matrix * pymupdf.Matrix(zoom, zoom), clip=clip, alpha=False)
        return Media(pixmap.tobytes("png"), MediaType.PNG)

    def _frame(self, number: int) -> Frame:
        if number not in self._frames:
            self._frames[number] = self._reader.frame(number)
        return self._frames[number]

    def _page(self, number: int, *, text: bool, images: bool) -> Any:
        """The page, rotation undone, or a copy of it that lacks something; one copy is kept."""
        if text and images:
            page = self._reader.document[number - 1]
            page.set_rotation(0)
            return page
        key = (number, images)
        if key not in self._bare:
            self._bare = {key: _without_text(self._reader.document, number, images=images)}
        return self._bare[key][0]

    def _original(self, image: Image) -> Media | None:
        try:
            found = self._reader.document.extract_image(image.number)
        except (RuntimeError, ValueError):
            return None
        kind = _AS_THEY_ARE.get(str(found.get("ext")))
        plain = not found.get("smask") and int(found.get("colorspace") or 0) in (1, 3) and not image.mask
        return Media(found["image"], kind) if kind and plain else None


def _without_text(document: Any, number: int, *, images: bool) -> Any:
    copy = pymupdf.open()
    copy.insert_pdf(document, from_page=number - 1, to_page=number - 1, links=False, annots=False)
    bare = copy[0]
    bare.set_rotation(0)
    bare.add_redact_annot(bare.rect, fill=False, cross_out=False)
    kept = pymupdf.PDF_REDACT_IMAGE_NONE if images else pymupdf.PDF_REDACT_IMAGE_REMOVE
    bare.apply_redactions(images=kept, graphics=0, text=0)
    return copy


def _affordable(box: Box, dpi: int) -> float:
    """``dpi``, or what fits the largest picture."""
    square_inches = max(0.01, (box[2] - box[0]) * (box[3] - box[1]) / 5184)
    return min(float(dpi), math.sqrt(_LARGEST_PIXELS / square_inches))

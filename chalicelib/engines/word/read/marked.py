"""The marked content of a page's letters, pictures and paths, on the upright page."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from chalicelib.engines.tables.pymupdf import pymupdf
from chalicelib.engines.tagged.marked_content import ContentMark, MarkedPage
from chalicelib.engines.word.pages.boxes import hull
from chalicelib.engines.word.pages.drawn import Image, MarkedArt
from chalicelib.engines.word.pages.text import Artifact, Box
from chalicelib.engines.word.read.frame import Frame

_SAME_PT = 3.0
"""Both readers agree on the sides of a picture within this."""


class PageMarks:
    """What PDFium says of the content of an unrotated PyMuPDF ``page``."""

    def __init__(self, marked: MarkedPage, page: Any, frame: Frame) -> None:
        self._marked, self._frame = marked, frame
        self._to_page = page.transformation_matrix
        matrix = ~page.transformation_matrix
        self._from_page = (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)

    def at(self, x: float, y: float) -> ContentMark | None:
        """The mark of the letter at a point of the unrotated page."""
        a, b, c, d, e, f = self._from_page
        return self._marked.at(x * a + y * c + e, x * b + y * d + f)

    def marked_images(self, images: Sequence[Image]) -> list[Image]:
        """The images with their marks."""
        known = [(self._box(bounds), mark) for bounds, mark in self._marked.images]
        return [_marked(image, next((mark for box, mark in known if _agree(box, image.box)), None)) for image in images]

    def art(self) -> list[MarkedArt]:
        """Where the paths of each piece of marked content stand."""
        boxes: dict[int, tuple[Box, int]] = {}
        for bounds, mark in self._marked.paths:
            if mark.mcid is not None and not mark.artifact:
                box = self._box(bounds)
                known, count = boxes.get(mark.mcid, (box, 0))
                boxes[mark.mcid] = (hull(known, box), count + 1)
        return [MarkedArt(box, count, mcid) for mcid, (box, count) in boxes.items()]

    def _box(self, bounds: Box) -> Box:
        return self._frame.box(pymupdf.Rect(bounds) * self._to_page)


def _marked(image: Image, mark: ContentMark | None) -> Image:
    if mark is None:
        return image
    return replace(image, mcid=mark.mcid, artifact=artifact_of(mark))


def artifact_of(mark: ContentMark | None) -> Artifact | None:
    """What kind of artifact the mark says that its content is."""
    if mark is None or not mark.artifact:
        return None
    return Artifact.PAGINATION if mark.pagination else Artifact.OTHER


def _agree(one: Box, other: Box) -> bool:
    return all(abs(a - b) <= _SAME_PT for a, b in zip(one, other, strict=True))

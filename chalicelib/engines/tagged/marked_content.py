"""Which marked content each letter, picture and path of a page belongs to; PDFium tells, which MuPDF does not."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-not-found]
import pypdfium2.raw as pdfium  # type: ignore[import-not-found]

_CELL_PT = 2.0
"""Side of the squares in which letters are looked up; both readers agree on a letter's origin within .1 pt."""

_DEEPEST_FORM = 12
"""Forms within forms; more is an attack."""

_MOST_OBJECTS = 200_000


@dataclass(frozen=True, slots=True)
class ContentMark:
    """What the stream says of a piece of content; ``pagination`` is an artifact that is a running head or foot."""

    mcid: int | None = None
    artifact: bool = False
    pagination: bool = False
    language: str | None = None


@dataclass(slots=True)
class MarkedPage:
    """The marks of one page. Coordinates are the page's own in the PDF: points, y up, not rotated."""

    letters: dict[tuple[int, int], list[tuple[float, float, ContentMark]]] = field(default_factory=dict)
    images: list[tuple[tuple[float, float, float, float], ContentMark]] = field(default_factory=list)
    paths: list[tuple[tuple[float, float, float, float], ContentMark]] = field(default_factory=list)

    def at(self, x: float, y: float) -> ContentMark | None:
        """The mark of the letter whose origin is at ``x``, ``y``, or next to it."""
        column, row = int(x // _CELL_PT), int(y // _CELL_PT)
        near = (
            one
            for i in (column - 1, column, column + 1)
            for j in (row - 1, row, row + 1)
            for one in self.letters.get((i, j), ())
        )
        best = min(near, key=lambda one: abs(one[0] - x) + abs(one[1] - y), default=None)
        return best[2] if best and abs(best[0] - x) + abs(best[1] - y) < _CELL_PT else None


class MarkedContent:
    """A PDF opened for its marks. Raises ``pypdfium2.PdfiumError`` where PDFium can't read it."""

    def __init__(self, path: Path, password: str | None = None) -> None:
        self._document: Any = pypdfium2.PdfDocument(path, password=password)

    def page(self, number: int) -> MarkedPage:
        """The marks of page ``number`` (from 1)."""
        page = self._document[number - 1]
        text_page = page.get_textpage()
        try:
            return _read(page.raw, text_page.raw)
        finally:
            text_page.close()
            page.close()


def _read(page: Any, text_page: Any) -> MarkedPage:
    found = MarkedPage()
    marks: dict[int | None, ContentMark] = {}
    for at, item in enumerate(_objects(page)):
        if at >= _MOST_OBJECTS:
            break
        kind = pdfium.FPDFPageObj_GetType(item)
        mark = _mark_of(item)
        marks[_address(item)] = mark
        if kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH):
            target = found.images if kind == pdfium.FPDF_PAGEOBJ_IMAGE else found.paths
            target.append((_bounds(item), mark))
    _place_letters(text_page, marks, found)
    return found


def _objects(page: Any) -> Iterator[Any]:
    """All objects of a page, those within forms too."""
    waiting = [(pdfium.FPDFPage_GetObject(page, at), 0) for at in range(pdfium.FPDFPage_CountObjects(page))]
    waiting.reverse()
    while waiting:
        item, depth = waiting.pop()
        if not item:
            continue
        yield item
        if depth < _DEEPEST_FORM and pdfium.FPDFPageObj_GetType(item) == pdfium.FPDF_PAGEOBJ_FORM:
            count = pdfium.FPDFFormObj_CountObjects(item)
            waiting += [(pdfium.FPDFFormObj_GetObject(item, at), depth + 1) for at in reversed(range(count))]


def _place_letters(text_page: Any, marks: dict[int | None, ContentMark], found: MarkedPage) -> None:
    x, y = ctypes.c_double(), ctypes.c_double()
    to_x, to_y = ctypes.byref(x), ctypes.byref(y)
    for at in range(pdfium.FPDFText_CountChars(text_page)):
        mark = marks.get(_address(pdfium.FPDFText_GetTextObject(text_page, at)))
        if mark is not None and pdfium.FPDFText_GetCharOrigin(text_page, at, to_x, to_y):
            key = int(x.value // _CELL_PT), int(y.value // _CELL_PT)
            found.letters.setdefault(key, []).append((x.value, y.value, mark))


def _address(item: Any) -> int | None:
    return ctypes.cast(item, ctypes.c_void_p).value


def _bounds(item: Any) -> tuple[float, float, float, float]:
    sides = [ctypes.c_float() for _ in range(4)]
    pdfium.FPDFPageObj_GetBounds(item, *(ctypes.byref(side) for side in sides))
    left, bottom, right, top = (side.value for side in sides)
    return left, bottom, right, top


def _mark_of(item: Any) -> ContentMark:
    mcid = pdfium.FPDFPageObj_GetMarkedContentID(item)
    artifact = pagination = False
    language = None
    for at in range(max(0, pdfium.FPDFPageObj_CountMarks(item))):
        mark = pdfium.FPDFPageObj_GetMark(item, at)
        if _string(pdfium.FPDFPageObjMark_GetName, mark) == "Artifact":
            artifact = True
            pagination |= any(_has(mark, key) for key in (b"Subtype", b"Attached"))
        elif _has(mark, b"Lang"):
            language = _string(pdfium.FPDFPageObjMark_GetParamStringValue, mark, b"Lang") or language
    return ContentMark(mcid if mcid >= 0 else None, artifact, pagination, language)


def _has(mark: Any, key: bytes) -> bool:
    return bool(pdfium.FPDFPageObjMark_GetParamValueType(mark, key) != pdfium.FPDF_OBJECT_UNKNOWN)


def _string(read: Any, mark: Any, *key: bytes) -> str | None:
    """What one of PDFium's functions that fill a buffer of UTF-16 answers."""
    length = ctypes.c_ulong()
    if not read(mark, *key, None, 0, ctypes.byref(length)) or not 2 <= length.value <= 1024:
        return None
    buffer = ctypes.create_string_buffer(length.value)
    target = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
    read(mark, *key, target, length.value, ctypes.byref(length))
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\0")

"""Puts what was read into the PDF: beneath the picture of a page, or in its place."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import cv2  # type: ignore[import-not-found]
import numpy  # type: ignore[import-not-found]
import pikepdf  # type: ignore[import-not-found]
from pikepdf import Array, Dictionary, Name

from chalicelib.engines.ocr.font import add_font
from chalicelib.engines.ocr.letters import width
from chalicelib.engines.ocr.model import Box, Word
from chalicelib.engines.ocr.rules import Rule

_JPEG_QUALITY = 85
_INVISIBLE, _VISIBLE = 3, 0
_MOST_SPREAD = 0.1
"""Of the size, between letters: more would be a blank."""
_REGULAR, _BOLD = "/Scan", "/ScanBold"


@dataclass(frozen=True)
class Fonts:
    """One font for each use, made when first needed."""

    pdf: pikepdf.Pdf
    made: dict[str, pikepdf.Object]

    def named(self, name: str) -> pikepdf.Object:
        """The font of that name."""
        if name not in self.made:
            self.made[name] = add_font(self.pdf, name)
        return self.made[name]


def add_layer(page: pikepdf.Page, fonts: Fonts, lines: Sequence[Sequence[Word]], to_user: numpy.ndarray) -> None:
    """Lay the words invisibly over the page, which stays as it is; ``to_user`` leads from their pixels to its space."""
    if Name.Resources not in page.obj:
        page.obj.Resources = fonts.pdf.make_indirect(Dictionary(page.resources))
    name = page.add_resource(fonts.named("ScannedText"), Name.Font)
    text = "\n".join(_shown(lines, to_user, (str(name), str(name)), _INVISIBLE))
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(f"\nQ\n{text}\n".encode())


@dataclass(frozen=True)
class Drawn:
    """What a page shows besides its words, in pixels of ``picture`` (BGR), of which ``scale`` make a point."""

    picture: numpy.ndarray
    rules: Sequence[Rule]
    figures: Sequence[Box]
    scale: float


def replace_page(page: pikepdf.Page, fonts: Fonts, lines: Sequence[Sequence[Word]], drawn: Drawn) -> None:
    """Make the page one of text, lines and figures, without the scan's own picture."""
    height, across = drawn.picture.shape[0] / drawn.scale, drawn.picture.shape[1] / drawn.scale
    to_user = numpy.array([[1 / drawn.scale, 0, 0], [0, -1 / drawn.scale, height], [0, 0, 1]])
    images = {f"/Figure{number}": box for number, box in enumerate(drawn.figures)}
    parts = [*_strokes(drawn.rules, drawn.scale, height)]
    for name, box in images.items():
        x0, y0, x1, y1 = (edge / drawn.scale for edge in box)
        parts.append(f"q {x1 - x0:.3f} 0 0 {y1 - y0:.3f} {x0:.3f} {height - y1:.3f} cm {name} Do Q")
    parts += _shown(lines, to_user, (_REGULAR, _BOLD), _VISIBLE)
    for key in ("/Contents", "/Rotate", "/CropBox", "/TrimBox", "/BleedBox", "/ArtBox", "/Annots", "/UserUnit"):
        if key in page.obj:
            del page.obj[key]
    page.obj.MediaBox = Array([0, 0, round(across, 3), round(height, 3)])
    page.obj.Rotate = 0
    page.obj.Resources = Dictionary(
        Font=Dictionary({_REGULAR: fonts.named("Arial"), _BOLD: fonts.named("Arial-BoldMT")}),
        XObject=Dictionary({name: _image(fonts.pdf, drawn.picture, box) for name, box in images.items()}),
    )
    page.obj.Contents = fonts.pdf.make_stream("\n".join(parts).encode())


def _strokes(rules: Iterable[Rule], scale: float, height: float) -> Iterator[str]:
    for rule in rules:
        start, end = (rule.x0 / scale, height - rule.y0 / scale), (rule.x1 / scale, height - rule.y1 / scale)
        yield f"{rule.width / scale:.3f} w {start[0]:.3f} {start[1]:.3f} m {end[0]:.3f} {end[1]:.3f} l S"


def _image(pdf: pikepdf.Pdf, picture: numpy.ndarray, box: Box) -> pikepdf.Stream:
    x0, y0, x1, y1 = (max(0, round(edge)) for edge in box)
    part = numpy.ascontiguousarray(picture[y0:y1, x0:x1])
    stream = pdf.make_stream(cv2.imencode(".jpg", part, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])[1].tobytes())
    stream.update(
        Dictionary(
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=part.shape[1],
            Height=part.shape[0],
            ColorSpace=Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=Name.DCTDecode,
        )
    )
    return stream


def _shown(lines: Sequence[Sequence[Word]], to_user: numpy.ndarray, fonts: tuple[str, str], mode: int) -> Iterator[str]:
    """Each word by itself, as wide as it was, in the regular or the bold of ``fonts``; a blank after it, which viewers
    copy.
    """
    if not lines:
        return
    linear = to_user[:2, :2]
    scale = float(numpy.hypot(*linear[:, 0]))
    (a, b), (c, d) = linear[:, 0] / scale, -linear[:, 1] / scale
    yield f"BT {mode} Tr"
    for line in lines:
        for word in line:
            x, y, _ = to_user @ (word.x0, word.baseline, 1)
            size = word.size * scale
            spread, stretch = _fitted(word, size, (word.x1 - word.x0) * scale)
            codes = (word.text + " ").encode("utf-16-be", "replace").hex()
            placed = f"{a:.6f} {b:.6f} {c:.6f} {d:.6f} {x:.3f} {y:.3f} Tm"
            yield f"{fonts[word.bold]} {size:.3f} Tf {spread:.4f} Tc {stretch:.3f} Tz {placed} <{codes}> Tj"
    yield "ET"


def _fitted(word: Word, size: float, across: float) -> tuple[float, float]:
    """The space between letters, and the percentage of their width, that make a word of ``size`` so wide as it was.

    Space for the most part: letters that are stretched count as larger or smaller ones.
    """
    natural, gaps = max(size * width(word.text), 1e-6), len(word.text) - 1
    spread = min(_MOST_SPREAD, max(-_MOST_SPREAD, (across - natural) / gaps / size)) * size if gaps else 0.0
    stretch = 100 * across / max(natural + spread * gaps, 1e-6)
    return (spread, stretch) if gaps else (0.0, 100.0)

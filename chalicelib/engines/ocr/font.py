"""The font of text that is there to be read by programs: every letter, and no ink."""

import io
from functools import cache
from typing import Any

import pikepdf  # type: ignore[import-not-found]
from fontTools.fontBuilder import FontBuilder  # type: ignore[import-not-found]
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-not-found]
from fontTools.ttLib.tables._g_l_y_f import Glyph  # type: ignore[import-not-found]
from pikepdf import Array, Dictionary, Name

from chalicelib.engines.ocr.letters import FIRST, OTHER, WIDE, WIDTHS, reach, width

_ASCENT, _DESCENT = 905, -212
"""Arial's, in thousandths: engines that read the page look for letters between these."""
_CODES, _LATIN, _IDEOGRAPH = 65_536, 0x250, 0x4E00
_WIDE_RANGES = ((0x2E80, 0x9FFF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFF01, 0xFF60))
_TO_UNICODE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
1 beginbfrange <0000> <FFFF> <0000> endbfrange
endcmap CMapName currentdict /CMap defineresource pop end end"""


def add_font(pdf: pikepdf.Pdf, name: str) -> pikepdf.Object:
    """A font in ``pdf`` whose codes are UTF-16 units; as wide as Helvetica, so that letters stand where they should."""
    descriptor = pdf.make_indirect(
        Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name("/" + name),
            Flags=4,
            FontBBox=Array([0, _DESCENT, 1000, _ASCENT]),
            ItalicAngle=0,
            Ascent=_ASCENT,
            Descent=_DESCENT,
            CapHeight=716,
            StemV=80,
            FontFile2=pdf.make_stream(_outlines()),
        )
    )
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name("/" + name),
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        FontDescriptor=descriptor,
        DW=OTHER,
        W=Array([FIRST, Array(list(WIDTHS)), *(part for low, high in _WIDE_RANGES for part in (low, high, WIDE))]),
        CIDToGIDMap=pdf.make_stream(_glyph_numbers()),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name("/" + name),
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=pdf.make_stream(_TO_UNICODE),
        )
    )


Shape = tuple[int, int, int]
"""How wide, how high above and how deep below the baseline, in thousandths; (0, 0, 0): empty."""


def _shape(code: int) -> Shape:
    letter = chr(code)
    if letter.isspace() or 0xD800 <= code < 0xE000:
        return 0, 0, 0
    above, below = reach(letter)
    return round(1000 * width(letter)), round(1000 * above), round(1000 * below)


@cache
def _shapes() -> dict[Shape, int]:
    """The glyph of each shape; what is not below ``_LATIN`` is as wide and high as it is there."""
    different = dict.fromkeys([(0, 0, 0), *map(_shape, range(_LATIN)), _shape(_IDEOGRAPH)])
    return {shape: number for number, shape in enumerate(different, 1)}


@cache
def _glyph_numbers() -> bytes:
    shapes = _shapes()
    ordinary, wide = shapes[_shape(ord("x"))], shapes[_shape(_IDEOGRAPH)]
    numbers = [shapes[_shape(code)] if code < _LATIN else ordinary for code in range(_CODES)]
    for low, high in _WIDE_RANGES:
        numbers[low : high + 1] = [wide] * (high + 1 - low)
    return b"".join(number.to_bytes(2) for number in numbers)


@cache
def _outlines() -> bytes:
    """A TrueType font of glyphs that have the extent of letters, and no ink: two specks at opposite corners."""
    names = {f"g{number}": shape for shape, number in _shapes().items()}
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", *names])
    builder.setupCharacterMap({})
    builder.setupGlyf({".notdef": Glyph()} | {name: _specks(*shape) for name, shape in names.items()})
    builder.setupHorizontalMetrics({".notdef": (OTHER, 0)} | {name: (shape[0], 0) for name, shape in names.items()})
    builder.setupHorizontalHeader(ascent=_ASCENT, descent=_DESCENT)
    builder.setupNameTable({"familyName": "Scan", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=_ASCENT, sTypoDescender=_DESCENT)
    builder.setupPost()
    buffer = io.BytesIO()
    builder.save(buffer)
    return buffer.getvalue()


def _specks(across: int, above: int, below: int) -> Any:
    """Programs that look for the ink of letters, as layout models do, find their boxes."""
    pen = TTGlyphPen(None)
    if across:
        for x, y, step in ((30, -below, 1), (across - 30, above, -1)):
            pen.moveTo((x, y))
            pen.lineTo((x + step, y))
            pen.lineTo((x, y + step))
            pen.closePath()
    return pen.glyph()

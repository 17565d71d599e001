"""The font of text that is there to be read by programs: every letter, no outlines."""

import io
from functools import cache

import pikepdf  # type: ignore[import-not-found]
from fontTools.fontBuilder import FontBuilder  # type: ignore[import-not-found]
from fontTools.ttLib.tables._g_l_y_f import Glyph  # type: ignore[import-not-found]
from pikepdf import Array, Dictionary, Name

from chalicelib.engines.ocr.letters import FIRST, OTHER, WIDE, WIDTHS

_ASCENT, _DESCENT = 905, -212
"""Arial's, in thousandths: engines that read the page look for letters between these."""
_CODES = 65_536
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
        CIDToGIDMap=pdf.make_stream(b"\0\1" * _CODES),
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


@cache
def _outlines() -> bytes:
    """A TrueType font of two empty glyphs."""
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "empty"])
    builder.setupCharacterMap({})
    builder.setupGlyf({".notdef": Glyph(), "empty": Glyph()})
    builder.setupHorizontalMetrics({".notdef": (OTHER, 0), "empty": (OTHER, 0)})
    builder.setupHorizontalHeader(ascent=_ASCENT, descent=_DESCENT)
    builder.setupNameTable({"familyName": "Scan", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=_ASCENT, sTypoDescender=_DESCENT)
    builder.setupPost()
    buffer = io.BytesIO()
    builder.save(buffer)
    return buffer.getvalue()

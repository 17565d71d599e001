"""The width that Excel gives columns whose width nobody set: rounded up to eight pixels, as LibreOffice does not."""

import math
import re

_FORMAT = re.compile(rb"<sheetFormatPr\b(?P<attributes>[^>]*?)(?P<end>/?>)")
_BASE = re.compile(rb"\bbaseColWidth=[\"'](\d+)[\"']")
_FONT = re.compile(rb"<fonts\b.*?<font\b[^>]*>(?P<font>.*?)</font>", re.DOTALL)
_SIZE = re.compile(rb"<sz\b[^>]*?\bval=[\"']([\d.]+)[\"']")
_NAME = re.compile(rb"<name\b[^>]*?\bval=[\"']([^\"']*)[\"']")

_BASE_DIGITS = 8
"""``baseColWidth`` where a sheet names none (ECMA-376, part 1, 18.3.1.81)."""

_MOST_DIGITS = 255

_BESIDE = 5
"""Pixels: two on each side of the digits and one for the grid (the same place)."""

_STEP = 8
"""Pixels: ordinary columns are a multiple of this wide."""

_PIXELS_PER_POINT = 96 / 72

_DIGITS = {
    b"Aptos Narrow": 0.507,
    b"Arial": 0.556,
    b"Calibri": 0.507,
    b"Calibri Light": 0.507,
    b"Cambria": 0.554,
    b"Segoe UI": 0.539,
    b"Tahoma": 0.546,
    b"Times New Roman": 0.5,
    b"Verdana": 0.636,
}
"""How wide the digits of fonts are, in em, by their ``hmtx`` tables: those that workbooks are begun in."""


def digit_pixels(styles: bytes) -> int | None:
    """How many pixels wide a digit of a workbook's ordinary font is, by ``xl/styles.xml``; None for other fonts."""
    font = _FONT.search(styles)
    size, name = (_SIZE.search(font["font"]), _NAME.search(font["font"])) if font else (None, None)
    width = _DIGITS.get(name[1]) if name else None
    if size is None or width is None:
        return None
    return max(1, round(width * float(size[1]) * _PIXELS_PER_POINT))


def with_ordinary_width(sheet: bytes, pixels: int) -> bytes:
    """The sheet, where it names no ``defaultColWidth``, with Excel's; ``pixels``: how wide a digit is."""
    found = _FORMAT.search(sheet)
    if found is None or b"defaultColWidth" in found["attributes"]:
        return sheet
    base = _BASE.search(found["attributes"])
    digits = min(int(base[1]), _MOST_DIGITS) if base else _BASE_DIGITS
    wide = math.ceil((digits * pixels + _BESIDE) / _STEP) * _STEP
    width = math.floor(wide / pixels * 256) / 256
    attribute = f' defaultColWidth="{width}"'.encode()
    return sheet[: found.end("attributes")] + attribute + sheet[found.start("end") :]

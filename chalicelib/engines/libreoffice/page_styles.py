"""Scales and turns the pages of sheets through their page styles; the sheets themselves stay as they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.engines.libreoffice.sheets import Sheet, end_of_used_area

_SMALLEST_SCALE = 0.10
"""Calc never scales below 10 % (ZOOM_MIN in sc/source/ui/view/printfun.cxx)."""

_SHAPES_MEASURED = 500

# com.sun.star.beans.PropertyAttribute.READONLY
_READ_ONLY = 16

_A4 = (21000, 29700)
"""Hundredths of a millimetre, as every length here."""

_LEGIBLE_SCALE = 0.4
"""4 points where the text has 10."""


@dataclass(frozen=True)
class Size:
    """What a sheet prints, unscaled."""

    width: int
    height: int


_FITS = {"print-settings": None, "width": (1, 0), "page": (1, 1)}
"""The pages that hold all columns and all rows, 0 for any number."""


def arrange(document: Any, sheets: Sequence[Sheet], fit: str, orientation: str) -> None:
    """Give the page style of each sheet its scale and orientation.

    ``auto`` leaves the orientation alone, except that a sheet which is to fit is turned to landscape when it is
    wider than high and wider than the upright page.
    """
    scale = _FITS[fit]
    if scale is None and orientation == "auto":
        return
    turned = [_landscape(_style(document, sheet.uno.PageStyle), sheet, orientation) for sheet in sheets]
    taken: dict[str, bool] = {}
    for sheet, landscape in zip(sheets, turned, strict=True):
        style = _style(document, sheet.uno.PageStyle)
        if taken.setdefault(sheet.uno.PageStyle, landscape) != landscape:
            style = _own_style(document, sheet)
        _turn(style, landscape)
        if scale is not None:
            style.ScaleToPages = 0
            style.ScaleToPagesX, style.ScaleToPagesY = scale


def arrange_table(document: Any, sheet: Sheet, fit: str, orientation: str) -> None:
    """The same for a table from a text file: on A4 without LibreOffice's header and footer.

    It has no print settings to follow: its columns go on one page across while their text stays legible.
    """
    style = _style(document, sheet.uno.PageStyle)
    style.HeaderIsOn = style.FooterIsOn = False
    style.Width, style.Height = _A4
    if fit == "print-settings":
        margins = style.LeftMargin + style.RightMargin
        width = measure(sheet).width
        if orientation == "auto" and width > min(_A4) - margins:
            orientation = "landscape"
        if width * _LEGIBLE_SCALE <= max(_A4) - margins:
            fit = "width"
    arrange(document, [sheet], fit, orientation)


def overflow_warning(document: Any, sheet: Sheet, fit: str, pages: int) -> str | None:
    """A sentence about a sheet that even the smallest scale does not fit."""
    if fit == "page" and pages > 1:
        return f"Sheet '{sheet.name}' does not fit on one page: at the smallest scale, 10 %, it takes {pages} pages."
    if fit == "width":
        available = _printable_width(_style(document, sheet.uno.PageStyle))
        if measure(sheet).width * _SMALLEST_SCALE > available:
            return f"Sheet '{sheet.name}' is too wide for one page even at the smallest scale, 10 %: it was split."
    return None


def measure(sheet: Sheet) -> Size:
    """The extent of the print areas, else of cells and shapes."""
    areas = sheet.uno.getPrintAreas()
    if areas:
        sizes = [_range_size(sheet, a.StartColumn, a.StartRow, a.EndColumn, a.EndRow) for a in areas]
        return Size(max(size.width for size in sizes), max(size.height for size in sizes))
    cells = _range_size(sheet, 0, 0, *end_of_used_area(sheet.uno))
    page = sheet.uno.DrawPage
    shapes = [page.getByIndex(index) for index in range(min(page.Count, _SHAPES_MEASURED))]
    ends = [(shape.Position.X + shape.Size.Width, shape.Position.Y + shape.Size.Height) for shape in shapes]
    return Size(max([cells.width, *(x for x, _ in ends)]), max([cells.height, *(y for _, y in ends)]))


def _range_size(sheet: Sheet, left: int, top: int, right: int, bottom: int) -> Size:
    size = sheet.uno.getCellRangeByPosition(left, top, right, bottom).Size
    return Size(size.Width, size.Height)


def _landscape(style: Any, sheet: Sheet, orientation: str) -> bool:
    if orientation != "auto":
        return orientation == "landscape"
    size = measure(sheet)
    upright = min(style.Width, style.Height) - style.LeftMargin - style.RightMargin
    return bool(style.IsLandscape or size.width > max(size.height, upright))


def _turn(style: Any, landscape: bool) -> None:
    short, long = sorted((style.Width, style.Height))
    style.IsLandscape = landscape
    style.Width, style.Height = (long, short) if landscape else (short, long)


def _printable_width(style: Any) -> int:
    return int(style.Width - style.LeftMargin - style.RightMargin)


def _style(document: Any, name: str) -> Any:
    return document.StyleFamilies.getByName("PageStyles").getByName(name)


def _own_style(document: Any, sheet: Sheet) -> Any:
    """A copy of the sheet's page style, for one which shares it with sheets that need another layout."""
    styles = document.StyleFamilies.getByName("PageStyles")
    original = styles.getByName(sheet.uno.PageStyle)
    name = f"{sheet.uno.PageStyle} {sheet.number}"
    copy = document.createInstance("com.sun.star.style.PageStyle")
    styles.insertByName(name, copy)
    for prop in original.PropertySetInfo.Properties:
        if not prop.Attributes & _READ_ONLY:
            copy.setPropertyValue(prop.Name, original.getPropertyValue(prop.Name))
    sheet.uno.PageStyle = name
    return copy

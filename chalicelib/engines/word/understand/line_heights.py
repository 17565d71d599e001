"""The height of a line at single spacing in the families of Word, in units of the size."""

_HEIGHTS = {
    "Calibri": 1.2207,
    "Calibri Light": 1.2207,
    "Cambria": 1.1724,
    "Cambria Math": 1.1724,
    "Times New Roman": 1.1499,
    "Arial": 1.1499,
    "Arial Narrow": 1.1499,
    "Courier New": 1.1328,
    "Georgia": 1.1362,
    "Verdana": 1.2153,
    "Tahoma": 1.2070,
    "Segoe UI": 1.3301,
    "Trebuchet MS": 1.1611,
    "Garamond": 1.1250,
    "Palatino Linotype": 1.3491,
    "Book Antiqua": 1.2500,
    "Century Gothic": 1.2256,
    "Consolas": 1.1709,
    "Candara": 1.2207,
    "Corbel": 1.2207,
    "Constantia": 1.2207,
    "Comic Sans MS": 1.3936,
    "Aptos": 1.2817,
    "Symbol": 1.2251,
    "SimSun": 1.1406,
    "MS Mincho": 1.0,
    "MS Gothic": 1.0,
    "Yu Gothic": 1.7,
    "Yu Mincho": 1.7,
    "Microsoft YaHei": 1.3198,
    "Malgun Gothic": 1.3301,
}
"""Ascent, descent and line gap as the fonts' own tables have them (hhea; OS/2 for East Asian ones)."""

_OTHER = 1.17


def natural_height(family: str) -> float:
    """The line height of ``family``; that of most text fonts where it is not known."""
    return _HEIGHTS.get(family, _OTHER)

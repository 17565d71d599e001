"""The height of a line at single spacing in the families of Word, and where its baseline is, in units of the size."""

import re

from chalicelib.engines.word.document.format import LineSpacing, SpacingRule
from chalicelib.engines.word.draft.line import Line, Piece
from chalicelib.engines.word.families import face_of

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
    "DejaVu Sans": 1.1641,
    "DejaVu Serif": 1.1641,
    "DejaVu Sans Mono": 1.1641,
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
    "MS PGothic": 1.0,
    "MS PMincho": 1.0,
    "Arial Unicode MS": 1.3374,
    "Segoe UI Symbol": 1.3301,
    "Yu Gothic": 1.7,
    "Yu Mincho": 1.7,
    "Microsoft YaHei": 1.3198,
    "Malgun Gothic": 1.3301,
}
"""Ascent, descent and line gap as the fonts' own tables have them (hhea; OS/2 for East Asian ones)."""

_ASCENTS = {
    "Calibri": 0.96,
    "Calibri Light": 0.96,
    "Cambria": 0.93,
    "Times New Roman": 0.92,
    "Arial": 0.925,
    "Courier New": 0.833,
    "Georgia": 0.917,
    "DejaVu Sans": 0.928,
    "DejaVu Serif": 0.939,
    "DejaVu Sans Mono": 0.928,
    "Verdana": 1.005,
    "Tahoma": 1.0,
    "Segoe UI": 1.079,
}
"""What stands above the baseline, of the same tables; Word and LibreOffice differ by where they put the line gap."""

_OTHER = 1.17
_OTHER_WIDER = 0.03
"""What another font adds to a line's width, where it is near in design."""

_LACKING_WIDER, _NARROW_WIDER = 0.12, 0.3
"""What a program's fallback adds where it lacks the family: fallbacks are drawn wide, and most of all beside narrow designs."""

_NARROW = re.compile(r"narrow|condensed", re.I)

_EXACT_ASCENT = 0.8
"""Share of an exact line height that Word and LibreOffice put above the baseline."""

_OTHER_ASCENT = 0.79
"""Share of a line's height above its baseline in most text fonts."""


_EVERYWHERE = frozenset(
    [
        "Calibri",
        "Calibri Light",
        "Cambria",
        "Times New Roman",
        "Arial",
        "Courier New",
        "DejaVu Sans",
        "DejaVu Serif",
        "Symbol",
    ]
)
"""Families that programs without them replace by fonts of the same measures."""


_EAST_ASIAN = frozenset(
    [
        "Batang",
        "BatangChe",
        "Dotum",
        "FangSong",
        "Gulim",
        "KaiTi",
        "Malgun Gothic",
        "Meiryo",
        "Microsoft JhengHei",
        "Microsoft YaHei",
        "MingLiU",
        "MS Gothic",
        "MS Mincho",
        "MS PGothic",
        "MS PMincho",
        "NSimSun",
        "PMingLiU",
        "SimHei",
        "SimSun",
        "Yu Gothic",
        "Yu Mincho",
        "Arial Unicode MS",
    ]
)


def is_east_asian(family: str) -> bool:
    """Whether other programs' fonts for the letters of ``family`` are higher: one such letter makes a line higher."""
    return family in _EAST_ASIAN


def natural_height(family: str) -> float:
    """The line height of ``family``; that of most text fonts where it is not known."""
    return _HEIGHTS.get(family, _OTHER)


def natural_ascent(family: str) -> float:
    """What of the line height of ``family`` stands above the baseline."""
    return _ASCENTS.get(family, _OTHER_ASCENT * natural_height(family))


def written_size(size: float) -> float:
    """The size that a run has in Word, which knows half points only."""
    return round(2 * size) / 2


def family_of(piece: Piece) -> str:
    """The family of Word that stands for the piece's font."""
    return face_of(piece.face.font, 4 * piece.face.serif + 8 * piece.face.mono).family


def natural_height_of(line: Line) -> float:
    """The height of a line in points at single spacing, by its highest letters."""
    return max(natural_height(family_of(piece)) for piece in line.pieces) * written_size(line.size)


def height_of(line: Line, spacing: LineSpacing) -> float:
    """What a line takes in Word."""
    if spacing.rule is SpacingRule.EXACT:
        return spacing.value
    return natural_height_of(line) * (spacing.value or 1.0)


def above_of(line: Line, spacing: LineSpacing, *, at_top: bool) -> float:
    """From where a paragraph begins to its first baseline: wide spacing adds above a line, but not at a page's top."""
    if spacing.rule is SpacingRule.EXACT:
        return _EXACT_ASCENT * spacing.value
    more = (spacing.value or 1.0) - 1.0
    return natural_ascent_of(line) + (min(0.0, more) if at_top else more) * natural_height_of(line)


def below_of(line: Line, spacing: LineSpacing) -> float:
    """From the baseline of a paragraph's last line to where it ends."""
    if spacing.rule is SpacingRule.EXACT:
        return (1 - _EXACT_ASCENT) * spacing.value
    return natural_height_of(line) - natural_ascent_of(line)


def natural_ascent_of(line: Line) -> float:
    """What of it stands above the baseline."""
    return max(natural_ascent(family_of(piece)) for piece in line.pieces) * written_size(line.size)


def wider(line: Line) -> float:
    """By how much a line may be wider in Word: by rounding of its size, and by another font in place of its own."""
    width = line.right - line.left
    return width * (max(0.0, written_size(line.size) / max(1.0, line.size) - 1) + wider_by_font(line))


def wider_by_font(line: Line) -> float:
    """The share by which other fonts may make a line wider."""
    families = {family_of(piece) for piece in line.pieces}
    if any(_NARROW.search(one) for one in families):
        return _NARROW_WIDER
    if not all(one in _EVERYWHERE or is_east_asian(one) for one in families):
        return _LACKING_WIDER
    other = any(face_of(one.face.font, 4 * one.face.serif + 8 * one.face.mono).substituted for one in line.pieces)
    return _OTHER_WIDER if other else 0.0

"""Which free font stands in for which of Office's, and what of its metrics is changed for that.

Heights are the published ones of the font that is asked for (its ``hhea`` and ``OS/2`` tables), in em: what its lines
measure decides where pages break. What is only renamed or re-spaced keeps its shapes.
"""

from dataclasses import dataclass, field

_NOTO_CJK = "NotoSansCJK-{style}.ttc"
_DEJAVU = "DejaVuSans{style}.ttf"
_LIBERATION_SERIF = "LiberationSerif-{style}.ttf"
_WINE = "{style}.ttf"

FAR_EAST = 1.3
"""Word sets lines of fonts with Chinese, Japanese or Korean code pages so much higher than ascent and descent."""


@dataclass(frozen=True)
class Face:
    """A file of a family: its name among the system's fonts, or ``package:file``; its place in a collection by
    ``family``; the axes of a variable font.
    """

    source: str
    bold: bool = False
    italic: bool = False
    family: str = ""
    axes: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class StandIn:
    """A family of ours: for whom, of what, how high its lines are and how much wider it is made.

    ``digits``: how wide its numerals are, in em, where that is not what the letters' width gives: a workbook's columns
    are measured in them.
    """

    name: str
    made_of: str
    asked: tuple[str, ...]
    faces: tuple[Face, ...]
    ascent: float
    descent: float
    width: float = 1.0
    digits: float = 0.0


def _four(source: str, names: tuple[str, str, str, str]) -> tuple[Face, ...]:
    styles = ((False, False), (True, False), (False, True), (True, True))
    return tuple(Face(source.format(style=name), *style) for name, style in zip(names, styles, strict=True))


def _cjk(family: str) -> tuple[Face, ...]:
    return tuple(Face(_NOTO_CJK.format(style="Bold" if bold else "Regular"), bold, family=family) for bold in (0, 1))


def _variable(upright: str, slanted: str, regular: int, bold: int, **axes: float) -> tuple[Face, ...]:
    return tuple(
        Face(slanted if italic else upright, is_bold, italic, axes={"wght": bold if is_bold else regular, **axes})
        for italic in (False, True)
        for is_bold in (False, True)
    )


_OPEN_SANS = ("fontpkg_open_sans:OpenSans[wdth,wght].ttf", "fontpkg_open_sans:OpenSans-Italic[wdth,wght].ttf")
_SOURCE_SANS = ("fontpkg_source_sans_3:SourceSans3[wght].ttf", "fontpkg_source_sans_3:SourceSans3-Italic[wght].ttf")
_INCONSOLATA = "fontpkg_inconsolata:Inconsolata[wdth,wght].ttf"

STAND_INS = (
    StandIn(
        "ConvertPro Mono C",
        "Inconsolata",
        ("Consolas",),
        tuple(Face(_INCONSOLATA, bold, axes={"wdth": 110, "wght": 700 if bold else 400}) for bold in (False, True)),
        0.9199,
        0.2510,
    ),
    StandIn(
        "ConvertPro Sans V",
        "DejaVu Sans",
        ("Verdana",),
        _four(_DEJAVU, ("", "-Bold", "-Oblique", "-BoldOblique")),
        1.0054,
        0.2100,
    ),
    StandIn(
        "ConvertPro Sans T",
        "Wine's Tahoma",
        ("Tahoma",),
        (Face(_WINE.format(style="tahoma")), Face(_WINE.format(style="tahomabd"), bold=True)),
        1.0005,
        0.2065,
    ),
    StandIn(
        "ConvertPro Sans U",
        "Open Sans",
        ("Segoe UI", "Segoe UI Light", "Segoe UI Semilight", "Segoe UI Semibold", "Segoe UI Variable", "Trebuchet MS"),
        _variable(*_OPEN_SANS, 400, 700, wdth=93),
        1.0791,
        0.2510,
    ),
    StandIn("ConvertPro Sans O", "Open Sans", ("Open Sans",), _variable(*_OPEN_SANS, 400, 700), 1.0688, 0.2930),
    StandIn(
        "ConvertPro Sans A",
        "Source Sans 3",
        ("Aptos", "Aptos Display", "Aptos Light", "Aptos SemiBold"),
        _variable(*_SOURCE_SANS, 500, 700),
        0.9390,
        0.2820,
    ),
    StandIn(
        "ConvertPro Sans A Narrow",
        "Source Sans 3",
        ("Aptos Narrow",),
        _variable(*_SOURCE_SANS, 500, 700),
        0.9390,
        0.2820,
        width=519 / 561,
        digits=0.507,
    ),
    StandIn(
        "ConvertPro Sans C",
        "Source Sans 3",
        ("Corbel", "Corbel Light", "Candara", "Candara Light"),
        _variable(*_SOURCE_SANS, 400, 700),
        0.9521,
        0.2686,
    ),
    StandIn(
        "ConvertPro Serif G",
        "Liberation Serif",
        ("Georgia",),
        _four(_LIBERATION_SERIF, ("Regular", "Bold", "Italic", "BoldItalic")),
        0.9170,
        0.2192,
        width=0.4458 / 0.4062,
    ),
    StandIn(
        "ConvertPro Gothic KM",
        "Noto Sans CJK KR",
        ("Malgun Gothic", "맑은 고딕", "Malgun Gothic Semilight"),
        _cjk("Noto Sans CJK KR"),
        1.0879,
        0.2417,
    ),
    StandIn(
        "ConvertPro Gothic KG",
        "Noto Sans CJK KR",
        ("Gulim", "굴림", "GulimChe", "굴림체", "Dotum", "돋움", "DotumChe", "돋움체"),
        _cjk("Noto Sans CJK KR"),
        0.8594,
        0.1406,
    ),
    StandIn(
        "ConvertPro Hei D",
        "Noto Sans CJK SC",
        ("DengXian", "等线", "DengXian Light", "等线 Light"),
        _cjk("Noto Sans CJK SC"),
        0.8105,
        0.2324,
    ),
    StandIn(
        "ConvertPro Hei Y",
        "Noto Sans CJK SC",
        ("Microsoft YaHei", "微软雅黑", "Microsoft YaHei UI", "Microsoft YaHei Light", "微软雅黑 Light"),
        _cjk("Noto Sans CJK SC"),
        1.0581,
        0.2617,
    ),
    StandIn("ConvertPro Hei S", "Noto Sans CJK SC", ("SimHei", "黑体"), _cjk("Noto Sans CJK SC"), 0.8594, 0.1406),
    StandIn(
        "ConvertPro Hei J",
        "Noto Sans CJK TC",
        ("Microsoft JhengHei", "微軟正黑體", "Microsoft JhengHei UI"),
        _cjk("Noto Sans CJK TC"),
        1.0581,
        0.2720,
    ),
    StandIn(
        "ConvertPro Gothic J",
        "Noto Sans CJK JP",
        ("MS Gothic", "ＭＳ ゴシック", "MS PGothic", "ＭＳ Ｐゴシック", "MS UI Gothic"),
        _cjk("Noto Sans CJK JP"),
        0.8594,
        0.1406,
    ),
    StandIn(
        "ConvertPro Ming S",
        "AR PL UMing CN",
        ("SimSun", "宋体", "NSimSun", "新宋体", "FangSong", "仿宋", "FangSong_GB2312", "KaiTi", "楷体", "STSong"),
        (Face("uming.ttc", family="AR PL UMing CN"),),
        0.8594,
        0.1406,
    ),
    StandIn(
        "ConvertPro Ming T",
        "AR PL UMing TW",
        ("PMingLiU", "新細明體", "MingLiU", "細明體"),
        (Face("uming.ttc", family="AR PL UMing TW"),),
        0.8008,
        0.1992,
    ),
    StandIn(
        "ConvertPro Mincho",
        "IPA Mincho",
        ("MS Mincho", "ＭＳ 明朝"),
        (Face("ipam.ttf"),),
        0.8594,
        0.1406,
    ),
    StandIn(
        "ConvertPro P Mincho",
        "IPA P Mincho",
        ("MS PMincho", "ＭＳ Ｐ明朝"),
        (Face("ipamp.ttf"),),
        0.8594,
        0.1406,
    ),
)

ALIASES = {
    "Carlito": ("Calibri", "Calibri Light"),
    "Caladea": ("Cambria", "Cambria Math", "Constantia"),
    "Liberation Sans": ("Arial", "Arial Unicode MS", "Helvetica", "Helvetica Neue", "Arial Nova", "Arial Black"),
    "Liberation Serif": ("Times New Roman", "Times", "Times LT Std"),
    "Liberation Mono": ("Courier New", "Courier", "Lucida Console"),
    "Noto Serif CJK KR": ("Batang", "바탕", "BatangChe", "바탕체", "Gungsuh", "궁서"),
    "Noto Serif CJK JP": ("Yu Mincho", "游明朝"),
    "Noto Sans CJK JP": ("Yu Gothic", "游ゴシック", "Meiryo", "メイリオ"),
    "P052": ("Book Antiqua", "Palatino Linotype", "Palatino"),
    "URW Gothic": ("Century Gothic", "ITC Avant Garde Gothic", "Avant Garde"),
    "URW Bookman": ("Bookman Old Style", "Bookman"),
    "C059": ("Century Schoolbook", "Century"),
    "Nimbus Sans Narrow": ("Arial Narrow", "Helvetica Narrow"),
    "Z003": ("Monotype Corsiva", "ITC Zapf Chancery"),
}
"""Families of Debian's that have the metrics of what is asked for, or are the nearest to it."""

SCRIPTS = {"Noto Naskh Arabic": ("ar", "fa", "ps", "ug", "ur")}
"""The family that has a script's letters where the font that was asked for has none, by languages.

The Arabic letters of Arial and Times New Roman are naskh, and nearly as narrow; DejaVu's, found else, are neither.
"""

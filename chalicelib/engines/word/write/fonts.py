"""The font table: what kind of letters a family has, by which a program without it finds another one."""

from collections.abc import Iterable

from chalicelib.engines.word.families import INSTEAD
from chalicelib.engines.word.write.xml import w, whole

_ROMAN = frozenset(
    [
        "Batang",
        "BatangChe",
        "Bell MT",
        "Bodoni MT",
        "Book Antiqua",
        "Bookman Old Style",
        "Calisto MT",
        "Cambria",
        "Cambria Math",
        "Century",
        "Century Schoolbook",
        "Constantia",
        "DejaVu Serif",
        "FangSong",
        "Footlight MT Light",
        "Garamond",
        "Georgia",
        "Goudy Old Style",
        "High Tower Text",
        "KaiTi",
        "Lucida Bright",
        "Lucida Fax",
        "MS Mincho",
        "MS PMincho",
        "MingLiU",
        "NSimSun",
        "PMingLiU",
        "Palatino Linotype",
        "Perpetua",
        "Rockwell",
        "SimSun",
        "Sylfaen",
        "Times New Roman",
        "Yu Mincho",
    ]
)
_MODERN = frozenset(
    [
        "BatangChe",
        "Consolas",
        "Courier New",
        "DejaVu Sans Mono",
        "Lucida Console",
        "Lucida Sans Typewriter",
        "MS Gothic",
    ]
)
_SCRIPT = frozenset(["Comic Sans MS", "Gabriola", "Segoe Print", "Segoe Script"])
_SYMBOLS = frozenset(["Symbol", "Webdings", "Wingdings", "Wingdings 2", "Wingdings 3"])


def font_table(families: Iterable[str]) -> str:
    """``fontTable.xml`` of the families used."""
    return whole("w:fonts", *(_font(family) for family in sorted(set(families)) if family))


def _font(family: str) -> str:
    return w(
        "font",
        w("altName", val=INSTEAD[family]) if family in INSTEAD else "",
        w("charset", val="02" if family in _SYMBOLS else "00"),
        w("family", val=_kind(family)),
        w("pitch", val="fixed" if family in _MODERN else "variable"),
        name=family,
    )


def _kind(family: str) -> str:
    for kind, families in (("modern", _MODERN), ("auto", _SYMBOLS), ("roman", _ROMAN), ("script", _SCRIPT)):
        if family in families:
            return kind
    return "swiss"

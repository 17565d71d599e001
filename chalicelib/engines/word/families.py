"""Which font family of Word stands for a font of a PDF."""

import re
from dataclasses import dataclass
from functools import cache

_WITH_WORD = (
    "Agency FB|Aptos|Arial|Arial Black|Arial Narrow|Arial Unicode MS|Bahnschrift|Bell MT|Bodoni MT|Book Antiqua|Bookman Old Style"
    "|Calibri|Calibri Light|Calisto MT|Cambria|Cambria Math|Candara|Century|Century Gothic|Century Schoolbook|Comic Sans MS"
    "|Consolas|Constantia|Corbel|Courier New|Ebrima|Footlight MT Light|Franklin Gothic Book|Franklin Gothic Demi"
    "|Franklin Gothic Medium|Gabriola|Garamond|Georgia|Gill Sans MT|Goudy Old Style|High Tower Text|Impact|Leelawadee UI"
    "|Lucida Bright|Lucida Console|Lucida Fax|Lucida Sans|Lucida Sans Typewriter|Lucida Sans Unicode|Microsoft Sans Serif"
    "|Nirmala UI|Palatino Linotype|Perpetua|Rockwell|Segoe Print|Segoe Script|Segoe UI|Segoe UI Light|Segoe UI Semibold"
    "|Segoe UI Symbol|Sylfaen|Symbol|Tahoma|Times New Roman|Trebuchet MS|Tw Cen MT|Verdana|Webdings|Wingdings|Wingdings 2"
    "|Wingdings 3|Batang|BatangChe|Dotum|FangSong|Gulim|KaiTi|Malgun Gothic|Meiryo|Microsoft JhengHei|Microsoft YaHei|MingLiU"
    "|MS Gothic|MS Mincho|MS PGothic|MS PMincho|NSimSun|PMingLiU|SimHei|SimSun|Yu Gothic|Yu Mincho"
)
_STAND_INS = {
    "Arial": "helvetica liberationsans nimbussans nimbussansl nimbussanl arimo freesans",
    "Arial Narrow": "helveticanarrow liberationsansnarrow nimbussanlcond",
    "Times New Roman": "times liberationserif nimbusroman nimbusromno9l tinos freeserif",
    "Courier New": "courier liberationmono nimbusmono nimbusmonl nimbusmonops cousine freemono",
    "Calibri": "carlito",
    "Cambria": "caladea",
    "DejaVu Sans": "dejavusans bitstreamverasans verasans",
    "DejaVu Serif": "dejavuserif bitstreamveraserif",
    "DejaVu Sans Mono": "dejavusansmono bitstreamverasansmono",
    "Georgia": "gelasio",
    "Segoe UI Symbol": "zapfdingbats zapfdingbatsitc dingbats itczapfdingbats",
    "Palatino Linotype": "palatino urwpalladiol urwpalladiol palladio",
    "KaiTi": "kaitigb2312 楷体",
    "FangSong": "fangsonggb2312 仿宋",
    "SimSun": "宋体 stsong stsonglight songti",
    "SimHei": "黑体 stheiti",
    "Microsoft YaHei": "微软雅黑",
    "MS Mincho": "hiraminpron ryuminlight",
}
"""Fonts drawn to the measures of a family that Word has, or older and other names of it; and free fonts that are as
widespread as those: ``INSTEAD`` says what programs without them shall take."""

INSTEAD = {"DejaVu Sans": "Verdana", "DejaVu Serif": "Georgia", "DejaVu Sans Mono": "Consolas"}

_CODE_PAGE = re.compile(r"-(?:Identity|Uni[\w]*?-\w+|GBK?\w*-\w+|90ms\w*-\w+)-[HV]$")
_FOUNDRY = re.compile(r"(?:PSMT|PS|MT|LTStd|LTPro|LT|Std|Pro|MTStd)$")
_MONO = re.compile(r"mono|cour|typewr|cmtt|lmtt|sftt|consol|fixed|menlo|monaco|inconsolata")
_SANS = re.compile(r"sans|gothic|grotes|helvet|cmss|lmss|sfss|myriad|roboto|univers|frutiger|futura|avantgarde|ubuntu")
_SERIF = re.compile(
    r"times|serif|^cm|^sf[rbt]|^lmr|garamond|garmnd|georgia|palat|minion|century|caslon|bask|bodoni|didot|utopia|charter|melior"
    r"|sabon|bembo|jenson|antiqua|ming|song|mincho|batang|stix|libertin|roman"
)
_BOLD = re.compile(r"bold|demi|black|heavy|medi$|[-,]bd|^cmbx|^cmssbx|^sfbx")
_ITALIC = re.compile(r"ital|obliq|slant|[-,]it$|^cmti|^cmmi|^cmsl|^sfti")
BOLD_FLAG, ITALIC_FLAG, SERIF_FLAG, MONO_FLAG = 16, 2, 4, 8
"""Bits of a span's ``flags`` in PyMuPDF's text pages."""


@dataclass(frozen=True)
class Face:
    """What Word shall use for a font: ``family``, whether that is another design, and the style hidden in the font's name."""

    family: str
    substituted: bool
    bold: bool = False
    italic: bool = False


def _squash(name: str) -> str:
    return re.sub(r"[\W_]", "", name.lower())


def plain_name(font: str) -> str:
    """``font`` without subset prefix and code page: ``ABCDEF+Calibri-Bold-Identity-H`` is ``Calibri-Bold``."""
    return _CODE_PAGE.sub("", font.rpartition("+")[2]).strip()


@cache
def _families() -> dict[str, str]:
    table = {_squash(family): family for family in _WITH_WORD.split("|")}
    for family, names in _STAND_INS.items():
        table.update(dict.fromkeys(names.split(), family))
    return table


@cache
def face_of(font: str, flags: int) -> Face:
    """The face for the PDF's ``font``, of which ``flags`` says whether it is serifed or monospaced."""
    name = plain_name(font)
    head = re.split(r"[-,]", name)[0]
    for candidate in (name, head, _FOUNDRY.sub("", head), _FOUNDRY.sub("", name)):
        family = _families().get(_squash(candidate))
        if family:
            return Face(family, _squash(family) != _squash(_FOUNDRY.sub("", head)) and _squash(family) != _squash(name))
    lower = name.lower()
    return Face(_generic(lower, flags), True, bool(_BOLD.search(lower)), bool(_ITALIC.search(lower)))


def _generic(name: str, flags: int) -> str:
    if _MONO.search(name) or flags & MONO_FLAG:
        return "Courier New"
    if _SANS.search(name):
        return "Arial"
    return "Times New Roman" if _SERIF.search(name) or flags & SERIF_FLAG else "Arial"

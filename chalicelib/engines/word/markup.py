"""Makes a page's markup what the schema of WordprocessingML allows: pdf2docx and its recipes are lax."""

import re
from typing import Any

from docx.oxml.ns import qn

_DECIMAL = re.compile(r"-?\d+\.\d+")
_ORDER = {
    "rPr": (
        "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike vanish color spacing w kern position sz szCs highlight u"
        " effect bdr shd fitText vertAlign rtl cs em lang"
    ),
    "pPr": (
        "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr pBdr shd tabs suppressAutoHyphens kinsoku"
        " wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing ind"
        " contextualSpacing jc textDirection textAlignment rPr sectPr"
    ),
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "tcBorders": "top start left bottom end right insideH insideV",
    "tcMar": "top start left bottom end right",
}
_RANK = {
    qn(f"w:{kind}"): {qn(f"w:{name}"): rank for rank, name in enumerate(names.split())}
    for kind, names in _ORDER.items()
}
"""Order of children that the schema demands, by parent (ECMA-376 part 1, annex A.1)."""

_SIDES = {qn("w:start"): qn("w:left"), qn("w:end"): qn("w:right")}
"""Names that Word 2007 and LibreOffice know in cells."""


def mend(elements: list[Any]) -> None:
    """Mend the XML ``elements`` of one page in place."""
    for top in elements:
        for element in list(top.iter()):
            if element.tag == qn("w:hyperlink"):
                _lift_link(element)
        for element in top.iter():
            _mend_attributes(element)
            if element.tag in (qn("w:tcBorders"), qn("w:tcMar")):
                for side in element:
                    side.tag = _SIDES.get(side.tag, side.tag)
            ranks = _RANK.get(element.tag)
            if ranks and len(element) > 1:
                element[:] = sorted(element, key=lambda child: ranks.get(child.tag, len(ranks)))


def _lift_link(link: Any) -> None:
    """pdf2docx nests a hyperlink into a run, which holds its format: the link goes up, the format down."""
    outer = link.getparent()
    if outer.tag != qn("w:r"):
        return
    outer.addprevious(link)
    format_of_outer = outer.find(qn("w:rPr"))
    for run in link.findall(qn("w:r")):
        for old in run.findall(qn("w:rPr")):
            run.remove(old)
        if format_of_outer is not None:
            run.insert(0, format_of_outer)
    if not len(outer):
        outer.getparent().remove(outer)


def _mend_attributes(element: Any) -> None:
    """Whole numbers, colours without a hash, shadings with a pattern, one font for all scripts."""
    for name, value in element.attrib.items():
        if _DECIMAL.fullmatch(value):
            element.set(name, str(round(float(value))))
        elif value.startswith("#") and name.endswith("}color"):
            element.set(name, value[1:])
    if element.tag == qn("w:shd") and element.get(qn("w:val")) is None:
        element.set(qn("w:val"), "clear")
    family = element.get(qn("w:ascii")) if element.tag == qn("w:rFonts") else None
    if family:
        element.set(qn("w:cs"), family)

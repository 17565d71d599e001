"""Formulas as Office Math."""

from collections.abc import Sequence

from chalicelib.engines.word.document.formula import Formula, Fraction, MathNode, MathText, Root, Script
from chalicelib.engines.word.write.units import half_points
from chalicelib.engines.word.write.xml import escape, tag, w

_FONT = "Cambria Math"


def formula_xml(formula: Formula) -> str:
    """``m:oMath``, in an ``m:oMathPara`` of its own when it stands alone."""
    inside = _nodes(formula.content, formula.size)
    math = tag("m:oMath", inside)
    return tag("m:oMathPara", math) if formula.display else math


def _nodes(nodes: Sequence[MathNode], size: float) -> str:
    return "".join(_node(one, size) for one in nodes)


def _node(node: MathNode, size: float) -> str:
    match node:
        case MathText():
            return _letters(node, size)
        case Fraction():
            return tag("m:f", _part("num", node.numerator, size), _part("den", node.denominator, size))
        case Root():
            hide = "" if node.degree else tag("m:radPr", tag("m:degHide", m_val="1"))
            return tag("m:rad", hide, _part("deg", node.degree, size), _part("e", node.radicand, size))
        case Script():
            return _script(node, size)


def _script(node: Script, size: float) -> str:
    base = _part("e", node.base, size)
    below = _part("sub", node.below, size) if node.below else ""
    above = _part("sup", node.above, size) if node.above else ""
    if below and above:
        return tag("m:sSubSup", base, below, above)
    return tag("m:sSub" if below else "m:sSup", base, below or above or _part("sup", (), size))


def _part(name: str, nodes: Sequence[MathNode], size: float) -> str:
    return tag(f"m:{name}", _nodes(nodes, size))


def _letters(text: MathText, size: float) -> str:
    upright = tag("m:rPr", tag("m:sty", m_val="p")) if text.upright else ""
    points = half_points(size)
    look = w("rPr", w("rFonts", ascii=_FONT, hAnsi=_FONT), w("sz", val=points), w("szCs", val=points))
    return tag("m:r", upright, look, f'<m:t xml:space="preserve">{escape(text.text)}</m:t>')

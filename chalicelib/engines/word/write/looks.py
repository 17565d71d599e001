"""How letters look, as run properties: only what the style does not say already."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from chalicelib.engines.word.document.inline import Level, Look
from chalicelib.engines.word.write.units import color, half_points, percent, twips
from chalicelib.engines.word.write.xml import w

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_ASIAN = ("zh", "ja", "ko")
_RIGHT_TO_LEFT = ("ar", "fa", "he", "iw", "ur", "yi", "ps", "sd", "ug", "dv", "ckb", "syr")

_LONGEST_FONT = 31
"""Letters that the name of a font has at most."""

_HIGHLIGHTS = {
    "FFFF00": "yellow", "00FF00": "green", "00FFFF": "cyan", "FF00FF": "magenta", "0000FF": "blue", "FF0000": "red",
    "000080": "darkBlue", "008080": "darkCyan", "008000": "darkGreen", "800080": "darkMagenta", "800000": "darkRed",
    "808000": "darkYellow", "808080": "darkGray", "C0C0C0": "lightGray", "000000": "black", "FFFFFF": "white",
}  # fmt: skip
"""The colours of Word's highlighter (ST_HighlightColor); others become the shade behind the letters."""

_LEVELS = {Level.BASE: "baseline", Level.SUPER: "superscript", Level.SUB: "subscript"}


@lru_cache(maxsize=16_384)
def run_properties(look: Look, base: Look, style: str | None = None) -> str:
    """``w:rPr`` of a run that looks so where the style says ``base``; empty when there is nothing to say."""
    inside = (w("rStyle", val=style) if style else "") + differences(look, base)
    return f"<w:rPr>{inside}</w:rPr>" if inside else ""


def differences(look: Look, base: Look) -> str:
    """The content of run properties, in the order of the schema (CT_RPr)."""
    return "".join(_differences(_settled(look), _settled(base)))


def fonts(look: Look) -> str:
    """All four fonts of a run."""
    latin = look.font[:_LONGEST_FONT]
    return w("rFonts", ascii=latin, hAnsi=latin, eastAsia=(look.east_asian or look.font)[:_LONGEST_FONT], cs=latin)


def language(tag: str | None) -> str:
    """``w:lang`` for the script that ``tag`` is written in; empty when it is no tag."""
    if tag is None or not _LANGUAGE.fullmatch(tag):
        return ""
    primary = tag.split("-")[0].lower()
    if primary in _ASIAN:
        return w("lang", eastAsia=tag)
    return w("lang", bidi=tag) if primary in _RIGHT_TO_LEFT else w("lang", val=tag)


def _settled(look: Look) -> Look:
    """Two names for one font for Asian letters, and no language, are no difference."""
    return replace(look, east_asian=None) if look.east_asian == look.font else look


def _differences(look: Look, base: Look) -> Iterator[str]:
    if (look.font, look.east_asian) != (base.font, base.east_asian):
        yield fonts(look)
    yield _switch(("b", "bCs"), look.bold, base.bold)
    yield _switch(("i", "iCs"), look.italic, base.italic)
    yield _switch(("smallCaps",), look.small_caps, base.small_caps)
    yield _switch(("strike",), look.strike, base.strike)
    yield _switch(("vanish",), look.hidden, base.hidden)
    if color(look.color) != color(base.color):
        yield w("color", val=color(look.color))
    if twips(look.spacing) != twips(base.spacing):
        yield w("spacing", val=twips(look.spacing))
    if percent(look.width) != percent(base.width):
        yield w("w", val=percent(look.width))
    if half_points(look.size) != half_points(base.size):
        yield w("sz", val=half_points(look.size)) + w("szCs", val=half_points(look.size))
    yield from _decoration(look, base)
    if look.level != base.level:
        yield w("vertAlign", val=_LEVELS[look.level])
    yield _switch(("rtl",), look.rtl, base.rtl)
    if look.language and look.language != base.language:
        yield language(look.language)


def _decoration(look: Look, base: Look) -> Iterator[str]:
    named = _HIGHLIGHTS.get((look.highlight or "").upper())
    differs = look.highlight != base.highlight
    if differs and (named or not look.highlight):
        yield w("highlight", val=named or "none")
    if look.underline != base.underline:
        yield w("u", val="single" if look.underline else "none")
    if differs and look.highlight and not named:
        yield w("shd", val="clear", color="auto", fill=color(look.highlight))


def _switch(names: tuple[str, ...], on: bool, base: bool) -> str:
    if on == base:
        return ""
    return "".join(w(name) if on else w(name, val="0") for name in names)

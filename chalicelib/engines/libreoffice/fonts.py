"""Which fonts LibreOffice used in place of those that a document asks for, by its own account."""

from collections.abc import Iterable, Mapping
from typing import Any

_INTERFACE = "Interface User"
"""In the list of families that LibreOffice asks for in its own windows (UI_SANS in officecfg's VCL.xcu)."""

FontUse = tuple[str, tuple[str, ...]]
"""The family asked for, and the families used for it: the one put in its place, then those that lent it glyphs."""


def watch_fonts(toolkit: Any) -> None:
    """From here on LibreOffice keeps account; before the load, as what is laid out then is not chosen again."""
    toolkit.startTrackingFontMappingUse()


def watched_fonts(toolkit: Any) -> list[FontUse]:
    """The account since :func:`watch_fonts`, without the font of LibreOffice's own windows."""
    items = toolkit.finishTrackingFontMappingUse()
    uses = [(_without_style(item.originalFont), tuple(map(_without_style, item.usedFonts))) for item in items]
    return [use for use in uses if _INTERFACE not in use[0]]


def substituted(uses: Iterable[FontUse], embedded: Iterable[str], names: Mapping[str, str]) -> dict[str, str]:
    """Family asked for → family used instead ("A, B" where one lacked glyphs), of those that stand in the PDF.

    ``embedded`` holds PostScript names, ``names`` the families that ours are made of. A family may be a list with
    alternatives: its first is what was asked for.
    """
    families = {_plain(name.partition("-")[0]) for name in embedded}
    found: dict[str, dict[str, None]] = {}
    for asked, used in uses:
        first = asked.partition(";")[0].strip()
        if first and (first in names or _plain(first) != _plain(used[0] if used else first)):
            in_pdf = [names.get(name, name) for name in used if _plain(name) in families]
            found.setdefault(first, {}).update(dict.fromkeys(in_pdf))
    told = {asked: [name for name in used if _plain(name) != _plain(asked)] for asked, used in sorted(found.items())}
    return {asked: ", ".join(used) for asked, used in told.items() if used}


def font_warnings(fonts: Mapping[str, str]) -> list[str]:
    """One sentence for a person, if any font was replaced."""
    pairs = ", ".join(f"{asked} by {used}" for asked, used in fonts.items())
    return [f"Fonts that are not installed were replaced: {pairs}."] if fonts else []


def _without_style(font: str) -> str:
    return font.partition("/")[0]


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))

"""Makes the stand-ins' files, fontconfig's rules and a list of names: ``python -m build_fonts TARGET``."""

import importlib.util
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from fontTools import subset
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable
from fontTools.varLib import instancer
from signs import SIGNS, Signs
from stand_ins import ALIASES, FAR_EAST, SCRIPTS, STAND_INS, Face, StandIn

_STYLES = {(False, False): "Regular", (True, False): "Bold", (False, True): "Italic", (True, True): "Bold Italic"}
_KEPT_NAMES = {0, 5, 8, 9, 10, 11, 12, 13, 14}
"""Who made it and under which licence; the rest of a name table names the font that it no longer is."""

_HINTING = ("fpgm", "prep", "cvt ", "cvar", "hdmx", "VDMX", "LTSH", "gasp", "kern")
_SYSTEM = ("/usr/share/fonts", "/usr/share/wine/fonts")
_FAR_EAST_PAGES = sum(1 << bit for bit in (17, 18, 19, 20, 21))


_GENERIC = [
    f'<match target="pattern"><test name="family"><string>{generic}</string></test>'
    f'<edit name="family" mode="prepend" binding="strong"><string>Liberation {family}</string></edit></match>'
    for generic, family in (("serif", "Serif"), ("sans-serif", "Sans"), ("monospace", "Mono"))
]
"""LibreOffice asks for one of them beside each font, by what the document tells of it."""


def main(target: Path) -> None:
    """Fill ``target``: ``files``, ``fonts.conf``, ``names.json``."""
    files = target / "files"
    collections: dict[str, list[TTFont]] = defaultdict(list)
    for stand_in in STAND_INS:
        for face in stand_in.faces:
            try:
                font = _made(stand_in, face)
            except FileNotFoundError as error:
                print(f"{stand_in.name} is left out: {error}", file=sys.stderr)
                continue
            if face.source.endswith(".ttc"):
                collections[f"{Path(face.source).stem}.ttc"].append(font)
            else:
                font.save(files / f"{_postscript(stand_in.name, face)}.ttf")
    for name, fonts in collections.items():
        together = TTCollection()
        together.fonts = fonts
        together.save(files / name, shareTables=True)
    for signs in SIGNS:
        _signs(signs).save(files / f"{signs.name}.ttf")
    (target / "fonts.conf").write_text(_rules(target), encoding="utf-8")
    names = {stand_in.name: stand_in.made_of for stand_in in STAND_INS} | {one.name: one.made_of for one in SIGNS}
    (target / "names.json").write_text(json.dumps(names, indent=1), encoding="utf-8")


def _made(stand_in: StandIn, face: Face) -> Any:
    if face.axes:
        font = TTFont(BytesIO(_instance(face.source, tuple(sorted(face.axes.items())))), recalcBBoxes=False)
    else:
        font = _opened(face)
    if stand_in.width != 1 or stand_in.digits:
        _widen(font, stand_in.width, stand_in.digits)
    _set_heights(font, stand_in.ascent, stand_in.descent)
    _rename(font, stand_in.name, face)
    return font


@cache
def _instance(source: str, axes: tuple[tuple[str, float], ...]) -> bytes:
    """A variable font at fixed axes: the slowest part, and wanted by several stand-ins."""
    buffer = BytesIO()
    instancer.instantiateVariableFont(_opened(Face(source)), dict(axes)).save(buffer)
    return buffer.getvalue()


def _opened(face: Face) -> Any:
    """Tables that nobody changes are never taken apart: a font of Noto's has 65,535 outlines."""
    package, colon, name = face.source.partition(":")
    path = _installed(face.source)
    if colon:
        path = Path(str(importlib.util.find_spec(package).origin)).parent / "files" / name
    if not face.family:
        return TTFont(path, recalcBBoxes=False)
    for number in range(len(TTCollection(path, lazy=True).fonts)):
        font = TTFont(path, fontNumber=number, lazy=True, recalcBBoxes=False)
        if font["name"].getDebugName(1) == face.family or font["name"].getDebugName(16) == face.family:
            return font
    raise LookupError(f"{path} has no {face.family}")


def _installed(name: str) -> Path:
    """Where this system has a font's file; releases put them into different folders."""
    found = (path for place in _SYSTEM for path in sorted(Path(place).rglob(name)))
    return next(found, Path(name))


def _set_heights(font: Any, ascent: float, descent: float) -> None:
    """In all three places that programs read heights from.

    LibreOffice adds what Word adds for the Far East from 26.8 on (25.2 does not), by the code pages: they are cleared.
    """
    upright, os2 = font["hhea"], font["OS/2"]
    if getattr(os2, "ulCodePageRange1", 0) & _FAR_EAST_PAGES:
        os2.ulCodePageRange1 &= ~_FAR_EAST_PAGES
        more = (ascent + descent) * (FAR_EAST - 1) / 2
        ascent, descent = ascent + more, descent + more
    units = font["head"].unitsPerEm
    up, down = round(ascent * units), round(descent * units)
    upright.ascent, upright.descent, upright.lineGap = up, -down, 0
    os2.sTypoAscender, os2.sTypoDescender, os2.sTypoLineGap = up, -down, 0
    os2.usWinAscent, os2.usWinDescent = up, down


def _widen(font: Any, factor: float, digits: float) -> None:
    """Outlines and advances of a font with TrueType outlines; hinting and pair kerning no longer fit them."""
    factors = dict.fromkeys(font.getGlyphOrder(), factor)
    if digits:
        numerals = [font.getBestCmap()[ord(digit)] for digit in "0123456789"]
        factors |= {name: digits * font["head"].unitsPerEm / font["hmtx"][name][0] for name in numerals}
    for name, by in factors.items():
        glyph = font["glyf"][name]
        if glyph.isComposite():
            for component in glyph.components:
                component.x = round(component.x * by)
        elif glyph.numberOfContours > 0:
            glyph.coordinates.scale((by, 1))
            glyph.coordinates.toInt()
        glyph.removeHinting()
    for name in font.getGlyphOrder():
        font["glyf"][name].recalcBounds(font["glyf"])
    for name, (advance, bearing) in font["hmtx"].metrics.items():
        font["hmtx"][name] = (round(advance * factors[name]), round(bearing * factors[name]))
    for table in _HINTING:
        if table in font:
            del font[table]


def _signs(signs: Signs) -> Any:
    """Letters that show signs, as in a symbol font: by private code points, and under the name that documents use."""
    source, *others = signs.sources
    font, wanted = TTFont(_installed(source)), set(signs.signs.values())
    subsetter = subset.Subsetter()
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    shown = dict(font.getBestCmap())
    for other in others:
        _lend(font, shown, TTFont(_installed(other)), wanted - shown.keys())
    table = CmapSubtable.newSubtable(4)
    table.platformID, table.platEncID, table.language = 3, 0, 0
    table.cmap = {0xF000 + letter: shown[sign] for letter, sign in signs.signs.items() if sign in shown}
    font["cmap"].tables = [table]
    font["OS/2"].ulCodePageRange1 = 1 << 31
    _set_heights(font, signs.ascent, signs.descent)
    _rename(font, signs.name, Face(source))
    return font


def _lend(font: Any, shown: dict[int, str], lender: Any, wanted: set[int]) -> None:
    """Copy the outlines of ``wanted`` signs, as far as the lender has them, at its scale."""
    glyphs, has = lender.getGlyphSet(), lender.getBestCmap()
    scale = font["head"].unitsPerEm / lender["head"].unitsPerEm
    for sign in sorted(wanted & has.keys()):
        pen, name = TTGlyphPen(None), f"uni{sign:X}"
        recording = DecomposingRecordingPen(glyphs)
        glyphs[has[sign]].draw(recording)
        recording.replay(TransformPen(pen, (scale, 0, 0, scale, 0, 0)))
        font.setGlyphOrder([*font.getGlyphOrder(), name])
        font["glyf"][name] = pen.glyph()
        font["hmtx"][name] = (round(glyphs[has[sign]].width * scale), 0)
        shown[sign] = name


def _rename(font: Any, family: str, face: Face) -> None:
    """What was changed may not keep its name: the licences (OFL, Bitstream Vera) reserve it."""
    style = _STYLES[face.bold, face.italic]
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in _KEPT_NAMES]
    postscript = _postscript(family, face)
    values = {1: family, 2: style, 3: postscript, 4: f"{family} {style}", 6: postscript}
    for number, value in values.items():
        table.setName(value, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = 700 if face.bold else 400
    font["OS/2"].fsSelection = (1 if face.italic else 0) | (0x20 if face.bold else 0) or 0x40
    font["head"].macStyle = (1 if face.bold else 0) | (2 if face.italic else 0)


def _postscript(family: str, face: Face) -> str:
    return f"{family}-{_STYLES[face.bold, face.italic]}".replace(" ", "")


def _rules(target: Path) -> str:
    """Ours before the system's: what is asked for if it is there, then its stand-in, at last Liberation."""
    lines = [
        '<?xml version="1.0"?>',
        '<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">',
        "<fontconfig>",
        f"<dir>{escape(str(target / 'files'))}</dir>",
        f"<cachedir>{escape(str(target / 'cache'))}</cachedir>",
        *_aliases(),
        *_GENERIC,
        '<match target="pattern"><edit name="family" mode="append_last" binding="strong">',
        "<string>Liberation Sans</string></edit></match>",
        *_scripts(),
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>',
        "</fontconfig>",
    ]
    return "\n".join(lines) + "\n"


def _aliases() -> Iterator[str]:
    pairs = [(asked, one.name) for one in STAND_INS for asked in one.asked]
    pairs += [(asked, family) for family, names in ALIASES.items() for asked in names]
    for asked, family in pairs:
        yield (
            f'<alias binding="same"><family>{escape(asked)}</family><accept><family>{escape(family)}</family></accept>'
            "</alias>"
        )


def _scripts() -> Iterator[str]:
    for family, languages in SCRIPTS.items():
        for language in languages:
            yield (
                f'<match target="pattern"><test name="lang" compare="contains"><string>{language}</string></test>'
                f'<edit name="family" mode="append" binding="strong"><string>{escape(family)}</string></edit></match>'
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""The letters of a page as spans."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any
from unicodedata import bidirectional

from chalicelib.engines.tables.pymupdf import pymupdf
from chalicelib.engines.tagged.marked_content import ContentMark
from chalicelib.engines.word.pages.text import UNREADABLE, Face, Span
from chalicelib.engines.word.read.frame import Frame
from chalicelib.engines.word.read.marked import artifact_of
from chalicelib.engines.word.symbols import dingbat

_FLAGS = pymupdf.TEXT_MEDIABOX_CLIP | pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_INHIBIT_SPACES
"""Ligatures as letters, no blanks but those of the PDF; a glyph without a meaning is no letter by its number."""

_FILLED, _STROKED, _SYNTHETIC_BOLD = 16, 32, 8
_ITALIC_FLAG, _SERIF_FLAG, _MONO_FLAG, _BOLD_FLAG = 2, 4, 8, 16
_TYPE_3 = "Unnamed-T3"
"""What MuPDF calls a Type 3 font without a name."""

_CODE_PAGE = re.compile(r"-(?:Identity|Uni[\w]*?-\w+|GBK?\w*-\w+|90ms\w*-\w+)-[HV]$")
_BOLD = re.compile(r"bold|demi|black|heavy|medi$|[-,]bd|^cmbx|^cmssbx|^sfbx", re.I)
_ITALIC = re.compile(r"ital|obliq|slant|[-,]it$|^cmti|^cmmi|^cmsl|^sfti", re.I)
_SYMBOLIC = re.compile(r"symbol|dingbat|wingding|webding", re.I)
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_AGAIN = 0.25
"""The same letter again within this many sizes is the same letter: a shadow, or boldness made by printing twice."""

_NO_WIDTH_PT = 0.01
"""The letters of a ligature but one have no width."""

_TOUCHING_PT = 0.25
MarkAt = Callable[[float, float], ContentMark | None]
Raw = dict[str, Any]


def raw_text(page: Any) -> list[Raw]:
    """The lines of PyMuPDF's raw text."""
    blocks = page.get_text("rawdict", flags=_FLAGS)["blocks"]
    return [line for block in blocks for line in block.get("lines", ())]


def count_turns(lines: list[Raw]) -> dict[int, int]:
    """How many letters run in each direction of the unrotated page, in degrees clockwise."""
    counts = {0: 0, 90: 0, 180: 0, 270: 0}
    for line in lines:
        dx, dy = line["dir"]
        if line.get("wmode"):
            dx, dy = 1.0, 0.0
        turn = (0 if dx >= 0 else 180) if abs(dx) >= abs(dy) else (90 if dy > 0 else 270)
        counts[turn] += sum(not char["c"].isspace() for span in line["spans"] for char in span["chars"])
    return counts


def read_letters(
    lines: list[Raw], frame: Frame, type3: frozenset[str], mark_at: MarkAt | None
) -> tuple[list[Span], int]:
    """The spans of the page, and how many of its glyphs have no meaning."""
    reader = _Letters(frame, type3, mark_at)
    spans = [span for line in lines for raw in line["spans"] for span in reader.spans(line, raw)]
    return _distinct(spans), reader.unreadable


def type3_fonts(page: Any) -> frozenset[str]:
    """Names of the page's Type 3 fonts, whose letters are drawings: MuPDF calls none of their letters painted."""
    fonts = [font for font in page.get_fonts() if font[2] == "Type3"]
    return frozenset({_TYPE_3, *(font[3].rpartition("+")[2] for font in fonts)}) if fonts else frozenset()


class _Letters:
    def __init__(self, frame: Frame, type3: frozenset[str], mark_at: MarkAt | None) -> None:
        self._frame, self._type3, self._mark_at = frame, type3, mark_at
        self.unreadable = 0

    def spans(self, line: Raw, raw: Raw) -> Iterator[Span]:
        """The spans of one of MuPDF's: it ends where the marked content does."""
        mark: ContentMark | None = None
        run: list[Raw] = []
        for char in raw["chars"]:
            own = self._mark_at(*char["origin"]) if self._mark_at and not char["c"].isspace() else mark
            if run and own != mark:
                yield from self._span(line, raw, run, mark)
                run = []
            mark = own
            run.append(char)
        if run:
            yield from self._span(line, raw, run, mark)

    def _span(self, line: Raw, raw: Raw, chars: list[Raw], mark: ContentMark | None) -> Iterator[Span]:
        vertical = bool(line.get("wmode"))
        turn = self._frame.turn((0.0, 1.0) if vertical else line["dir"])
        place = _placing(self._frame, turn)
        text, starts, ends = self._letters(raw, chars, place)
        if not text:
            return
        size = float(raw["size"]) * self._frame.scale
        baseline = place(*chars[0]["origin"])[1]
        ascent, descent = _metrics(raw)
        painted = bool(raw["char_flags"] & (_FILLED | _STROKED)) and raw.get("alpha", 255) > 0
        yield Span(
            text="".join(text),
            starts=tuple(starts),
            ends=tuple(ends),
            baseline=baseline,
            top=baseline - ascent * size,
            bottom=baseline - descent * size,
            face=_face(
                raw["font"], size, raw["flags"], raw["char_flags"], raw["color"], raw.get("alpha", 255), ascent, descent
            ),
            turn=turn,
            vertical=vertical,
            hidden=not painted and raw["font"] not in self._type3,
            mcid=mark.mcid if mark else None,
            artifact=artifact_of(mark),
            language=mark.language if mark else None,
        )

    def _letters(self, raw: Raw, chars: list[Raw], place: "_Place") -> tuple[list[str], list[float], list[float]]:
        text: list[str] = []
        starts: list[float] = []
        ends: list[float] = []
        dingbats = "dingbats" in raw["font"].lower()
        for char in chars:
            letter = _NOT_IN_XML.sub("", dingbat(char["c"]) if dingbats else char["c"])
            if letter == UNREADABLE:
                self.unreadable += 1
            if len(letter) != 1 or letter == UNREADABLE:
                continue
            x0, y0, x1, y1 = char["bbox"]
            one, other = place(x0, y0)[0], place(x1, y1)[0]
            text.append(" " if letter.isspace() else letter)
            starts.append(min(one, other))
            ends.append(max(one, other))
        _share_ligatures(text, starts, ends)
        return text, starts, ends


def _share_ligatures(text: Sequence[str], starts: list[float], ends: list[float]) -> None:
    """Give each letter of a ligature its part of it: MuPDF gives all to one, and none to the others beside it.

    Those of Arabic script come before the one, as their line is turned round, and stand at its left.
    """
    at = 0
    while at < len(text):
        end = at
        while end < len(text) and ends[end] - starts[end] < _NO_WIDTH_PT and text[end] != " ":
            end += 1
        if end == at:
            at += 1
            continue
        x = starts[at]
        if at > 0 and abs(ends[at - 1] - x) < _TOUCHING_PT and not _is_right_to_left(text[at]):
            _share(starts, ends, list(range(at - 1, end)), at - 1)
        elif end < len(text) and abs(ends[end] - x) < _TOUCHING_PT and _is_right_to_left(text[at]):
            _share(starts, ends, list(range(at, end + 1)), end)
        at = end


def _share(starts: list[float], ends: list[float], letters: list[int], owner: int) -> None:
    left, step = starts[owner], (ends[owner] - starts[owner]) / len(letters)
    for place, at in enumerate(letters):
        starts[at], ends[at] = left + place * step, left + (place + 1) * step


def _is_right_to_left(letter: str) -> bool:
    return bidirectional(letter) in ("R", "AL")


_Place = Callable[[float, float], tuple[float, float]]


def _placing(frame: Frame, turn: float) -> _Place:
    """From the unrotated page to the upright page turned back by ``turn``, in which the text stands upright."""
    matrix = frame.matrix * pymupdf.Matrix(-turn) if turn else frame.matrix
    a, b, c, d, e, f = matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f
    return lambda x, y: (x * a + y * c + e, x * b + y * d + f)


def _metrics(raw: Raw) -> tuple[float, float]:
    """Ascent and descent in units of the size; fonts that lie about them get usual ones."""
    ascent, descent = float(raw.get("ascender", 0.8)), float(raw.get("descender", -0.2))
    return (ascent if 0.5 <= ascent <= 1.4 else 0.8), (descent if -0.6 <= descent <= -0.05 else -0.2)


@cache
def _face(
    font: str, size: float, flags: int, char_flags: int, color: int, alpha: int, ascent: float, descent: float
) -> Face:
    name = _CODE_PAGE.sub("", font.rpartition("+")[2]).strip()
    both = _FILLED | _STROKED
    return Face(
        font=name,
        size=round(size, 2),
        bold=bool(
            flags & _BOLD_FLAG or _BOLD.search(name) or char_flags & _SYNTHETIC_BOLD or char_flags & both == both
        ),
        italic=bool(flags & _ITALIC_FLAG or _ITALIC.search(name)),
        serif=bool(flags & _SERIF_FLAG),
        mono=bool(flags & _MONO_FLAG),
        symbolic=bool(_SYMBOLIC.search(name)),
        color=f"{color & 0xFFFFFF:06X}",
        alpha=round(alpha / 255, 2),
        ascent=round(ascent, 3),
        descent=round(descent, 3),
    )


def _distinct(spans: list[Span]) -> list[Span]:
    """Text printed again at its place counts once."""
    kept: list[Span] = []
    seen: dict[tuple[str, bool, float], list[Span]] = {}
    for span in spans:
        same = seen.setdefault((span.text, span.hidden, span.turn), [])
        near = _AGAIN * span.face.size
        if span.text.strip() and any(
            abs(one.starts[0] - span.starts[0]) < near and abs(one.baseline - span.baseline) < near for one in same
        ):
            continue
        same.append(span)
        kept.append(span)
    return kept

"""The text of a PDF page as it lies there: what can flow, what is turned, what is hidden, what can't be read."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import fitz

from chalicelib.engines.word.symbols import dingbat

Box = tuple[float, float, float, float]

_FLAGS = fitz.TEXT_MEDIABOX_CLIP
"""As pdf2docx, ligatures as letters and any blank as a space; but a glyph without a meaning is no letter by its number."""

_PAINTED = 16 | 32
"""Bits of a span's ``char_flags``: filled, stroked. Neither: rendering mode 3, text that is there and not seen."""

_TYPE_3 = "Unnamed-T3"
"""What MuPDF calls a Type 3 font without a name."""

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
BETWEEN = "\x00"
"""Stands between the paragraphs of a produced text; no paragraph holds it."""

_UNREADABLE = "\ufffd"
_MAY_MISS = 0.3
"""Share of a line's letters that may be cut off or read otherwise before the line counts as lost."""

_SAME_PLACE_PT = 3.0
_STRAIGHT = 0.02
"""Directions within about a degree of an axis count as along it."""


@dataclass(frozen=True)
class SourceLine:
    """A line of text: its box in points from the page's top left, and ``turn``, the degrees it is turned clockwise."""

    text: str
    box: Box
    turn: float
    size: float
    font: str
    flags: int
    color: int
    block: int

    @property
    def letters(self) -> str:
        """The text as it is compared: no blanks, compatibility forms unified."""
        return letters_of(self.text)


@dataclass
class TextLayer:
    """All text of a page. ``blocks`` is what pdf2docx gets; ``seen`` and ``hidden`` are what must be in the document."""

    blocks: list[dict[str, Any]] = field(default_factory=list)
    seen: list[SourceLine] = field(default_factory=list)
    hidden: list[SourceLine] = field(default_factory=list)
    drawn: list[Box] = field(default_factory=list)
    unreadable: int = 0
    drawing_fonts: frozenset[str] = frozenset()

    @property
    def seen_letters(self) -> int:
        return sum(len(line.letters) for line in self.seen)

    @property
    def hidden_letters(self) -> int:
        return sum(len(line.letters) for line in self.hidden)


def hull(boxes: Sequence[Box]) -> Box:
    """The smallest box around ``boxes``."""
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def clean(text: str) -> str:
    """``text`` without the characters that no XML document can hold."""
    return _NOT_IN_XML.sub("", text)


def letters_of(text: str) -> str:
    """The characters of ``text`` by which two readings of it are compared."""
    return "".join(unicodedata.normalize("NFKC", text).replace("\u00ad", "").split())


def read_text(page: Any) -> TextLayer:
    """The text layer of a PyMuPDF page that is not rotated."""
    layer = TextLayer(drawing_fonts=_drawing_fonts(page))
    for number, block in enumerate(page.get_text("rawdict", flags=_FLAGS)["blocks"]):
        lines = [line for raw in block.get("lines", ()) if (line := _read_line(raw, number, layer)) is not None]
        if lines:
            layer.blocks.append(block | {"lines": lines})
    return layer


def _read_line(raw: dict[str, Any], block: int, layer: TextLayer) -> dict[str, Any] | None:
    """Book the line in ``layer``; what of it can flow."""
    turn, direction = _direction(raw["dir"])
    seen: list[dict[str, Any]] = []
    hidden: list[dict[str, Any]] = []
    for span in raw["spans"]:
        kept = _readable(span, layer)
        if kept:
            (seen if _is_painted(span, layer) else hidden).append(kept)
    if hidden:
        layer.hidden.append(_source_line(hidden, turn, block))
    seen = _trimmed(seen)
    if not seen:
        return None
    layer.seen.append(_source_line(seen, turn, block))
    return raw | {"spans": seen, "dir": direction} if turn in (0, 270) else None


def _drawing_fonts(page: Any) -> frozenset[str]:
    """Names of the page's Type 3 fonts, whose letters are drawings: MuPDF calls none of their letters painted."""
    fonts = [font for font in page.get_fonts() if font[2] == "Type3"]
    return frozenset({_TYPE_3, *(font[3].rpartition("+")[2] for font in fonts)}) if fonts else frozenset()


def _is_painted(span: dict[str, Any], layer: TextLayer) -> bool:
    if span["font"] in layer.drawing_fonts:
        layer.drawn.append(span["bbox"])
        return True
    return bool(span.get("char_flags", _PAINTED) & _PAINTED) and span.get("alpha", 255) > 0


def _readable(span: dict[str, Any], layer: TextLayer) -> dict[str, Any] | None:
    chars = []
    dingbats = "dingbats" in span["font"].lower()
    for char in span["chars"]:
        text = clean(dingbat(char["c"]) if dingbats else char["c"])
        layer.unreadable += text == _UNREADABLE
        if text and text != _UNREADABLE:
            chars.append(char | {"c": text})
    return span | {"chars": chars} if chars else None


def _trimmed(spans: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """``spans`` without the blanks around the line, but for one of no width at its end.

    The box of a blank reaches to the next text of the row: pdf2docx would see no gap there, and set no tab.
    """
    chars = [(number, char) for number, span in enumerate(spans) for char in span["chars"]]
    inked = [index for index, (_, char) in enumerate(chars) if not char["c"].isspace()]
    if not inked:
        return []
    kept = chars[inked[0] : inked[-1] + 1]
    number, last = kept[-1]
    if inked[-1] + 1 < len(chars):
        _, y0, x1, y1 = last["bbox"]
        kept.append((number, last | {"c": " ", "bbox": (x1, y0, x1, y1)}))
    trimmed = ((span, [char for owner, char in kept if owner == index]) for index, span in enumerate(spans))
    return [span | {"chars": own, "bbox": hull([char["bbox"] for char in own])} for span, own in trimmed if own]


def _direction(vector: tuple[float, float]) -> tuple[float, tuple[float, float]]:
    """Degrees clockwise from upright, and the vector, both snapped to the axes."""
    dx, dy = vector
    for turn, axis in ((0, (1.0, 0.0)), (90, (0.0, 1.0)), (180, (-1.0, 0.0)), (270, (0.0, -1.0))):
        if abs(dx - axis[0]) <= _STRAIGHT and abs(dy - axis[1]) <= _STRAIGHT:
            return turn, axis
    return round(math.degrees(math.atan2(dy, dx)) % 360, 1), (dx, dy)


def _source_line(spans: list[dict[str, Any]], turn: float, block: int) -> SourceLine:
    text = "".join(char["c"] for span in spans for char in span["chars"])
    main = max(spans, key=lambda span: len(span["chars"]))
    box = hull([char["bbox"] for span in spans for char in span["chars"]])
    return SourceLine(text, box, turn, main["size"], main["font"], main["flags"], main["color"], block)


def lost_lines(layer: TextLayer, produced: str) -> list[SourceLine]:
    """The seen lines, in reading order, that ``produced``, the text of the page's part of the document, does not hold.

    Lost is what is found neither as a run of letters, as cells may cut words, nor word by word, as lines may repeat.
    """
    lines = _distinct(layer.seen)
    needed = Counter(letters_of(word) for line in lines for word in line.text.split())
    absent = needed - Counter(letters_of(word) for word in produced.replace(BETWEEN, " ").split())
    rest, lost = letters_of(produced), []
    for line in sorted(lines, key=lambda one: -len(one.text)):
        rest, missing = _consume(rest, line)
        words = [letters_of(word) for word in line.text.split()]
        if min(missing, sum(len(word) for word in words if absent[word] > 0)) > _MAY_MISS * len(line.letters):
            absent.subtract(words)
            lost.append(line)
    return sorted(lost, key=lambda line: (line.block, line.box[1], line.box[0]))


def _distinct(lines: list[SourceLine]) -> list[SourceLine]:
    """Text printed twice at one place (a shadow, a poor man's bold) counts once."""
    seen: dict[tuple[str, int, int], SourceLine] = {}
    for line in lines:
        seen.setdefault((line.letters, round(line.box[0] / _SAME_PLACE_PT), round(line.box[1] / _SAME_PLACE_PT)), line)
    return list(seen.values())


def _consume(rest: str, line: SourceLine) -> tuple[str, int]:
    """``rest`` without the line, whole or word by word, and how many of its letters were not found."""
    if line.letters in rest:
        return rest.replace(line.letters, "\0", 1), 0
    missing = 0
    for word in line.text.split():
        letters = letters_of(word)
        if letters in rest:
            rest = rest.replace(letters, "\0", 1)
        else:
            missing += len(letters)
    return rest, missing

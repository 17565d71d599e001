"""The words of a page as a table reader needs them: upright, in logical order, superscripts marked."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

Box = tuple[float, float, float, float]
TagPath = tuple[tuple[str, int], ...]
"""The standard role and the place among its parent's kids of each tag around a text, from the outermost in."""

ASCENT, DESCENT = 0.72, 0.21
"""Height above and depth below the baseline of Latin text, in units of its size (Adobe Times: .683 and .217)."""

_LETTER_EDGE = 0.3
"""A line may pass this far, in units of the size, from where two letters meet and still part them."""
_WORD_GAP = 0.22
"""A wider gap than this, in units of the size, separates two words; a blank is .25 in Times and .278 in Helvetica."""

_SUPERSCRIPTS = str.maketrans("0123456789+-−=()abcdefgh", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰ")
_PRESENTATION = re.compile("[\ufb00-\ufdff\ufe70-\ufeff]")
_RULE = re.compile(r"[-_=—–―.·…~]{4,}|[_=—―]{2,}|[-_=—–―.·…~*]{10,}")
"""Up to nine asterisks are a sign in the place of a number: statistics explain them below."""
_RTL = frozenset({"R", "AL"})
_RTL_OR_DIGITS = _RTL | {"AN"}
_MIRRORED = re.compile(r"(?<!\S)\)([^()\s]*)\((?!\S)")
"""What parentheses around a number become when RTL text turns the glyphs but not the characters."""
_BRACKETS = frozenset("()[]{}")


@dataclass(slots=True)
class Word:
    """A run of text without blanks; the box is made from baseline and size, so that fonts of odd metrics agree."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str
    size: float
    bold: bool = False
    upright: bool = True
    baseline: float = 0.0
    blank: float = 0.0
    edges: tuple[float, ...] = ()
    tags: TagPath = ()
    color: int = 0
    italic: bool = False

    def split(self, x: float) -> "tuple[Word, ...]":
        """The word in two, where two of its letters meet at ``x`` or next to it; else as it is."""
        at = min(range(1, len(self.edges)), key=lambda one: abs(self.edges[one] - x), default=0)
        if not at or abs(self.edges[at] - x) > _LETTER_EDGE * self.size:
            return (self,)
        left = replace(self, x1=self.edges[at], text=self.text[:at], edges=self.edges[:at])
        return left, replace(self, x0=self.edges[at], text=self.text[at:], edges=self.edges[at:])

    def cut(self, start: int, end: int, x0: float, x1: float) -> "Word":
        """The letters from ``start`` to ``end``, which stand from ``x0`` to ``x1``."""
        return replace(self, x0=x0, x1=x1, text=self.text[start:end], edges=self.edges[start:end])

    @property
    def center(self) -> tuple[float, float]:
        """The middle of the box, which decides on the cell that the word belongs to."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2


def page_words(raw: dict[str, Any], sign: Callable[[str, str], str] | None = None) -> list[Word]:
    """The words of a ``get_text("rawdict")`` page, each once: text printed twice to look bold counts once.

    ``sign`` tells what a letter shows in a font of symbols.
    """
    words: list[Word] = []
    for line, tags in _lines(raw["blocks"], ()):
        if sign is not None:
            for span in line["spans"]:
                for char in span["chars"]:
                    char["c"] = sign(span["font"], char["c"])
        for word in _line_words(line):
            word.tags = tags
            words.append(word)
    return _without_doubles(words)


def _lines(blocks: Sequence[dict[str, Any]], tags: TagPath) -> Iterator[tuple[dict[str, Any], TagPath]]:
    """Each line of text with the tags that it stands in; ``blocks`` nest where structure was asked for."""
    for block in blocks:
        if "blocks" in block:
            yield from _lines(block["blocks"], (*tags, (block["std"], block["index"])))
        for line in block.get("lines", ()):
            yield line, tags


def line_texts(raw: dict[str, Any]) -> Iterator[str]:
    """The text of each line of a ``get_text("rawdict")`` page, whichever way it runs."""
    for line, _ in _lines(raw["blocks"], ()):
        yield "".join(char["c"] for span in line["spans"] for char in span["chars"])


def direction_counts(raw: dict[str, Any]) -> dict[int, int]:
    """How many characters run in each direction: 0 upright, 90 upwards, 270 downwards, 180 upside down."""
    counts = {0: 0, 90: 0, 180: 0, 270: 0}
    for line, _ in _lines(raw["blocks"], ()):
        filled = sum(not char["c"].isspace() for span in line["spans"] for char in span["chars"])
        counts[_direction(line)] += filled
    return counts


def is_rule(text: str) -> bool:
    """Whether a word only draws a line or leads the eye: ``-----``, ``_____``, ``……``."""
    return _RULE.fullmatch(text) is not None


def is_rtl(text: str) -> bool:
    """Whether the letters of ``text`` run from right to left."""
    kinds = [unicodedata.bidirectional(char) for char in text]
    return sum(kind in _RTL for kind in kinds) > sum(kind == "L" for kind in kinds)


def visual_lines(words: Iterable[Word]) -> list[list[Word]]:
    """Words grouped by the line that they stand on, from top to bottom; raised and lowered ones join their line."""
    lines: list[list[Word]] = []
    spans: list[tuple[float, float]] = []
    for word in sorted(words, key=lambda one: (-round(one.size), one.baseline, one.x0)):
        at = _line_of(word, spans)
        if at is None:
            lines.append([word])
            spans.append((word.y0, word.y1))
        else:
            lines[at].append(word)
    order = sorted(range(len(lines)), key=lambda at: spans[at])
    return [sorted(lines[at], key=lambda one: one.x0) for at in order]


def text_of(words: Sequence[Word]) -> str:
    """The text of a cell: its lines as they stand on the page, joined by line feeds."""
    turned = [word for word in words if not word.upright]
    if turned:
        upright = text_of([word for word in words if word.upright])
        columns = sorted(turned, key=lambda one: (one.x0, -one.y1))
        return "\n".join(part for part in (upright, *(one.text for one in columns)) if part)
    return "\n".join(_MIRRORED.sub(r"(\1)", _joined(line)) for line in visual_lines(words))


def _line_of(word: Word, spans: Sequence[tuple[float, float]]) -> int | None:
    """The line which covers at least half of the word's height, the best one."""
    best, share = None, 0.5
    for at, (y0, y1) in enumerate(spans):
        overlap = (min(y1, word.y1) - max(y0, word.y0)) / max(0.1, min(word.y1 - word.y0, y1 - y0))
        if overlap > share:
            best, share = at, overlap
    return best


def _joined(line: Sequence[Word]) -> str:
    """Words from left to right with blanks, those that touch without; a line of RTL text the other way round."""
    words = list(line)
    base = max(words, key=lambda one: one.size)
    if is_rtl("".join(word.text for word in words)):
        words = _logical(words)
    text = ""
    for at, word in enumerate(words):
        before = words[at - 1] if at else None
        raised = (
            before is not None and word.size < 0.85 * base.size and word.baseline < base.baseline - 0.15 * base.size
        )
        text += "" if before is None or _touch(before, word) else " "
        text += _raised_text(word.text) if raised else word.text
    return text


def _raised_text(text: str) -> str:
    """Figures and the single letters of notes as superscripts; words, as in "1ˢᵗ", stay as they are."""
    return text.translate(_SUPERSCRIPTS) if len(text) == 1 or not text.isalpha() else text


def _touch(one: Word, other: Word) -> bool:
    gap = max(other.x0 - one.x1, one.x0 - other.x1)
    return gap < 0.12 * max(one.size, other.size)


def _logical(words: list[Word]) -> list[Word]:
    """From right to left, with runs of numbers and Latin words kept from left to right."""
    ordered: list[Word] = []
    run: list[Word] = []
    for word in reversed(words):
        if is_rtl(word.text) or not any(char.isalnum() for char in word.text):
            ordered += [*reversed(run), word]
            run = []
        else:
            run.append(word)
    return [*ordered, *reversed(run)]


def _direction(line: dict[str, Any]) -> int:
    dx, dy = line["dir"]
    if abs(dx) >= abs(dy):
        return 0 if dx >= 0 else 180
    return 90 if dy < 0 else 270


def _line_words(line: dict[str, Any]) -> Iterator[Word]:
    if _direction(line) != 0:
        yield from _turned_line(line)
        return
    chars = [(char, span) for span in line["spans"] for char in span["chars"]]
    rtl = any(unicodedata.bidirectional(char["c"][:1] or " ") in _RTL_OR_DIGITS for char, _ in chars)
    if rtl:
        chars.sort(key=lambda item: item[0]["bbox"][0])
    run: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for char, span in chars:
        blank = char["c"].isspace() or char["c"] == ""
        bracket = rtl and (char["c"] in _BRACKETS or (run and run[-1][0]["c"] in _BRACKETS))
        if run and (blank or bracket or _breaks(run[-1], (char, span))):
            yield _word(run)
            run = []
        if not blank:
            run.append((char, span))
    if run:
        yield _word(run)


def _breaks(before: tuple[dict[str, Any], dict[str, Any]], after: tuple[dict[str, Any], dict[str, Any]]) -> bool:
    """Whether a word ends here: at a gap, at a jump backwards, or where a superscript begins or ends."""
    size = max(before[1]["size"], after[1]["size"], 0.1)
    gap = after[0]["bbox"][0] - before[0]["bbox"][2]
    jump = after[0]["origin"][0] < before[0]["origin"][0] - 0.5 * size
    return gap > _WORD_GAP * size or jump or _raised(before, after) or _raised(after, before)


def _raised(base: tuple[dict[str, Any], dict[str, Any]], small: tuple[dict[str, Any], dict[str, Any]]) -> bool:
    """Whether ``small`` is a superscript of ``base``: clearly smaller and higher."""
    rise = base[0]["origin"][1] - small[0]["origin"][1]
    return bool(small[1]["size"] < 0.85 * base[1]["size"] and rise > 0.15 * base[1]["size"])


def _word(run: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> Word:
    text = "".join(char["c"] for char, _ in run)
    plain = _plain(text, rtl=is_rtl(text))
    size = float(max(span["size"] for _, span in run))
    baseline = float(median(char["origin"][1] for char, _ in run))
    return Word(
        x0=min(char["bbox"][0] for char, _ in run),
        y0=baseline - ASCENT * size,
        x1=max(char["bbox"][2] for char, _ in run),
        y1=baseline + DESCENT * size,
        text=plain,
        size=size,
        bold=any(span["flags"] & 16 or "bold" in span["font"].lower() for _, span in run),
        baseline=baseline,
        blank=size * (0.6 if run[0][1]["flags"] & 8 else 0.28),
        edges=tuple(char["bbox"][0] for char, _ in run) if plain == text else (),
        color=int(run[0][1].get("color", 0)),
        italic=bool(run[0][1]["flags"] & 2),
    )


def _plain(text: str, *, rtl: bool = False) -> str:
    """Logical order and base letters, as people type them: no presentation forms, ligatures or soft hyphens."""
    if rtl:
        text = re.sub(r"[^\W\d_\u0590-\u08ff\ufb1d-\ufefc]+|\d[\d.,:/٫٬]*", lambda run: run[0][::-1], text)[::-1]
    text = _PRESENTATION.sub(lambda form: unicodedata.normalize("NFKC", form[0]), text)
    return text.replace("\u00ad", "")


def _turned_line(line: dict[str, Any]) -> Iterator[Word]:
    """A line that runs up or down the page is one word: nothing in a table reads across it."""
    text = _plain("".join(char["c"] for span in line["spans"] for char in span["chars"])).strip()
    if text:
        x0, y0, x1, y1 = line["bbox"]
        size = float(max(span["size"] for span in line["spans"]))
        yield Word(x0, y0, x1, y1, " ".join(text.split()), size, upright=False, baseline=y1)


def _without_doubles(words: Iterable[Word]) -> list[Word]:
    """Drop a word which an equal one covers."""
    kept: list[Word] = []
    seen: dict[tuple[str, int, int], list[Word]] = {}
    for word in words:
        cell = (word.text, int(word.x0 // 8), int(word.y0 // 8))
        near = [
            other
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for other in seen.get((cell[0], cell[1] + dx, cell[2] + dy), ())
        ]
        if not any(abs(o.x0 - word.x0) < 0.25 * word.size and abs(o.y0 - word.y0) < 0.25 * word.size for o in near):
            seen.setdefault(cell, []).append(word)
            kept.append(word)
    return kept

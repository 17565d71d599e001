"""Labels of list items: bullets and numbers at the beginning of a line that stand apart from what follows."""

import re
import unicodedata
from dataclasses import dataclass

from chalicelib.engines.word.draft.block import ListLabel
from chalicelib.engines.word.draft.line import Line, Piece
from chalicelib.engines.word.understand.numerals import readings

BULLETS = frozenset(
    "•‣◦▪▫●○■□·➢✓✔➤❖►▶→⁃∙★☆☐☑☒✗✘◆◇◈❑❒➔➲◻◼◾◽⬧⧫❍⚫⚪▸▹◘♦⇨✦✶⬥\uf0b7\uf0a7\uf0d8\uf076\uf0fc\uf0a8\uf02d\uf0f0"
)
_SHORT_FOR = frozenset("©®™°℗№℃℉℅℠")
_WEAK_BULLETS = frozenset("-–—−*o+>»§~")
"""Signs that may stand at the beginning of any line; they are bullets where the lines around say so."""

_NUMBER = re.compile(r"^([(\[]?)(\d{1,3}|[ivxlcdm]{1,6}|[IVXLCDM]{1,6}|[a-z]|[A-Z])([.)\]:]|\.\))$")
_LEGAL = re.compile(r"^((?:\d{1,3}|[A-Z])(?:\.\d{1,3}){1,7})([.)]?)$")
_BARE = re.compile(r"^[1-9]\d?$")
"""A numeral without a sign after it is a label where others count with it and a gap follows."""

_LONGEST = 20
_PRIVATE_USE = frozenset(map(chr, range(0xE000, 0xF900)))
"""A sign that nobody can name, alone before a paragraph, is a bullet."""

_APART = 0.7
"""A gap of so many sizes after a weak bullet is no blank; those of typewriters' fonts are .6 wide."""


@dataclass(frozen=True, slots=True)
class Label:
    """A label as printed. ``parts`` are the numerals of a number, outermost first; none of a bullet.

    ``before`` and ``after`` are the signs around the last numeral; ``length`` characters of the line belong to it, of
    which ``lead`` are the bullet of an item that holds nothing but the list of this one. ``weak``: it may as well be text.
    """

    text: str
    length: int
    parts: tuple[str, ...] = ()
    before: str = ""
    after: str = ""
    weak: bool = False
    lead: int = 0

    @property
    def bullet(self) -> bool:
        """Whether it is a sign and no number."""
        return not self.parts


def begins_item(line: Line) -> bool:
    """Whether the line begins with a bullet or a number that stands apart from what follows."""
    label = label_of(line)
    return label is not None and (not label.weak or (label.bullet and is_apart(line, label)))


def label_of(line: Line) -> Label | None:
    """The label at the beginning of a line; None where there is none, or nothing follows it."""
    word = _first_word(line)
    if not word or len(word) > _LONGEST or len(word) >= len(line.text.rstrip()):
        return None
    label = parse(word)
    return _innermost(line, label) if label is not None and label.bullet and not label.weak else label


def _innermost(line: Line, label: Label) -> Label:
    """The last of the bullets with which a line begins: nested lists may begin in one line."""
    chars = "".join(piece.text for piece in line.pieces)
    while (rest := chars[label.length :].lstrip(" "))[1:].strip() and _is_bullet(rest[0]):
        lead = len(chars) - len(rest)
        label = Label(rest[0], lead + 1, lead=lead)
    return label


def parse(word: str) -> Label | None:
    """``word`` as a label."""
    if len(word) == 1 and _is_bullet(word):
        return Label("\u2022" if word in _PRIVATE_USE else word, 1)
    if len(word) == 1 and word in _WEAK_BULLETS:
        return Label(word, 1, weak=True)
    number = _NUMBER.match(word)
    if number:
        return Label(word, len(word), (number[2],), number[1], number[3])
    if _BARE.match(word):
        return Label(word, len(word), (word,), weak=True)
    legal = _LEGAL.match(word)
    return Label(word, len(word), tuple(legal[1].split(".")), "", legal[2]) if legal else None


def _is_bullet(sign: str) -> bool:
    """Whether a sign is a bullet wherever it stands before text: those named, and pictograms that are no abbreviations."""
    return sign in BULLETS or sign in _PRIVATE_USE or (unicodedata.category(sign) == "So" and sign not in _SHORT_FOR)


def _first_word(line: Line) -> str:
    word = ""
    for at, piece in enumerate(line.pieces):
        if at and piece.gap:
            break
        head, blank, _ = piece.text.partition(" ")
        word += head
        if blank:
            break
        if at == 0 and len(head) == 1 and _is_bullet(head):
            break
    return word


def is_apart(line: Line, label: Label) -> bool:
    """Whether the gap after the label is wider than a blank."""
    edges = [(start, end) for piece in line.pieces for start, end in zip(piece.starts, piece.ends, strict=True)]
    chars = "".join(piece.text for piece in line.pieces)
    after = next((at for at in range(label.length, len(chars)) if chars[at] != " "), None)
    if after is None or after >= len(edges):
        return False
    gap = edges[after][0] - edges[label.length - 1][1]
    if line.rtl:
        gap = edges[label.length - 1][0] - edges[after][1]
    return gap > _APART * line.size


def take_label(line: Line, label: Label) -> ListLabel:
    """Take the label's characters out of the line."""
    left, right = left_of(line, label)
    first = line.pieces[0]
    taken = ListLabel(label.text, left, right, first.face.font, first.face.size)
    rest = label.length
    while line.pieces and rest > 0:
        piece = line.pieces[0]
        part = min(rest, len(piece.text))
        rest -= part
        _drop(piece, part)
        if not piece.text.strip():
            line.pieces.pop(0)
    if line.pieces:
        piece = line.pieces[0]
        _drop(piece, len(piece.text) - len(piece.text.lstrip(" ")))
        piece.gap = ""
    return taken


def left_of(line: Line, label: Label) -> tuple[float, float]:
    """From where to where the label of a line reaches."""
    edges = [(start, end) for piece in line.pieces for start, end in zip(piece.starts, piece.ends, strict=True)]
    own = edges[label.lead : label.length] or [(line.left, line.left)]
    return min(start for start, _ in own), max(end for _, end in own)


def _drop(piece: Piece, count: int) -> None:
    piece.text, piece.starts, piece.ends = piece.text[count:], piece.starts[count:], piece.ends[count:]


def values(label: Label) -> dict[str, int]:
    """What the last numeral of a label may be, by format."""
    return readings(label.parts[-1]) if label.parts else {}

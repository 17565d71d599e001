"""Labels of list items: bullets and numbers at the beginning of a line that stand apart from what follows."""

import re
from dataclasses import dataclass

from chalicelib.engines.word.draft.block import ListLabel
from chalicelib.engines.word.draft.line import Line, Piece
from chalicelib.engines.word.understand.numerals import readings

BULLETS = frozenset(
    "•‣◦▪▫●○■□·➢✓✔➤❖►▶→⁃∙★☆☐☑☒✗✘◆◇◈❑❒➔➲◻◼◾◽⬧⧫❍⚫⚪▸▹◘♦⇨✦✶⬥\uf0b7\uf0a7\uf0d8\uf076\uf0fc\uf0a8\uf02d\uf0f0"
)
_WEAK_BULLETS = frozenset("-–—−*o+>»§~")
"""Signs that may stand at the beginning of any line; they are bullets where the lines around say so."""

_NUMBER = re.compile(r"^([(\[]?)(\d{1,3}|[ivxlcdm]{1,6}|[IVXLCDM]{1,6}|[a-z]|[A-Z])([.)\]:]|\.\))$")
_LEGAL = re.compile(r"^((?:\d{1,3}|[A-Z])(?:\.\d{1,3}){1,7})([.)]?)$")
_LONGEST = 20
_PRIVATE_USE = frozenset(map(chr, range(0xE000, 0xF900)))
"""A sign that nobody can name, alone before a paragraph, is a bullet."""

_APART = 0.7
"""A gap of so many sizes after a weak bullet is no blank; those of typewriters' fonts are .6 wide."""


@dataclass(frozen=True, slots=True)
class Label:
    """A label as printed. ``parts`` are the numerals of a number, outermost first; none of a bullet.

    ``before`` and ``after`` are the signs around the last numeral; ``length`` characters of the line belong to it.
    ``weak``: it may as well be text.
    """

    text: str
    length: int
    parts: tuple[str, ...] = ()
    before: str = ""
    after: str = ""
    weak: bool = False

    @property
    def bullet(self) -> bool:
        """Whether it is a sign and no number."""
        return not self.parts


def begins_item(line: Line) -> bool:
    """Whether the line begins with a bullet or a number that stands apart from what follows."""
    label = label_of(line)
    return label is not None and (not label.weak or _is_apart(line, label))


def label_of(line: Line) -> Label | None:
    """The label at the beginning of a line; None where there is none, or nothing follows it."""
    word = _first_word(line)
    if not word or len(word) > _LONGEST or len(word) >= len(line.text.rstrip()):
        return None
    return parse(word)


def parse(word: str) -> Label | None:
    """``word`` as a label."""
    if len(word) == 1 and (word in BULLETS or word in _PRIVATE_USE):
        return Label("\u2022" if word in _PRIVATE_USE else word, 1)
    if len(word) == 1 and word in _WEAK_BULLETS:
        return Label(word, 1, weak=True)
    number = _NUMBER.match(word)
    if number:
        return Label(word, len(word), (number[2],), number[1], number[3])
    legal = _LEGAL.match(word)
    return Label(word, len(word), tuple(legal[1].split(".")), "", legal[2]) if legal else None


def _first_word(line: Line) -> str:
    word = ""
    for at, piece in enumerate(line.pieces):
        if at and piece.gap:
            break
        head, blank, _ = piece.text.partition(" ")
        word += head
        if blank:
            break
        if at == 0 and len(head) == 1 and head in BULLETS:
            break
    return word


def _is_apart(line: Line, label: Label) -> bool:
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
    left, right = left_of(line, label.length)
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


def left_of(line: Line, length: int) -> tuple[float, float]:
    """From where to where the first ``length`` characters of a line reach."""
    edges = [(start, end) for piece in line.pieces for start, end in zip(piece.starts, piece.ends, strict=True)]
    own = edges[:length] or [(line.left, line.left)]
    return min(start for start, _ in own), max(end for _, end in own)


def _drop(piece: Piece, count: int) -> None:
    piece.text, piece.starts, piece.ends = piece.text[count:], piece.starts[count:], piece.ends[count:]


def values(label: Label) -> dict[str, int]:
    """What the last numeral of a label may be, by format."""
    return readings(label.parts[-1]) if label.parts else {}

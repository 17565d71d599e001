"""Which paragraphs are items of lists: what tags say, bullets, and numbers that follow each other."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from chalicelib.engines.tagged.tree import TagTree
from chalicelib.engines.word.draft.block import ParagraphDraft
from chalicelib.engines.word.understand.labels import Label, begins_item, is_apart, label_of, left_of, parse, values

_NEAR = 40
"""So many paragraphs further on the next number of a list may stand."""

_BESIDE = 4
"""Weak bullets confirm each other within so many paragraphs."""

_BOXES = frozenset("\u2610\u2611\u2612")

_SAME_LEFT_PT = 5.0
"""Numbers of one list may be set flush right: "9." begins further right than "10."."""


@dataclass(slots=True)
class Item:
    """A paragraph with a label. ``indent`` of the label from the column's edge; ``place`` among the paragraphs."""

    paragraph: ParagraphDraft
    label: Label
    indent: float
    place: int
    told: bool
    formats: set[str] = field(default_factory=set)
    """Ways to read its number that other items confirm."""


def find_items(paragraphs: Sequence[ParagraphDraft], tags: TagTree) -> list[Item]:
    """The items among ``paragraphs``, which follow each other."""
    candidates = [item for place, one in enumerate(paragraphs) if (item := _candidate(one, place, tags)) is not None]
    numbered = _has_line_numbers(paragraphs)
    candidates = [item for item in candidates if not _is_bare(item.label) or (not numbered and _says_words(item))]
    return [item for at, item in enumerate(candidates) if _is_confirmed(item, candidates, at)]


def _is_bare(label: Label) -> bool:
    return label.weak and not label.bullet


def _says_words(item: Item) -> bool:
    """Whether words follow the numeral: signs alone are a formula's, or what a program printed."""
    return any(char.isalpha() for char in item.paragraph.text[item.label.length :])


def _has_line_numbers(paragraphs: Sequence[ParagraphDraft]) -> bool:
    """Whether lines within paragraphs begin with bare numerals too: these number the lines."""
    return any(
        (label := label_of(line)) is not None and _is_bare(label) and is_apart(line, label)
        for one in paragraphs
        for line in one.lines[1:]
    )


def _is_typed(label: Label) -> bool:
    """Whether such labels are text unless tags tell: a box to tick belongs to a form, "[1]" to a reference that is cited."""
    return label.text in _BOXES or label.before == "["


def _candidate(paragraph: ParagraphDraft, place: int, tags: TagTree) -> Item | None:
    if not paragraph.lines or paragraph.contents is not None or paragraph.continues:
        return None
    line = paragraph.lines[0]
    told = paragraph.element is not None and _begins_told_item(paragraph, tags)
    label = _tagged_label(paragraph, tags) if told else None
    label = label or label_of(line)
    if label is None or (not told and _is_typed(label)):
        return None
    left, right = left_of(line, label)
    indent = paragraph.right - right if line.rtl else left - paragraph.left
    return Item(paragraph, label, indent, place, told)


def _begins_told_item(paragraph: ParagraphDraft, tags: TagTree) -> bool:
    return tags.nearest(paragraph.element if paragraph.element is not None else -1, "LI") is not None


def _tagged_label(paragraph: ParagraphDraft, tags: TagTree) -> Label | None:
    """What the tags call the label, whatever it looks like."""
    word = ""
    for piece in paragraph.lines[0].pieces:
        if piece.element is None or tags.nearest(piece.element, "Lbl", "LBody") is None:
            break
        nearest = tags.nearest(piece.element, "Lbl", "LBody")
        if nearest is None or nearest.role != "Lbl":
            break
        word += piece.text
    text = word.strip()
    if not text or len(text) > 20 or len(word) >= len(paragraph.lines[0].text.rstrip()):
        return None
    return parse(text)


def _is_confirmed(item: Item, candidates: Sequence[Item], at: int) -> bool:
    label = item.label
    if label.bullet:
        return item.told or not label.weak or begins_item(item.paragraph.lines[0]) or _has_twin(item, candidates, at)
    item.formats = _confirmed_formats(item, candidates, at)
    if label.weak and not is_apart(item.paragraph.lines[0], label):
        return item.told
    if item.formats:
        return True
    item.formats = set(values(label))
    alone = len(label.parts) == 1 and 1 in values(label).values() and _is_wide(item)
    return item.told or (alone and not label.weak)


def _is_wide(item: Item) -> bool:
    """Whether a tab, not a blank, follows the label: a list of one item."""
    line, length = item.paragraph.lines[0], item.label.length
    _, right = left_of(line, item.label)
    chars = [(start, char) for piece in line.pieces for start, char in zip(piece.starts, piece.text, strict=True)]
    after = next((start for start, char in chars[length:] if char != " "), right)
    return not line.rtl and after - right > 0.45 * line.size


def _has_twin(item: Item, candidates: Sequence[Item], at: int) -> bool:
    near = [*candidates[max(0, at - 2) : at], *candidates[at + 1 : at + 3]]
    return any(
        one.label.text == item.label.text
        and abs(one.indent - item.indent) < _SAME_LEFT_PT
        and abs(one.place - item.place) <= _BESIDE
        for one in near
    )


def _confirmed_formats(item: Item, candidates: Sequence[Item], at: int) -> set[str]:
    """The formats in which another label of the same shape is one more or one less."""
    own = values(item.label)
    found: set[str] = set()
    for one in [*candidates[max(0, at - _NEAR) : at], *candidates[at + 1 : at + _NEAR]]:
        if not _alike(one, item):
            continue
        other = values(one.label)
        step = 1 if one.place > item.place else -1
        found |= {form for form, value in own.items() if other.get(form) == value + step}
        if len(item.label.parts) > 1 and item.label.parts[:-1] != one.label.parts[:-1]:
            found |= {"decimal"} & set(own)
    return found


def _alike(one: Item, other: Item) -> bool:
    if one.label.bullet or (one.label.before, one.label.after) != (other.label.before, other.label.after):
        return False
    if len(other.label.parts) > 1:
        return len(one.label.parts) == len(other.label.parts)
    return len(one.label.parts) == 1 and abs(one.indent - other.indent) < 2 * _SAME_LEFT_PT

"""Leaders: the dots that lead the eye from a title to its page number, or from an article to its price."""

import re
from collections.abc import Iterable
from itertools import pairwise

from chalicelib.engines.tables.text import Word, visual_lines

_RUN = re.compile(r"[.·․…_]{4,}|…{2,}")
_DOTS = frozenset({".", "·", "…", "․", "..", "..."})
_FEWEST = 4
"""So many dots in a row on a line lead somewhere."""


def without_leaders(words: Iterable[Word]) -> tuple[list[Word], list[Word]]:
    """The words with what leads taken out, also out of their middle ("Scope......4"), and the leaders."""
    kept: list[Word] = []
    leaders: list[Word] = []
    for word in words:
        match = _RUN.search(word.text) if word.upright else None
        if match is None or (match[0] == word.text and match[0][0] == "_"):
            kept.append(word)
            continue
        for part, leads in _parts(word, match):
            (leaders if leads else kept).append(part)
    spaced = _spaced(kept)
    gone = {id(word) for word in spaced}
    return [word for word in kept if id(word) not in gone], leaders + spaced


def _parts(word: Word, match: re.Match[str]) -> list[tuple[Word, bool]]:
    """``word`` before, in and after its leader; where the letters' places are not known, by their share."""
    edges = word.edges
    if len(edges) != len(word.text):
        step = (word.x1 - word.x0) / len(word.text)
        edges = tuple(word.x0 + step * at for at in range(len(word.text)))
    parts = []
    for start, end, leads in ((0, match.start(), False), (*match.span(), True), (match.end(), len(word.text), False)):
        if start < end:
            floor = edges[end] if end < len(edges) else word.x1
            parts.append((word.cut(start, end, edges[start], floor), leads))
    return parts


def _spaced(words: Iterable[Word]) -> list[Word]:
    """Single dots with blanks between them, as TeX sets them."""
    dots = [word for word in words if word.upright and word.text in _DOTS]
    if len(dots) < _FEWEST:
        return []
    return [word for line in visual_lines(dots) if len(line) >= _FEWEST and _is_even(line) for word in line]


def _is_even(line: list[Word]) -> bool:
    gaps = sorted(after.x0 - before.x0 for before, after in pairwise(line))
    usual = gaps[len(gaps) // 2]
    return usual < 4 * line[0].size and sum(abs(gap - usual) < 0.3 * usual for gap in gaps) >= _FEWEST - 1

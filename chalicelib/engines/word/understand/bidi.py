"""From the order in which letters stand to the order in which they are read (the inverse of Unicode's UAX 9)."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_RIGHT = frozenset({"R", "AL"})
_NUMBER = frozenset({"EN", "AN"})
_WITHIN_NUMBER = frozenset({"ES", "CS", "ET"})
_MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")
_OPENING, _CLOSING = "([{", ")]}"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter where it stands; ``owner`` tells which piece it belongs to, -1 for the blank or tab between pieces."""

    text: str
    start: float
    end: float
    owner: int

    @property
    def kind(self) -> str:
        """Its bidirectional class."""
        return unicodedata.bidirectional(self.text[0]) if self.text else "ON"


def is_right_to_left(text: str) -> bool:
    """Whether any letter of ``text`` is of a script that runs from right to left."""
    return any(unicodedata.bidirectional(char) in _RIGHT for char in text)


def strength(text: str) -> tuple[int, int]:
    """How many letters of ``text`` run from right to left, and how many from left to right."""
    kinds = [unicodedata.bidirectional(char) for char in text]
    return sum(kind in _RIGHT for kind in kinds), kinds.count("L")


def logical(letters: Sequence[Letter], rtl: bool) -> list[tuple[Letter, bool]]:
    """Letters from left to right in the order in which they are read, each with whether it runs right to left.

    ``rtl`` is the direction of their paragraph.
    """
    clusters = _clusters(letters)
    if rtl:
        return _from_right(clusters)
    ordered: list[tuple[Letter, bool]] = []
    kinds = [cluster[0].kind for cluster in clusters]
    at = 0
    while at < len(kinds):
        end = _end_of_right(kinds, at) if kinds[at] in _RIGHT else at
        if end > at:
            ordered += _from_right(clusters[at:end])
        else:
            end = at + 1
            ordered += [(letter, False) for letter in clusters[at]]
        at = end
    return ordered


def _end_of_right(kinds: list[str], at: int) -> int:
    """Where the stretch that begins with a right-to-left letter ends: with the last one before a Latin letter."""
    end = at
    for i in range(at, len(kinds)):
        if kinds[i] in ("L", "S"):
            break
        if kinds[i] in _RIGHT:
            end = i + 1
    return end


def _from_right(clusters: Sequence[Sequence[Letter]]) -> list[tuple[Letter, bool]]:
    kinds = _of_arabic([cluster[0].kind for cluster in clusters])
    ordered: list[tuple[Letter, bool]] = []
    for start, end, right in reversed(_runs(kinds)):
        run = clusters[start:end]
        for cluster in reversed(run) if right else run:
            ordered += [(letter, right) for letter in cluster]
    return ordered


def _of_arabic(kinds: list[str]) -> list[str]:
    """Digits after Arabic letters are Arabic numbers (rule W2), whatever their shape: signs beside them stay outside."""
    found: list[str] = []
    before = ""
    for kind in reversed(kinds):
        before = kind if kind in ("L", "R", "AL") else before
        found.append("AN" if kind == "EN" and before == "AL" else kind)
    return found[::-1]


def _clusters(letters: Sequence[Letter]) -> list[list[Letter]]:
    """Letters with the marks (vowels, accents) that stand over them."""
    bases = [letter for letter in letters if letter.kind != "NSM"]
    if not bases:
        return [[letter] for letter in letters]
    clusters = [[letter] for letter in bases]
    for mark in (letter for letter in letters if letter.kind == "NSM"):
        middle = (mark.start + mark.end) / 2
        at = min(range(len(bases)), key=lambda i: _apart(bases[i], middle))
        clusters[at].append(mark)
    return clusters


def _apart(base: Letter, x: float) -> float:
    if base.text == " ":
        return 1e6
    return max(base.start - x, 0.0, x - base.end) + 0.01 * abs((base.start + base.end) / 2 - x)


def _runs(kinds: list[str]) -> list[tuple[int, int, bool]]:
    """Stretches of one direction: start, end, whether right to left. What has no direction takes that of both sides."""
    runs: list[tuple[int, int, bool]] = []
    for at, right in enumerate(_sides(kinds)):
        if runs and runs[-1][2] == right:
            runs[-1] = (runs[-1][0], at + 1, right)
        else:
            runs.append((at, at + 1, right))
    return _split_numbers(runs, kinds)


def _sides(kinds: list[str]) -> list[bool]:
    known: list[bool | None] = []
    for at, kind in enumerate(kinds):
        if kind in _RIGHT or kind == "S":
            known.append(True)
        elif kind == "L" or kind in _NUMBER or (kind in _WITHIN_NUMBER and _is_within(kinds, at)):
            known.append(False)
        else:
            known.append(None)
    after, following = True, []
    for side in reversed(known):
        after = after if side is None else side
        following.append(after)
    sides: list[bool] = []
    before = True
    for side, later in zip(known, reversed(following), strict=True):
        before = before if side is None else side
        sides.append(side if side is not None else before or later)
    return sides


def _is_within(kinds: list[str], at: int) -> bool:
    """A sign that belongs to a number: between digits, or a percent or currency sign beside one."""
    before = at > 0 and kinds[at - 1] in _NUMBER
    after = at + 1 < len(kinds) and kinds[at + 1] in _NUMBER
    beside = "EN" in (kinds[at - 1 : at] + kinds[at + 1 : at + 2])
    return (before and after and (kinds[at] == "CS" or beside)) or (kinds[at] == "ET" and beside)


def _split_numbers(runs: list[tuple[int, int, bool]], kinds: list[str]) -> list[tuple[int, int, bool]]:
    """Numbers side by side in a right-to-left paragraph follow each other from right to left, each in itself from left."""
    found: list[tuple[int, int, bool]] = []
    for start, end, right in runs:
        if right or "L" in kinds[start:end]:
            found.append((start, end, right))
            continue
        begin = start
        for at in range(start, end):
            inside = kinds[at] in _NUMBER or (kinds[at] in _WITHIN_NUMBER and _is_within(kinds, at))
            if not inside:
                if at > begin:
                    found.append((begin, at, False))
                found.append((at, at + 1, True))
                begin = at + 1
        if end > begin:
            found.append((begin, end, False))
    return found


def mirrored(text: str) -> str:
    """``text`` with each bracket as its counterpart."""
    return text.translate(_MIRRORED)


def balance(text: str) -> int:
    """How many brackets close what was opened, less those that close nothing."""
    depth = score = 0
    for char in text:
        if char in _OPENING:
            depth += 1
        elif char in _CLOSING:
            score += 1 if depth > 0 else -1
            depth = max(0, depth - 1)
    return score

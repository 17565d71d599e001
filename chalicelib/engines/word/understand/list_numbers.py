"""Lists as Word counts them: each item in a list whose own counting gives the label that is printed."""

from dataclasses import dataclass, field

from chalicelib.engines.word.understand.labels import Label, values
from chalicelib.engines.word.understand.numerals import readings

LEVELS = 9
Shape = tuple[str, str]
"""Format and text of a level, as in ``w:numFmt`` and ``w:lvlText``."""


@dataclass(slots=True)
class Counting:
    """A list: the shapes of its levels, with what they count from, and where they are."""

    shapes: dict[int, Shape] = field(default_factory=dict)
    firsts: dict[int, int] = field(default_factory=dict)
    counters: dict[int, int] = field(default_factory=dict)

    def follows(self, level: int, parents: tuple[int, ...], value: int) -> bool:
        """Whether an item at ``level`` would get ``value`` now, under the numbers ``parents``."""
        upper = all(self._now(at) == one for at, one in enumerate(parents))
        return upper and self._next(level) == value

    def take(self, level: int) -> None:
        """Count an item at ``level``."""
        self.counters[level] = self._next(level)
        for deeper in [at for at in self.counters if at > level]:
            del self.counters[deeper]

    def _now(self, level: int) -> int:
        return self.counters.get(level, self.firsts.get(level, 1))

    def _next(self, level: int) -> int:
        return self.counters[level] + 1 if level in self.counters else self.firsts.get(level, 1)


class Lists:
    """The lists of a document, as they are found from its first item to the last."""

    def __init__(self) -> None:
        self.all: list[Counting] = []

    def place_bullet(self, label: Label, level: int, current: int | None) -> int:
        """The list of a bullet: the one at hand, the last with the same bullet at this level, or a new one."""
        shape = ("bullet", label.text)
        for number in self._candidates(current):
            if self.all[number].shapes.get(level) == shape:
                return self._enter(number, level)
        if current is not None and level not in self.all[current].shapes:
            self.all[current].shapes[level] = shape
            return self._enter(current, level)
        self.all.append(Counting({level: shape}))
        return self._enter(len(self.all) - 1, level)

    def place_number(self, label: Label, formats: set[str], level: int, current: int | None) -> tuple[int, int]:
        """The list and level of a number: one that counts to it now, or a new one that begins with it."""
        parents, level = _parents(label, level)
        read = {form: value for form, value in values(label).items() if form in formats} or values(label)
        for number in self._candidates(current):
            for form, value in read.items():
                own = self.all[number]
                if own.shapes.get(level) == (form, _text(label, level)) and own.follows(level, parents, value):
                    return self._enter(number, level), level
        form = min(read, key=lambda one: (read[one] != 1, one.endswith("Letter") and read[one] > 2, one))
        shape = (form, _text(label, level))
        if current is not None and self._takes(self.all[current], level, parents):
            own = self.all[current]
            own.shapes[level], own.firsts[level] = shape, read[form]
            return self._enter(current, level), level
        fresh = Counting({level: shape}, {level: read[form], **dict(enumerate(parents))})
        for at, part in enumerate(label.parts[:-1]):
            fresh.shapes[at] = (_form(part), f"%{at + 1}.")
        self.all.append(fresh)
        return self._enter(len(self.all) - 1, level), level

    def _takes(self, own: Counting, level: int, parents: tuple[int, ...]) -> bool:
        """Whether a list can have a level more: its upper levels are there, and where the label says."""
        if level in own.shapes or not any(at < level for at in own.shapes):
            return False
        return all(own.counters.get(at) == one for at, one in enumerate(parents))

    def _candidates(self, current: int | None) -> list[int]:
        numbers = list(range(len(self.all) - 1, -1, -1))
        return numbers if current is None else [current, *(one for one in numbers if one != current)]

    def _enter(self, number: int, level: int) -> int:
        self.all[number].take(level)
        return number


def _parents(label: Label, level: int) -> tuple[tuple[int, ...], int]:
    """The numbers above the last one, and the level: that of as many numerals as there are."""
    if len(label.parts) == 1:
        return (), level
    upper = tuple(next(iter(readings(part).values()), 1) for part in label.parts[:-1])
    return upper, min(LEVELS - 1, len(label.parts) - 1)


def _form(part: str) -> str:
    return next(iter(readings(part)), "decimal")


def _text(label: Label, level: int) -> str:
    if len(label.parts) == 1:
        return f"{label.before}%{level + 1}{label.after}"
    return ".".join(f"%{at + 1}" for at in range(len(label.parts))) + label.after

"""Lists: ``numbering.xml``, and which numbering an item has."""

import re

from chalicelib.engines.word.document.document import ListDefinition, ListLevel
from chalicelib.engines.word.document.format import Format, ListPlace
from chalicelib.engines.word.document.inline import Look
from chalicelib.engines.word.write.looks import differences
from chalicelib.engines.word.write.units import twips
from chalicelib.engines.word.write.xml import w, whole

_LEVELS = 9
"""Levels that a list of Word has."""

_FORMATS = re.compile(
    "bullet|none|decimal|lowerLetter|upperLetter|lowerRoman|upperRoman|ordinal|decimalZero|cardinalText|ordinalText"
    "|japaneseCounting|aiueo|iroha|decimalFullWidth|decimalEnclosedCircle|chineseCounting|ideographDigital"
    "|ideographTraditional|ideographZodiac|arabicAlpha|arabicAbjad|hebrew1|hebrew2|russianLower|russianUpper"
    "|thaiLetters|thaiNumbers|hindiNumbers|hindiVowels|koreanCounting|koreanDigital|ganada|chosung|hex|chicago"
    "|chineseCountingThousand|taiwaneseCounting|decimalEnclosedParen|decimalEnclosedFullstop|numberInDash"
)
_SUFFIXES = ("tab", "space", "nothing")


class Numbering:
    """The lists of a document, and further countings of them for items that count anew."""

    def __init__(self, lists: list[ListDefinition], normal: Look) -> None:
        self._lists = lists
        self._normal = normal
        self._restarts: list[tuple[int, int, int]] = []
        self._current = {number: number + 1 for number in range(len(lists))}

    def properties(self, place: ListPlace | None) -> str:
        """``w:numPr`` of an item; empty when there is no such list."""
        if place is None or not self._knows(place):
            return ""
        level = self._bounded(place)
        if place.restart is not None:
            self._restarts.append((place.number, level, max(0, place.restart)))
            self._current[place.number] = len(self._lists) + len(self._restarts)
        return w("numPr", w("ilvl", val=level), w("numId", val=self._current[place.number]))

    def base(self, place: ListPlace | None, style: Format) -> tuple[float, float]:
        """Where text and first line of an item begin by its list, or by its style outside of lists."""
        if place is None or not self._knows(place):
            return style.start, style.first
        level = self._lists[place.number].levels[self._bounded(place)]
        return level.start, -level.hanging

    def part(self) -> str | None:
        """``numbering.xml``; None when there are no lists."""
        if not self._lists:
            return None
        numbers = [w("num", w("abstractNumId", val=at), numId=at + 1) for at in range(len(self._lists))]
        for at, (number, level, first) in enumerate(self._restarts, start=len(self._lists) + 1):
            start = w("lvlOverride", w("startOverride", val=first), ilvl=level)
            numbers.append(w("num", w("abstractNumId", val=number), start, numId=at))
        return whole("w:numbering", *(self._abstract(at, one) for at, one in enumerate(self._lists)), *numbers)

    def _knows(self, place: ListPlace) -> bool:
        return 0 <= place.number < len(self._lists) and bool(self._lists[place.number].levels)

    def _bounded(self, place: ListPlace) -> int:
        return max(0, min(place.level, len(self._lists[place.number].levels) - 1, _LEVELS - 1))

    def _abstract(self, number: int, definition: ListDefinition) -> str:
        kind = "multilevel" if len(definition.levels) > 1 else "singleLevel"
        levels = (self._level(at, one) for at, one in enumerate(definition.levels[:_LEVELS]))
        return w("abstractNum", w("multiLevelType", val=kind), *levels, abstractNumId=number)

    def _level(self, at: int, level: ListLevel) -> str:
        hanging = {"hanging" if level.hanging >= 0 else "firstLine": abs(twips(level.hanging))}
        look = differences(level.look, self._normal) if level.look else ""
        return w(
            "lvl",
            w("start", val=max(0, level.first)),
            w("numFmt", val=level.format if _FORMATS.fullmatch(level.format) else "decimal"),
            w("suff", val=level.suffix) if level.suffix in _SUFFIXES[1:] else "",
            w("lvlText", val=level.text),
            w("lvlJc", val="left"),
            w("pPr", w("ind", left=twips(level.start), **hanging)),
            w("rPr", look) if look else "",
            ilvl=at,
        )

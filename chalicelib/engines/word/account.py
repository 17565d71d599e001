"""What became of each page, for the client: sentences for what is not as it was, lists for the report."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any

from chalicelib.engines.word.fonts import face_of, plain_name
from chalicelib.engines.word.source import SourcePage
from chalicelib.engines.word.text import SourceLine


class Fate(Enum):
    """Why a page is not simply flowing text; the value says it of the pages named before."""

    DAMAGED = "can't be read: the PDF is damaged there. An empty page stands in {its} place."
    NO_TEXT = "{has} no text, as a scan: kept as a picture. Recognise the text (OCR) first to make it editable."
    SCANNED = (
        "{is} scanned, with recognised text: the picture lies over that text, which can be searched, and edited once the"
        " picture is moved aside."
    )
    UNREADABLE = "{uses} fonts that do not say which characters they show: there as a picture."
    FIXED = "could not be rebuilt as flowing text: there as a picture, with the text in text boxes over it."
    TEXT_ONLY = "could not be rebuilt in the time there is: only the text was taken over, without layout and pictures."
    BOXED = "{has} lines that are turned or overlap others: these are in text boxes at their place."
    MISSING = "{has} characters that the PDF's fonts do not explain: these are missing."
    TURNED = "{was} turned so that the text is upright."
    SCALED = "{is} larger than the 22 inches Word allows: scaled down."


_ONE = {"its": "its", "has": "has", "is": "is", "uses": "uses", "was": "was"}
_SEVERAL = {"its": "their", "has": "have", "is": "are", "uses": "use", "was": "were"}


class Account:
    """The books of one conversion."""

    def __init__(self) -> None:
        self.fonts: dict[str, str] = {}
        self._pages: dict[Fate, list[int]] = defaultdict(list)
        self._hidden: list[int] = []
        self._boxed_lines = 0

    def note(self, fate: Fate, number: int) -> None:
        """Page ``number`` met this fate."""
        self._pages[fate].append(number)

    def note_source(self, number: int, source: SourcePage) -> None:
        """What is to be said of the page however it is rebuilt."""
        if source.turned:
            self.note(Fate.TURNED, number)
        if source.scale < 1:
            self.note(Fate.SCALED, number)
        if source.text.hidden:
            self._hidden.append(number)

    def note_boxes(self, number: int, lines: Sequence[SourceLine]) -> None:
        """These lines of the page are in text boxes."""
        if lines:
            self.note(Fate.BOXED, number)
            self.note_fonts(lines)
        self._boxed_lines += len(lines)

    def note_fonts(self, lines: Iterable[SourceLine]) -> None:
        """These lines have families of Word now."""
        for line in lines:
            face = face_of(line.font, line.flags)
            if face.substituted:
                self.fonts[plain_name(line.font)] = face.family

    def count(self, fate: Fate) -> int:
        """How many pages met this fate."""
        return len(self._pages[fate])

    def warnings(self) -> tuple[str, ...]:
        """A sentence for each fate that pages met."""
        return tuple(_sentence(fate, self._pages[fate]) for fate in Fate if self._pages[fate])

    def report(self) -> dict[str, Any]:
        """The same as lists of page numbers."""
        pictures = (Fate.NO_TEXT, Fate.SCANNED, Fate.UNREADABLE, Fate.FIXED)
        return {
            "pages_as_picture": sorted(number for fate in pictures for number in self._pages[fate]),
            "pages_without_text": self._pages[Fate.NO_TEXT],
            "pages_with_hidden_text": self._hidden,
            "pages_turned": self._pages[Fate.TURNED],
            "lines_in_text_boxes": self._boxed_lines,
            "fonts_substituted": dict(sorted(self.fonts.items())),
        }


def _sentence(fate: Fate, numbers: Sequence[int]) -> str:
    words = _ONE if len(numbers) == 1 else _SEVERAL
    return f"Page{'s' * (len(numbers) > 1)} {_named(numbers)} {fate.value.format(**words)}"


def _named(numbers: Iterable[int]) -> str:
    """``[1, 2, 3, 5]`` as ``1-3 and 5``."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][-1] == number - 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    parts = ["-".join(map(str, run)) for run in runs]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)

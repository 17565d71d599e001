"""Whether a grid is a table at all: contents, lists, prose in columns and code line up as well, and are none."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from chalicelib.engines.tables.content import PageContent, inside
from chalicelib.engines.tables.fuse import Region
from chalicelib.engines.tables.grid import Grid, Phrase, is_numeric, phrases
from chalicelib.engines.tables.text import Word, text_of, visual_lines

_MOST = 0.6
_ALMOST_ALL = 0.85
_NEAR_LINES = 70.0
"""Two lines with gaps that are farther apart, in points, belong to no one table."""
_BLANK_LINE = 1.7
"""From this lead on, in units of the size, a blank line stands between two lines."""
_EVEN = 1.8
"""Blanks of a justified line are at most so many times as wide as most of them."""
_SHARED = 3.0
"""Gaps of two lines that overlap by so many points may part columns."""
_WORDY = 4
_PAGE_NUMBER = re.compile(r"(?:\d{1,4}|[ivxlc]{1,7})", re.IGNORECASE)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_BULLET = re.compile(r"[•●○■□▪▫–—‣◦·►➢✓✔✗✘*\-\uf0b7\uf0a7\uf0d8\uf076\uf0fc\uf02d\ufffd]|o")
_ENUMERATOR = re.compile(r"\(?(?:\d{1,2}|[a-z]|[ivx]{1,5}|[A-Z])[.)]|\[\d{1,3}\]|\d{1,2}(?:\.\d{1,2}){1,4}\.?")
_CODE = re.compile(r"[{};]|[=!<>]=|->|=>|\(\)|//|/\*|</")
_NOT_TABLES = frozenset({"TOC", "TOCI", "L", "LI", "LBody", "H", "Code", "Formula", "Index", "BibEntry", "Artifact"})
_CONTENTS = re.compile(
    r"(?:table of )?contents|inhalt(?:sverzeichnis)?|sommaire|table des matières|índice(?: general)?|contenido|sumário|"
    r"indice|sommario|inhoud(?:sopgave)?|innehåll(?:sförteckning)?|indhold|innhold|sisällys(?:luettelo)?|spis treści|"
    r"obsah|tartalom(?:jegyzék)?|cuprins|содержание|оглавление|зміст|İçindekiler|daftar isi|mục lục|目录|目次|차례|"
    r"(?:list of|liste des|abbildungs|tabellen)[ -]?(?:figures|tables|verzeichnis|tableaux)?",
    re.IGNORECASE,
)


def needs_layout(words: Sequence[Word], drawn: Sequence[Region]) -> bool:
    """Whether the layout model may find what lines and tags have not: lines of text with gaps that follow one another.

    Inside drawn cells it is asked as well where a single cell holds such lines, lines part rows alone, or several
    rows may stand between two lines.
    """
    known = {id(word) for word in inside(words, [region.box for region in drawn if len(region.xs) > 2])}
    if _has_gapped_lines([word for word in words if id(word) not in known]):
        return True
    held = [[(cell[1], list(inside(words, [cell]))) for cell in region.cells] for region in drawn]
    return any(_has_gapped_lines(own) for cells in held for _, own in cells) or any(map(_hold_records, held))


def _hold_records(cells: Sequence[tuple[float, list[Word]]]) -> bool:
    """Whether cells beside one another, by their tops, have blank lines in them: several rows may stand in one."""
    parted = Counter(top for top, words in cells if _has_blank_lines(words))
    return any(count > 1 for count in parted.values())


def _has_blank_lines(words: Sequence[Word]) -> bool:
    lines = [line[0] for line in visual_lines(word for word in words if word.upright)]
    return any(after.baseline - before.baseline > _BLANK_LINE * before.size for before, after in pairwise(lines))


@dataclass(frozen=True, slots=True)
class _Gapped:
    """A line with gaps: where they are, whether it has three parts or more, or may be prose in two columns."""

    baseline: float
    gaps: list[tuple[float, float]]
    several: bool
    prose: bool

    @classmethod
    def of(cls, line: Sequence[Phrase]) -> "_Gapped | None":
        """The line; ``None`` without a gap between cells: in running text, or behind the mark of a list's item."""
        if len(line) == 1 or (len(line) == 2 and _is_mark(text_of(line[0].words).strip())):
            return None
        words = [word for phrase in line for word in phrase.words]
        widths = [after.x0 - before.x1 for before, after in pairwise(words)]
        gutter = widths.index(max(widths))
        sides = words[: gutter + 1], words[gutter + 1 :]
        gaps = [(one.x1, other.x0) for one, other in pairwise(line)]
        if _are_justified(words):
            return None
        if min(map(len, sides)) >= _WORDY and (len(line) == 2 or all(map(_are_justified, sides))):
            return cls(words[0].baseline, [(words[gutter].x1, words[gutter + 1].x0)], several=False, prose=True)
        return cls(words[0].baseline, gaps, several=len(line) > 2, prose=False)

    def shares(self, other: "_Gapped") -> bool:
        """Whether the two have a gap at one place that may part columns of a table."""
        if (self.prose and not other.several) or (other.prose and not self.several):
            return False
        return any(min(a[1], b[1]) - max(a[0], b[0]) > _SHARED for a in self.gaps for b in other.gaps)


def _is_mark(text: str) -> bool:
    return is_label(text) or (len(text) == 1 and not text.isalnum())


def _are_justified(words: Sequence[Word]) -> bool:
    """Whether words, most of letters, have gaps of about one width between them: one line of a paragraph."""
    widths = [after.x0 - before.x1 for before, after in pairwise(words)]
    lettered = sum(any(char.isalpha() for char in word.text) for word in words)
    even = max(widths) <= max(_EVEN * median(widths), words[0].blank)
    return len(words) >= _WORDY and even and max(widths) < words[0].size and lettered > _MOST * len(words)


def _has_gapped_lines(words: Sequence[Word]) -> bool:
    """Whether two lines near one another have a gap at the same place, as columns have and justified text has not."""
    found = (_Gapped.of(line) for line in phrases(words))
    lines = sorted((one for one in found if one is not None), key=lambda one: one.baseline)
    for at, line in enumerate(lines):
        for below in lines[at + 1 :]:
            if below.baseline - line.baseline > _NEAR_LINES:
                break
            if line.shares(below):
                return True
    return False


def no_table_because(grid: Grid, content: PageContent) -> str | None:
    """What ``grid`` is if it is no table: "contents", "list", "prose", "code", or what its tags say; else ``None``."""
    if (told := _told_by_tags(grid)) is not None:
        return told
    lines = visual_lines(word for word in grid.words if word.upright)
    if _are_contents(lines, grid, content):
        return "contents"
    if grid.ruled:
        return None
    if _is_list(grid):
        return "list"
    if _is_prose(grid):
        return "prose"
    return "code" if _is_code(lines) else None


def _told_by_tags(grid: Grid) -> str | None:
    """The tag that most of the words stand in, where that is nothing that a table is made of."""
    roles = [next((role for role, _ in word.tags if role in _NOT_TABLES), None) for word in grid.words]
    told = [role for role in roles if role is not None]
    return max(set(told), key=told.count) if len(told) > _MOST * len(roles) else None


def _are_contents(lines: Sequence[Sequence[Word]], grid: Grid, content: PageContent) -> bool:
    """Lines that end in page numbers which do not fall, and leaders, links or a title that say so.

    Under a title that says contents, leaders or links are enough: pages may be missing, or "N/A".
    """
    if len(lines) < 2:
        return False
    led = _are_led(lines, grid, content)
    titled = _are_titled(grid, content)
    if led and titled:
        return True
    numbers = [number for line in lines if (number := _page_number(line[-1].text)) is not None]
    if len(numbers) < max(2, _MOST * len(lines)) or not _rise(numbers):
        return False
    enough = len(numbers) > 3 or len(numbers) == len(lines)
    return led or (titled and enough and numbers[-1] > numbers[0])


def _are_led(lines: Sequence[Sequence[Word]], grid: Grid, content: PageContent) -> bool:
    """Whether leaders run along half of the lines, or links lie on them."""
    box = grid.box()
    if _share_near(lines, [word.center[1] for word in inside(content.leaders, [box])]) >= 0.5:
        return True
    middles = [(link[1] + link[3]) / 2 for link in content.links]
    return _share_near(lines, [y for y in middles if box[1] - 3 <= y <= box[3] + 3]) >= 0.5


def _are_titled(grid: Grid, content: PageContent) -> bool:
    """Whether a line right above, or the first one, says that contents follow."""
    above = [word for word in content.words if grid.ys[0] - 90 < word.center[1] < grid.ys[0] + 30]
    return any(_CONTENTS.fullmatch(text_of(line).strip(" :.")) for line in visual_lines(above))


def _page_number(text: str) -> int | None:
    if not _PAGE_NUMBER.fullmatch(text):
        return None
    if text.isdigit():
        return int(text)
    values = [_ROMAN[letter] for letter in text.lower()]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


def _rise(numbers: Sequence[int]) -> bool:
    falls = sum(after < before for before, after in pairwise(numbers))
    return falls <= (1 - _ALMOST_ALL) * len(numbers) and numbers[-1] >= numbers[0]


def _share_near(lines: Sequence[Sequence[Word]], heights: Sequence[float]) -> float:
    """The share of ``lines`` at whose height something stands."""
    near = sum(any(line[0].y0 - 2 <= y <= line[0].y1 + 2 for y in heights) for line in lines)
    return near / max(1, len(lines))


def _is_list(grid: Grid) -> bool:
    """Nothing but bullets or numbers of items beside one column of text: on its left, in Hebrew on its right."""
    return grid.columns == 2 and (_is_labels(grid, 0) or _is_labels(grid, 1))


def is_label(text: str) -> bool:
    """Whether a text is the bullet or the number of an item, and nothing else."""
    return bool(_BULLET.fullmatch(text) or _ENUMERATOR.fullmatch(text))


def _is_labels(grid: Grid, column: int) -> bool:
    texts = grid.texts()
    first = [text.strip() for (_, at), text in texts.items() if at == column]
    marks = [text[::-1] if column else text for text in first for text in text.split("\n")]
    marked = sum(is_label(text) for text in marks)
    others = [text for (_, at), text in texts.items() if at != column]
    if column and not any(unicodedata.bidirectional(char) in ("R", "AL") for text in others for char in text):
        return False
    numbers = sum(map(is_numeric, others))
    return bool(first) and marked >= _ALMOST_ALL * len(marks) and numbers < 0.5 * len(first)


def _is_prose(grid: Grid) -> bool:
    """Columns of running text: most lines of two columns reach across them, and hold several words."""
    wordy = 0
    for column in range(grid.columns):
        words = [word for word in grid.words if word.upright and grid.slot(word)[1] == column]
        lines = visual_lines(words)
        if len(lines) < 2:
            continue
        left, right = min(word.x0 for word in words), max(word.x1 for word in words)
        full = [line for line in lines if line[-1].x1 - line[0].x0 > 0.75 * (right - left) and len(line) >= _WORDY]
        wordy += len(full) >= _MOST * len(lines) and _is_even(lines)
    return wordy > 1


def _is_even(lines: Sequence[Sequence[Word]]) -> bool:
    """Whether lines follow one another as those of a paragraph: rows of a table have gaps between them."""
    steps = [after[0].baseline - before[0].baseline for before, after in pairwise(lines)]
    usual = median(steps)
    return usual < 1.7 * lines[0][0].size and sum(abs(step - usual) < 1.5 for step in steps) >= _ALMOST_ALL * len(steps)


def _is_code(lines: Sequence[Sequence[Word]]) -> bool:
    """Letters of one width, as ``blank`` tells, and signs that only programs are full of."""
    fixed = sum(word.blank > 0.5 * word.size for line in lines for word in line)
    signs = sum(bool(_CODE.search(text_of(line))) for line in lines)
    return fixed > _MOST * sum(map(len, lines)) and signs > 0.3 * len(lines)

"""What stands around a table: its caption, its unit, its notes, and whether it opens or closes the page."""

import re
from collections.abc import Sequence

from chalicelib.engines.tables.grid import Grid
from chalicelib.engines.tables.heads import is_caption_text, is_note_text
from chalicelib.engines.tables.text import Word, text_of, visual_lines

_HEAD_ZONE, _FOOT_ZONE = 0.13, 0.89
"""Shares of the page's height: running heads stand above the first, feet below the second."""
_GAP = 2.2
"""A caption or a note stands this near, in units of the size."""
_MOST_LINES = 4
_UNIT = re.compile(
    r"\(?(?:(?:all )?(?:amounts|figures|values|data)? ?(?:are )?(?:expressed |stated )?in |en |em |tausend|millionen|"
    r"w |тыс|млн|(?:US)?\$|€|£|[A-Z]{3} )[^.]{0,40}?(?:thousand|million|billion|milli|mil |miles|tausend|tsd|mio|mrd|"
    r"keur|teur|eur|usd|'000|tys|mln|%|percent|per cent|prozent|000s?)[^.]{0,30}\)?",
    re.IGNORECASE,
)


def above(grid: Grid, words: Sequence[Word]) -> list[str]:
    """The caption and the unit right above ``grid``, from top to bottom; ``words`` are those in no table."""
    lines = [line for line in _beside(grid, words) if line[0].baseline < grid.ys[0] + 2]
    taken: list[str] = []
    floor = _first_top(grid)
    for line in reversed(lines[-_MOST_LINES:]):
        if floor - max(word.baseline for word in line) > _GAP * line[0].size:
            break
        text = text_of(line)
        taken.append(text)
        if is_caption_text(text):
            return taken[::-1]
        if not _UNIT.fullmatch(text) and not _is_heading_like(line):
            break
        floor = min(word.y0 for word in line)
    return [text for text in taken[:1] if _UNIT.fullmatch(text)]


def below(grid: Grid, words: Sequence[Word]) -> list[str]:
    """The notes right below ``grid``."""
    floor = max(word.baseline for word in grid.words)
    notes: list[str] = []
    for line in (line for line in _beside(grid, words) if line[0].y0 > grid.ys[-1] - 3):
        text = text_of(line)
        if line[0].baseline - floor > (_GAP + 0.6) * line[0].size or len(notes) >= 2 * _MOST_LINES:
            break
        if not is_note_text(text) and not notes:
            break
        if notes and not is_note_text(text) and line[0].size > 1.05 * _size(grid):
            break
        notes.append(text)
        floor = line[0].baseline
    return notes


def opens(grid: Grid, words: Sequence[Word], height: float) -> bool:
    """Whether only running heads stand above ``grid``."""
    top = _first_top(grid)
    above = (word for word in words if word.center[1] < top)
    return height > 0 and not any(word.center[1] > _HEAD_ZONE * height or _is_content(grid, word) for word in above)


def closes(grid: Grid, words: Sequence[Word], height: float) -> bool:
    """Whether only feet stand below ``grid``."""
    last = max(word.y1 for word in grid.words)
    below = (word for word in words if word.center[1] > last)
    return height > 0 and not any(word.center[1] < _FOOT_ZONE * height or _is_content(grid, word) for word in below)


def _is_content(grid: Grid, word: Word) -> bool:
    """Whether tags, where they told of ``grid``, call ``word`` a part of the text; running heads are none."""
    return bool(grid.tagged and word.tags) and not any(role == "Artifact" for role, _ in word.tags)


def _beside(grid: Grid, words: Sequence[Word]) -> list[list[Word]]:
    """The lines that stand over the columns of ``grid``."""
    x0, x1 = grid.xs[0] - 40, grid.xs[-1] + 40
    return visual_lines(word for word in words if word.upright and word.x1 > x0 and word.x0 < x1)


def _first_top(grid: Grid) -> float:
    return min(word.y0 for word in grid.words)


def _size(grid: Grid) -> float:
    sizes = sorted(word.size for word in grid.words)
    return sizes[len(sizes) // 2]


def _is_heading_like(line: Sequence[Word]) -> bool:
    return all(word.bold for word in line)

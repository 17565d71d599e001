"""How many rows head a table, and which rows are captions or notes that stand in its box."""

import re
from collections.abc import Sequence

from chalicelib.engines.tables.between import crosses, numeric_columns, parted
from chalicelib.engines.tables.grid import Grid, is_numeric, is_value, is_year, phrases
from chalicelib.engines.tables.rules import Rules
from chalicelib.engines.tables.text import Word, text_of, visual_lines

_DEEPEST = 6
_FULL = 0.85
"""A line along this share of the width parts the head from the body."""
_SHORTEST_CAPTION = 12
_NOTE = re.compile(
    r"(?:sources?|notes?|see notes|quellen?|anmerkung(?:en)?|fuentes?|notas?|bron)\b|[*†‡]|\(?[a-z1-9][).] ",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"(?:table|exhibit|figure|fig|chart|box|schedule|tab|tabelle|abbildung|abb|tableau|figura|tabla|cuadro|tabela|"
    r"quadro|tabella|tabel)\.? *(?:[A-Z]{0,3}[-.]?\d|[IVX]+\b|[A-Z]\b)",
    re.IGNORECASE,
)


def header_depth(grid: Grid, rules: Rules) -> int:
    """How many leading rows head the columns: those above the first full rule, else those above the first numbers.

    A row of heads that each stand over several columns needs the next row as well.
    """
    texts = grid.texts()
    first = next((row for row in range(grid.rows) if _is_data(texts, row, grid.columns)), grid.rows)
    limit = min(_DEEPEST, grid.rows - 1)
    full = (row for row in range(1, min(limit, first) + 1) if parted(grid, rules, row) >= _FULL)
    depth = next(full, None)
    if depth is None:
        depth = _without_sections(texts, first) if first <= limit else min(1, limit)
    while 0 < depth < min(first, limit) and _heads_groups(grid, depth - 1):
        depth += 1
    return 0 if depth == 1 and _is_like_the_rest(texts, grid) else depth


def _is_like_the_rest(texts: dict[tuple[int, int], str], grid: Grid) -> bool:
    """Whether the first row holds numbers or dates where the rows below do, as where a table goes on from a page."""
    for column in range(grid.columns):
        below = [texts[row, column] for row in range(1, grid.rows) if (row, column) in texts]
        values = sum(_is_data_value(text) for text in below)
        if _is_data_value(texts.get((0, column), "")) and values >= max(2, 0.8 * len(below)):
            return True
    return False


def _is_data_value(text: str) -> bool:
    return is_value(text) and not is_year(text)


def _without_sections(texts: dict[tuple[int, int], str], depth: int) -> int:
    """``depth`` less the rows at its end that fill the first column alone: they head what follows, not the columns."""
    filled = {row for row, column in texts if column > 0}
    while depth > 1 and depth - 1 not in filled:
        depth -= 1
    return depth


def _is_data(texts: dict[tuple[int, int], str], row: int, columns: int) -> bool:
    """Whether at least half of the cells right of the first are numbers, years aside."""
    found = [text for column in range(1, columns) if (text := texts.get((row, column), "").strip())]
    numbers = sum(is_numeric(text) and not is_year(text) for text in found)
    return numbers > 0 and 2 * numbers >= len(found)


def _heads_groups(grid: Grid, row: int) -> bool:
    """Whether a cell of ``row`` stands over several columns, which the row below does not merge as well."""
    y, below = ((grid.ys[at] + grid.ys[at + 1]) / 2 for at in (row, row + 1))
    wide = [box for box in grid.drawn if any(box[0] < x < box[2] for x in grid.xs[1:-1])]
    over = [box for box in wide if box[1] < y < box[3]]
    if over:
        under = [box for box in wide if box[1] < below < box[3] and box not in over]
        return any(not any(b[0] < a[0] + 1 and b[2] > a[2] - 1 for b in under) for a in over)
    return crosses(grid, grid.row_words()[row])


def set_apart(grid: Grid) -> tuple[list[list[Word]], list[list[Word]]]:
    """Take caption rows off the top and notes off the bottom of ``grid``: text that runs across the columns."""
    captions, notes = [], []
    while grid.rows > 2 and _is_caption(grid):
        captions.append(grid.take_row(0))
        grid.header_rows = max(0, grid.header_rows - 1)
    while grid.rows > 2 and _is_note(grid):
        notes.append(grid.take_row(grid.rows - 1))
    grid.header_rows = min(grid.header_rows, grid.rows)
    return captions, notes[::-1]


def _is_caption(grid: Grid) -> bool:
    words = grid.row_words()[0]
    if _is_titled(words):
        return True
    if not _runs_across(grid, words) or (grid.ruled and grid.ys[0] >= grid.ruled_ys[0] - 3):
        return False
    left, right = min(word.x0 for word in words), max(word.x1 for word in words)
    width = grid.xs[-1] - grid.xs[0]
    off_middle = abs((left + right) - (grid.xs[0] + grid.xs[-1])) / 2
    return right - left > 0.6 * width or (grid.columns > 3 and off_middle < 0.03 * width)


def _is_note(grid: Grid) -> bool:
    words = grid.row_words()[-1]
    if _is_titled(words):
        return True
    if _NOTE.match(text_of(words)):
        return crosses(grid, words) and not numeric_columns(grid, words)
    below_the_lines = grid.ruled and grid.ys[-1] > grid.ruled_ys[-1] + 3
    return _runs_across(grid, words) and (len(visual_lines(words)) > 1 or below_the_lines)


def is_caption_text(text: str) -> bool:
    """Whether a line begins as captions do: "Table 3"."""
    return _CAPTION.match(text) is not None


def is_note_text(text: str) -> bool:
    """Whether a line begins as the notes of a table do: "Source: …", "* …"."""
    return _NOTE.match(text) is not None


def _is_titled(words: Sequence[Word]) -> bool:
    """Whether a row begins as captions do, "Table 3", and holds no data."""
    text = text_of(words)
    if len(text) <= _SHORTEST_CAPTION or not _CAPTION.match(text):
        return False
    parts = ["".join(word.text for word in phrase.words) for line in phrases(words) for phrase in line]
    return not any(is_numeric(part) for part in parts)


def _runs_across(grid: Grid, words: Sequence[Word]) -> bool:
    """Whether a row is nothing but one text, which takes no notice of the columns."""
    lines = phrases(words)
    return bool(lines) and all(len(line) == 1 for line in lines) and crosses(grid, words)

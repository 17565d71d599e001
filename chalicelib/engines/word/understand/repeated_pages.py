"""Pages that say the same throughout, as forms filled in again and again: what repeats there is not all running heads."""

import re
from collections import Counter
from collections.abc import Sequence

from chalicelib.engines.word.draft.draft import PageDraft
from chalicelib.engines.word.understand.rows import Row, rows_of

_SAME = 0.5
"""Pages repeat when more than this share of the rows in their middles stands on another page, too."""

_MIDDLE = 0.22
"""Beyond this share of a page's height from its edges nothing is a running head."""

_MARGIN_PT = 48.0
"""Word's and LibreOffice's margins are wider but for "narrow", and heads and feet stand 36 points from the edge."""

_MOST_ROWS = 3
_NO_LARGER = 1.1
_HEIGHT = 0.72

_SET_APART = 2.0
"""What is farther from the next row than this, in units of its size, is set apart from it."""


def pages_repeat(pages: Sequence[PageDraft]) -> bool:
    """Whether most of what stands in the middle of the pages stands there on other pages as well."""
    counts: Counter[tuple[str, int]] = Counter()
    for page in pages:
        height = page.page.height
        rows = [row for row in rows_of(page.lines) if _MIDDLE * height < row.baseline < (1 - _MIDDLE) * height]
        counts.update({(row.text, round(row.baseline / 4)) for row in rows})
    return sum(count for count in counts.values() if count > 1) > _SAME * max(1, sum(counts.values()))


def set_in_margin(page: PageDraft, head: bool) -> list[Row]:
    """The rows at a first page's edge that only a head or foot of its own explains.

    They stand nearer to the edge than margins are, apart from all else, in letters that are not larger than the text's.
    """
    rows = rows_of(page.lines)
    found = set_apart(rows if head else rows[::-1])
    if not found or len(found) > _MOST_ROWS:
        return []
    if any(_is_in_table(row, page) for row in found):
        return []
    usual = sorted(row.size for row in rows)[len(rows) // 2]
    far = max(row.baseline if head else page.page.height - row.baseline for row in found)
    small = all(row.size <= _NO_LARGER * usual and re.search(r"[^\W\d_]{2}", row.text) for row in found)
    return found if small and far - (_HEIGHT * found[-1].size if head else 0.0) <= _MARGIN_PT else []


def _is_in_table(row: Row, page: PageDraft) -> bool:
    """Whether a found grid holds the row, or upright rules stand beside its parts."""
    middle = row.baseline - _HEIGHT / 2 * row.size
    upright = sum(not one.horizontal and one.y0 < middle < one.y1 for one in page.page.rules)
    return upright > 1 or any(grid.ys[0] <= middle <= grid.ys[-1] for grid in page.page.grids)


def set_apart(rows: Sequence[Row]) -> list[Row]:
    """Of rows from a page's edge inwards, those before the first wide gap; none where there is no such gap."""
    for at, (row, after) in enumerate(zip(rows, rows[1:], strict=False)):
        if abs(after.baseline - row.baseline) > _SET_APART * row.size:
            return list(rows[: at + 1])
    return []

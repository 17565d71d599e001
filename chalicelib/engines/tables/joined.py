"""Tables that run over several pages: which pieces belong together, and one table made of them."""

import re
from collections.abc import Sequence
from itertools import pairwise

from chalicelib.engines.tables.found import FoundTable
from chalicelib.engines.tables.grid import Span, is_value
from chalicelib.engines.tables.workbook import Placed

_SAME_PLACE = 6.0
"""Boundaries of columns on two pages agree within this many points."""
_CONTINUED = re.compile(
    r"[\s(\[–—-]*(?:continued|cont(?:inue)?'?d?\.?|fortsetzung|suite|continuación|continuação|segue|continua|vervolg)[\s)\].:]*$",
    re.IGNORECASE,
)


def link(placed: Sequence[Placed]) -> None:
    """Set ``continues`` of each piece that is the rest of the last table of the page before."""
    last = {one.page: one for one in placed}
    for before, after in pairwise(placed):
        follows = after.page == before.page + 1 and after.number == 1 and last[before.page] is before
        if follows and _goes_on(before.table, after.table):
            after.continues = before


def chains(placed: Sequence[Placed]) -> list[list[Placed]]:
    """The pieces of each table that runs over several pages; most stand alone."""
    found: list[list[Placed]] = []
    for one in placed:
        if one.continues is None:
            found.append([one])
        else:
            found[-1].append(one)
    return found


def heads(table: FoundTable) -> list[str]:
    """What heads each column, in one line."""
    texts = [""] * table.columns
    for row, column, text in table.texts:
        if row < table.header_rows:
            texts[column] = f"{texts[column]} {' '.join(text.split())}".strip()
    return texts


def joined(placed: Sequence[Placed]) -> list[Placed]:
    """Each table whole: its heads once, its rows one below the other, a row that a page's end broke as one."""
    return [_join(chain) if len(chain) > 1 else chain[0] for chain in chains(placed)]


def _goes_on(before: FoundTable, after: FoundTable) -> bool:
    if before.tagged and after.tagged and (before.tagged == after.tagged or _are_neighbours(before, after)):
        return before.columns == after.columns or _fitted(before, after) is not None
    if before.notes or not before.closes or not after.opens or (after.captions and not _is_continued(before, after)):
        return False
    ours, theirs = heads(before), heads(after)
    if ours == theirs and any(ours):
        return True
    if any(theirs) and _is_headed(before, after):
        return False
    after.header_rows = 0
    return _fitted(before, after) is not None


def _are_neighbours(before: FoundTable, after: FoundTable) -> bool:
    """Whether nothing stands between two tables in the tree of tags: some programs tag each page's part alone."""
    *ours, one = before.tagged
    *theirs, other = after.tagged
    return ours == theirs and other == one + 1 and before.closes and after.opens


def _fitted(before: FoundTable, after: FoundTable) -> list[int] | None:
    """For each boundary of the columns of ``after`` its number among those of ``before``; ``None`` if one has none."""
    places: list[int] = []
    last = len(before.xs) - 1
    for number, x in enumerate(after.xs):
        near = min(range(len(before.xs)), key=lambda at: abs(before.xs[at] - x))
        if number == len(after.xs) - 1 and abs(before.xs[last] - x) <= _SAME_PLACE:
            near = last
        if abs(before.xs[near] - x) > _SAME_PLACE or near in places:
            return None
        places.append(near)
    return places if places[0] == 0 and places[-1] == last else None


def _is_continued(before: FoundTable, after: FoundTable) -> bool:
    """Whether the captions say so, or are the same again."""
    plain = [_CONTINUED.sub("", " ".join(one.captions)).strip().casefold() for one in (before, after)]
    return plain[0] == plain[1] or (not plain[1] and bool(after.captions))


def _is_headed(before: FoundTable, after: FoundTable) -> bool:
    """Whether the first rows of ``after`` are heads of their own: they look like heads, or stand above numbers."""
    if _is_bold(before) != _is_bold(after):
        return _is_bold(after)
    if _is_bold(after):
        return True
    for column, head in enumerate(heads(after)):
        values = [text for row, at, text in after.texts if at == column and row >= after.header_rows]
        if head and not is_value(head) and values and sum(map(is_value, values)) >= 0.8 * len(values):
            return True
    return False


def _is_bold(table: FoundTable) -> bool:
    bold = set(table.bold)
    filled = [(row, column) for row, column, _ in table.texts if row < table.header_rows]
    return bool(filled) and sum(slot in bold for slot in filled) >= 0.8 * len(filled)


def _join(chain: Sequence[Placed]) -> Placed:
    first = chain[0]
    table = first.table
    whole = Placed(
        first.page, first.number, _copy(table), dict(first.typed), pages=[first.page], doubtful=first.doubtful
    )
    for before, piece in pairwise(chain):
        repeated = piece.table.header_rows if heads(piece.table) == heads(table) else 0
        broken = repeated == 0 and _is_broken(before.table, piece.table)
        _append(whole, piece, repeated, broken=broken)
        whole.pages.append(piece.page)
    return whole


def _copy(table: FoundTable) -> FoundTable:
    return FoundTable(
        table.rows,
        table.columns,
        table.header_rows,
        table.xs,
        list(table.texts),
        list(table.spans),
        list(table.captions),
        list(table.notes),
        list(table.bold),
        table.ruled,
        table.rtl,
        looks=list(table.looks),
        ink=table.ink,
    )


def _append(whole: Placed, piece: Placed, skipped: int, *, broken: bool) -> None:
    """Put the rows of ``piece`` after the first ``skipped`` ones below those of ``whole``."""
    table, shift = whole.table, whole.table.rows - skipped - broken
    columns = _fitted(table, piece.table) or list(range(table.columns + 1))
    seam = table.rows - 1
    texts = {(row, column): text for row, column, text in table.texts}
    for row, column, text in piece.table.texts:
        if row < skipped:
            continue
        at, value = (row + shift, columns[column]), piece.typed.get((row, column))
        if at in texts:
            texts[at] = f"{texts[at]}\n{text}"
            whole.typed.pop(at, None)
        else:
            texts[at] = text
            if value is not None:
                whole.typed[at] = value
    table.texts = [(row, column, text) for (row, column), text in sorted(texts.items())]
    spans = _spans(piece.table, columns, skipped)
    table.spans += [(r0 + shift, c0, r1 + shift, c1) for r0, c0, r1, c1 in spans if not (broken and r0 + shift == seam)]
    table.bold += [(row + shift, columns[column]) for row, column in piece.table.bold if row >= skipped]
    table.looks += [(row + shift, columns[at], look) for row, at, look in piece.table.looks if row >= skipped]
    table.rows += piece.table.rows - skipped - broken
    table.notes += piece.table.notes


def _spans(table: FoundTable, columns: Sequence[int], skipped: int) -> list[Span]:
    """The merged cells below ``skipped`` rows in the columns of the whole; a wider column merges several there."""
    spans = {(r0, columns[c0], r1, columns[c1 + 1] - 1) for r0, c0, r1, c1 in table.spans if r0 >= skipped}
    merged = {(row, at) for r0, c0, r1, c1 in table.spans for row in range(r0, r1 + 1) for at in range(c0, c1 + 1)}
    for row in range(skipped, table.rows):
        for at in range(table.columns):
            if (row, at) not in merged and columns[at + 1] - columns[at] > 1:
                spans.add((row, columns[at], row, columns[at + 1] - 1))
    return sorted(spans)


def _is_broken(before: FoundTable, after: FoundTable) -> bool:
    """Whether the first row of ``after`` is the rest of the last one of ``before``.

    Tags tell; else it must lack a column that all other rows fill, and hold no value.
    """
    if before.tagged and before.tagged == after.tagged:
        return after.first_row == before.first_row + before.rows - 1
    first = {column: text for row, column, text in after.texts if row == 0}
    if not first or any(is_value(text) for text in first.values()):
        return False
    others = [_filled(before, row) for row in range(before.header_rows, before.rows)]
    others += [_filled(after, row) for row in range(1, after.rows)]
    always = set.intersection(*others) if len(others) > 2 else set()
    return bool(always - first.keys()) and first.keys() <= others[before.rows - before.header_rows - 1]


def _filled(table: FoundTable, row: int) -> set[int]:
    """The columns in which ``row`` has text, or a part of a merged cell."""
    merged = {at for r0, c0, r1, c1 in table.spans if r0 <= row <= r1 for at in range(c0, c1 + 1)}
    return merged | {column for at, column, _ in table.texts if at == row}

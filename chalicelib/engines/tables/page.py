"""The tables of one page: PyMuPDF's layout model and ruled grids in, grids with texts out."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.engines.tables.beside import parted
from chalicelib.engines.tables.closed import closed_grids
from chalicelib.engines.tables.columns import fit_columns, join_complementary
from chalicelib.engines.tables.content import Layout, PageContent, inside
from chalicelib.engines.tables.evidence import is_label, needs_layout, no_table_because
from chalicelib.engines.tables.found import FoundTable, PageReading
from chalicelib.engines.tables.fuse import Region, fuse, overlap
from chalicelib.engines.tables.grid import Grid, Phrase, phrases
from chalicelib.engines.tables.heads import header_depth, set_apart
from chalicelib.engines.tables.lattice import lattices
from chalicelib.engines.tables.looks import looks_of
from chalicelib.engines.tables.pymupdf import pymupdf
from chalicelib.engines.tables.reading import content_of, raw_text
from chalicelib.engines.tables.rows import fit_rows
from chalicelib.engines.tables.rules import Rules
from chalicelib.engines.tables.spans import find_groups, find_spans
from chalicelib.engines.tables.surroundings import above, below, closes, opens
from chalicelib.engines.tables.table_tags import TableTags
from chalicelib.engines.tables.tagged_grids import tagged_grids
from chalicelib.engines.tables.text import Word, direction_counts, is_rtl, line_texts, text_of

_SECOND_DIRECTION = 0.15
"""The share of a page's characters from which text that runs another way is looked through as well."""
_TURNED = 4
"""A page is turned when so many times more of its text runs another way: tall heads alone may be more than a table."""
_FEWEST_CHARACTERS = 40
_SCAN_COVER = 0.3
_AMOUNT = re.compile(
    r"(?<![\w.,])(?:[$€£¥]\d+[.,]\d+|\d+[.,]\d+ ?[%€]|\d{1,3}(?:[.,]\d{3})+[.,]\d+|"
    r"\d+[.,]\d{1,2}(?=\s(?:per ?cent|million|billion|trillion|Prozent|Millionen|Milliarden|pour cent|milliards?)\b)|"
    r"0[.,]\d{2,})(?![\w.,]*\d)"
)
_MOST_AMOUNTS = 50


def read_page(document: Any, index: int, tags: TableTags | None = None, *, plain: bool = False) -> PageReading:
    """Find the tables of page ``index`` (0-based), whichever way its text runs; ``plain`` as for ``content_of``."""
    page = document[index]
    raw = raw_text(page, plain=plain)
    counts = direction_counts(raw)
    total = sum(counts.values())
    reading = PageReading(characters=total, amounts=_amounts("\n".join(line_texts(raw))))
    if total < _FEWEST_CHARACTERS and _is_scan(page):
        return PageReading(characters=total, scanned=True)
    for angle in _directions(counts):
        with _upright(document, page, angle) as upright:
            content = content_of(upright, tags, plain=plain, raw=raw if upright is page else None)
            reading.tables += tables_on(content)
    pymupdf.TOOLS.store_shrink(100)
    return reading


def _amounts(text: str) -> list[str]:
    """Percentages, money and numbers of two separators: they tell how the document writes numbers, prose too."""
    found = (match[0] for match in _AMOUNT.finditer(text))
    return list(dict.fromkeys(found))[:_MOST_AMOUNTS]


def _directions(counts: dict[int, int]) -> list[int]:
    """The directions to look along, that of most text first; none for a page without text."""
    main, *others = sorted(
        counts, key=lambda angle: (angle != 0 and counts[angle] < _TURNED * counts[0], -counts[angle])
    )
    least = max(_FEWEST_CHARACTERS, _SECOND_DIRECTION * sum(counts.values()))
    return [main, *(angle for angle in others if counts[angle] >= least)] if counts[main] else []


def _is_scan(page: Any) -> bool:
    """Whether images or drawn outlines, which may show text, cover a good part of the page."""
    area = abs(page.rect)
    covered = sum(abs(pymupdf.Rect(info["bbox"]) & page.rect) for info in page.get_image_info())
    return bool(covered >= _SCAN_COVER * area or len(page.get_cdrawings()) > 200)


class _upright:  # noqa: N801 - reads as the context that it is
    """The page itself, or a copy turned so that text of the direction ``angle`` runs from left to right."""

    def __init__(self, document: Any, page: Any, angle: int) -> None:
        self.document = document
        self.page = page
        self.index = int(page.number)
        self.angle = angle
        self.copy: Any = None

    def __enter__(self) -> Any:
        original = self.page
        if self.angle == 0 and original.rotation == 0:
            return original
        if original.first_widget is not None:
            self.document.bake(annots=False)  # a copy shows content only, not what stands in form fields
            original = self.document[self.index]
        original.set_rotation(0)
        width, height = original.cropbox.width, original.cropbox.height
        if self.angle in (90, 270):
            width, height = height, width
        self.copy = pymupdf.open()
        page = self.copy.new_page(width=width, height=height)
        page.show_pdf_page(page.rect, self.document, self.index, rotate=-self.angle)
        return page

    def __exit__(self, *_: object) -> None:
        if self.copy is not None:
            self.copy.close()


def tables_on(content: PageContent) -> list[FoundTable]:
    """The tables of a page's content, from top to bottom."""
    drawn = lattices(content.rules)
    found = list(_grids(content, _tagged(content, drawn), drawn))
    taken = {id(word) for grid, _, _ in found for word in grid.words}
    return [_found(one, content, [word for word in content.words if id(word) not in taken]) for one in found]


def grids_on(page: Any) -> list[Grid]:
    """The tables of an upright PyMuPDF page as a document shows them; tags are not asked.

    What is drawn whole stays as drawn: cells without text too, and lines in a cell are no rows.
    """
    content = content_of(page)
    drawn = lattices(content.rules)
    found = _grids(content, closed_grids(content, drawn), drawn)
    return [grid for grid, _, _ in found if grid.ruled or _is_abreast(grid)]


def _is_abreast(grid: Grid) -> bool:
    """Whether half of the rows have gaps: a list with a date here and there at the right edge has not."""
    rows = [words for words in grid.row_words() if words]
    return 2 * sum(any(_has_gap(line) for line in phrases(words)) for words in rows) >= len(rows)


def _has_gap(line: Sequence[Phrase]) -> bool:
    return len(line) > (2 if is_label(text_of(line[0].words).strip()) else 1)


Apart = tuple[Grid, list[str], list[str]]
"""A table, with the captions and the notes that stood inside its box."""


def _tagged(content: PageContent, drawn: Sequence[Region]) -> list[Grid]:
    """The tables that tags tell."""
    tagged = tagged_grids(content.words, content.tags, drawn) if content.tags else []
    for grid in tagged:
        _finish_tagged(grid, content.rules)
    return tagged


def _grids(content: PageContent, known: Sequence[Grid], lines: Sequence[Region]) -> Iterator[Apart]:
    """All tables of a page, those that are ``known`` among them; ``lines``: what its lines draw."""
    boxes = [grid.box() for grid in known]
    taken = {id(word) for grid in known for word in grid.words} | {id(word) for word in inside(content.words, boxes)}
    left = [word for word in content.words if id(word) not in taken]
    drawn = [region for region in lines if not any(overlap(region.box, box) for box in boxes)]
    seen = content.layout() if needs_layout(left, drawn) else Layout()
    found: list[Apart] = [(grid, [], []) for grid in known]
    for fused in fuse(
        [one for one in seen.tables if not any(overlap(one.box, b) for b in boxes)], drawn, left, seen.pictures
    ):
        found += _parts(fused, content)
    yield from sorted(found, key=lambda one: (one[0].ys[0], one[0].xs[0]))


def _finish_tagged(grid: Grid, rules: Rules) -> None:
    if grid.header_rows < 0:
        grid.header_rows = header_depth(grid, rules) if grid.first_row == 0 else 0
    if grid.ruled:
        find_spans(grid, rules)
    elif grid.header_rows > 1:
        find_groups(grid, rules)
    lowest = max((last + 1 for first, _, last, _ in grid.spans if first < grid.header_rows), default=0)
    grid.header_rows = max(grid.header_rows, lowest if lowest < grid.rows else 0)


def _parts(fused: Grid, content: PageContent) -> Iterator[Apart]:
    """The tables in what one finding holds; two may stand side by side."""
    fit_columns(fused, fused.seen_xs)
    for grid in parted(fused, content.rules):
        fit_rows(grid, content.rules)
        join_complementary(grid)
        captions, notes = set_apart(grid)
        if _is_table(grid) and no_table_because(grid, content) is None:
            find_spans(grid, content.rules)
            yield grid, [text_of(one) for one in captions], [text_of(one) for one in notes]


def _is_table(grid: Grid) -> bool:
    """Two columns at least, and its text runs the way that is looked along; that of the heads may run upwards."""
    body = [word for row in grid.row_words()[max(1, grid.header_rows) :] for word in row] or grid.words
    upright = sum(len(word.text) for word in body if word.upright)
    return grid.columns > 1 and 2 * upright > sum(len(word.text) for word in body)


def _found(apart: Apart, content: PageContent, others: Sequence[Word]) -> FoundTable:
    """A table for the workbook; ``others`` are the words of the page that stand in no table."""
    grid, captions, notes = apart
    cells = sorted(grid.cells().items())
    return FoundTable(
        grid.rows,
        grid.columns,
        grid.header_rows,
        grid.xs,
        [(row, column, text_of(words)) for (row, column), words in cells],
        sorted(set(grid.spans)),
        captions or above(grid, others),
        notes or below(grid, others),
        [slot for slot, words in cells if all(word.bold for word in words)],
        grid.ruled,
        bool(grid.tagged) and is_rtl("".join(word.text for word in grid.words)),
        opens(grid, content.words, content.height),
        closes(grid, content.words, content.height),
        list(grid.tagged),
        grid.first_row,
        looks_of(grid, content.rules),
        content.rules.ink,
    )

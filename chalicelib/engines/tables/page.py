"""The tables of one page: PyMuPDF's layout model and ruled grids in, grids with texts out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from chalicelib.engines.tables.beside import parted
from chalicelib.engines.tables.columns import fit_columns, join_complementary
from chalicelib.engines.tables.fuse import Region, fuse, region_of_cells
from chalicelib.engines.tables.grid import Grid, Span, phrases
from chalicelib.engines.tables.heads import set_apart
from chalicelib.engines.tables.pymupdf import pymupdf
from chalicelib.engines.tables.rows import fit_rows
from chalicelib.engines.tables.rules import Rules, page_rules
from chalicelib.engines.tables.spans import find_spans
from chalicelib.engines.tables.text import Box, Word, direction_counts, is_rule, page_words, text_of

_TEXT_FLAGS = pymupdf.TEXTFLAGS_RAWDICT & ~pymupdf.TEXT_PRESERVE_IMAGES & ~pymupdf.TEXT_PRESERVE_LIGATURES
_SECOND_DIRECTION = 0.15
"""The share of a page's characters from which text that runs another way is looked through as well."""
_FEWEST_CHARACTERS = 40
_SCAN_COVER = 0.3
_AMOUNT = re.compile(r"(?<![\w.,])(?:[$€£¥]\d+[.,]\d+|\d+[.,]\d+ ?[%€]|\d{1,3}(?:[.,]\d{3})+[.,]\d+)(?![\w.,]*\d)")
_MOST_AMOUNTS = 50


@dataclass(slots=True)
class FoundTable:
    """A table as it goes to the workbook; ``texts`` are (row, column, text), 0-based, of cells that hold text."""

    rows: int
    columns: int
    header_rows: int
    xs: list[float]
    texts: list[tuple[int, int, str]]
    spans: list[Span] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class PageReading:
    """What a page held: its tables, and whether there was text at all or only an image of some."""

    tables: list[FoundTable] = field(default_factory=list)
    characters: int = 0
    scanned: bool = False
    amounts: list[str] = field(default_factory=list)


def read_page(document: Any, index: int) -> PageReading:
    """Find the tables of page ``index`` (0-based), whichever way its text runs."""
    page = document[index]
    counts = direction_counts(page.get_text("rawdict", flags=_TEXT_FLAGS))
    total = sum(counts.values())
    reading = PageReading(characters=total, amounts=_amounts(page.get_text("text")))
    if total < _FEWEST_CHARACTERS and _is_scan(page):
        return PageReading(characters=total, scanned=True)
    for angle in _directions(counts):
        with _upright(document, index, angle) as upright:
            reading.tables += [_found(grid, *apart) for grid, apart in _grids(upright)]
    pymupdf.TOOLS.store_shrink(100)
    return reading


def _amounts(text: str) -> list[str]:
    """Percentages, money and numbers of two separators: they tell how the document writes numbers, prose too."""
    found = (match[0] for match in _AMOUNT.finditer(text))
    return list(dict.fromkeys(found))[:_MOST_AMOUNTS]


def _directions(counts: dict[int, int]) -> list[int]:
    """The directions to look along, that of most text first; none for a page without text."""
    main, *others = sorted(counts, key=lambda angle: -counts[angle])
    least = max(_FEWEST_CHARACTERS, _SECOND_DIRECTION * sum(counts.values()))
    return [main, *(angle for angle in others if counts[angle] >= least)] if counts[main] else []


def _is_scan(page: Any) -> bool:
    """Whether images or drawn outlines, which may show text, cover a good part of the page."""
    area = abs(page.rect)
    covered = sum(abs(pymupdf.Rect(info["bbox"]) & page.rect) for info in page.get_image_info())
    return bool(covered >= _SCAN_COVER * area or len(page.get_cdrawings()) > 200)


class _upright:  # noqa: N801 - reads as the context that it is
    """The page itself, or a copy turned so that text of the direction ``angle`` runs from left to right."""

    def __init__(self, document: Any, index: int, angle: int) -> None:
        self.document = document
        self.index = index
        self.angle = angle
        self.copy: Any = None

    def __enter__(self) -> Any:
        original = self.document[self.index]
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


def grids_on(page: Any) -> list[Grid]:
    """The tables of an upright page as grids."""
    return [grid for grid, _ in _grids(page)]


def _grids(page: Any) -> Iterator[tuple[Grid, tuple[list[str], list[str]]]]:
    """The page's tables with the captions and the notes that stood inside their boxes."""
    words = page_words(page.get_text("rawdict", flags=_TEXT_FLAGS))
    rules = page_rules(page.get_drawings(), words)
    words = [word for word in words if not is_rule(word.text)]
    if not _may_hold_a_table(words, rules):
        return
    seen, pictures = _layout(page)
    for fused in fuse(seen, _ruled_regions(page), words, pictures):
        fit_columns(fused, fused.seen_xs)
        for grid in parted(fused, rules):
            fit_rows(grid, rules)
            join_complementary(grid)
            captions, notes = set_apart(grid)
            if _is_table(grid):
                find_spans(grid, rules)
                yield grid, ([text_of(one) for one in captions], [text_of(one) for one in notes])


def _may_hold_a_table(words: list[Word], rules: Rules) -> bool:
    """Whether looking is worth it: two lines with a gap in them, or lines drawn both ways. Plain prose has neither."""
    if len(rules.vertical) > 1 and len(rules.horizontal) > 1:
        return True
    parts = [line for line in phrases(words) if len(line) > 1]
    return len(parts) > 1


def _is_table(grid: Grid) -> bool:
    """Two columns at least, and its text runs the way that is looked along."""
    upright = sum(len(word.text) for word in grid.words if word.upright)
    return grid.columns > 1 and 2 * upright > sum(len(word.text) for word in grid.words)


def _layout(page: Any) -> tuple[list[Region], list[Box]]:
    """What the layout model takes for tables, with the rows and columns that it sees, and for pictures."""
    page.get_layout(return_raw=True)
    regions, pictures = [], []
    for group in page.layout_information or ():
        x0, y0, x1, y1 = map(float, group["group_bbox"][:4])
        grid = group.get("table_grid")
        if group["class_name"] == "picture":
            pictures.append((x0, y0, x1, y1))
        elif group["class_name"] == "table" and grid is not None:
            xs = [x0, *(x0 + float(x) for x in grid.v_lines), x1]
            ys = [y0, *(y0 + float(y) for y in grid.h_lines), y1]
            regions.append(Region((x0, y0, x1, y1), xs, ys, []))
    return regions, pictures


def _ruled_regions(page: Any) -> list[Region]:
    """The grids that drawn lines make; PyMuPDF answers ``None`` where it fails on them."""
    finder = page.find_tables(strategy="lines_strict", use_layout=False)
    cells = [[row.cells for row in table.rows] for table in finder.tables] if finder else []
    regions = [region_of_cells(rows) for rows in cells if any(cell for row in rows for cell in row)]
    return [region for region in regions if len(region.xs) > 1 and len(region.ys) > 1]


def _found(grid: Grid, captions: list[str], notes: list[str]) -> FoundTable:
    texts = [(row, column, text) for (row, column), text in sorted(grid.texts().items())]
    spans = sorted(set(grid.spans))
    return FoundTable(grid.rows, grid.columns, grid.header_rows, grid.xs, texts, spans, captions, notes)

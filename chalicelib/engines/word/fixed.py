"""Pages whose things stand where they stood, for what can't flow: scans, and pages that pdf2docx can't rebuild."""

from collections.abc import Iterable
from io import BytesIO
from itertools import groupby
from typing import Any

import fitz
from docx.shared import Pt

from chalicelib.engines.word.body import PageBuilder
from chalicelib.engines.word.boxes import add_picture, add_text
from chalicelib.engines.word.images import affordable_dpi, encoded, original, picture_of
from chalicelib.engines.word.source import SourcePage, without_text
from chalicelib.engines.word.text import SourceLine

BACKGROUND_DPI = 150
_MARGIN = (36.0, 36.0, 36.0, 0.0)
_COVERED = 0.5
"""A page is a scan when pictures cover this share of it and no more text is seen than hidden behind them."""

_MOST_BOXES = 400
"""Beyond this, text boxes hold several blocks: Word and LibreOffice grow slow with thousands of them."""

_BELOW, _ABOVE = 1, 1_000_000


def is_scan(source: SourcePage) -> bool:
    """Whether the page is a picture of text, recognised or not."""
    text, page = source.text, source.page
    if text.seen_letters > text.hidden_letters:
        return False
    boxes = [fitz.Rect(one["bbox"]) & page.rect for one in page.get_image_info()]
    return bool(sum(box.get_area() for box in boxes) >= _COVERED * page.rect.get_area())


def is_blank(source: SourcePage) -> bool:
    """Whether nothing at all is on the page."""
    text, page = source.text, source.page
    return not (text.seen or text.hidden or text.unreadable or page.get_image_info() or page.get_cdrawings())


def build_blank(builder: PageBuilder, width: float, height: float) -> None:
    """An empty page of this size."""
    builder.begin_page(width, height, _MARGIN)
    builder.add_tiny_paragraph()


def build_picture(builder: PageBuilder, source: SourcePage) -> None:
    """The page as a picture, which lies over its text: that is found by a search, and seen once the picture is moved."""
    page = source.page
    build_blank(builder, page.rect.width, page.rect.height)
    anchor = builder.first_paragraph()
    for image, box in _pictures(source):
        add_picture(anchor, image, box, behind=False, order=_ABOVE)
    _add_lines(anchor, [*source.text.seen, *source.text.hidden], behind=True)


def _pictures(source: SourcePage) -> list[tuple[BytesIO, tuple[float, float, float, float]]]:
    """The page's only image, as it is in the file, or else a picture of the page."""
    page, shown = source.page, source.page.get_image_info(xrefs=True)
    if len(shown) == 1 and not source.text.seen and not page.get_cdrawings():
        kept = original(page, shown[0])
        if kept:
            return [(BytesIO(kept[0]), shown[0]["bbox"])]
    return [(picture_of(page), tuple(page.rect))]


def build_fixed(builder: PageBuilder, source: SourcePage) -> None:
    """The page's lines in text boxes over a picture of all the rest."""
    page = source.page
    build_blank(builder, page.rect.width, page.rect.height)
    anchor = builder.first_paragraph()
    if page.get_image_info() or page.get_cdrawings():
        bare = without_text(page, images=True)
        image = encoded(bare.get_pixmap(dpi=affordable_dpi(page, BACKGROUND_DPI), alpha=False))
        add_picture(anchor, image, tuple(page.rect), behind=True, order=_BELOW)
    _add_lines(anchor, source.text.seen, behind=False)
    add_hidden(builder, source.text.hidden)


def build_plain(builder: PageBuilder, source: SourcePage) -> None:
    """The page's text alone, line by line."""
    build_blank(builder, source.page.rect.width, source.page.rect.height)
    for line in [*source.text.seen, *source.text.hidden]:
        run = builder.add_paragraph().add_run(line.text)
        run.font.size = Pt(max(1, round(line.size * 2) / 2))


def add_boxes(builder: PageBuilder, lines: Iterable[SourceLine]) -> None:
    """Put ``lines``, which pdf2docx left out, into text boxes on the page that was built."""
    _add_lines(builder.first_paragraph(), lines, behind=False)


def add_hidden(builder: PageBuilder, lines: Iterable[SourceLine]) -> None:
    """Keep text that the page has but does not show as Word's hidden text, at the page's end."""
    texts = [line.text for line in lines]
    if texts:
        run = builder.add_tiny_paragraph().add_run("\n".join(texts))
        run.font.hidden = True
        run.font.size = Pt(1)


def _add_lines(anchor: Any, lines: Iterable[SourceLine], *, behind: bool) -> None:
    for order, group in enumerate(_groups(list(lines)), start=_BELOW + 1):
        add_text(anchor, group, behind=behind, order=order)


def _groups(lines: list[SourceLine]) -> list[list[SourceLine]]:
    """Lines for one box each: of one block and one direction; slanted lines alone."""
    numbered = enumerate(lines)
    keys = groupby(numbered, key=lambda one: (one[1].block, one[1].turn, one[0] if one[1].turn % 90 else 0))
    groups = [[line for _, line in group] for _, group in keys]
    if len(groups) <= _MOST_BOXES:
        return groups
    return [list(group) for _, group in groupby(lines, key=lambda line: line.turn)]

"""Reads the content of a page with PyMuPDF."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from chalicelib.engines.tables.content import Layout, PageContent
from chalicelib.engines.tables.fuse import Region
from chalicelib.engines.tables.leaders import without_leaders
from chalicelib.engines.tables.pymupdf import pymupdf
from chalicelib.engines.tables.rules import page_rules
from chalicelib.engines.tables.table_tags import TableTags
from chalicelib.engines.tables.text import Box, is_rule, page_words
from chalicelib.engines.tables.ticks import sign, with_boxes

TEXT_FLAGS = (
    pymupdf.TEXTFLAGS_RAWDICT & ~pymupdf.TEXT_PRESERVE_IMAGES & ~pymupdf.TEXT_PRESERVE_LIGATURES
) | pymupdf.TEXT_COLLECT_STRUCTURE


def raw_text(page: Any, *, plain: bool = False) -> dict[str, Any]:
    """The letters of a PyMuPDF page, in the tags around them; ``plain`` does without tags."""
    flags = TEXT_FLAGS & ~pymupdf.TEXT_COLLECT_STRUCTURE if plain else TEXT_FLAGS
    letters: dict[str, Any] = page.get_text("rawdict", flags=flags)
    return letters


def content_of(
    page: Any, tags: TableTags | None = None, *, plain: bool = False, raw: dict[str, Any] | None = None
) -> PageContent:
    """The content of a PyMuPDF page; ``plain`` does without tags and model, where reading them failed.

    ``raw`` are its letters, where they have been read already.
    """
    words = with_boxes(page_words(raw or raw_text(page, plain=plain), sign), page)
    rules = page_rules(page.get_drawings(), words)
    words, leaders = without_leaders(words)
    words = [word for word in words if not is_rule(word.text)]
    layout = Layout if plain else partial(_layout, page)
    return PageContent(
        words, rules, layout, leaders, list(_inner_links(page)), None if plain else tags, page.rect.height
    )


def _inner_links(page: Any) -> Iterator[Box]:
    inner = (pymupdf.LINK_GOTO, pymupdf.LINK_NAMED)
    yield from (tuple(link["from"]) for link in page.get_links() if link["kind"] in inner)


@contextmanager
def _untagged(document: Any) -> Iterator[None]:
    """``document`` without its tree of tags: the model makes no use of it, and MuPDF 2.0 crashes on some."""
    catalog = document.pdf_catalog()
    kind, tree = document.xref_get_key(catalog, "StructTreeRoot")
    if kind == "null":
        yield
        return
    document.xref_set_key(catalog, "StructTreeRoot", "null")
    try:
        yield
    finally:
        document.xref_set_key(catalog, "StructTreeRoot", tree)


def _layout(page: Any) -> Layout:
    with _untagged(page.parent):
        page.get_layout(return_raw=True)
    found = Layout()
    for group in page.layout_information or ():
        x0, y0, x1, y1 = map(float, group["group_bbox"][:4])
        grid = group.get("table_grid")
        if group["class_name"] == "picture":
            found.pictures.append((x0, y0, x1, y1))
        elif group["class_name"] == "table" and grid is not None:
            xs = [x0, *(x0 + float(x) for x in grid.v_lines), x1]
            ys = [y0, *(y0 + float(y) for y in grid.h_lines), y1]
            found.tables.append(Region((x0, y0, x1, y1), xs, ys, []))
    return found

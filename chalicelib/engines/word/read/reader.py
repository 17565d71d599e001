"""Reads a PDF: what concerns all of it here, its pages in processes of their own."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from chalicelib.engines.tagged.reader import read_tags
from chalicelib.engines.word.pages.marks import Place
from chalicelib.engines.word.pages.page import Page, SourceDocument, UnreadPage
from chalicelib.engines.word.read.facts import read_metadata, read_outline
from chalicelib.engines.word.read.page_reader import PageReader
from chalicelib.engines.word.read.pool import Read, read_pages
from chalicelib.engines.word.read.source import open_document


def read_document(
    path: Path,
    password: str | None,
    numbers: Sequence[int],
    page_cpu_s: float,
    deadline: float,
    on_page: Callable[[int], None],
) -> SourceDocument:
    """The pages ``numbers`` of the PDF, and its facts. Raises the refusals of ``open_document``."""
    with open_document(path, password) as document:
        source = _facts(document)
    tagged = bool(source.tags)

    def open_reader() -> Read:
        return PageReader(path, password, tagged=tagged).read

    pages = read_pages(open_reader, numbers, page_cpu_s, deadline, on_page)
    source.pages = [_with_places(pages[number], pages) for number in numbers]
    source.outline = [replace(one, place=_settled(one.place, pages)) for one in source.outline]
    return source


def _facts(document: Any) -> SourceDocument:
    return SourceDocument(
        total=document.page_count,
        tags=read_tags(document),
        outline=read_outline(document),
        metadata=read_metadata(document),
    )


def _with_places(page: Page | UnreadPage, pages: dict[int, Page | UnreadPage]) -> Page | UnreadPage:
    if isinstance(page, UnreadPage) or not page.links:
        return page
    return replace(page, links=tuple(replace(one, place=_settled(one.place, pages)) for one in page.links))


def _settled(place: Place | None, pages: dict[int, Page | UnreadPage]) -> Place | None:
    """A place on the upright page: that on a page which had to be turned or scaled is the page as such."""
    target = pages.get(place.page) if place else None
    if place is None or not isinstance(target, Page) or not (target.rotation or target.turned or target.scale < 1):
        return place
    return Place(place.page)

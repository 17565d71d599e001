"""Reads one page of an open PDF into the page model."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from chalicelib.engines.page_cost import MOST_CONTENT_BYTES, TooMuch, content_bytes
from chalicelib.engines.tables.pymupdf import pymupdf
from chalicelib.engines.tagged.marked_content import MarkedContent
from chalicelib.engines.word.pages.page import Page
from chalicelib.engines.word.pages.text import Span
from chalicelib.engines.word.read.annotations import read_fields, read_links, read_notes
from chalicelib.engines.word.read.drawn import read_drawn, read_images
from chalicelib.engines.word.read.frame import Frame, frame_of
from chalicelib.engines.word.read.letters import count_turns, raw_text, read_letters, type3_fonts
from chalicelib.engines.word.read.marked import PageMarks
from chalicelib.engines.word.read.source import open_document
from chalicelib.engines.word.read.table_finder import find_grids

_UNTOLD = 0.1


class PageReader:
    """An open PDF from which pages are read one at a time. ``tagged``: letters are told their marked content."""

    def __init__(self, path: Path, password: str | None, *, tagged: bool) -> None:
        self.document: Any = open_document(path, password)
        self._marks = _marked_content(path, password) if tagged else None

    def read(self, number: int) -> Page:
        """Page ``number`` (from 1). Raises ``TooMuch``, and what PyMuPDF raises of a broken page."""
        if content_bytes(self.document, number - 1) > MOST_CONTENT_BYTES:
            raise TooMuch
        page = self.document[number - 1]
        rotation = int(page.rotation)
        page.set_rotation(0)
        lines = raw_text(page)
        frame = frame_of(page, rotation, count_turns(lines))
        fields = read_fields(page, frame)
        notes, marks = read_notes(page, frame)
        if fields or notes:
            lines = raw_text(page)
        told = self._marks_of(page, number, frame)
        spans, unreadable = read_letters(lines, frame, type3_fonts(page), told.at if told else None)
        images = read_images(page, frame)
        rules, fills, drawings = read_drawn(page, frame)
        read = Page(
            number=number,
            width=frame.width,
            height=frame.height,
            spans=tuple(spans),
            rules=tuple(rules),
            fills=tuple(fills),
            drawings=tuple(drawings),
            images=tuple(told.marked_images(images) if told else images),
            art=tuple(told.art()) if told else (),
            links=tuple(read_links(page, frame)),
            marks=tuple(marks),
            notes=tuple(notes),
            fields=tuple(fields),
            rotation=rotation,
            grids=tuple(find_grids(page, frame)) if _needs_grids(spans) else (),
            turned=frame.turned,
            scale=frame.scale,
            label=page.get_label() or None,
            unreadable=unreadable,
        )
        pymupdf.TOOLS.store_shrink(100)
        return read

    def frame(self, number: int) -> Frame:
        """The frame of page ``number``, as ``read`` finds it."""
        page = self.document[number - 1]
        rotation = int(page.rotation)
        page.set_rotation(0)
        frame = frame_of(page, rotation, count_turns(raw_text(page)))
        page.set_rotation(rotation)
        return frame

    def _marks_of(self, page: Any, number: int, frame: Frame) -> PageMarks | None:
        if self._marks is None:
            return None
        try:
            return PageMarks(self._marks.page(number), page, frame)
        except (RuntimeError, ValueError):
            return None


def _needs_grids(spans: Sequence[Span]) -> bool:
    """Whether tags leave a good part of the page's text untold."""
    seen = [span for span in spans if not span.hidden and span.artifact is None]
    letters = sum(len(span.text) for span in seen)
    return sum(len(span.text) for span in seen if span.mcid is None) > _UNTOLD * letters


def _marked_content(path: Path, password: str | None) -> MarkedContent | None:
    """PDFium refuses some files that MuPDF repairs: these are read as if they had no tags."""
    try:
        return MarkedContent(path, password)
    except (RuntimeError, ValueError, OSError):
        return None

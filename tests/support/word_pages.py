"""Pages made of spans, as the reader of PDF to Word delivers them."""

from dataclasses import replace
from itertools import count
from typing import Any

from chalicelib.engines.word.draft.block import ParagraphDraft
from chalicelib.engines.word.draft.draft import Draft, PageDraft
from chalicelib.engines.word.pages.marks import OutlineEntry
from chalicelib.engines.word.pages.page import Page, SourceDocument
from chalicelib.engines.word.pages.text import Face, Span
from chalicelib.engines.word.understand.pipeline import understand

WIDTH, HEIGHT = 595.0, 842.0
FACE = Face("Helvetica", 10.0)
_WORDS = "words that go on to the end of a line and there they wrap into the next one as prose does so "
_TURNS = count()
"""No line of prose is that of another page."""


def span(
    text: str, x: float, baseline: float, *, size: float = 10.0, bold: bool = False, font: str = "Helvetica"
) -> Span:
    """Letters of half their size in width, from ``x`` on."""
    step = size / 2
    starts = tuple(x + step * at for at in range(len(text)))
    face = replace(FACE, size=size, bold=bold, font=font)
    ends = tuple(one + step for one in starts)
    return Span(text, starts, ends, baseline, baseline - 0.8 * size, baseline + 0.2 * size, face)


def from_right(text: str, right: float, baseline: float) -> Span:
    """Letters that run from right to left, the first one ending at ``right``."""
    ends = tuple(right - 5 * at for at in range(len(text)))
    starts = tuple(one - 5 for one in ends)
    return Span(text, starts, ends, baseline, baseline - 8, baseline + 2, FACE)


def prose(first: float, lines: int = 12, x: float = 72.0) -> list[Span]:
    """Lines of one paragraph, all but the last as long as the column."""
    found = []
    for at in range(lines):
        turn = next(_TURNS) % len(_WORDS)
        text = (_WORDS[turn:] + _WORDS[:turn]).strip() if at < lines - 1 else "and end here."
        found.append(span(text, x, first + 12 * at))
    return found


def page(number: int, *spans: Span, **more: Any) -> Page:
    """An upright page of A4."""
    return Page(number, WIDTH, HEIGHT, tuple(spans), **more)


def understood(*pages: Page, outline: list[OutlineEntry] | None = None) -> Draft:
    """The draft of ``pages`` after all passes."""
    source = SourceDocument(len(pages), list(pages), outline=outline or [])
    draft = Draft(source, [PageDraft(one) for one in pages])
    understand(draft)
    return draft


def paragraph(draft: Draft, beginning: str) -> ParagraphDraft:
    """The paragraph of the body that begins so."""
    return next(one for one in draft.every_paragraph() if one.text.startswith(beginning))

"""The whole draft: pages with what is not yet placed on them, and the document's facts as they are found."""

from collections.abc import Callable
from dataclasses import dataclass, field

from chalicelib.engines.word.document.document import Comment, ListDefinition, Style, Way
from chalicelib.engines.word.document.format import Role
from chalicelib.engines.word.document.inline import NoteKind
from chalicelib.engines.word.document.section import Columns, PageSetup, Section
from chalicelib.engines.word.draft.block import BlockDraft, ParagraphDraft
from chalicelib.engines.word.draft.line import Line
from chalicelib.engines.word.pages.page import Page, SourceDocument
from chalicelib.engines.word.pages.text import Box


@dataclass(slots=True)
class NoteDraft:
    """A foot- or endnote: its printed ``mark`` and its paragraphs, the mark left out."""

    kind: NoteKind
    mark: str
    paragraphs: list[ParagraphDraft]
    page: int = 0


@dataclass(slots=True)
class ColumnDraft:
    """A column of a stretch of a page, and what flows in it from top to bottom."""

    box: Box
    lines: list[Line] = field(default_factory=list)
    blocks: list[BlockDraft] = field(default_factory=list)


@dataclass(slots=True)
class StretchDraft:
    """A part of a page, over its whole width, with the same columns from top to bottom."""

    columns: list[ColumnDraft]


@dataclass(slots=True)
class PageDraft:
    """A page in the making. Lines go from ``lines`` to the heads, feet, notes, tables and columns as these are found.

    ``body`` is the box of what is neither head nor foot. ``tagged``: the tags cover its text and are believed.
    """

    page: Page
    lines: list[Line] = field(default_factory=list)
    turned: list[Line] = field(default_factory=list)
    """Lines that do not run like the page: for text boxes."""
    hidden: list[Line] = field(default_factory=list)
    heads: list[Line] = field(default_factory=list)
    feet: list[Line] = field(default_factory=list)
    stretches: list[StretchDraft] = field(default_factory=list)
    floating: list[BlockDraft] = field(default_factory=list)
    """What stands at a place of its own: anchored pictures, boxes of text beside the flow."""
    body: Box = (0, 0, 0, 0)
    tagged: bool = False
    way: Way = Way.LAYOUT
    why: str | None = None

    @property
    def number(self) -> int:
        """The page's number in the PDF."""
        return self.page.number

    @property
    def blocks(self) -> list[BlockDraft]:
        """All that flows on the page, in reading order."""
        return [block for one in self.stretches for column in one.columns for block in column.blocks]


@dataclass(slots=True)
class SectionDraft:
    """Pages ``first`` to ``last`` (indices of ``Draft.pages``) that have the same set-up; with ready heads and feet."""

    first: int
    last: int
    setup: PageSetup
    columns: Columns = Columns()
    ready: Section | None = None
    """Heads, feet and page numbers as ``understand.running_heads`` found them: its blocks are empty."""


@dataclass(frozen=True, slots=True)
class ContentsDraft:
    """A table of contents, whose entries are the paragraphs with its index as ``contents``; as ``document.block.Contents``."""

    levels: tuple[int, int] = (1, 3)
    caption: str | None = None


@dataclass(slots=True)
class Draft:
    """What the passes work on. Each fills what its module's docstring says, and reads what those before it filled."""

    source: SourceDocument
    pages: list[PageDraft] = field(default_factory=list)
    body_size: float = 11.0
    """The size of most letters of the document, in points."""
    body_font: str = ""
    styles: dict[tuple[Role, int], Style] = field(default_factory=dict)
    lists: list[ListDefinition] = field(default_factory=list)
    notes: list[NoteDraft] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    sections: list[SectionDraft] = field(default_factory=list)
    contents: list[ContentsDraft] = field(default_factory=list)
    even_differs: bool = False
    page_color: str | None = None

    def paragraphs(self) -> list[ParagraphDraft]:
        """The body's paragraphs outside of tables, in reading order."""
        return [block for page in self.pages for block in page.blocks if isinstance(block, ParagraphDraft)]


Pass = Callable[[Draft], None]
"""A pass of understanding: it finds one fact and writes it into the draft."""

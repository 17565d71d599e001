"""The whole draft: pages with what is not yet placed on them, and the document's facts as they are found."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from chalicelib.engines.word.document.document import Comment, ListDefinition, Style, Way
from chalicelib.engines.word.document.format import Role
from chalicelib.engines.word.document.inline import NoteKind
from chalicelib.engines.word.document.section import Columns, PageSetup
from chalicelib.engines.word.draft.block import BlockDraft, ParagraphDraft, PictureDraft, TableDraft
from chalicelib.engines.word.draft.line import Line
from chalicelib.engines.word.pages.marks import Place
from chalicelib.engines.word.pages.page import Page, SourceDocument
from chalicelib.engines.word.pages.text import Box, Face


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


@dataclass(frozen=True, slots=True)
class ShapeDraft:
    """A filled rectangle behind the text: a panel, a line. ``color`` RRGGBB."""

    box: Box
    color: str


@dataclass(slots=True)
class PageDraft:
    """A page in the making. Lines go from ``lines`` to the heads, feet, notes, tables and columns as these are found.

    ``body`` is the box of what is neither head nor foot. ``tagged``: the tags cover its text and are believed.
    """

    page: Page
    lines: list[Line] = field(default_factory=list)
    turned: list[Line] = field(default_factory=list)
    """Lines that do not run like the page: for text boxes."""
    fixed_lines: list[Line] = field(default_factory=list)
    """All lines of a page that is kept at fixed places."""
    shown: Page | None = None
    """What such a page shows; ``page`` has nothing on it then."""
    hidden: list[Line] = field(default_factory=list)
    heads: list[Line] = field(default_factory=list)
    feet: list[Line] = field(default_factory=list)
    running_pictures: list[PictureDraft] = field(default_factory=list)
    """Pictures that stand at the same place on other pages too: they go with the heads or feet."""
    stretches: list[StretchDraft] = field(default_factory=list)
    floating: list[BlockDraft] = field(default_factory=list)
    """What stands at a place of its own: anchored pictures, boxes of text beside the flow."""
    shapes: list[ShapeDraft] = field(default_factory=list)
    known_blocks: list[BlockDraft] = field(default_factory=list)
    """Blocks that tags, tables and pictures tell, in reading order, until they are given to columns."""
    body: Box = (0, 0, 0, 0)
    notes_bottom: float = 0.0
    """Where its footnotes end, 0 where it has none."""
    taken_rules: set[int] = field(default_factory=set)
    """Indices of ``page.rules`` whose meaning is found (underlines, rules of notes): they border nothing."""
    taken_fills: set[int] = field(default_factory=set)
    """Indices of ``page.fills`` that are highlights."""
    taken_images: set[int] = field(default_factory=set)
    """Indices of ``page.images`` that stand in heads or feet: they are not of the body."""
    taken_drawings: set[int] = field(default_factory=set)
    """Indices of ``page.drawings`` that stand in heads or feet."""
    printed: tuple[str, int] | None = None
    """The format and value of the page number that it shows in its head or foot."""
    in_tables: set[int] = field(default_factory=set)
    """Lines, by identity, that tags put into tables of the body: they are neither heads nor feet."""
    line_numbers: int | None = None
    """The first number of its lines, where the margin shows such."""
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
class RunningDraft:
    """Heads or feet of a section: what stands on its pages (the odd ones, where even ones differ), its first, its even pages."""

    default: list[BlockDraft] = field(default_factory=list)
    first: list[BlockDraft] = field(default_factory=list)
    even: list[BlockDraft] = field(default_factory=list)


@dataclass(slots=True)
class SectionDraft:
    """Pages ``first`` to ``last`` (indices of ``Draft.pages``) that have the same set-up, with their heads and feet.

    ``first_differs``, ``number_from``, ``number_format``, ``lines_from`` and ``lines_restart`` as in ``document.section.Section``.
    """

    first: int
    last: int
    setup: PageSetup
    columns: Columns = Columns()
    headers: RunningDraft = field(default_factory=RunningDraft)
    footers: RunningDraft = field(default_factory=RunningDraft)
    first_differs: bool = False
    number_from: int | None = None
    number_format: str | None = None
    rtl: bool = False
    lines_from: int | None = None
    lines_restart: bool = False


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
    anchors: dict[Place, str] = field(default_factory=dict)
    """The bookmark (of a paragraph's ``bookmarks``) for each place that a link leads to, as found by ``understand.bookmarks``."""
    widths: dict[Face, float] = field(default_factory=dict)
    """How much wider the letters of a face are than those of the family in Word, as ``understand.widths`` finds it."""
    even_differs: bool = False
    page_color: str | None = None

    def paragraphs(self) -> list[ParagraphDraft]:
        """The body's paragraphs outside of tables, in reading order."""
        return [block for page in self.pages for block in page.blocks if isinstance(block, ParagraphDraft)]

    def every_paragraph(self) -> Iterator[ParagraphDraft]:
        """The body's paragraphs, those in tables' cells at their place."""
        for page in self.pages:
            yield from paragraphs_in([*page.blocks, *page.floating])


def paragraphs_in(blocks: Iterable[BlockDraft]) -> Iterator[ParagraphDraft]:
    """All paragraphs of ``blocks``, within tables too."""
    for block in blocks:
        if isinstance(block, ParagraphDraft):
            yield block
        elif isinstance(block, TableDraft):
            for cell in block.cells:
                yield from paragraphs_in(cell.blocks)


Pass = Callable[[Draft], None]
"""A pass of understanding: it finds one fact and writes it into the draft."""

"""A page and a document of pages as read."""

from dataclasses import dataclass, field

from chalicelib.engines.tagged.tree import TagTree
from chalicelib.engines.word.pages.drawn import Drawing, Fill, Image, MarkedArt, Rule
from chalicelib.engines.word.pages.grid import FoundGrid
from chalicelib.engines.word.pages.marks import FormField, LinkArea, Mark, OutlineEntry, StickyNote
from chalicelib.engines.word.pages.text import Span


@dataclass(frozen=True, slots=True)
class Page:
    """All that a page shows, upright: /Rotate is undone, and a page whose text is turned as a whole is turned back.

    ``width`` and ``height`` in points are those of the upright page; ``turned`` the degrees clockwise that were needed
    beyond /Rotate; ``scale`` the factor that fits it into Word's 22 inches (1584 pt), already applied to all lengths.
    ``spans`` are in the order of the content stream. ``unreadable`` counts glyphs without a meaning.
    """

    number: int
    width: float
    height: float
    spans: tuple[Span, ...] = ()
    rules: tuple[Rule, ...] = ()
    fills: tuple[Fill, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    images: tuple[Image, ...] = ()
    art: tuple[MarkedArt, ...] = ()
    links: tuple[LinkArea, ...] = ()
    marks: tuple[Mark, ...] = ()
    notes: tuple[StickyNote, ...] = ()
    fields: tuple[FormField, ...] = ()
    grids: tuple[FoundGrid, ...] = ()
    rotation: int = 0
    """/Rotate, which is undone."""
    turned: int = 0
    scale: float = 1.0
    label: str | None = None
    """The page's label ("iv", "A-3") where the PDF has labels."""
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class UnreadPage:
    """A page that could not be read: ``cause`` is ``damaged``, ``time`` or ``crash``. Its size, where that is known."""

    number: int
    cause: str
    width: float = 595.0
    height: float = 842.0


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the PDF says of itself; moments as ISO 8601."""

    title: str | None = None
    author: str | None = None
    subject: str | None = None
    keywords: str | None = None
    creator: str | None = None
    producer: str | None = None
    language: str | None = None
    created: str | None = None
    modified: str | None = None


@dataclass(slots=True)
class SourceDocument:
    """The pages asked for, in their order, and what concerns all of them. ``total`` is the PDF's number of pages."""

    total: int
    pages: list[Page | UnreadPage] = field(default_factory=list)
    tags: TagTree = field(default_factory=TagTree)
    outline: list[OutlineEntry] = field(default_factory=list)
    metadata: Metadata = field(default_factory=Metadata)

"""The whole document, and what is told of each page that it was made from."""

from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.engines.word.document.block import Block
from chalicelib.engines.word.document.format import Format, Role
from chalicelib.engines.word.document.inline import Look, NoteKind
from chalicelib.engines.word.document.section import Section
from chalicelib.engines.word.pages.page import Metadata


@dataclass(frozen=True, slots=True)
class ListLevel:
    """A level of a list: ``format`` as in ``w:numFmt`` (``bullet``, ``decimal``, ``lowerLetter``, ``upperRoman``, …).

    ``text`` is as in ``w:lvlText``: the bullet itself, or ``%1.``, ``(%2)``, ``%1.%2.%3``. ``start`` and ``hanging``
    are the indents of the item's text and of its label before it, in points.
    """

    format: str
    text: str
    first: int = 1
    start: float = 18.0
    hanging: float = 18.0
    look: Look | None = None
    suffix: str = "tab"
    """What follows the label: ``tab``, ``space`` or ``nothing``."""


@dataclass(frozen=True, slots=True)
class ListDefinition:
    """A list: what its levels look like."""

    levels: tuple[ListLevel, ...]


@dataclass(frozen=True, slots=True)
class Style:
    """What paragraphs of a role look like as a rule."""

    look: Look
    format: Format = Format()


@dataclass(frozen=True, slots=True)
class Note:
    """A foot- or endnote; its mark is not in its text."""

    kind: NoteKind
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment; ``moment`` is ISO 8601. ``reply_to`` is the number of the comment that it answers."""

    text: str
    author: str | None = None
    moment: str | None = None
    reply_to: int | None = None


class Way(StrEnum):
    """How a page was read."""

    TAGS = "tags"
    LAYOUT = "layout"
    FIXED = "fixed"
    PICTURE = "picture"
    TEXT_ONLY = "text"
    BLANK = "blank"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class PageFact:
    """What became of page ``number`` of the PDF; ``why`` names the cause of another way than tags or layout."""

    number: int
    way: Way
    why: str | None = None
    ocr: bool = False
    boxed_lines: int = 0
    """Lines that stand in text boxes at their place."""


@dataclass(slots=True)
class Document:
    """A document to be written. Lists, notes and comments are referred to by their index.

    ``styles`` has at least ``(Role.NORMAL, 0)``; headings and contents entries are keyed by their level.
    ``page_color`` RRGGBB is the background of all pages.
    """

    sections: list[Section]
    styles: dict[tuple[Role, int], Style]
    lists: list[ListDefinition] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    metadata: Metadata = field(default_factory=Metadata)
    even_differs: bool = False
    page_color: str | None = None
    facts: list[PageFact] = field(default_factory=list)
    fonts_substituted: dict[str, str] = field(default_factory=dict)

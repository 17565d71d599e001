"""What a paragraph is, and how it lies."""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.engines.word.document.borders import Borders


class Role(StrEnum):
    """What a paragraph is; the styles follow from it. Running heads, notes and cells have their own base style."""

    NORMAL = "normal"
    HEADING = "heading"
    TITLE = "title"
    SUBTITLE = "subtitle"
    CAPTION = "caption"
    QUOTE = "quote"
    CODE = "code"
    CONTENTS_HEADING = "contents heading"
    CONTENTS_ENTRY = "contents entry"
    LIST_ITEM = "list item"
    HEADER = "header"
    FOOTER = "footer"
    NOTE = "note"


class Align(StrEnum):
    """Alignment; START and END are left and right of the reader's direction."""

    START = "start"
    CENTER = "center"
    END = "end"
    JUSTIFY = "justify"


class Leader(StrEnum):
    """What fills the room that a tab leaves."""

    NONE = "none"
    DOT = "dot"
    HYPHEN = "hyphen"
    LINE = "underscore"


class TabAlign(StrEnum):
    """What of the text stands at the tab stop."""

    START = "start"
    CENTER = "center"
    END = "end"
    DECIMAL = "decimal"


@dataclass(frozen=True, slots=True)
class TabStop:
    """A tab stop, so far from the text's left margin (right, in a right-to-left paragraph)."""

    place: float
    align: TabAlign = TabAlign.START
    leader: Leader = Leader.NONE


class SpacingRule(StrEnum):
    """What a line height means."""

    MULTIPLE = "multiple"
    AT_LEAST = "at least"
    EXACT = "exact"


@dataclass(frozen=True, slots=True)
class LineSpacing:
    """A multiple of the font's own line height, or points."""

    value: float = 1.0
    rule: SpacingRule = SpacingRule.MULTIPLE


@dataclass(frozen=True, slots=True)
class Format:
    """How a paragraph lies; whole, as ``Look`` is. Indents from the text's margins, ``start`` is right in rtl ones.

    ``first`` is added to ``start`` for the first line: negative is hanging.
    """

    align: Align = Align.START
    start: float = 0.0
    end: float = 0.0
    first: float = 0.0
    before: float = 0.0
    after: float = 0.0
    spacing: LineSpacing = LineSpacing()
    tabs: tuple[TabStop, ...] = ()
    rtl: bool = False
    keep_next: bool = False
    keep_lines: bool = False
    page_break_before: bool = False
    shade: str | None = None
    borders: Borders = Borders()
    contextual: bool = False
    """No space between neighbours of the same style, as between a list's items."""


@dataclass(frozen=True, slots=True)
class ListPlace:
    """A list item: of list ``number`` in ``Document.lists``, at ``level`` from 0. Its label is not in the text.

    ``restart`` gives the number to count from where the count does not simply go on.
    """

    number: int
    level: int = 0
    restart: int | None = None

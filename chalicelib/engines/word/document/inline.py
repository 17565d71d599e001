"""What stands in a paragraph: runs of text, and all that may stand among them."""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.engines.word.document.formula import Formula
from chalicelib.engines.word.document.picture import Picture


class Level(StrEnum):
    """Where letters stand against the baseline."""

    BASE = "base"
    SUPER = "super"
    SUB = "sub"


@dataclass(frozen=True, slots=True)
class Look:
    """How letters look; whole, not against a style: the writer leaves out what a paragraph's style says already.

    ``font`` is a family of Word (``word.fonts``), ``east_asian`` the one for CJK letters, None for the same.
    ``size`` is that of the letters on the line: of super- and subscripts, of the text around them. Colours are RRGGBB, None is automatic.
    ``language`` is a BCP 47 tag. ``spacing`` in points between letters; ``width`` is a factor (1.0 as designed).
    """

    font: str
    size: float
    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    small_caps: bool = False
    level: Level = Level.BASE
    color: str | None = None
    highlight: str | None = None
    rtl: bool = False
    language: str | None = None
    east_asian: str | None = None
    spacing: float = 0.0
    width: float = 1.0
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """Letters of one look, in logical order. No tab, no line feed."""

    text: str
    look: Look


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab; the paragraph's tab stops say how far."""

    look: Look


class BreakKind(StrEnum):
    """What a break begins anew."""

    LINE = "line"
    COLUMN = "column"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Break:
    """A break inside a paragraph."""

    kind: BreakKind = BreakKind.LINE


@dataclass(frozen=True, slots=True)
class Link:
    """A link over ``content``: to ``uri`` or to the bookmark ``anchor`` (of any paragraph's ``bookmarks``)."""

    content: tuple["Inline", ...]
    uri: str | None = None
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A field with the result stored for it: ``PAGE``, ``NUMPAGES``, ``PAGEREF name \\h``, ``SEQ Table``, …"""

    instruction: str
    content: tuple["Inline", ...]


class NoteKind(StrEnum):
    """Where a note stands."""

    FOOTNOTE = "footnote"
    ENDNOTE = "endnote"


@dataclass(frozen=True, slots=True)
class NoteMark:
    """The reference to note ``note`` of ``Document.notes``; Word numbers it. ``custom`` is a mark that is no number (``*``)."""

    note: int
    look: Look
    custom: str | None = None


@dataclass(frozen=True, slots=True)
class Commented:
    """Text that comment ``comment`` of ``Document.comments`` is about; empty ``content`` is a place between letters."""

    comment: int
    content: tuple["Inline", ...]


class ControlKind(StrEnum):
    """Kinds of content controls."""

    TEXT = "text"
    CHECK = "check"
    DROPDOWN = "dropdown"
    COMBO = "combo"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Control:
    """A content control that holds a form field's value. An empty ``value`` shows a placeholder of blanks.

    ``tick`` is the sign of a box that is ticked, None for Word's own.
    """

    kind: ControlKind
    name: str
    look: Look
    value: str = ""
    on: bool = False
    tick: str | None = None
    choices: tuple[str, ...] = ()
    label: str | None = None
    multiline: bool = False
    locked: bool = False


Inline = Text | Tab | Break | Link | Field | NoteMark | Commented | Control | Picture | Formula
"""A picture here is in line with the text, whatever its anchor says."""

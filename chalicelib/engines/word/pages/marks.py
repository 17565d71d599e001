"""What lies over a page: links, notes, form fields, marks; and the document's outline."""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.engines.word.pages.text import Box


@dataclass(frozen=True, slots=True)
class Place:
    """Where a link or an outline entry leads: ``page`` from 1, and the point on the upright page, None where unsaid."""

    page: int
    x: float | None = None
    y: float | None = None


@dataclass(frozen=True, slots=True)
class LinkArea:
    """A link over ``box``: to ``uri`` (http, https, mailto, tel and ftp only) or to ``place`` in the document."""

    box: Box
    uri: str | None = None
    place: Place | None = None
    xref: int = 0
    """The annotation's object, for ``TagTree.objects``."""


class MarkKind(StrEnum):
    """Text mark-up annotations."""

    HIGHLIGHT = "highlight"
    UNDERLINE = "underline"
    STRIKE = "strike"
    SQUIGGLY = "squiggly"


@dataclass(frozen=True, slots=True)
class Mark:
    """Text marked by a reader: the box of each line of it, and the colour RRGGBB. ``comment`` as in ``StickyNote``."""

    kind: MarkKind
    boxes: tuple[Box, ...]
    color: str
    comment: str | None = None
    author: str | None = None
    moment: str | None = None


@dataclass(frozen=True, slots=True)
class StickyNote:
    """A comment at a place; ``moment`` is ISO 8601 or None. ``reply_to`` is the ``xref`` of the note it answers."""

    box: Box
    text: str
    author: str | None = None
    moment: str | None = None
    xref: int = 0
    reply_to: int | None = None


class FieldKind(StrEnum):
    """Kinds of form fields."""

    TEXT = "text"
    CHECK = "check"
    RADIO = "radio"
    CHOICE = "choice"
    BUTTON = "button"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class FormField:
    """A form field. Its value, as it is shown, is not among the page's spans. ``value`` is "" when empty.

    ``on`` of a box that is ticked, ``tick`` the sign that it shows then, where that is a letter of a font.
    """

    box: Box
    kind: FieldKind
    name: str
    label: str | None = None
    value: str = ""
    on: bool = False
    tick: str | None = None
    choices: tuple[str, ...] = ()
    size: float = 0.0
    """Of its text in points, 0 where the field fits it to its box."""
    multiline: bool = False
    password: bool = False
    read_only: bool = False
    xref: int = 0


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """An entry of the outline ("bookmarks"); ``level`` from 1."""

    level: int
    title: str
    place: Place | None

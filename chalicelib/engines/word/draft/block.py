"""Blocks of the draft: paragraphs of lines, tables of blocks, pictures."""

from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.engines.word.document.block import CellAlign
from chalicelib.engines.word.document.borders import Borders
from chalicelib.engines.word.document.format import Format, Role
from chalicelib.engines.word.draft.line import Line
from chalicelib.engines.word.pages.drawn import Drawing, Image
from chalicelib.engines.word.pages.marks import LinkArea
from chalicelib.engines.word.pages.text import Box


class Join(StrEnum):
    """How a line of a paragraph goes on in the next one."""

    BLANK = " "
    NONE = ""
    """Within a word that is hyphenated as written, or in a script without blanks."""
    HYPHEN = "-"
    """The hyphen at its end is the typesetter's and goes."""
    SOFT = "\u00ad"
    """The hyphen at its end may be the typesetter's: it becomes a soft one."""
    COLUMN = " \v"
    """It goes on in the next column, although this one had room."""
    BREAK = "\n"
    """A line break that the author made."""


def joined_text(text: str, join: Join) -> str:
    """The text of a line and what joins it to the next one."""
    if join in (Join.HYPHEN, Join.SOFT):
        bare = text[:-1] if text[-1:] in "-\u2010\u00ad" else text
        return bare if join is Join.HYPHEN else bare + join.value
    return text + join.value


@dataclass(slots=True)
class ListLabel:
    """The label of a list item as printed: ``text`` (bullet mended), the item's ``list`` and ``level`` from 0, once known.

    ``pieces`` counts how many pieces of the first line it took: these are gone from the line.
    """

    text: str
    left: float
    right: float
    face_font: str
    face_size: float
    number: int | None = None
    """Index of the list in ``Draft.lists``."""
    level: int = 0
    value: int | None = None
    """The number printed, where it is one."""
    restart: int | None = None


@dataclass(slots=True)
class ParagraphDraft:
    """Lines that flow: ``joins[i]`` says how line i goes on in line i + 1.

    ``left`` and ``right`` are the edges of the column (or cell) that it stands in. ``format`` is found by
    ``understand.formats`` from the lines and these edges; ``element`` is its element of the tag tree.
    """

    lines: list[Line]
    left: float
    right: float
    joins: list[Join] = field(default_factory=list)
    role: Role = Role.NORMAL
    level: int = 0
    label: ListLabel | None = None
    format: Format | None = None
    element: int | None = None
    bookmarks: list[str] = field(default_factory=list)
    column_break: bool = False
    """It begins a column although the one before had room for it."""
    continues: bool = False
    """Its first line goes on with what the last paragraph of the column or page before began."""
    contents: int | None = None
    """Index of the table of contents in ``Draft.contents`` of which it is an entry."""
    inline_pictures: list["PictureDraft"] = field(default_factory=list)

    @property
    def page(self) -> int:
        """The page on which it begins."""
        return self.lines[0].page if self.lines else 0

    @property
    def first_lines(self) -> list[Line]:
        """Its lines down to where it goes on in another column or on another page."""
        lines = self.lines[:1]
        for line in self.lines[1:]:
            if line.page != lines[-1].page or line.baseline < lines[-1].baseline - line.size:
                break
            lines.append(line)
        return lines

    @property
    def text(self) -> str:
        """Its text, the lines joined."""
        joins = [*self.joins, *([Join.BLANK] * len(self.lines))]
        parts = []
        for line, join in zip(self.lines, joins, strict=False):
            parts.append(joined_text(line.text, join))
        return "".join(parts).rstrip(" ")

    @property
    def box(self) -> Box:
        """The box of its lines on its first page."""
        lines = [one for one in self.lines if one.page == self.page]
        return (
            min(one.left for one in lines),
            min(one.top for one in lines),
            max(one.right for one in lines),
            max(one.bottom for one in lines),
        )


@dataclass(slots=True)
class CellDraft:
    """A cell at ``row``, ``column`` over ``rows`` × ``columns``, its box on the page, and what stands in it."""

    row: int
    column: int
    box: Box
    rows: int = 1
    columns: int = 1
    blocks: list["BlockDraft"] = field(default_factory=list)
    borders: Borders = Borders()
    shade: str | None = None
    align: CellAlign = CellAlign.TOP
    turn: int = 0
    page: int = 0
    """The page on which it begins, where it is another than the table's."""


@dataclass(slots=True)
class TableDraft:
    """A table on one page (or over several, once ``understand.across`` joined its parts). ``xs`` and ``ys`` are grid lines."""

    page: int
    box: Box
    xs: list[float]
    ys: list[float]
    cells: list[CellDraft] = field(default_factory=list)
    header_rows: int = 0
    indent: float = 0.0
    """From the left margin of the text; ``understand.formats`` finds it."""
    rtl: bool = False
    element: int | None = None
    alt: str | None = None
    margins: tuple[float, float] = (5.4, 5.4)
    """Left and right in its cells."""
    before: float = 0.0
    """The space above it, where nothing that is before it can have it below."""


@dataclass(slots=True)
class PictureDraft:
    """An image, or a region of drawings to be rendered as one picture; ``inline`` in the line of text at its place."""

    page: int
    box: Box
    image: Image | None = None
    drawing: Drawing | None = None
    alt: str | None = None
    decorative: bool = False
    with_text: bool = False
    """Whether letters within a drawing are part of its picture."""
    words: str = ""
    """What these letters say."""
    inline: bool = False
    behind: bool = False
    element: int | None = None
    link: LinkArea | None = None
    format: Format | None = None
    """How it lies as a paragraph of its own; None in line with text, and where it has a place of its own."""


BlockDraft = ParagraphDraft | TableDraft | PictureDraft

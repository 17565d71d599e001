"""What stands one below the other: paragraphs, tables, contents, and what has a fixed place."""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.engines.word.document.borders import Border, Borders
from chalicelib.engines.word.document.format import Format, ListPlace, Role
from chalicelib.engines.word.document.inline import Inline, Look
from chalicelib.engines.word.document.picture import Picture


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. ``level``: 1–9 of headings and contents entries. Headings that are numbered have a ``list`` too.

    ``mark`` is the look of its end, which is all that an empty paragraph has. ``bookmarks`` begin here.
    """

    content: tuple[Inline, ...]
    role: Role = Role.NORMAL
    level: int = 0
    format: Format = Format()
    list: ListPlace | None = None
    mark: Look | None = None
    bookmarks: tuple[str, ...] = ()
    page: int = 0
    """The page of the PDF on which it begins, 0 where it is from none."""


class CellAlign(StrEnum):
    """Where the text of a cell stands."""

    TOP = "top"
    CENTER = "center"
    BOTTOM = "bottom"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell at ``row`` and ``column`` (from 0) over so many rows and columns; places it covers have no cell of their own.

    ``turn`` 90 is text that runs downwards, 270 upwards. ``margins`` are top, left, bottom, right, None for the table's.
    """

    row: int
    column: int
    blocks: tuple["Block", ...]
    rows: int = 1
    columns: int = 1
    borders: Borders = Borders()
    shade: str | None = None
    align: CellAlign = CellAlign.TOP
    turn: int = 0
    margins: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: its least height in points (0: as its text needs), whether it heads every page, whether it may break."""

    height: float = 0.0
    header: bool = False
    splits: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``widths`` of its columns in points. Every place of the grid is covered by exactly one cell.

    ``indent`` from the text's margin; ``margins`` of cells: top, left, bottom, right. ``rtl``: column 0 is at the right.
    """

    widths: tuple[float, ...]
    rows: tuple[TableRow, ...]
    cells: tuple[Cell, ...]
    indent: float = 0.0
    align: str = "start"
    margins: tuple[float, float, float, float] = (0.0, 5.4, 0.0, 5.4)
    rtl: bool = False
    alt: str | None = None
    page: int = 0
    before: float = 0.0
    """Space above it, that no paragraph before it has."""


@dataclass(frozen=True, slots=True)
class Contents:
    """A table of contents: a TOC field whose stored result is ``entries``. ``levels``: first and last level of headings.

    ``caption`` is the label (``Figure``, ``Table``) in a table of figures.
    """

    entries: tuple[Paragraph, ...]
    levels: tuple[int, int] = (1, 3)
    caption: str | None = None
    hyperlinks: bool = True


@dataclass(frozen=True, slots=True)
class TextBox:
    """Blocks at a fixed place of the page that their paragraph is on, turned clockwise by ``turn`` degrees.

    By 90 or 270 the text is turned inside of the box, which stands as ``width`` and ``height`` say; at other angles the
    whole box is turned around its middle.
    """

    x: float
    y: float
    width: float
    height: float
    blocks: tuple["Block", ...]
    turn: int = 0
    fill: str | None = None
    border: Border | None = None
    behind: bool = False


@dataclass(frozen=True, slots=True)
class FixedPage:
    """A page that no model fits: a picture of all but its text, and its text in boxes at their places over it.

    The picture's ``anchor`` is its place; without one it begins at the page's corner.
    """

    page: int
    background: Picture | None
    boxes: tuple[TextBox, ...]
    covered: bool = False
    """Whether the picture lies over the text, as in scans, where it shows the same."""


Block = Paragraph | Table | Contents | Picture | TextBox | FixedPage
"""An anchored picture or box belongs to the paragraph after it; a picture without anchor is a paragraph of its own."""

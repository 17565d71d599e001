"""Sections: what pages look like, and what runs along at their head and foot."""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.engines.word.document.block import Block
from chalicelib.engines.word.document.borders import Borders


@dataclass(frozen=True, slots=True)
class PageSetup:
    """Size and margins of pages in points; ``header`` and ``footer`` are the distances from the page's edges."""

    width: float
    height: float
    top: float
    right: float
    bottom: float
    left: float
    header: float = 36.0
    footer: float = 36.0


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of text; ``widths`` and the ``gaps`` between them in points. One column has no gap."""

    widths: tuple[float, ...] = ()
    gaps: tuple[float, ...] = ()
    line: bool = False

    @property
    def count(self) -> int:
        """How many there are."""
        return max(1, len(self.widths))


class Start(StrEnum):
    """Where a section begins."""

    NEXT_PAGE = "nextPage"
    CONTINUOUS = "continuous"
    EVEN_PAGE = "evenPage"
    ODD_PAGE = "oddPage"


@dataclass(frozen=True, slots=True)
class Running:
    """Heads or feet: those of every page (or odd pages), of the first, of even pages.

    None: the same as in the section before; empty: none. ``first`` counts only when ``Section.first_differs``,
    ``even`` only when ``Document.even_differs``.
    """

    default: tuple[Block, ...] | None = ()
    first: tuple[Block, ...] | None = ()
    even: tuple[Block, ...] | None = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the document whose pages look alike. ``number_from`` and ``number_format`` (``decimal``, ``lowerRoman``, …) of its page numbers."""

    page: PageSetup
    blocks: tuple[Block, ...]
    columns: Columns = Columns()
    start: Start = Start.NEXT_PAGE
    headers: Running = Running()
    footers: Running = Running()
    first_differs: bool = False
    number_from: int | None = None
    number_format: str | None = None
    borders: Borders = Borders()
    border_distance: float = 24.0
    """Of the page's borders, from the page's edge."""
    rtl: bool = False
    lines_from: int | None = None
    """The number of its first line, where lines are numbered; ``lines_restart``: on every page."""
    lines_restart: bool = False
    center: bool = False
    """Whether its text stands in the middle of the page's height, as on title pages."""

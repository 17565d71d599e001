"""Letters as they stand on a page."""

from dataclasses import dataclass
from enum import StrEnum

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in points, y down, from the top left of the upright page."""


class Artifact(StrEnum):
    """Marked content that its program says is no part of the text (ISO 32000-2, 14.8.2.2)."""

    HEADER = "header"
    FOOTER = "footer"
    PAGINATION = "pagination"
    """A running head or foot, without saying which."""
    LAYOUT = "layout"
    BACKGROUND = "background"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Face:
    """How letters look. ``font`` is the PDF's name without its subset prefix; ``size`` in points as seen on the page.

    ``bold`` and ``italic`` count what the name, the descriptor, a stroked outline and a slanted matrix say.
    ``color`` is RRGGBB. ``ascent`` and ``descent`` are of the font, in units of the size (descent negative).
    """

    font: str
    size: float
    bold: bool = False
    italic: bool = False
    serif: bool = False
    mono: bool = False
    symbolic: bool = False
    color: str = "000000"
    alpha: float = 1.0
    ascent: float = 0.8
    descent: float = -0.2


@dataclass(frozen=True, slots=True)
class Span:
    """Letters that stand one after the other on one baseline, in one face and one piece of marked content.

    All lengths are in the frame of the upright page turned by ``turn`` degrees clockwise, so that ``starts`` and
    ``ends`` (x of the left and right edge of each character of ``text``, whatever the direction it is read in),
    ``baseline``, ``top`` and ``bottom`` are what they would be for upright text. With ``turn`` 0 they are the page's.
    Characters are in the order in which the PDF draws them: right-to-left text may come either way, ``starts`` tell.
    """

    text: str
    starts: tuple[float, ...]
    ends: tuple[float, ...]
    baseline: float
    top: float
    bottom: float
    face: Face
    turn: float = 0
    vertical: bool = False
    """Written from top to bottom, as Chinese and Japanese may be: ``starts`` and ``ends`` are then y."""
    hidden: bool = False
    """There and not seen: rendering mode 3, as under a scan."""
    ocr: bool = False
    """Read from the page's picture by us, not by the PDF."""
    mcid: int | None = None
    """Marked-content id, for ``TagTree.of``."""
    artifact: Artifact | None = None
    actual_text: str | None = None
    """What the PDF says that the span stands for, where it says so by ActualText."""
    language: str | None = None

    @property
    def left(self) -> float:
        """The least x of its letters."""
        return min(self.starts)

    @property
    def right(self) -> float:
        """The greatest x of its letters."""
        return max(self.ends)

    @property
    def box(self) -> Box:
        """The box in the frame of ``turn``."""
        return self.left, self.top, self.right, self.bottom


UNREADABLE = "\ufffd"
"""Stands for a glyph whose meaning the PDF does not give."""

"""Lines of a page and their pieces."""

from dataclasses import dataclass, field

from chalicelib.engines.word.document.inline import Level
from chalicelib.engines.word.pages.marks import FormField, LinkArea
from chalicelib.engines.word.pages.text import Box, Face, Span


@dataclass(slots=True)
class Piece:
    """A part of a line in one look: ``text`` in logical order, blanks restored, with the edges of each character.

    ``gap`` is what stands before it in the line: ``""`` (it touches the piece before), ``" "`` or ``"\\t"`` (a gap too
    wide for a blank). ``starts`` and ``ends`` are x of each character of ``text``; a restored blank fills its gap.
    The rest is found by the passes.
    """

    text: str
    starts: list[float]
    ends: list[float]
    span: Span
    gap: str = ""
    trails: bool = False
    """The PDF has a blank after it."""
    least_blank: float = 0.16
    """A wider gap after it is a blank, in units of its size."""
    level: Level = Level.BASE
    around: float | None = None
    """Size of the letters around a superscript, a subscript or small capitals: that is their own size in Word."""
    underline: bool = False
    strike: bool = False
    small_caps: bool = False
    highlight: str | None = None
    rtl: bool = False
    language: str | None = None
    link: LinkArea | None = None
    note: int | None = None
    """It is the mark of note ``Draft.notes[note]``."""
    custom_mark: bool = False
    """The mark is not what Word would count there: it stays as printed."""
    page_field: str | None = None
    """It shows a page's number: ``PAGE``, ``NUMPAGES`` or ``SECTIONPAGES``; in heads and feet."""
    form: FormField | None = None
    """It stands for a form field, and its text is the field's value."""
    comments: list[int] = field(default_factory=list)
    element: int | None = None
    """The element of the tag tree that holds it."""

    @property
    def face(self) -> Face:
        """How its letters look in the PDF."""
        return self.span.face

    @property
    def left(self) -> float:
        """Its least x."""
        return min(self.starts, default=0.0)

    @property
    def right(self) -> float:
        """Its greatest x."""
        return max(self.ends, default=0.0)


@dataclass(slots=True)
class Line:
    """Pieces on one baseline within one column, in reading order, from an upright page (or one ``turn``).

    ``size`` is that of most of its letters; ``baseline`` that of the letters of this size.
    """

    page: int
    pieces: list[Piece]
    baseline: float
    size: float
    top: float
    bottom: float
    turn: float = 0
    rtl: bool = False
    element: int | None = None
    """The element of the tag tree that holds all of it: the innermost block of its pieces."""

    @property
    def text(self) -> str:
        """Its text, gaps included."""
        return "".join(("" if at == 0 else one.gap) + one.text for at, one in enumerate(self.pieces))

    @property
    def left(self) -> float:
        """Its least x."""
        return min((one.left for one in self.pieces), default=0.0)

    @property
    def right(self) -> float:
        """Its greatest x."""
        return max((one.right for one in self.pieces), default=0.0)

    @property
    def box(self) -> Box:
        """Its box in points."""
        return self.left, self.top, self.right, self.bottom

    @property
    def letters(self) -> int:
        """How many characters it has, blanks left out."""
        return sum(len(one.text) - one.text.count(" ") for one in self.pieces)

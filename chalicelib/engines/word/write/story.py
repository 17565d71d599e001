"""What is being written, and where: the state that all of the writer shares."""

from dataclasses import dataclass, field, replace

from chalicelib.engines.word.document.document import Document
from chalicelib.engines.word.document.inline import Look, NoteKind
from chalicelib.engines.word.write.bookmarks import Bookmarks
from chalicelib.engines.word.write.numbering import Numbering
from chalicelib.engines.word.write.package import Package, Part
from chalicelib.engines.word.write.styles import ParagraphStyle, StyleSheet


@dataclass(slots=True)
class Writing:
    """The document in the making, with what is counted over all of its parts."""

    document: Document
    package: Package
    styles: StyleSheet
    numbering: Numbering
    bookmarks: Bookmarks
    notes: dict[int, int] = field(default_factory=dict)
    """The notes referred to so far, by their identifier in Word: these count from 1 for each kind."""
    custom_marks: dict[int, str] = field(default_factory=dict)
    """The marks of those notes that have another than a number."""
    comments: list[int] = field(default_factory=list)
    """The comments placed so far."""
    shapes: int = 0
    controls: int = 0

    def thread(self, comment: int) -> list[int]:
        """A comment and the answers to it, those that are not placed yet; they are placed by that."""
        found = self.document.comments
        thread = [comment] if 0 <= comment < len(found) and comment not in self.comments else []
        for one in thread:
            self.comments.append(one)
            thread += [at for at, answer in enumerate(found) if answer.reply_to == one and at not in self.comments]
        return thread

    def next_shape(self) -> int:
        """An identifier for a picture or box."""
        self.shapes += 1
        return self.shapes

    def next_control(self) -> int:
        """An identifier for a content control."""
        self.controls += 1
        return self.controls


@dataclass(frozen=True, slots=True)
class Story:
    """Where something is written: in which part, whether notes may stand there, and the style around."""

    writing: Writing
    part: Part
    notes: bool = False
    """Word takes references to notes in the body only, and not in its text boxes."""
    comments: bool = False
    kind: NoteKind | None = None
    """Inside of a note: its kind."""
    figures: bool = False
    """Inside of a list of figures or tables."""
    base: Look | None = None
    """What the style around says of the letters; None outside of paragraphs."""
    style: str | None = None
    """The character style that holds here."""
    linked: bool = False
    """Inside of a link."""

    @property
    def look(self) -> Look:
        """What letters look like without properties of their own."""
        return self.base or self.writing.styles.normal.look

    def within(self, style: ParagraphStyle) -> "Story":
        """The same place inside of a paragraph of this style."""
        return replace(self, base=style.look)

    def boxed(self) -> "Story":
        """Inside of a text box here."""
        return replace(self, notes=False, comments=False, base=None, style=None, linked=False)

"""The tree of tags (ISO 32000-2, 14.7 and 14.8) as plain values."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Content:
    """A piece of marked content: ``mcid`` on ``page`` (from 1). One inside a form XObject has the form's ``stream``."""

    page: int
    mcid: int
    stream: int = 0


@dataclass(frozen=True, slots=True)
class ObjectReference:
    """An annotation (a link, a form field) or picture that belongs to an element: its object's number, its page."""

    page: int
    xref: int


@dataclass(frozen=True, slots=True)
class Attributes:
    """The standard attributes that are of use (ISO 32000-2, 14.8.5); lengths in points, None where nothing is said."""

    row_span: int = 1
    column_span: int = 1
    scope: str | None = None
    """``Row``, ``Column`` or ``Both`` of a TH."""
    headers: tuple[str, ...] = ()
    list_numbering: str | None = None
    """``Disc``, ``Decimal``, ``UpperRoman``, ``Unordered``, ``Ordered``, … of an L."""
    placement: str | None = None
    """``Block``, ``Inline``, ``Before``, ``Start``, ``End``."""
    box: tuple[float, float, float, float] | None = None
    """In the PDF's own space: x0, y0, x1, y1 with y up."""
    text_align: str | None = None
    start_indent: float | None = None
    end_indent: float | None = None
    text_indent: float | None = None
    space_before: float | None = None
    space_after: float | None = None
    line_height: float | None = None
    writing_mode: str | None = None
    """``LrTb``, ``RlTb`` or ``TbRl``."""
    text_decoration: str | None = None
    column_count: int | None = None


@dataclass(slots=True)
class Element:
    """An element. ``role`` is a standard type after the role map (``H1``, ``P``, ``L``, …), ``raw_role`` as written.

    ``kids`` are indices of elements, contents and object references, in logical order. ``parent`` is -1 at a root.
    """

    index: int
    parent: int
    role: str
    raw_role: str
    kids: list["int | Content | ObjectReference"] = field(default_factory=list)
    title: str | None = None
    alt: str | None = None
    actual_text: str | None = None
    expansion: str | None = None
    language: str | None = None
    identifier: str | None = None
    attributes: Attributes = field(default_factory=Attributes)


@dataclass(slots=True)
class TagTree:
    """All elements of a document in logical order; ``roots`` are those without a parent.

    ``marked`` says whether the document claims to be tagged (MarkInfo); ``suspect`` that its program was not sure.
    """

    elements: list[Element] = field(default_factory=list)
    roots: list[int] = field(default_factory=list)
    owners: dict[Content, int] = field(default_factory=dict)
    """Which element a piece of content belongs to; content that is absent here is outside of the tree."""
    objects: dict[ObjectReference, int] = field(default_factory=dict)
    marked: bool = False
    suspect: bool = False
    language: str | None = None

    def __bool__(self) -> bool:
        return bool(self.owners)

    def ancestors(self, index: int) -> Iterator[Element]:
        """The element itself, its parent, and so on up."""
        while index >= 0:
            element = self.elements[index]
            yield element
            index = element.parent

    def nearest(self, index: int, *roles: str) -> Element | None:
        """The innermost element with one of ``roles`` that holds the element, itself included."""
        return next((one for one in self.ancestors(index) if one.role in roles), None)

    def children(self, index: int) -> list[Element]:
        """The elements right below an element."""
        return [self.elements[kid] for kid in self.elements[index].kids if isinstance(kid, int)]

    def contents(self, index: int) -> Iterator[Content]:
        """All marked content below an element, in the logical order."""
        for kid in self.elements[index].kids:
            if isinstance(kid, int):
                yield from self.contents(kid)
            elif isinstance(kid, Content):
                yield kid

    def of(self, page: int, mcid: int | None) -> Element | None:
        """The element that owns content ``mcid`` of the page's own stream; None outside of the tree."""
        if mcid is None:
            return None
        owner = self.owners.get(Content(page, mcid))
        return None if owner is None else self.elements[owner]

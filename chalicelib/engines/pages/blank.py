"""Finds pages that show nothing at all.

Blank is a page without annotations whose content puts no mark on it: no text but blanks, no image, no
shading, no line, and no area but a white one. In doubt it is not blank: an image counts as a mark even if all
of it is white (a scan of an empty sheet), as does text that is white or hidden, and so does a content that
can't be understood.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from pypdf.generic import DictionaryObject, NameObject, StreamObject

from chalicelib.engines.pages.content import Operand, operations
from chalicelib.engines.pages.document import Document, Page, raw
from chalicelib.engines.pages.resources import content_bytes, is_whole
from chalicelib.engines.pages.spaces import shows_only_blanks

_DEEPEST_FORM = 20

_PAINTS = {
    **dict.fromkeys(("f", "F", "f*"), ("fill",)),
    **dict.fromkeys(("S", "s"), ("stroke",)),
    **dict.fromkeys(("B", "B*", "b", "b*"), ("fill", "stroke")),
}
_MARKS = frozenset({"sh", "BI", "EI"})
_TEXTS = frozenset({"Tj", "TJ", "'", '"'})

_DEVICE = {"g": "/DeviceGray", "rg": "/DeviceRGB", "k": "/DeviceCMYK"}
_COMPONENTS = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}
_WHITE: dict[str, Callable[[list[float]], bool]] = {
    "/DeviceGray": lambda values: values == [1],
    "/CalGray": lambda values: values == [1],
    "/DeviceRGB": lambda values: values == [1, 1, 1],
    "/CalRGB": lambda values: values == [1, 1, 1],
    "/DeviceCMYK": lambda values: values == [0, 0, 0, 0],
    "/Separation": lambda values: values == [0],
    "/DeviceN": lambda values: not any(values),
}
"""Paper's own colour by family of colour space; of inks, none."""


def is_blank(document: Document, page: Page) -> bool:
    """Whether ``page`` shows nothing; ``False`` whenever that is not certain."""
    for item in document.array(page.data, "/Annots"):
        annotation = document.get(item)
        if isinstance(annotation, DictionaryObject) and annotation.get("/Subtype") != "/Popup":
            return False
    complaints = len(document.complaints)
    try:
        if not is_whole(document, raw(page.data, "/Contents")):
            return False
        content = content_bytes(document, raw(page.data, "/Contents"))
        resources = document.dictionary(page.data, "/Resources")
        shows = _Painter(document, resources, _State()).marks(content)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a content that can't be read for whatever reason is not known blank
        return False
    return not shows and len(document.complaints) == complaints


@dataclass(frozen=True)
class _Colour:
    """A colour space's family, and whether the colour in it is white: both colours start as black."""

    space: str = "/DeviceGray"
    white: bool = False


@dataclass(frozen=True)
class _State:
    """Part of the graphics state."""

    fill: _Colour = _Colour()
    stroke: _Colour = _Colour()
    font: Any = None

    def white(self, which: str) -> bool:
        return (self.fill if which == "fill" else self.stroke).white


class _Painter:
    """Follows a content's colours until something visible is painted."""

    def __init__(self, document: Document, resources: Any, state: _State, depth: int = 0) -> None:
        self._document = document
        self._resources = resources
        self._state = state
        self._depth = depth
        self._saved: list[_State] = []

    def marks(self, content: bytes) -> bool:
        return any(self._marks(operator, operands) for operator, operands in operations(content))

    def _marks(self, operator: str, operands: list[Operand]) -> bool:
        if operator in _PAINTS:
            return not all(map(self._state.white, _PAINTS[operator]))
        if operator in _TEXTS:
            return not shows_only_blanks(self._document, self._state.font, operands)
        if operator == "Do":
            return self._paints_object(str(operands[0]))
        if operator == "gs":
            return self._changes_painting(str(operands[0]))
        self._follow(operator, operands)
        return operator in _MARKS

    def _follow(self, operator: str, operands: list[Operand]) -> None:
        if operator == "q":
            self._saved.append(self._state)
        elif operator == "Q" and self._saved:
            self._state = self._saved.pop()
        elif operator == "Tf":
            font = self._resource("/Font", str(operands[0]))
            self._state = replace(self._state, font=font)
        elif operator.lower() in _DEVICE:
            self._set(operator, self._colour(operator, _DEVICE[operator.lower()], operands))
        elif operator in ("cs", "CS"):
            self._set(operator, _Colour(self._family(str(operands[0]))))
        elif operator in ("sc", "scn", "SC", "SCN"):
            self._set(operator, self._colour(operator, None, operands))

    def _set(self, operator: str, colour: _Colour) -> None:
        """Operators in capitals are for strokes."""
        if operator.isupper():
            self._state = replace(self._state, stroke=colour)
        else:
            self._state = replace(self._state, fill=colour)

    def _colour(self, operator: str, space: str | None, operands: list[Operand]) -> _Colour:
        """``space``: ``None`` for the one in use."""
        current = self._state.stroke if operator.isupper() else self._state.fill
        space = current.space if space is None else space
        values = [value for value in operands if isinstance(value, float)]
        return _Colour(space, len(values) == len(operands) and space in _WHITE and _WHITE[space](values))

    def _family(self, name: str) -> str:
        if name.startswith("/Device"):
            return name
        space = self._resource("/ColorSpace", name)
        if isinstance(space, NameObject):
            return str(space)
        family = str(self._document.get(space[0])) if isinstance(space, list) and space else ""
        if family != "/ICCBased":
            return family
        components = self._document.get(raw(self._document.get(space[1]), "/N"))
        return _COMPONENTS.get(components, "")

    def _changes_painting(self, name: str) -> bool:
        """White on white shows with a blend mode other than Normal; overprint and masks can't make it show."""
        modes = self._document.get(raw(self._resource("/ExtGState", name), "/BM"))
        return modes not in (None, "/Normal", "/Compatible", ["/Normal"])

    def _paints_object(self, name: str) -> bool:
        form = self._resource("/XObject", name)
        if not isinstance(form, StreamObject) or form.get("/Subtype") != "/Form" or self._depth >= _DEEPEST_FORM:
            return True
        resources = self._document.dictionary(form, "/Resources") or self._resources
        painter = _Painter(self._document, resources, self._state, self._depth + 1)
        return painter.marks(content_bytes(self._document, form))

    def _resource(self, category: str, name: str) -> Any:
        return self._document.get(raw(self._document.dictionary(self._resources, category), name))

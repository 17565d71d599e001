"""The attributes of an element, its own before those of its classes."""

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.engines.tagged.objects import PdfObject
from chalicelib.engines.tagged.tree import Attributes

_NUMBERS = {
    "StartIndent": "start_indent",
    "EndIndent": "end_indent",
    "TextIndent": "text_indent",
    "SpaceBefore": "space_before",
    "SpaceAfter": "space_after",
    "LineHeight": "line_height",
}
_NAMES = {
    "Scope": "scope",
    "ListNumbering": "list_numbering",
    "Placement": "placement",
    "TextAlign": "text_align",
    "WritingMode": "writing_mode",
    "TextDecorationType": "text_decoration",
}
_COUNTS = {"RowSpan": "row_span", "ColSpan": "column_span", "ColumnCount": "column_count"}
_MOST_SPANNED = 1_000
"""No table has more rows or columns; a greater number is an attack on memory."""

_NONE = Attributes()


def read_attributes(element: PdfObject, class_map: Mapping[str, PdfObject]) -> Attributes:
    """The attributes of a structure element, as far as they are known here."""
    found: dict[str, Any] = {}
    for owner in _owners(element, class_map):
        for key, value in owner.items():
            for name, read in _values(key, value):
                if read is not None:
                    found.setdefault(name, read)
    return Attributes(**found) if found else _NONE


def _owners(element: PdfObject, class_map: Mapping[str, PdfObject]) -> Iterator[PdfObject]:
    """The attribute dictionaries; arrays of them hold revision numbers too."""
    for one in element.get("A").members():
        if one.is_dict():
            yield one
    for name in element.get("C").members():
        mapped = class_map.get(name.name() or "")
        if mapped is not None:
            yield from (one for one in mapped.members() if one.is_dict())


def _values(key: str, value: PdfObject) -> Iterator[tuple[str, Any]]:
    if key in _NUMBERS:
        yield _NUMBERS[key], value.real()
    elif key in _NAMES:
        yield _NAMES[key], value.name()
    elif key in _COUNTS:
        count = value.integer()
        yield _COUNTS[key], min(count, _MOST_SPANNED) if count > 0 else None
    elif key == "BBox":
        numbers = [one.real() for one in value.members()]
        yield "box", tuple(numbers) if len(numbers) == 4 and None not in numbers else None
    elif key == "Headers":
        yield "headers", tuple(text for one in value.members() if (text := one.text()))

"""What a page's content comes to with all forms that it draws, counted before MuPDF interprets any of it."""

import re
from typing import Any

MOST_CONTENT_BYTES = 1_000_000_000
"""Operators of a page, forms as often as they are drawn; MuPDF takes ten seconds and more for so many, a dense map has
a hundredth of them."""

_DRAWN = re.compile(rb"/([^\s/\[\]()<>{}%]+)\s+Do\b")
_DEEPEST = 64
_MOST_PARENTS = 16


class TooMuch(Exception):
    """A page comes to more than ``MOST_CONTENT_BYTES``: it is given up alone, before it is interpreted."""


def content_bytes(document: Any, page: int) -> int:
    """The bytes of content that drawing a page (from 0) of a PyMuPDF document interprets; about, and never more.

    Thirty forms of which each draws the next one twice are 5 KB, and come to a billion.
    """
    xref = document.page_xref(page)
    resources = _resources_of_page(document, xref)
    if resources is None:
        return 0
    return _Count(document).of(document[page].read_contents(), resources, xref, 0)


class _Count:
    """Counts each form once, and remembers it."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._known: dict[int, int] = {}

    def of(self, content: bytes, resources: str, owner: int, depth: int) -> int:
        """The bytes of ``content`` and of what it draws; ``resources`` is the path below ``owner`` of its forms."""
        total = len(content)
        if depth > _DEEPEST:
            return total
        drawn: dict[bytes, int] = {}
        for name in _DRAWN.findall(content):
            drawn[name] = drawn.get(name, 0) + 1
        for name, times in drawn.items():
            kind, value = self._document.xref_get_key(owner, f"{resources}/{name.decode('latin-1')}")
            if kind == "xref":
                total += times * self._form(int(value.split()[0]), owner, resources, depth)
        return total

    def _form(self, xref: int, owner: int, resources: str, depth: int) -> int:
        if xref not in self._known:
            self._known[xref] = 0  # one that draws itself is drawn once
            if self._document.xref_get_key(xref, "Subtype")[1] == "/Form":
                content = self._document.xref_stream(xref) or b""
                own = self._document.xref_get_key(xref, "Resources/XObject")[0] != "null"
                where = ("Resources/XObject", xref) if own else (resources, owner)
                self._known[xref] = self.of(content, *where, depth + 1)
        return self._known[xref]


def _resources_of_page(document: Any, xref: int) -> str | None:
    """The path, from the page's object, of the forms that it may draw, which are inherited; None: there are none."""
    path = ""
    for _ in range(_MOST_PARENTS):
        if document.xref_get_key(xref, f"{path}Resources")[0] != "null":
            found = f"{path}Resources/XObject"
            return found if document.xref_get_key(xref, found)[0] != "null" else None
        path += "Parent/"
    return None

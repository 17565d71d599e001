"""What leads to a page: destinations and actions; whatever led to a removed page goes with it."""

from collections.abc import Iterable
from typing import Any

from pypdf.generic import ArrayObject, DictionaryObject, NameObject

from chalicelib.engines.pages.document import Document, Key, Page, key_of, raw
from chalicelib.engines.pages.trees import read_tree, write_tree

_LONGEST_CHAIN = 50


class Targets:
    """Which destinations lead nowhere once ``removed`` is gone, and the mending of what holds them."""

    def __init__(self, document: Document, pages: list[Page], removed: set[Key]) -> None:
        self._document = document
        self._pages = pages
        self._removed = removed
        self._lost_strings: set[bytes] = set()
        self._lost_names: set[str] = set()

    def mend_names(self) -> None:
        """Drop the named destinations that are lost; before anything else is mended."""
        catalog, document = self._document.catalog, self._document
        old_style = document.dictionary(catalog, "/Dests") or DictionaryObject()
        self._lost_names = {name for name, value in old_style.items() if self.is_lost(value)}
        for name in self._lost_names:
            del old_style[name]
        tree = document.dictionary(document.dictionary(catalog, "/Names"), "/Dests")
        if tree is not None:
            pairs = read_tree(document, tree, "/Names")
            kept = [(name, value) for name, value in pairs if not self.is_lost(value)]
            self._lost_strings = {_bytes(name) for name, _ in pairs} - {_bytes(name) for name, _ in kept}
            if len(kept) < len(pairs):
                write_tree(tree, "/Names", kept)

    def is_lost(self, destination: Any, depth: int = 0) -> bool:
        """Whether a destination, explicit or by name, leads to a removed page; an index becomes its page."""
        value = self._document.get(destination)
        if isinstance(value, NameObject):
            return value in self._lost_names
        if isinstance(value, (str, bytes)):
            return _bytes(value) in self._lost_strings
        if isinstance(value, list) and value:
            return self._is_page_lost(value)
        if isinstance(value, DictionaryObject) and depth < _LONGEST_CHAIN:
            return any(self.is_lost(raw(value, name), depth + 1) for name in ("/D", "/SD") if name in value)
        return False

    def _is_page_lost(self, explicit: list[Any]) -> bool:
        page = explicit[0]
        if isinstance(page, int) and 0 <= page < len(self._pages):
            page = explicit[0] = self._pages[page].reference
        element = self._document.get(page)
        if isinstance(element, DictionaryObject) and "/Pg" in element:
            page = raw(element, "/Pg")
        return key_of(page) in self._removed

    def mend(self, holder: DictionaryObject) -> bool:
        """Mend the destination and the actions of a link, an outline item, a page, a field or the catalog.

        True if it lost where a click on it led to.
        """
        led_somewhere = "/Dest" in holder or "/A" in holder
        if "/Dest" in holder and self.is_lost(raw(holder, "/Dest")):
            del holder["/Dest"]
        for name in ("/A", "/PA"):
            self._mend_entry(holder, name)
        events = self._document.dictionary(holder, "/AA")
        for name in list(events or ()):
            self._mend_entry(events, name)
        return led_somewhere and "/Dest" not in holder and "/A" not in holder

    def mend_open_action(self) -> None:
        """``/OpenAction`` is a destination or an action."""
        catalog = self._document.catalog
        if isinstance(self._document.get(raw(catalog, "/OpenAction")), DictionaryObject):
            self._mend_entry(catalog, "/OpenAction")
        elif "/OpenAction" in catalog and self.is_lost(raw(catalog, "/OpenAction")):
            del catalog["/OpenAction"]

    def _mend_entry(self, holder: Any, name: str) -> None:
        if name not in holder:
            return
        mended = self._mended(raw(holder, name))
        if mended is None:
            del holder[name]
        else:
            holder[NameObject(name)] = mended

    def _mended(self, action: Any, depth: int = 0) -> Any:
        """An action without the jumps that are lost; ``None`` if nothing of it is left."""
        value = self._document.get(action)
        if depth > _LONGEST_CHAIN:
            return None
        if isinstance(value, list):
            left = [one for one in (self._mended(item, depth + 1) for item in value) if one is not None]
            return ArrayObject(left) if left else None
        if not isinstance(value, DictionaryObject):
            return action
        following = self._mended(raw(value, "/Next"), depth + 1) if "/Next" in value else None
        if value.get("/S") == "/GoTo" and self.is_lost(value):
            return following
        if following is not None:
            value[NameObject("/Next")] = following
        else:
            value.pop("/Next", None)
        return action


def _bytes(name: Any) -> bytes:
    if isinstance(name, bytes):
        return name
    original = getattr(name, "original_bytes", None)
    return original if isinstance(original, bytes) else str(name).encode("utf-8", "replace")


def iterate_chain(document: Document, first: Any, following: str) -> Iterable[tuple[Any, DictionaryObject]]:
    """(reference, dictionary) of each member of a linked list, once, also when it is a ring."""
    visited: set[int] = set()
    value = first
    while isinstance(node := document.get(value), DictionaryObject) and id(node) not in visited:
        visited.add(id(node))
        yield value if key_of(value) else document.add(node), node
        value = raw(node, following)

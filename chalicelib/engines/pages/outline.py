"""The outline (bookmarks) without the items that led to removed pages."""

from typing import Any

from pypdf.generic import DictionaryObject, NameObject, NumberObject

from chalicelib.engines.pages.document import Document, raw
from chalicelib.engines.pages.targets import Targets, iterate_chain


def mend_outline(document: Document, targets: Targets) -> int:
    """Drop what is lost and return how many items; the items below a lost one move up to its level.

    Its title goes too: mostly it is the removed page's own heading.
    """
    root = document.dictionary(document.catalog, "/Outlines")
    if root is None:
        return 0
    outline = _Outline(document, targets)
    items = outline.survivors(root)
    if outline.lost == 0:
        return 0
    outline.link(root, raw(document.catalog, "/Outlines"), items)
    if not items:
        del document.catalog["/Outlines"]
        if document.catalog.get("/PageMode") == "/UseOutlines":
            del document.catalog["/PageMode"]
    return outline.lost


class _Outline:
    def __init__(self, document: Document, targets: Targets) -> None:
        self._document = document
        self._targets = targets
        self._visited: set[int] = set()
        self.lost = 0

    def survivors(self, parent: DictionaryObject) -> list[Any]:
        """References to the items that stay directly below ``parent``, everything below them mended."""
        items: list[Any] = []
        for reference, item in iterate_chain(self._document, raw(parent, "/First"), "/Next"):
            if id(item) in self._visited:
                continue
            self._visited.add(id(item))
            had_children = "/First" in item
            children = self.survivors(item)
            lost = self._targets.mend(item)
            if lost or (had_children and not children and not {"/Dest", "/A"} & item.keys()):
                self.lost += 1
                items += children
            else:
                self.link(item, reference, children)
                items.append(reference)
        return items

    def link(self, parent: DictionaryObject, reference: Any, items: list[Any]) -> None:
        """Chain ``items`` below ``parent``; a closed item stays closed."""
        for name in ("/First", "/Last"):
            parent.pop(name, None)
        nodes = [self._document.get(item) for item in items]
        for position, node in enumerate(nodes):
            node[NameObject("/Parent")] = reference
            for name, neighbour in (("/Prev", position - 1), ("/Next", position + 1)):
                node.pop(name, None)
                if 0 <= neighbour < len(items):
                    node[NameObject(name)] = items[neighbour]
        was_open = self._count(parent) > 0
        parent.pop("/Count", None)
        if items:
            parent[NameObject("/First")], parent[NameObject("/Last")] = items[0], items[-1]
            visible = len(nodes) + sum(max(0, self._count(node)) for node in nodes)
            parent[NameObject("/Count")] = NumberObject(visible if was_open else -visible)

    def _count(self, item: DictionaryObject) -> int:
        count = self._document.get(raw(item, "/Count"))
        return count if isinstance(count, int) else 0

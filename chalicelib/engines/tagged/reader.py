"""Reads the tree of tags out of a PDF that is open in PyMuPDF."""

from collections.abc import Iterator
from typing import Any

from chalicelib.engines.tagged.attributes import read_attributes
from chalicelib.engines.tagged.objects import PdfObject
from chalicelib.engines.tagged.roles import standard_role
from chalicelib.engines.tagged.tree import Content, Element, ObjectReference, TagTree

_MOST_ELEMENTS = 400_000
"""A book of a thousand pages has about as many; more is an attack on memory."""

_NOT_ELEMENTS = frozenset({"MCR", "OBJR"})


def read_tags(document: Any) -> TagTree:
    """The tags of a PyMuPDF ``document``; an empty tree where it has none or they can't be read."""
    catalog = PdfObject.catalog(document)
    root = catalog.get("StructTreeRoot")
    tree = TagTree(language=catalog.get("Lang").text())
    info = catalog.get("MarkInfo")
    tree.marked, tree.suspect = info.get("Marked").boolean(), info.get("Suspects").boolean()
    if root.is_dict():
        _Reader(document, root, tree).read()
    return tree


class _Reader:
    """One walk over the tree, without recursion: a hostile tree is deep, and its elements may hold each other."""

    def __init__(self, document: Any, root: PdfObject, tree: TagTree) -> None:
        self._tree, self._root = tree, root
        self._pages = {document.page_xref(at): at + 1 for at in range(document.page_count)}
        self._role_map = {name: value.name() for name, value in root.get("RoleMap").items()}
        self._class_map = dict(root.get("ClassMap").items())
        self._seen: set[int] = set()

    def read(self) -> None:
        waiting: list[tuple[PdfObject, int, int]] = [
            (kid, -1, 0) for kid in reversed(list(self._root.get("K").members()))
        ]
        while waiting and len(self._tree.elements) < _MOST_ELEMENTS:
            obj, parent, page = waiting.pop()
            waiting += reversed(list(self._take(obj, parent, page)))

    def _take(self, obj: PdfObject, parent: int, page: int) -> Iterator[tuple[PdfObject, int, int]]:
        """Enter one kid; yields the kids of an element, which are to be entered next."""
        if obj.is_int():
            self._own(Content(page, obj.integer()), parent)
            return
        if not obj.is_dict():
            return
        page = self._pages.get(obj.get("Pg").number(), page)
        kind = obj.get("Type").name()
        if kind == "MCR":
            self._own(Content(page, obj.get("MCID").integer(), obj.get("Stm").number()), parent)
        elif kind == "OBJR":
            self._refer(ObjectReference(page, obj.get("Obj").number()), parent)
        elif self._is_new(obj):
            element = self._element(obj, parent)
            for kid in obj.get("K").members():
                yield kid, element.index, page

    def _is_new(self, obj: PdfObject) -> bool:
        number = obj.number()
        if number and number in self._seen:
            return False
        self._seen.add(number)
        return True

    def _element(self, obj: PdfObject, parent: int) -> Element:
        raw = obj.get("S").name() or ""
        tree = self._tree
        element = Element(
            index=len(tree.elements),
            parent=parent,
            role=standard_role(raw, self._role_map),
            raw_role=raw,
            title=obj.get("T").text(),
            alt=obj.get("Alt").text(),
            actual_text=obj.get("ActualText").text(),
            expansion=obj.get("E").text(),
            language=obj.get("Lang").text(),
            identifier=obj.get("ID").text(),
            attributes=read_attributes(obj, self._class_map),
        )
        tree.elements.append(element)
        if parent < 0:
            tree.roots.append(element.index)
        else:
            tree.elements[parent].kids.append(element.index)
        return element

    def _own(self, content: Content, parent: int) -> None:
        if parent >= 0 and content.mcid >= 0 and content not in self._tree.owners:
            self._tree.owners[content] = parent
            self._tree.elements[parent].kids.append(content)

    def _refer(self, reference: ObjectReference, parent: int) -> None:
        if parent >= 0:
            self._tree.objects.setdefault(reference, parent)
            self._tree.elements[parent].kids.append(reference)

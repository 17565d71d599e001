"""The structure tree of a tagged PDF and its article threads, without what belonged to removed pages."""

from dataclasses import dataclass, field
from typing import Any

from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NullObject

from chalicelib.engines.pages.document import Document, Key, Page, key_of, raw
from chalicelib.engines.pages.targets import iterate_chain
from chalicelib.engines.pages.trees import read_tree, write_tree

_TEXTS = ("/ActualText", "/Alt", "/E")
"""What stands for an element's whole content, so for the removed part of it as well."""


def mend_structure(document: Document, kept: list[Page], removed: list[Page], gone: set[Key]) -> None:
    """Prune the tree to what kept pages show. To ``gone``, the annotations, the elements that go are added."""
    root = document.dictionary(document.catalog, "/StructTreeRoot")
    if root is None:
        return
    _Pruning(document, {page.key for page in removed} - {page.key for page in kept}, gone).prune(root, None)
    if not document.array(root, "/K") and document.dictionary(root, "/K") is None:
        document.catalog.pop("/StructTreeRoot", None)
        document.catalog.pop("/MarkInfo", None)
        return
    stale = _parent_numbers(document, removed) - _parent_numbers(document, kept)
    _mend_parent_tree(document, root, stale, gone)
    _mend_id_tree(document, root, gone)


def _parent_numbers(document: Document, pages: list[Page]) -> set[Any]:
    return {document.get(raw(page.data, "/StructParents")) for page in pages}


def _mend_parent_tree(document: Document, root: DictionaryObject, stale: set[Any], gone: set[Key]) -> None:
    """From a page's or object's number to its elements; a page's list goes by position, so gaps become null."""
    tree = document.dictionary(root, "/ParentTree")
    if tree is None:
        return
    pairs = []
    for number, value in read_tree(document, tree, "/Nums"):
        elements = document.get(value)
        if number in stale or key_of(value) in gone:
            continue
        if isinstance(elements, list):
            elements[:] = [NullObject() if key_of(one) in gone else one for one in elements]
            if all(isinstance(one, NullObject) for one in elements):
                continue
        pairs.append((number, value))
    write_tree(tree, "/Nums", pairs)


def _mend_id_tree(document: Document, root: DictionaryObject, gone: set[Key]) -> None:
    tree = document.dictionary(root, "/IDTree")
    if tree is not None:
        pairs = read_tree(document, tree, "/Names")
        write_tree(tree, "/Names", [(name, value) for name, value in pairs if key_of(value) not in gone])


@dataclass
class _Content:
    """What was found below an element: on pages that stay, and on pages that go."""

    kept: bool = False
    lost: bool = False


@dataclass
class _Pruning:
    document: Document
    removed: set[Key]
    gone: set[Key]
    visited: set[int] = field(default_factory=set)

    def prune(self, element: DictionaryObject, page: Key | None) -> _Content:
        """Take what is lost out of ``element``'s children. ``page`` is that of the element above it."""
        page = key_of(raw(element, "/Pg")) or page
        children = self.document.get(raw(element, "/K"))
        single = not isinstance(children, list)
        items = [raw(element, "/K")] if single else children
        found, staying = _Content(), ArrayObject()
        for item in items:
            below = self._content_of(item, page)
            found.kept |= below.kept
            found.lost |= below.lost
            if below.kept or not below.lost:
                staying.append(item)
            elif key := key_of(item):
                self.gone.add(key)
        if found.lost:
            self._replace_children(element, staying)
            if found.kept:
                for name in _TEXTS:
                    element.pop(name, None)
        if key_of(raw(element, "/Pg")) in self.removed:
            del element["/Pg"]
        return found

    def _content_of(self, item: Any, page: Key | None) -> _Content:
        """An element, a marked-content number, or a dictionary that refers to marked content or an object."""
        node = self.document.get(item)
        if not isinstance(node, DictionaryObject):
            return self._on_page(page) if isinstance(node, int) else _Content()
        page = key_of(raw(node, "/Pg")) or page
        if node.get("/Type") == "/OBJR":
            target = key_of(raw(node, "/Obj"))
            return _Content(lost=True) if target in self.gone else self._on_page(page)
        if node.get("/Type") == "/MCR":
            return self._on_page(page)
        if id(node) in self.visited:
            return _Content()
        self.visited.add(id(node))
        if "/K" not in node:
            return _Content(lost=page in self.removed)
        return self.prune(node, page)

    def _on_page(self, page: Key | None) -> _Content:
        return _Content(kept=page not in self.removed, lost=page in self.removed)

    @staticmethod
    def _replace_children(element: DictionaryObject, staying: ArrayObject) -> None:
        if staying:
            element[NameObject("/K")] = staying
        else:
            element.pop("/K", None)


def mend_threads(document: Document, removed: set[Key], gone: set[Key]) -> None:
    """Take the beads on removed pages out of the article threads, and then the threads without beads."""
    if "/Threads" not in document.catalog:
        return
    staying = ArrayObject()
    for reference in document.array(document.catalog, "/Threads"):
        thread = document.get(reference)
        beads = list(iterate_chain(document, raw(thread, "/F"), "/N"))
        lost = [bead for bead, node in beads if key_of(raw(node, "/P")) in removed]
        gone |= {key for bead in lost if (key := key_of(bead))}
        kept = [(bead, node) for bead, node in beads if bead not in lost]
        if kept:
            _link_beads(thread, reference, kept)
            staying.append(reference)
        elif key := key_of(reference):
            gone.add(key)
    document.catalog[NameObject("/Threads")] = staying


def _link_beads(thread: DictionaryObject, reference: Any, beads: list[tuple[Any, DictionaryObject]]) -> None:
    """A ring of beads whose first one names the thread."""
    thread[NameObject("/F")] = beads[0][0]
    for position, (_, node) in enumerate(beads):
        node[NameObject("/V")] = beads[position - 1][0]
        node[NameObject("/N")] = beads[(position + 1) % len(beads)][0]
    beads[0][1][NameObject("/T")] = reference

"""Annotations and form fields: those of removed pages go, those that stay lead nowhere that is gone."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, NameObject

from chalicelib.engines.pages.document import Document, Key, Page, key_of
from chalicelib.engines.pages.targets import Targets


@dataclass
class Casualties:
    """The objects that went, and how many of each sort."""

    keys: set[Key] = field(default_factory=set)
    links: int = 0
    fields: int = 0
    xfa: bool = False

    def add(self, reference: object) -> None:
        """A direct object needs no note: it goes with what holds it."""
        key = key_of(reference)
        if key is not None:
            self.keys.add(key)


def mend_annotations(
    document: Document, kept: list[Page], removed: list[Page], targets: Targets, gone: Casualties
) -> None:
    """Note the removed pages' annotations as gone, and drop the other pages' links to them."""
    gone.keys |= _annotations(document, removed) - _annotations(document, kept)
    for page in kept:
        targets.mend(page.data)
        staying = ArrayObject()
        for reference in document.array(page.data, "/Annots"):
            annotation = document.get(reference)
            if not isinstance(annotation, DictionaryObject):
                continue
            if targets.mend(annotation) and annotation.get("/Subtype") == "/Link":
                gone.links += 1
                gone.add(reference)
                continue
            if "/P" in annotation:
                annotation[NameObject("/P")] = page.reference
            staying.append(reference)
        if "/Annots" in page.data:
            page.data[NameObject("/Annots")] = staying


def _annotations(document: Document, pages: list[Page]) -> set[Key]:
    return {key for page in pages for item in document.array(page.data, "/Annots") if (key := key_of(item))}


def mend_form(document: Document, targets: Targets, gone: Casualties) -> None:
    """Drop the fields which had widgets on removed pages only, and the XFA form, which holds all pages."""
    form = document.dictionary(document.catalog, "/AcroForm")
    if form is None:
        return
    fields = document.array(form, "/Fields")
    visited: set[int] = set()
    staying = [field for field in fields if _stays(document, field, targets, gone, visited)]
    form[NameObject("/Fields")] = ArrayObject(staying)
    if "/CO" in form:
        order = document.array(form, "/CO")
        form[NameObject("/CO")] = ArrayObject(item for item in order if key_of(item) not in gone.keys)
    gone.xfa = "/XFA" in form
    form.pop("/XFA", None)
    document.catalog.pop("/NeedsRendering", None)


def is_dynamic_form(document: Document, pages: Sequence[Page]) -> bool:
    """Whether the PDF is only the shell of an XFA form: says so itself, or has one page and no field."""
    form = document.dictionary(document.catalog, "/AcroForm")
    if form is None or "/XFA" not in form:
        return False
    says_so = document.get(document.catalog.get("/NeedsRendering"))
    return says_so == BooleanObject(True) or (len(pages) == 1 and not document.array(form, "/Fields"))


def _stays(document: Document, reference: object, targets: Targets, gone: Casualties, visited: set[int]) -> bool:
    """Whether anything of a field or widget is left; a field that never had a widget stays."""
    node = document.get(reference)
    if key_of(reference) in gone.keys:
        gone.fields += isinstance(node, DictionaryObject) and "/T" in node
        return False
    if not isinstance(node, DictionaryObject) or id(node) in visited:
        return False
    visited.add(id(node))
    targets.mend(node)
    kids = document.array(node, "/Kids")
    if not kids:
        return True
    staying = [kid for kid in kids if _stays(document, kid, targets, gone, visited)]
    if staying:
        node[NameObject("/Kids")] = ArrayObject(staying)
        return True
    gone.fields += 1
    gone.add(reference)
    return False


def signed(document: Document) -> bool:
    """Whether anybody signed the document; usage rights for a reader (``/UR3``) are no signature of anybody."""
    form = document.dictionary(document.catalog, "/AcroForm")
    visited: set[int] = set()
    queue = list(document.array(form, "/Fields"))
    while queue:
        node = document.get(queue.pop())
        if isinstance(node, DictionaryObject) and id(node) not in visited:
            visited.add(id(node))
            if node.get("/FT") == "/Sig" and "/V" in node:
                return True
            queue += document.array(node, "/Kids")
    return "/DocMDP" in (document.dictionary(document.catalog, "/Perms") or ())

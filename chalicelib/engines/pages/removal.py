"""Removes pages from a document's graph: mends what leads to them, then cuts off all that was only theirs."""

from dataclasses import dataclass

from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject

from chalicelib.engines.pages.annotations import Casualties, mend_annotations, mend_form
from chalicelib.engines.pages.document import Document, Page, raw
from chalicelib.engines.pages.labels import keep_labels
from chalicelib.engines.pages.outline import mend_outline
from chalicelib.engines.pages.resources import cut_off
from chalicelib.engines.pages.structure import mend_structure, mend_threads
from chalicelib.engines.pages.targets import Targets

_PRIVATE = "/PieceInfo"
"""What the program that made a PDF keeps for itself, possibly the whole document again (Illustrator)."""


@dataclass(frozen=True)
class Removal:
    """What went with the pages, counted."""

    bookmarks: int
    links: int
    fields: int
    xfa: bool
    private_data: bool


def remove_pages(document: Document, pages: list[Page], numbers: set[int]) -> Removal:
    """Take the pages with these numbers out of ``document``, with everything that was only theirs."""
    kept = [page for page in pages if page.number not in numbers]
    removed = [page for page in pages if page.number in numbers]
    lost = {page.key for page in removed} - {page.key for page in kept}
    keep_labels(document, kept)
    targets = Targets(document, pages, lost)
    targets.mend_names()
    targets.mend_open_action()
    targets.mend(document.catalog)
    bookmarks = mend_outline(document, targets)
    gone = Casualties()
    mend_annotations(document, kept, removed, targets, gone)
    mend_form(document, targets, gone)
    mend_threads(document, lost, gone.keys)
    mend_structure(document, kept, removed, gone.keys)
    private_data = _drop_private_data(document, kept)
    _rebuild_page_tree(document, kept)
    cut_off(document, kept, removed, gone.keys)
    return Removal(bookmarks, gone.links, gone.fields, gone.xfa, private_data)


def _drop_private_data(document: Document, kept: list[Page]) -> bool:
    """Also what held for the pages as they were: permissions by signature, print ranges, print parts."""
    owners = [document.catalog, *(page.data for page in kept)]
    found = [owner.pop(_PRIVATE, None) for owner in owners]
    for name in ("/DPartRoot", "/Perms"):
        document.catalog.pop(name, None)
    for page in kept:
        page.data.pop("/DPart", None)
    preferences = document.dictionary(document.catalog, "/ViewerPreferences")
    if preferences is not None:
        preferences.pop("/PrintPageRange", None)
    return any(data is not None for data in found)


def _rebuild_page_tree(document: Document, kept: list[Page]) -> None:
    """One node over all pages, which have got what they inherited already."""
    root = DictionaryObject()
    root[NameObject("/Type")] = NameObject("/Pages")
    root[NameObject("/Count")] = NumberObject(len(kept))
    root[NameObject("/Kids")] = ArrayObject(page.reference for page in kept)
    document.catalog[NameObject("/Pages")] = document.add(root)
    for page in kept:
        page.data[NameObject("/Parent")] = raw(document.catalog, "/Pages")

"""What kept pages need of the objects that they share with removed ones; the rest of those is cut off."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from pypdf.generic import DictionaryObject, IndirectObject, NullObject, StreamObject

from chalicelib.engines.pages.content import names_in
from chalicelib.engines.pages.document import Document, Key, Page, key_of, raw

_CARRIERS = frozenset({"/XObject", "/Pattern", "/Shading", "/Properties", "/ExtGState"})
"""Categories of resources that can hold what a page shows or says; fonts do if they are of type 3."""

# fmt: off
_DOCUMENT_LEVEL = frozenset(
    {
        "/AA", "/AF", "/AcroForm", "/Collection", "/DSS", "/Dests", "/Extensions", "/Lang", "/Legal",
        "/MarkInfo", "/Metadata", "/Names", "/OCProperties", "/OpenAction", "/Outlines",
        "/OutputIntents", "/PageLabels", "/Requirements", "/StructTreeRoot", "/Threads", "/URI",
        "/ViewerPreferences",
    }
)
# fmt: on
"""Entries of the catalog that hold nothing of a removed page once they are mended."""

_UPWARDS = frozenset({"/Parent", "/P", "/Pg"})


def reachable(
    document: Document,
    roots: Iterable[Any],
    *,
    barrier: AbstractSet[Key] = frozenset(),
    skip: frozenset[str] = frozenset(),
) -> set[Key]:
    """What can be reached from ``roots``, not through ``barrier`` and not by the entries in ``skip``."""
    found: set[Key] = set()
    queue = list(roots)
    while queue:
        value = queue.pop()
        if isinstance(value, IndirectObject):
            key = value.idnum, value.generation
            if key not in found and key not in barrier:
                found.add(key)
                queue.append(document.get(value))
        elif isinstance(value, dict):
            queue += [item for name, item in value.items() if name not in skip] if skip else value.values()
        elif isinstance(value, list):
            queue += value
    return found


def content_bytes(document: Document, value: Any) -> bytes:
    """The decoded content of a page (a stream or an array of them) or of a form; raises what pypdf raises."""
    found = document.get(value)
    streams = [document.get(one) for one in found] if isinstance(found, list) else [found]
    return b"\n".join(stream.get_data() for stream in streams if isinstance(stream, StreamObject))


def is_whole(document: Document, contents: Any) -> bool:
    """Whether every part of a page's content is there; without any it is whole as well."""
    found = document.get(contents)
    parts = found if isinstance(found, list) else [contents]
    return contents is None or all(isinstance(document.get(part), StreamObject) for part in parts)


def cut_off(document: Document, kept: list[Page], removed: list[Page], gone: set[Key]) -> None:
    """Leave no way from the catalog to what only ``removed`` pages and ``gone`` objects had.

    All that leads to pages on purpose (outline, links, fields, structure) must be mended before.
    """
    kept_keys = {page.key for page in kept}
    lost = gone | {page.key for page in removed} - kept_keys
    roots = [IndirectObject(*key, document.reader) for key in sorted(lost)]
    suspects = reachable(document, roots, barrier=kept_keys, skip=_UPWARDS)
    usage = _Usage(document, suspects, lost)
    usage.visit([page.reference for page in kept])
    usage.visit([value for name, value in document.catalog.items() if name in _DOCUMENT_LEVEL])
    usage.prune()
    _sever(document, suspects - usage.found)


def damaged_pages(document: Document, kept: list[Page]) -> list[int]:
    """The numbers of the pages that show something which is missing or can't be read."""
    keys = {page.key for page in kept}

    def is_damaged(page: Page) -> bool:
        if not is_whole(document, raw(page.data, "/Contents")):
            return True
        needed = reachable(document, [page.data], barrier=keys, skip=_UPWARDS) if document.broken else set()
        return not document.broken.isdisjoint(needed)

    return [page.number for page in kept if is_damaged(page)]


def _sever(document: Document, doomed: set[Key]) -> None:
    """Take every reference to ``doomed`` out of what is left; in an array, null takes its place."""
    visited: set[Key] = set()
    queue: list[Any] = [document.catalog, raw(document.reader.trailer, "/Info")]
    while queue:
        value = queue.pop()
        if isinstance(value, IndirectObject):
            key = value.idnum, value.generation
            if key not in visited:
                visited.add(key)
                queue.append(document.get(value))
        elif isinstance(value, dict):
            for name in [name for name, item in value.items() if key_of(item) in doomed]:
                del value[name]
            queue += value.values()
        elif isinstance(value, list):
            value[:] = [NullObject() if key_of(item) in doomed else item for item in value]
            queue += value


@dataclass
class _Category:
    """One category of a resource dictionary, and the names in it that kept content uses."""

    entries: DictionaryObject
    used: set[str] = field(default_factory=set)


class _Usage:
    """Walks all that kept pages show; of shared resources only what their content names."""

    def __init__(self, document: Document, suspects: set[Key], barrier: set[Key]) -> None:
        self.found: set[Key] = set()
        self._document = document
        self._suspects = suspects
        self._barrier = barrier
        self._categories: dict[int, _Category] = {}
        self._queue: list[Any] = []
        self._expanded: set[int] = set()

    def visit(self, roots: list[Any]) -> None:
        self._queue += roots
        while self._queue:
            value = self._queue.pop()
            if isinstance(value, IndirectObject):
                if self._is_new(value):
                    self._queue.append(self._document.get(value))
            elif isinstance(value, dict):
                self._expand(value)
            elif isinstance(value, list):
                self._queue += value

    def prune(self) -> None:
        """Take out of the shared resources what no kept content names."""
        for category in self._categories.values():
            for name in set(category.entries) - category.used:
                key = key_of(raw(category.entries, name))
                if key is None or key in self._suspects:
                    del category.entries[name]

    def _is_new(self, reference: Any) -> bool:
        key = key_of(reference)
        if key is None or key in self.found or key in self._barrier:
            return False
        self.found.add(key)
        return True

    def _expand(self, node: dict[Any, Any]) -> None:
        if id(node) in self._expanded:
            return
        self._expanded.add(id(node))
        for name, value in node.items():
            if name == "/Resources":
                self._expand_resources(node, value)
            elif name == "/DR":
                self._expand_defaults(value)
            else:
                self._queue.append(value)

    def _expand_defaults(self, value: Any) -> None:
        """A form's default resources lend fonts to fields; some writers put a page's whole resources there."""
        self._is_new(value)
        defaults = self._document.get(value)
        for name, category in defaults.items() if isinstance(defaults, dict) else ():
            if name not in _CARRIERS:
                self._queue.append(category)
            else:
                self._is_new(category)

    def _expand_resources(self, owner: dict[Any, Any], value: Any) -> None:
        self._is_new(value)
        resources = self._document.get(value)
        if not isinstance(resources, dict):
            return
        names: set[str] | None = None
        for category, reference in resources.items():
            self._is_new(reference)
            entries = self._document.get(reference)
            if not isinstance(entries, DictionaryObject) or not self._is_suspect(category, entries):
                self._queue.append(entries)
                continue
            if names is None:
                names = self._names(owner, resources)
            self._expand_used(category, entries, names)

    def _is_suspect(self, category: str, entries: DictionaryObject) -> bool:
        return category in {"/Font", *_CARRIERS} and any(
            key in self._suspects or key is None for key in map(key_of, entries.values())
        )

    def _expand_used(self, category: str, entries: DictionaryObject, names: set[str]) -> None:
        noted = self._categories.setdefault(id(entries), _Category(entries))
        for name, value in entries.items():
            harmless = category == "/Font" and not _is_type3(self._document.get(value))
            if name in names or harmless or _EVERY_NAME in names:
                noted.used.add(name)
                self._queue.append(value)

    def _names(self, owner: Any, resources: dict[Any, Any]) -> set[str]:
        """The names in a page's, form's or font's content, and in what it uses that has no resources."""
        names: set[str] = set()
        visited: set[int] = set()
        queue = [owner]
        while queue:
            node = queue.pop()
            if id(node) in visited:
                continue
            visited.add(id(node))
            names |= _names_of(self._document, node)
            for category in ("/XObject", "/Pattern", "/Font"):
                entries = self._document.dictionary(resources, category) or DictionaryObject()
                used = [self._document.get(raw(entries, name)) for name in names & entries.keys()]
                queue += [one for one in used if isinstance(one, dict) and "/Resources" not in one]
        return names


_EVERY_NAME = "any"
"""Stands for the names in a content that can't be decoded; no name itself, for lack of a slash."""


def _names_of(document: Document, node: dict[Any, Any]) -> set[str]:
    if node.get("/Subtype") == "/Image":
        return set()
    contents = [node] if isinstance(node, StreamObject) else [raw(node, "/Contents")]
    if _is_type3(node):
        contents = list((document.dictionary(node, "/CharProcs") or {}).values())
    try:
        return set().union(*(names_in(content_bytes(document, one)) for one in contents))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - what can't be decoded may use anything; whatever the error is
        return {_EVERY_NAME}


def _is_type3(node: Any) -> bool:
    return isinstance(node, dict) and node.get("/Subtype") == "/Type3"

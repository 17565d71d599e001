"""A PDF as a graph of objects: opened, decrypted, repaired where possible, its pages found."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.errors import LimitReachedError
from pypdf.generic import (
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    StreamObject,
)

from chalicelib.domain.errors import CorruptDocument, EncryptedDocument
from chalicelib.engines.pages.decryption import decrypt, restore_plain_stream
from chalicelib.engines.pages.salvage import salvaged

Key = tuple[int, int]
"""An indirect object's number and generation."""

_INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")
_LONGEST_CHAIN = 100
_MOST_COMPLAINTS = 1_000
_HARMLESS = re.compile(r"Ignoring wrong pointing object|Object \d+ \d+ not defined")
"""Common in sound files: entries of unused numbers, and references to nothing, which mean null (7.3.10)."""


@dataclass
class Document:
    """The objects of one PDF by reference; what can't be read counts as null and stands in ``broken``."""

    reader: PdfReader
    complaints: list[str]
    broken: set[Key] = field(default_factory=set)
    _loaded: dict[Key, Any] = field(default_factory=dict)
    _last_number: int = 0

    @property
    def catalog(self) -> DictionaryObject:
        return self.reader.root_object

    def get(self, value: Any) -> Any:
        """``value``, or what it refers to; ``None`` for null and for a missing or unreadable object."""
        for _ in range(_LONGEST_CHAIN):
            if not isinstance(value, IndirectObject):
                return None if isinstance(value, NullObject) else value
            value = self._load(value)
        return None

    def dictionary(self, container: Any, name: str) -> DictionaryObject | None:
        """The entry ``name`` of a dictionary if it is a dictionary (or a stream), resolved."""
        value = self.get(raw(container, name))
        return value if isinstance(value, DictionaryObject) else None

    def array(self, container: Any, name: str) -> list[Any]:
        """The entry ``name`` of a dictionary if it is an array, resolved, its items not; else empty."""
        value = self.get(raw(container, name))
        return value if isinstance(value, list) else []

    def add(self, value: Any) -> IndirectObject:
        """Make ``value`` an indirect object."""
        if not self._last_number:
            numbers = [number for table in self.reader.xref.values() for number in table]
            seen = [number for _, number in self.reader.resolved_objects]
            self._last_number = max([*numbers, *seen, *self.reader.xref_objStm], default=0)
        self._last_number += 1
        self._loaded[self._last_number, 0] = self.reader.resolved_objects[0, self._last_number] = value
        return IndirectObject(self._last_number, 0, self.reader)

    def _load(self, reference: IndirectObject) -> Any:
        key = (reference.idnum, reference.generation)
        if key not in self._loaded:
            self._loaded[key] = self._read(reference, key)
        return self._loaded[key]

    def _read(self, reference: IndirectObject, key: Key) -> Any:
        """pypdf meets broken objects with errors of a dozen types; an object inside itself is one of its limits."""
        try:
            heard = len(self.complaints)
            value = self.reader.get_object(reference)
            if isinstance(value, StreamObject) and self.reader.is_encrypted:
                was_plain = restore_plain_stream(self.reader, value, key)
                del self.complaints[heard if was_plain else len(self.complaints) :]
        except MemoryError:
            raise
        except Exception as error:
            if isinstance(error, LimitReachedError) and "loop" not in str(error):
                raise
            self.complaints.append(f"object {key[0]}: {type(error).__name__}")
            self.broken.add(key)
            value = self.reader.resolved_objects[key[1], key[0]] = NullObject()
        return value


@dataclass(frozen=True)
class Page:
    """A leaf of the page tree; ``number`` is 1-based. The same object may be several pages."""

    number: int
    reference: IndirectObject
    data: DictionaryObject

    @property
    def key(self) -> Key:
        return self.reference.idnum, self.reference.generation


def raw(container: Any, name: str) -> Any:
    """An entry as it stands in the dictionary, a reference or not; ``None`` without one."""
    return dict.get(container, name) if isinstance(container, dict) else None


def key_of(value: Any) -> Key | None:
    """The key of a reference; ``None`` for a direct object."""
    return (value.idnum, value.generation) if isinstance(value, IndirectObject) else None


@contextmanager
def heard_complaints() -> Iterator[list[str]]:
    """What pypdf logs about a document while it repairs it, instead of logging it."""
    complaints: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            message = record.getMessage()
            if len(complaints) < _MOST_COMPLAINTS and not _HARMLESS.match(message):
                complaints.append(message)

    logger, listener = logging.getLogger("pypdf"), Listener(logging.WARNING)
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(listener)
    try:
        yield complaints
    finally:
        logger.removeHandler(listener)
        logger.propagate = propagate


def open_document(path: Path, password: str | None, complaints: list[str]) -> Document:
    """Open and decrypt, with the password only if an empty one does not do.

    Names are read as Latin-1, so that each byte survives: content streams, which are not touched, use them.
    Raises ``EncryptedDocument``, ``CorruptDocument`` and pypdf's own ``LimitReachedError``.
    """
    NameObject.CHARSETS = ("latin1", "latin1", "latin1")
    data = path.read_bytes()
    try:
        return _opened(data, password, complaints)
    except (MemoryError, EncryptedDocument):
        raise
    except NotImplementedError as error:
        raise EncryptedDocument("The PDF is protected by a certificate or in an unknown way.") from error
    except Exception as error:  # noqa: BLE001 - pypdf meets broken files with errors of a dozen types
        complaints.append(f"{type(error).__name__}: the table of objects was made anew")
        return _opened_anew(data, complaints, error)


def _opened(data: bytes, password: str | None, complaints: list[str]) -> Document:
    reader = PdfReader(BytesIO(data))
    if reader.is_encrypted:
        decrypt(reader, password)
    document = Document(reader, complaints)
    document.catalog.get("/Pages")
    return document


def _opened_anew(data: bytes, complaints: list[str], first: Exception) -> Document:
    try:
        again = salvaged(data)
        if again is None:
            raise first
        return _opened(again, None, complaints)
    except (MemoryError, LimitReachedError):
        raise
    except Exception as error:
        raise CorruptDocument("The file can't be read as a PDF: it is damaged beyond repair.") from error


def find_pages(document: Document) -> list[Page]:
    """The leaves of the page tree in order, each given the attributes that it inherited.

    Raises ``CorruptDocument`` if there is none.
    """
    pages: list[Page] = []
    visited: set[int] = set()
    queue: list[tuple[Any, dict[str, Any]]] = [(raw(document.catalog, "/Pages"), {})]
    while queue:
        value, inherited = queue.pop()
        node = document.get(value)
        if not isinstance(node, DictionaryObject):
            document.complaints.append("a page can't be read")
        elif "/Kids" in node:
            if id(node) not in visited:
                visited.add(id(node))
                passed_on = inherited | _inheritable(document, node)
                queue += [(kid, passed_on) for kid in reversed(document.array(node, "/Kids"))]
        elif node.get("/Type") != "/Pages":
            for name, attribute in inherited.items():
                node.setdefault(NameObject(name), attribute)
            reference = value if isinstance(value, IndirectObject) else document.add(node)
            pages.append(Page(len(pages) + 1, reference, node))
    if not pages:
        raise CorruptDocument("No page can be found in the PDF: it is damaged beyond repair.")
    return pages


def declared_pages(document: Document) -> int:
    """How many pages the page tree says it has; 0 if it does not. To be asked before the tree is changed."""
    count = document.get(raw(document.dictionary(document.catalog, "/Pages"), "/Count"))
    return count if isinstance(count, int) else 0


def _inheritable(document: Document, node: DictionaryObject) -> dict[str, Any]:
    """References stay shared; a direct dictionary becomes an object, so that pages share it still."""
    found = {name: raw(node, name) for name in _INHERITED if name in node}
    return {
        name: document.add(value) if isinstance(value, DictionaryObject) else value for name, value in found.items()
    }

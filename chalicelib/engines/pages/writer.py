"""Writes the objects that can be reached from the catalog, and no others, as a new PDF file."""

import hashlib
import re
import struct
import zlib
from pathlib import Path
from typing import Any, BinaryIO

from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    ByteStringObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from chalicelib.engines.pages.document import Document, Key, key_of, raw
from chalicelib.engines.pages.resources import reachable

_IRREGULAR = re.compile(rb"[^!-~]|[#()<>\[\]{}/%]")
_STREAM_OBJECTS = 200
_HEADER = re.compile(r"%PDF-(\d\.\d)")


def write_document(document: Document, output: Path) -> None:
    """Write ``document`` unencrypted, with object streams if it had any; stream data stay as they are."""
    trailer = document.reader.trailer
    roots = {"/Root": raw(trailer, "/Root"), "/Info": raw(trailer, "/Info")}
    for name, value in roots.items():
        if isinstance(value, DictionaryObject):
            roots[name] = document.add(value)
    keys = sorted(reachable(document, roots.values()))
    with output.open("wb") as file:
        writer = _Writer(document, {key: number for number, key in enumerate(keys, start=1)}, file)
        writer.write(roots)


class _Writer:
    def __init__(self, document: Document, numbers: dict[Key, int], file: BinaryIO) -> None:
        self._document = document
        self._numbers = numbers
        self._file = file
        self._digest = hashlib.sha256()
        self._at = 0
        self._packs = bool(document.reader.xref_objStm)
        self._places: dict[int, tuple[int, int, int]] = {}

    def write(self, roots: dict[str, Any]) -> None:
        self._put(f"%PDF-{self._version()}\n".encode() + b"%\xe2\xe3\xcf\xd3\n")
        packed: list[tuple[int, bytes]] = []
        for key, number in self._numbers.items():
            value = self._document.get(IndirectObject(*key, self._document.reader))
            if self._packs and not isinstance(value, StreamObject):
                packed.append((number, self._encoded(value)))
            else:
                self._put_object(number, self._encoded(value))
        following = len(self._numbers) + 1
        for start in range(0, len(packed), _STREAM_OBJECTS):
            self._put_pack(following, packed[start : start + _STREAM_OBJECTS])
            following += 1
        self._put_end(following, roots)

    def _version(self) -> str:
        match = _HEADER.match(self._document.reader.pdf_header)
        version = match[1] if match else "1.7"
        return max(version, "1.5") if self._packs else version

    def _put(self, data: bytes) -> None:
        self._file.write(data)
        self._digest.update(data)
        self._at += len(data)

    def _put_object(self, number: int, encoded: bytes) -> None:
        self._places[number] = (1, self._at, 0)
        self._put(b"%d 0 obj\n%b\nendobj\n" % (number, encoded))

    def _put_pack(self, number: int, objects: list[tuple[int, bytes]]) -> None:
        """An object stream (PDF 32000-1, 7.5.7)."""
        index, body = [], bytearray()
        for position, (member, encoded) in enumerate(objects):
            index += [member, len(body)]
            body += encoded + b"\n"
            self._places[member] = (2, number, position)
        head = " ".join(map(str, index)).encode() + b"\n"
        entries = b"/Type /ObjStm /N %d /First %d" % (len(objects), len(head))
        self._put_object(number, _deflated(entries, head + bytes(body)))

    def _put_end(self, following: int, roots: dict[str, Any]) -> None:
        start = self._at
        present = [(name, value) for name, value in roots.items() if key_of(value) in self._numbers]
        entries = b" ".join(name.encode() + b" " + self._encoded(value) for name, value in present)
        entries += b" /ID [%b %b]" % (self._first_id(), _literal(self._digest.digest()[:16]))
        if self._packs:
            self._put_cross_reference_stream(following, entries)
        else:
            self._put_cross_reference_table(following, entries)
        self._put(b"startxref\n%d\n%%%%EOF\n" % start)

    def _first_id(self) -> bytes:
        """The permanent half of the file's identifier."""
        identifiers = self._document.array(self._document.reader.trailer, "/ID")
        first = self._document.get(identifiers[0]) if identifiers else None
        if isinstance(first, (TextStringObject, ByteStringObject)):
            return _literal(first.original_bytes)
        return _literal(self._digest.digest()[:16])

    def _put_cross_reference_table(self, size: int, entries: bytes) -> None:
        rows = [b"%010d 00000 n \n" % self._places[number][1] for number in range(1, size)]
        self._put(b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, b"".join(rows)))
        self._put(b"trailer\n<< /Size %d %b >>\n" % (size, entries))

    def _put_cross_reference_stream(self, number: int, entries: bytes) -> None:
        """A cross-reference stream (PDF 32000-1, 7.5.8), which lists itself as well."""
        self._places[number] = (1, self._at, 0)
        rows = [struct.pack(">BIH", 0, 0, 65535)]
        rows += [struct.pack(">BIH", *self._places[one]) for one in range(1, number + 1)]
        head = b"/Type /XRef /Size %d /W [1 4 2] %b" % (number + 1, entries)
        self._put_object(number, _deflated(head, b"".join(rows)))

    def _encoded(self, value: Any) -> bytes:
        if isinstance(value, IndirectObject):
            number = self._numbers.get((value.idnum, value.generation))
            return b"null" if number is None else b"%d 0 R" % number
        if isinstance(value, StreamObject):
            entries = self._entries(value) + b" /Length %d" % len(value._data)
            return b"<<%b >>\nstream\n%b\nendstream" % (entries, value._data)
        if isinstance(value, DictionaryObject):
            return b"<<%b >>" % self._entries(value)
        if isinstance(value, ArrayObject):
            return b"[%b]" % b" ".join(map(self._encoded, value))
        return _simple(value)

    def _entries(self, value: DictionaryObject) -> bytes:
        return b"".join(
            b" %b %b" % (_name(name), self._encoded(item)) for name, item in value.items() if name != "/Length"
        )


def _simple(value: Any) -> bytes:
    if isinstance(value, NameObject):
        return _name(value)
    if isinstance(value, (TextStringObject, ByteStringObject)):
        return _literal(value.original_bytes)
    if isinstance(value, BooleanObject):
        return b"true" if value.value else b"false"
    if isinstance(value, NumberObject):
        return b"%d" % value
    if isinstance(value, FloatObject):
        return value.myrepr().encode()
    return b"null"


def _name(name: str) -> bytes:
    """Byte for byte the name that was read, which was as Latin-1."""
    return b"/" + _IRREGULAR.sub(lambda match: b"#%02X" % match[0][0], name[1:].encode("latin1"))


def _literal(data: bytes) -> bytes:
    for special, escaped in ((b"\\", b"\\\\"), (b"(", b"\\("), (b")", b"\\)"), (b"\r", b"\\r")):
        data = data.replace(special, escaped)
    return b"(%b)" % data


def _deflated(entries: bytes, data: bytes) -> bytes:
    packed = zlib.compress(data)
    return b"<<%b /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (entries, len(packed), packed)

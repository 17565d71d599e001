"""Writes small PDFs object by object, so that a test can put anything anywhere in them."""

import zlib
from collections.abc import Mapping

Objects = Mapping[int, str | bytes]


def stream(data: str | bytes, entries: str = "") -> bytes:
    """A stream object's text."""
    body = data.encode("latin1") if isinstance(data, str) else data
    return f"<< {entries} /Length {len(body)} >>\nstream\n".encode() + body + b"\nendstream"


def text(words: str, font: str = "F1") -> str:
    """A content stream that shows ``words``."""
    return f"BT /{font} 24 Tf 72 720 Td ({words}) Tj ET"


def write(objects: Objects, trailer: str = "") -> bytes:
    """A PDF with a cross-reference table; object 1 is the catalog."""
    data = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, value in sorted(objects.items()):
        places[number] = len(data)
        data += b"%d 0 obj\n%b\nendobj\n" % (number, _bytes(value))
    start = len(data)
    for number, place in places.items():
        data += (b"xref\n" if place == min(places.values()) else b"") + b"%d 1\n%010d 00000 n \n" % (number, place)
    data += f"trailer\n<< /Size {max(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(data)


def write_packed(objects: Objects) -> bytes:
    """The same with an object stream and a cross-reference stream."""
    streams = {number: _bytes(value) for number, value in objects.items() if b"stream\n" in _bytes(value)}
    packed = {number: _bytes(value) for number, value in objects.items() if number not in streams}
    pack, table = max(objects) + 1, max(objects) + 2
    index, body = [], b""
    for number, value in packed.items():
        index += [number, len(body)]
        body += value + b"\n"
    head = " ".join(map(str, index)).encode() + b"\n"
    entries = f"/Type /ObjStm /N {len(packed)} /First {len(head)} /Filter /FlateDecode"
    streams[pack] = stream(zlib.compress(head + body), entries)
    data = bytearray(b"%PDF-1.7\n")
    rows = {0: (0, 0, 255)} | {number: (2, pack, position) for position, number in enumerate(packed)}
    for number, value in streams.items():
        rows[number] = (1, len(data), 0)
        data += b"%d 0 obj\n%b\nendobj\n" % (number, value)
    rows[table] = (1, len(data), 0)
    fields = b"".join(
        bytes([kind]) + place.to_bytes(4, "big") + last.to_bytes(2, "big")
        for kind, place, last in (rows.get(number, (0, 0, 0)) for number in range(table + 1))
    )
    start = len(data)
    listing = stream(fields, f"/Type /XRef /Size {table + 1} /W [1 4 2] /Root 1 0 R")
    return bytes(data + b"%d 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, listing, start))


def _bytes(value: str | bytes) -> bytes:
    return value.encode("latin1") if isinstance(value, str) else value

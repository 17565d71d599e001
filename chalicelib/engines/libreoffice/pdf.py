"""Reads back what a PDF of LibreOffice's holds, and mends its metadata in place."""

import mmap
import re
from dataclasses import dataclass
from pathlib import Path

from chalicelib.domain.errors import ConversionFailed

_TAIL_BYTES = 1024
_XREF_LINE = 20
_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
_ROOT = re.compile(rb"/Root\s+(\d+)\s+0\s+R")
_PAGES = re.compile(rb"/Pages\s+(\d+)\s+0\s+R")
_COUNT = re.compile(rb"/Count\s+(\d+)")
_FONT = re.compile(rb"/FontName\s*/(?:[A-Z]{6}\+)?([^\s/<>\[\]()]+)")
_LINK = re.compile(rb"/Subtype\s*/Link\b")
_XMP = re.compile(rb"<\?xpacket begin.*?<\?xpacket end", re.DOTALL)
_XMP_END = b"<?xpacket end"
_ESCAPED_TWICE = re.compile(rb"&amp;(amp|lt|gt|quot|apos);")
_LEVEL_A = b"<pdfaid:conformance>A<"
_LEVEL_B = b"<pdfaid:conformance>B<"
_ESCAPE = re.compile(r"#([0-9A-Fa-f]{2})")


@dataclass(frozen=True)
class WrittenPdf:
    """What a PDF says of itself: its pages, the PostScript names of the fonts it embeds, whether it has links."""

    pages: int
    fonts: frozenset[str]
    links: bool


def read_back(path: Path) -> WrittenPdf:
    """Raises ``ConversionFailed`` when there is no PDF, or one without a page."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            written = WrittenPdf(_page_count(data), _fonts(data), _LINK.search(data) is not None)
    except (OSError, ValueError, LookupError) as error:
        raise ConversionFailed("LibreOffice ended without an error, but wrote no readable PDF.") from error
    if written.pages < 1:
        raise ConversionFailed("LibreOffice wrote a PDF without pages.")
    return written


def mend_metadata(path: Path) -> None:
    """Make the XMP packet true without moving a byte of the file.

    LibreOffice 7.4 escapes ``'`` and ``&`` of title and author twice, which PDF/A-1 forbids (they must equal the
    document information), and claims level A for PDF/A-1, when B is what was asked for.
    """
    with path.open("r+b") as file, mmap.mmap(file.fileno(), 0) as data:
        packet = _XMP.search(data)
        if packet is None:
            return
        start, end = packet.span()
        text = _ESCAPED_TWICE.sub(rb"&\1;", packet[0].removesuffix(_XMP_END)).replace(_LEVEL_A, _LEVEL_B)
        del packet
        data[start:end] = text.ljust(end - start - len(_XMP_END)) + _XMP_END


def _page_count(data: mmap.mmap) -> int:
    """From the page tree's root, by the cross-reference table: text in the file may look like a page."""
    if data[:5] != b"%PDF-":
        raise ValueError("no PDF")
    table = int(_found(_START, data[-_TAIL_BYTES:]))
    catalog = _object(data, table, int(_found(_ROOT, data[table:])))
    return int(_found(_COUNT, _object(data, table, int(_found(_PAGES, catalog)))))


def _object(data: mmap.mmap, table: int, number: int) -> bytes:
    """An object's bytes; LibreOffice writes one table whose lines begin at object 0."""
    first = data.find(b"\n", data.find(b"\n", table) + 1) + 1
    line = data[first + number * _XREF_LINE : first + (number + 1) * _XREF_LINE]
    offset = int(line[:10])
    return data[offset : data.find(b"endobj", offset)]


def _found(pattern: re.Pattern[bytes], data: bytes) -> bytes:
    match = pattern.search(data)
    if match is None:
        raise LookupError(pattern.pattern)
    return match[1]


def _fonts(data: mmap.mmap) -> frozenset[str]:
    names = {match[1].decode("latin-1") for match in _FONT.finditer(data)}
    return frozenset(_ESCAPE.sub(lambda code: chr(int(code[1], 16)), name) for name in names)

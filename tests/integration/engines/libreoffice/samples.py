"""Small documents made by script."""

import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import docx
import openpyxl
from docx.enum.text import WD_BREAK

_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_SPACES = {"office": "office", "text": "text", "table": "table", "style": "style", "manifest": "manifest"}


def report(path: Path, pages: int = 3, font: str | None = None) -> None:
    """A docx whose pages say "Page one text.", "Page two text." …; in ``font``, if given."""
    document = docx.Document()
    words = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    for number in range(pages):
        run = document.add_paragraph().add_run(f"Page {words[number]} text.")
        if font:
            run.font.name = font
        if number + 1 < pages:
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    document.save(str(path))


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> openpyxl.Workbook:
    """An xlsx with these sheets; returned for more to be done, and saved."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return book


def grid(columns: int, rows: int) -> list[list[str]]:
    """Cells that say where they are: r0c0, r0c1 …"""
    return [[f"r{row}c{column}" for column in range(columns)] for row in range(rows)]


def odf(path: Path, kind: str, body: str, *, protected: bool = False) -> None:
    """A minimal odt or ods: ``kind`` is "text" or "spreadsheet", ``body`` what stands in it."""
    spaces = " ".join(f'xmlns:{prefix}="{_ODF}:{name}:1.0"' for prefix, name in _SPACES.items())
    root = f'{spaces} xmlns:of="{_ODF}:of:1.2" office:version="1.2"'
    media = f"application/vnd.oasis.opendocument.{kind}"
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{what}"/>'
        for name, what in (("/", media), ("content.xml", "text/xml"))
    )
    lock = ' table:structure-protected="true" table:protection-key="MTIzNDU2Nzg5MDEyMzQ1Njc4OTA="' if protected else ""
    content = f"<office:body><office:{kind}{lock}>{body}</office:{kind}></office:body>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", media)
        archive.writestr("content.xml", f"<office:document-content {root}>{content}</office:document-content>")
        archive.writestr("META-INF/manifest.xml", f"<manifest:manifest {spaces}>{entries}</manifest:manifest>")


def ods_table(name: str, text: str) -> str:
    """A sheet with one cell."""
    cell = f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
    return f'<table:table table:name="{name}"><table:table-row>{cell}</table:table-row></table:table>'


def png(path: Path) -> None:
    """A picture of 32 by 32 coloured pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"".join(bytes((x * 8, y * 8, 128)) for x in range(32)) for y in range(32))
    header = struct.pack(">IIBBBBB", 32, 32, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))

"""Looks at the bytes of an Office document: its import filter, its encryption, and its container's limits."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from chalicelib.domain.errors import CorruptDocument
from chalicelib.engines.job import InputFile, Limits
from chalicelib.engines.office.archive import check_archive
from chalicelib.engines.office.compound import MAGIC, CompoundFile, NotCompound

_WORKBOOK_STREAMS = ("workbook", "book")
"""Where xls keeps its records; ``book`` is that of Excel 5 and 95."""

_ARCHIVE_FILTERS = {
    "docx": "MS Word 2007 XML",
    "odt": "writer8",
    "xlsx": "Calc MS Excel 2007 XML",
    "ods": "calc8",
    "pptx": "Impress MS PowerPoint 2007 XML",
    "odp": "impress8",
}
_MAIN_TYPES = {
    "docx": re.compile(rb"(?:wordprocessingml|ms-word)[^\"']*main\+xml"),
    "xlsx": re.compile(rb"(?:spreadsheetml|ms-excel)[^\"']*\.main"),
    "pptx": re.compile(rb"(?:presentationml|ms-powerpoint)[^\"']*main\+xml"),
    "odp": re.compile(rb"\Aapplication/vnd\.oasis\.opendocument\.presentation"),
    "odt": re.compile(rb"\Aapplication/vnd\.oasis\.opendocument\.text"),
    "ods": re.compile(rb"\Aapplication/vnd\.oasis\.opendocument\.spreadsheet"),
}
_TYPE_PARTS = {
    **dict.fromkeys(("docx", "xlsx", "pptx"), "[Content_Types].xml"),
    **dict.fromkeys(("odt", "ods", "odp"), "mimetype"),
}
_TYPE_BYTES = 1 << 22
_TEXT_FILTERS = {"rtf": "Rich Text Format", "csv": "Text - txt - csv (StarCalc)"}

_WORD_97_FIB = 0xC1
"""MS-DOC: the lowest nFib of Word 97; Word 6 and 95 wrote lower ones."""

_OLD_WORD_FILTERS = {
    b"\xdb\xa5": "MS WinWord 5",
    b"\x9b\xa5": "MS WinWord 5",
    b"\x31\xbe": "DosWord",
    b"\xfe\x37": "Mac_Word",
}
"""Word 1 and 2 for Windows, Word for DOS, Word for Macintosh: older than the compound file."""

_ENCRYPTED_BIT = 0x100
_FILEPASS, _EOF = 0x2F, 0x0A
_GLOBALS_BYTES = 1 << 16


def check_container(source: InputFile, limits: Limits) -> None:
    """Refuse what may not be unpacked: raises ``LimitExceeded`` and ``CorruptDocument``."""
    if source.kind in _ARCHIVE_FILTERS and not is_compound(source.path):
        check_archive(source, limits)


def import_filter(source: InputFile) -> str:
    """LibreOffice's name of the filter for these bytes, so that it never guesses. Raises ``CorruptDocument``."""
    if source.kind in _TEXT_FILTERS:
        return _TEXT_FILTERS[source.kind]
    if is_compound(source.path):
        return _compound_filter(source)
    if source.kind in _ARCHIVE_FILTERS:
        return _archive_filter(source)
    if source.kind == "xls":
        return "MS Excel 4.0"
    return _OLD_WORD_FILTERS.get(_head(source.path)[:2], "MS Word 97")


def is_encrypted(path: Path) -> bool:
    """Whether the content is encrypted, also where the password is one that every Excel knows."""
    try:
        if is_compound(path):
            return _compound_is_encrypted(CompoundFile(path))
        with zipfile.ZipFile(path) as archive:
            return b":encryption-data" in archive.read("META-INF/manifest.xml")
    except (NotCompound, zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, zlib.error):
        return False


def is_compound(path: Path) -> bool:
    """Whether the file is an OLE compound file: the old formats, and every encrypted new one."""
    return _head(path) == MAGIC


def _workbook_name(file: CompoundFile) -> str | None:
    return next((name for name in _WORKBOOK_STREAMS if name in file.names), None)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(len(MAGIC))


def _archive_filter(source: InputFile) -> str:
    """LibreOffice makes an empty page of another program's archive. Where no type is declared it may try."""
    try:
        with zipfile.ZipFile(source.path) as archive, archive.open(_TYPE_PARTS[source.kind]) as part:
            declared = part.read(_TYPE_BYTES)
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        return _ARCHIVE_FILTERS[source.kind]
    if _MAIN_TYPES[source.kind].search(declared) is None:
        raise CorruptDocument(f"'{source.name}' holds no {source.kind} document.")
    return "Calc MS Excel 2007 Binary" if b"sheet.binary" in declared else _ARCHIVE_FILTERS[source.kind]


def _compound_filter(source: InputFile) -> str:
    """By the streams: an old document under a new name is read as what it is. LibreOffice judges damaged ones."""
    try:
        file = CompoundFile(source.path)
        document = file.read("WordDocument", 64)
    except NotCompound:
        return {"doc": "MS Word 97", "xls": "MS Excel 97", "ppt": "MS PowerPoint 97", **_ARCHIVE_FILTERS}[source.kind]
    workbook = _workbook_name(file)
    if "encryptedpackage" in file.names and source.kind in _ARCHIVE_FILTERS:
        return _ARCHIVE_FILTERS[source.kind]
    if workbook is not None and source.kind in ("xls", "xlsx"):
        return "MS Excel 97" if workbook == "workbook" else "MS Excel 5.0/95"
    if len(document) >= 4 and source.kind in ("doc", "docx"):
        return "MS Word 97" if struct.unpack_from("<H", document, 2)[0] >= _WORD_97_FIB else "MS WinWord 6.0"
    if "powerpoint document" in file.names and source.kind in ("ppt", "pptx"):
        return "MS PowerPoint 97"
    raise CorruptDocument(f"'{source.name}' holds no {source.kind} document.")


def _compound_is_encrypted(file: CompoundFile) -> bool:
    if "encryptedpackage" in file.names:
        return True
    document = file.read("WordDocument", 64)
    if len(document) >= 12:
        return bool(struct.unpack_from("<H", document, 0x0A)[0] & _ENCRYPTED_BIT)
    return _FILEPASS in _record_types(file.read(_workbook_name(file) or "", _GLOBALS_BYTES))


def _record_types(globals_part: bytes) -> Iterator[int]:
    """Of a workbook's first records (MS-XLS), up to the end of its globals."""
    at, kind = 0, -1
    while at + 4 <= len(globals_part) and kind != _EOF:
        kind, size = struct.unpack_from("<2H", globals_part, at)
        yield kind
        at += 4 + size

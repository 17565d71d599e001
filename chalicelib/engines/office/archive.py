"""Measures the zip container of an Office document by reading it, before anything else does."""

import re
import struct
import zipfile
import zlib
from contextlib import suppress
from typing import IO

from chalicelib.domain.errors import CorruptDocument, LimitExceeded
from chalicelib.engines.job import InputFile, Limits

_CHUNK = 1 << 20
_RATIO_FROM_BYTES = 16 << 20
"""Below it no ratio is a threat, and a blank bitmap in a short letter has one of 1,000."""

_DIRECTORY_BYTES = 16 << 20
"""More of a zip's central directory is not read: it would be held in memory as objects."""

_END_BYTES = 22
_LONGEST_COMMENT = 1 << 16

_PROLOG_BYTES = 1 << 16
_XML_NAMES = (".xml", ".rels")
_PROLOG = re.compile(
    r"\A\ufeff?(?:\s|<\?.*?\?>|<!--.*?-->)*(?:(?P<dtd><!DOCTYPE[^\[>]*(?P<subset>\[)?)|<\w)", re.DOTALL
)

_SHEETS = "xl/worksheets/"
_ROW = re.compile(rb"<(?:\w+:)?row\s(?:[^>]*?\s)?r=[\"'](\d{1,12})[\"']")
_MOST_ROWS = 1_048_576

_FORBIDS_DTD = frozenset({"docx", "xlsx", "pptx"})
"""Open Packaging Conventions allow none; OpenDocument files of older programs name one in their manifest."""


def check_archive(source: InputFile, limits: Limits) -> None:
    """Raises ``LimitExceeded`` naming the limit, ``CorruptDocument`` for what is no zip or declares entities."""
    try:
        _check_directory(source, limits)
        with zipfile.ZipFile(source.path) as archive:
            _Meter(source, limits).read(archive)
    except (zipfile.BadZipFile, struct.error, NotImplementedError, RuntimeError, ValueError) as error:
        raise CorruptDocument(f"'{source.name}' can't be read: it is no intact {source.kind} file.") from error


def _check_directory(source: InputFile, limits: Limits) -> None:
    """By the end record, before ``zipfile`` builds an object for each entry."""
    with source.path.open("rb") as file:
        file.seek(max(0, source.path.stat().st_size - _LONGEST_COMMENT - _END_BYTES))
        tail = file.read()
    entries, size = struct.unpack_from("<HI", tail, tail.rindex(b"PK\x05\x06") + 10)
    if entries > limits.zip_entries or size > _DIRECTORY_BYTES:
        raise _too_many(source, limits)


class _Meter:
    """Counts what comes out of an archive and stops at the limits."""

    def __init__(self, source: InputFile, limits: Limits) -> None:
        self._source = source
        self._limits = limits
        self._packed = max(1, source.path.stat().st_size)
        self._unpacked = 0

    def read(self, archive: zipfile.ZipFile) -> None:
        """Unpack every part into nothing. A part with a wrong checksum is LibreOffice's to judge."""
        if len(archive.infolist()) > self._limits.zip_entries:
            raise _too_many(self._source, self._limits)
        for entry in archive.infolist():
            with archive.open(entry) as part, suppress(zipfile.BadZipFile, zlib.error, EOFError):
                self._drain(entry.filename, part)

    def _drain(self, name: str, part: IO[bytes]) -> None:
        chunk = tail = part.read(_PROLOG_BYTES)
        if name.lower().endswith(_XML_NAMES):
            self._check_prolog(name, chunk)
        while chunk:
            self._count(len(chunk))
            chunk = part.read(_CHUNK)
            tail = (tail + chunk)[-_CHUNK:]
        if name.startswith(_SHEETS):
            self._check_rows(tail)

    def _count(self, size: int) -> None:
        self._unpacked += size
        limits, name = self._limits, self._source.name
        if self._unpacked > limits.zip_bytes:
            raise LimitExceeded(f"'{name}' unpacks to more than {limits.zip_bytes:,} bytes (zip_bytes).")
        ratio = self._unpacked / self._packed
        if self._unpacked > _RATIO_FROM_BYTES and ratio > limits.zip_ratio:
            raise LimitExceeded(f"'{name}' unpacks to more than {limits.zip_ratio} times its size (zip_ratio).")

    def _check_rows(self, tail: bytes) -> None:
        """LibreOffice leaves out what is below its last row without a word."""
        rows = _ROW.findall(tail)
        if rows and int(rows[-1]) > _MOST_ROWS:
            raise LimitExceeded(
                f"'{self._source.name}' has a sheet with more than the {_MOST_ROWS:,} rows it may have."
            )

    def _check_prolog(self, name: str, head: bytes) -> None:
        """Only entities of the document's own make a DTD dangerous; none is ever fetched."""
        wide = head[:2] in (b"\xff\xfe", b"\xfe\xff")
        prolog = _PROLOG.match(head.decode("utf-16" if wide else "utf-8", "replace"))
        if prolog is None or not prolog["dtd"]:
            return
        if prolog["subset"] or self._source.kind in _FORBIDS_DTD:
            raise CorruptDocument(f"'{self._source.name}' declares a DTD in {name!r}, which is not allowed.")


def _too_many(source: InputFile, limits: Limits) -> LimitExceeded:
    return LimitExceeded(f"'{source.name}' holds more than the {limits.zip_entries:,} parts allowed (zip_entries).")

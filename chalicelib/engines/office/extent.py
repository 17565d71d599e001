"""How far a workbook's sheets reach, counted before LibreOffice walks every page between two stray cells."""

import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from chalicelib.domain.errors import LimitExceeded
from chalicelib.engines.job import InputFile
from chalicelib.engines.office.files import is_compound
from chalicelib.engines.office.ods_extent import reaches

MOST_CELLS = 150_000_000
"""Between A1 and the last cell: 400,000 pages that Calc looks at, which takes about a minute. A hundred and
forty columns of full length; what is filled in earnest meets the limits of time and size long before."""

_CHUNK = 1 << 20
_LONGEST_TAG = 512
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_CELL = re.compile(rb"""<(?:\w+:)?c\s(?:[^<>]*?\s)?r=["']([A-Z]{1,3})([0-9]{1,7})["'](?:[^<>]*[^<>/])?>""")
_PRINT_AREA = b"_xlnm.Print_Area"


def check_extent(given: InputFile) -> None:
    """Raise ``LimitExceeded`` for a sheet of an XLSX or an ODS that would be laid out over far too many pages.

    What says what is to be printed is left to its word; other kinds, and what is encrypted, have LibreOffice's time as
    their limit.
    """
    if given.kind not in _REACHES or is_compound(given.path):
        return
    with zipfile.ZipFile(given.path) as archive:
        for sheet, columns, rows in _REACHES[given.kind](archive):
            if columns * rows > MOST_CELLS:
                raise LimitExceeded(
                    f"{given.name}: the sheet {sheet} reaches over {columns:,} columns and {rows:,} rows, "
                    "too many pages to lay out. Delete stray cells far from the others, or set a print area."
                )


def _of_xlsx(archive: zipfile.ZipFile) -> Iterator[tuple[str, int, int]]:
    if not _names_print_areas(archive):
        for name in filter(_SHEET.fullmatch, archive.namelist()):
            yield f"in {Path(name).name}", *_reach(archive, name)


def _of_ods(archive: zipfile.ZipFile) -> Iterator[tuple[str, int, int]]:
    """Of an encrypted one nothing is known before LibreOffice has its password."""
    with suppress(KeyError), archive.open("META-INF/manifest.xml") as manifest:
        if b"encryption-data" in manifest.read(_CHUNK):
            return
    with suppress(KeyError), archive.open("content.xml") as content:
        yield from reaches(content)


def _names_print_areas(archive: zipfile.ZipFile) -> bool:
    try:
        return _PRINT_AREA in archive.read("xl/workbook.xml")
    except KeyError:
        return False


def _reach(archive: zipfile.ZipFile, name: str) -> tuple[int, int]:
    """The last column and the last row that hold anything; cells which are only formatted do not count."""
    last_column = last_row = 0
    for chunk in _chunks(archive, name):
        for letters, row in _CELL.findall(chunk):
            last_column = max(last_column, _column(letters))
            last_row = max(last_row, int(row))
    return last_column, last_row


def _chunks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The part in pieces which overlap by the length of a tag."""
    rest = b""
    with archive.open(name) as part:
        while data := part.read(_CHUNK):
            yield rest + data
            rest = data[-_LONGEST_TAG:]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


_REACHES = {"xlsx": _of_xlsx, "ods": _of_ods}

"""How far the sheets of an ODS reach, from its ``content.xml`` as a stream."""

from collections.abc import Iterator
from contextlib import suppress
from typing import IO
from xml.parsers import expat

_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_VALUE_TYPE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 value-type"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 p"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_CHUNK = 1 << 20
_MOST_REPEATED = 1 << 24
"""Any sheet's rows, and more: a number beyond it is no count."""


def reaches(content: IO[bytes]) -> Iterator[tuple[str, int, int]]:
    """Name, last column and last row, from 1, of each sheet which does not say what of it is printed.

    Cells that are only formatted do not count. Of content that is not well-formed, or declares entities, what comes
    before that is known: LibreOffice decides what it is.
    """
    sheets = _Sheets()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EntityDeclHandler = sheets.start, _no_entities
    with suppress(expat.ExpatError, ValueError):
        while data := content.read(_CHUNK):
            parser.Parse(data)
    yield from ((name, column, row) for name, column, row, printed in sheets.found if not printed)


def _no_entities(*_declared: object) -> None:
    raise ValueError("it declares entities")


class _Sheets:
    """What begins, in the order of the document."""

    def __init__(self) -> None:
        self.found: list[tuple[str, int, int, bool]] = []
        self._row = self._column = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if name == f"{_TABLE}table":
            printed = f"{_TABLE}print-ranges" in attributes
            self.found.append((attributes.get(f"{_TABLE}name", ""), 0, 0, printed))
            self._row = 0
        elif name == f"{_TABLE}table-row":
            self._row += _repeated(attributes, "number-rows-repeated")
            self._column = 0
        elif name in _CELLS:
            self._column += _repeated(attributes, "number-columns-repeated")
            if _VALUE_TYPE in attributes:
                self._fill()
        elif name == _TEXT and self._column:
            self._fill()

    def _fill(self) -> None:
        if self.found:
            name, column, row, printed = self.found[-1]
            self.found[-1] = name, max(column, self._column), max(row, self._row), printed


def _repeated(attributes: dict[str, str], name: str) -> int:
    return min(max(1, int(attributes.get(_TABLE + name, "1"))), _MOST_REPEATED)

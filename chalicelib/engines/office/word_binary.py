"""Reads what a doc (MS-DOC, Word 97 and later) says of its letters: where they lie, how each run is formatted."""

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.engines.office.compound import CompoundFile, NotCompound

STREAM = "WordDocument"
PAGE_BYTES = 512
"""Of a page of formatted runs (MS-DOC 2.9.33, ChpxFkp)."""

_WORD_97 = 193
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_RUN_PAGES, _CLX = 12, 33
"""Places in the FIB's list of tables (MS-DOC 2.5.6)."""

_EIGHT_BITS = 0x40000000
_OPERAND_BYTES = (1, 1, 2, 4, 2, 2, 0, 3)
"""By the three highest bits of a property's name (MS-DOC 2.2.5.1); 0: the first byte says it."""


class NotWord97(ValueError):
    """The stream is of an older or newer make, encrypted or damaged."""


@dataclass(frozen=True)
class Piece:
    """Letters that lie one after the other, from ``start`` to before ``end`` in the stream, ``width`` bytes each."""

    start: int
    end: int
    width: int


class WordBinary:
    """The main stream of a doc. Raises ``NotWord97``."""

    def __init__(self, file: CompoundFile) -> None:
        self.data = bytearray(file.read(STREAM))
        try:
            self._read(file)
        except (struct.error, IndexError, NotCompound) as error:
            raise NotWord97("a damaged document") from error

    def _read(self, file: CompoundFile) -> None:
        version, flags = struct.unpack_from("<H", self.data, 2)[0], struct.unpack_from("<H", self.data, 10)[0]
        if version < _WORD_97 or flags & _ENCRYPTED:
            raise NotWord97("another version, or encrypted")
        table = file.read("1Table" if flags & _TABLE_1 else "0Table")
        self.pieces = sorted(_pieces(self._table(table, _CLX)), key=lambda piece: piece.start)
        self._starts = [piece.start for piece in self.pieces]
        runs = self._table(table, _RUN_PAGES)
        count = max(0, (len(runs) - 4) // 8)
        self.pages = tuple(dict.fromkeys(struct.unpack_from(f"<{count}I", runs, 4 * (count + 1))))

    def _table(self, table: bytes, number: int) -> bytes:
        words = struct.unpack_from("<H", self.data, 32)[0]
        numbers_at = 34 + 2 * words
        tables_at = numbers_at + 2 + 4 * struct.unpack_from("<H", self.data, numbers_at)[0] + 2
        start, size = struct.unpack_from("<2I", self.data, tables_at + 8 * number)
        return table[start : start + size]

    def piece_at(self, at: int) -> Piece | None:
        """The piece with the letter at a place of the stream."""
        index = bisect_right(self._starts, at) - 1
        return self.pieces[index] if index >= 0 and at < self.pieces[index].end else None

    def letter(self, at: int, piece: Piece) -> int:
        """The code of a letter, -1 before its piece begins."""
        if at < piece.start:
            return -1
        return int.from_bytes(self.data[at : at + piece.width], "little")

    def bounds(self, page: int) -> list[int]:
        """Where the runs of a page begin, and where its last one ends. Raises ``struct.error``."""
        count = self.data[page * PAGE_BYTES + PAGE_BYTES - 1] if (page + 1) * PAGE_BYTES <= len(self.data) else 0
        return list(struct.unpack_from(f"<{count + 1}I", self.data, page * PAGE_BYTES)) if count else []

    def properties(self, page: int, run: int, count: int) -> frozenset[int]:
        """The names of what a run sets, of a page of ``count`` runs."""
        start = page * PAGE_BYTES
        offset = 2 * self.data[start + 4 * (count + 1) + run]
        if offset == 0:
            return frozenset()
        size = self.data[start + offset]
        return frozenset(_names(bytes(self.data[start + offset + 1 : start + offset + 1 + size])))


def _pieces(clx: bytes) -> Iterator[Piece]:
    at = 0
    while clx[at] == 1:
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    count = (struct.unpack_from("<I", clx, at + 1)[0] - 4) // 12
    letters = struct.unpack_from(f"<{count + 1}I", clx, at + 5)
    for index in range(count):
        place = struct.unpack_from("<I", clx, at + 5 + 4 * (count + 1) + 8 * index + 2)[0]
        width = 1 if place & _EIGHT_BITS else 2
        start = (place & ~_EIGHT_BITS) // 2 if width == 1 else place
        yield Piece(start, start + (letters[index + 1] - letters[index]) * width, width)


def _names(properties: bytes) -> Iterator[int]:
    at = 0
    while at + 2 < len(properties):
        name = struct.unpack_from("<H", properties, at)[0]
        yield name
        at += 2 + (_OPERAND_BYTES[name >> 13] or properties[at + 2] + 1)

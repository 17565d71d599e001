"""Reads the streams of an OLE compound file (MS-CFB): the container of doc, xls and of encrypted Office files."""

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_HEADER_BYTES = 512
_ENTRY_BYTES = 128
_DIFAT_IN_HEADER = 109
_LAST_SECTOR = 0xFFFFFFFA
"""Sector numbers above it mean free, end of chain, or the tables themselves."""

_NO_ENTRY = 0xFFFFFFFF
_STREAM, _ROOT = 2, 5


class NotCompound(ValueError):
    """The bytes are no compound file, or a damaged one."""


@dataclass(frozen=True)
class _Entry:
    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


class CompoundFile:
    """The streams directly under the root, by name in small letters, as the format knows no case; those of embedded
    documents are out of sight.
    """

    def __init__(self, path: Path) -> None:
        """Read the tables; raises ``NotCompound``."""
        self._data = path.read_bytes()
        if len(self._data) < _HEADER_BYTES or not self._data.startswith(MAGIC):
            raise NotCompound("no compound file")
        try:
            self._read_tables()
        except (struct.error, IndexError) as error:
            raise NotCompound("a damaged compound file") from error

    @property
    def names(self) -> frozenset[str]:
        """The streams' names, in small letters."""
        return frozenset(self._streams)

    def read(self, name: str, limit: int = 1 << 26) -> bytes:
        """At most ``limit`` bytes of a stream, none when it is not there. Raises ``NotCompound``."""
        entry = self._streams.get(name.lower())
        if entry is None:
            return b""
        size = min(entry.size, limit)
        try:
            if entry.size < self._mini_cutoff:
                return self._mini_chain(entry.start, size)
            return self._chain(entry.start, size)
        except IndexError as error:
            raise NotCompound(f"the stream {name} is damaged") from error

    def replaced(self, name: str, content: bytes) -> bytes:
        """The whole file with as many other bytes as a stream. Raises ``NotCompound`` where they are not as many,
        or lie among the small streams.
        """
        entry = self._streams.get(name.lower())
        if entry is None or entry.size != len(content) or entry.size < self._mini_cutoff:
            raise NotCompound(f"the stream {name} can't be replaced")
        data = bytearray(self._data)
        for number, sector in enumerate(self._sectors(entry.start, entry.size)):
            part = content[number * self._sector : (number + 1) * self._sector]
            start = (sector + 1) * self._sector
            data[start : start + len(part)] = part
        return bytes(data)

    def _read_tables(self) -> None:
        shift, mini_shift = struct.unpack_from("<2H", self._data, 0x1E)
        if shift not in (9, 12) or mini_shift != 6:
            raise NotCompound("unknown sector sizes")
        self._sector, self._mini = 1 << shift, 1 << mini_shift
        directory, _, self._mini_cutoff, mini_fat = struct.unpack_from("<4I", self._data, 0x30)
        self._fat = self._numbers(b"".join(self._at(sector) for sector in self._fat_sectors()))
        entries = self._entries(self._chain(directory, len(self._data)))
        self._mini_fat = self._numbers(self._chain(mini_fat, len(self._data)))
        self._mini_stream = self._chain(entries[0].start, entries[0].size)
        self._streams = _children(entries)

    def _fat_sectors(self) -> list[int]:
        found = list(struct.unpack_from(f"<{_DIFAT_IN_HEADER}I", self._data, 0x4C))
        following, count = struct.unpack_from("<2I", self._data, 0x44)
        for _ in range(min(count, len(self._data) // self._sector)):
            *more, following = self._numbers(self._at(following))
            found += more
        return [sector for sector in found if sector < _LAST_SECTOR]

    def _at(self, sector: int) -> bytes:
        start = (sector + 1) * self._sector
        if start >= len(self._data):
            raise IndexError(sector)
        return self._data[start : start + self._sector]

    def _chain(self, sector: int, size: int) -> bytes:
        """The bytes of a chain of sectors, which ends at ``size`` even where the chain runs in a circle."""
        return b"".join(self._at(one) for one in self._sectors(sector, min(size, len(self._data))))[:size]

    def _sectors(self, sector: int, size: int) -> Iterator[int]:
        """The numbers of a chain, as many as ``size`` bytes need."""
        for _ in range(-(-size // self._sector)):
            if sector >= _LAST_SECTOR:
                return
            yield sector
            sector = self._fat[sector]

    def _mini_chain(self, sector: int, size: int) -> bytes:
        parts: list[bytes] = []
        while sector < _LAST_SECTOR and len(parts) * self._mini < size:
            parts.append(self._mini_stream[sector * self._mini : (sector + 1) * self._mini])
            sector = self._mini_fat[sector]
        return b"".join(parts)[:size]

    @staticmethod
    def _numbers(data: bytes) -> "array[int]":
        return array("I", data[: len(data) // 4 * 4])

    @staticmethod
    def _entries(directory: bytes) -> list[_Entry]:
        return [_entry(directory, offset) for offset in range(0, len(directory) - _ENTRY_BYTES + 1, _ENTRY_BYTES)]


def _entry(directory: bytes, offset: int) -> _Entry:
    length, kind = struct.unpack_from("<HB", directory, offset + 64)
    left, right, child = struct.unpack_from("<3I", directory, offset + 68)
    start, size = struct.unpack_from("<2I", directory, offset + 116)
    name = directory[offset : offset + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
    return _Entry(name, kind, left, right, child, start, size)


def _children(entries: list[_Entry]) -> dict[str, _Entry]:
    """The root's streams: its directory is a tree of siblings, which a damaged file may tie into a circle."""
    found: dict[str, _Entry] = {}
    seen: set[int] = set()
    waiting = [entries[0].child] if entries and entries[0].kind == _ROOT else []
    while waiting:
        index = waiting.pop()
        if index == _NO_ENTRY or index in seen or index >= len(entries):
            continue
        seen.add(index)
        entry = entries[index]
        waiting += [entry.left, entry.right]
        if entry.kind == _STREAM:
            found[entry.name.lower()] = entry
    return found

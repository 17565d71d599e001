"""A file that is handed in: its bytes came in the request, or wait as an object in the bucket."""

from dataclasses import dataclass
from typing import Protocol

from chalicelib.domain.filekinds import HEAD_BYTES
from chalicelib.store.files import Files, ObjectStat

TAIL_BYTES = 65_536


class IncomingFile(Protocol):
    """A file as it came. Its name is untrusted, its size is in bytes."""

    @property
    def name(self) -> str | None:
        """The name that the client gave it."""

    @property
    def size(self) -> int:
        """Bytes."""

    @property
    def awaits(self) -> str | None:
        """The upload by URL that it comes from, while nothing of it is there."""

    def identity(self) -> bytes:
        """What a fingerprint covers: equal for equal files."""

    def head(self) -> bytes:
        """The first ``HEAD_BYTES``."""

    def tail(self) -> bytes:
        """The last ``TAIL_BYTES``."""

    def store(self, files: Files, key: str) -> None:
        """Put the file under ``key``."""


@dataclass(frozen=True)
class SentFile:
    """A file whose bytes came in the request."""

    name: str | None
    body: bytes
    awaits: None = None

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.body)

    def identity(self) -> bytes:
        """The bytes themselves."""
        return self.body

    def head(self) -> bytes:
        """The first ``HEAD_BYTES``."""
        return self.body[:HEAD_BYTES]

    def tail(self) -> bytes:
        """The last ``TAIL_BYTES``."""
        return self.body[-TAIL_BYTES:]

    def store(self, files: Files, key: str) -> None:
        """Put the bytes under ``key``."""
        files.put(key, self.body)


@dataclass(frozen=True)
class StoredObjectFile:
    """A file which waits in the bucket, and never comes whole into this process.

    Every read and the copy are of the version that ``stat`` describes: one that was replaced meanwhile raises
    ``ObjectChanged``.
    """

    name: str | None
    stat: ObjectStat
    files: Files
    awaits: None = None
    fingerprint: bytes | None = None

    @property
    def size(self) -> int:
        """Bytes."""
        return self.stat.size

    def identity(self) -> bytes:
        """The object's ETag and size, unless it has a fingerprint of its own."""
        return self.fingerprint or f"{self.stat.etag} {self.stat.size}".encode()

    def head(self) -> bytes:
        """The first ``HEAD_BYTES``."""
        return self.files.part(self.stat, 0, HEAD_BYTES)

    def tail(self) -> bytes:
        """The last ``TAIL_BYTES``."""
        return self.files.part(self.stat, max(0, self.size - TAIL_BYTES), TAIL_BYTES)

    def store(self, files: Files, key: str) -> None:
        """Copy the object to ``key``, inside the bucket."""
        files.copy(self.stat, key)

"""What was begun and what was saved, in a file that outlives a kill: half a line counts for nothing."""

import json
import os
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

NAME = ".convertpro-state.jsonl"
KEPT_S = 30 * 86_400.0


@dataclass(frozen=True)
class Entry:
    """One order for one destination. ``round`` counts how often its result was gone and had to be made anew."""

    key: str
    destination: str
    conversion_id: str | None = None
    saved_sha256: str | None = None
    round: int = 0
    at: float = field(default_factory=time.time)

    @property
    def order_key(self) -> str:
        """The Idempotency-Key of this round."""
        return f"{self.key}-{self.round}" if self.round else self.key


class Journal:
    """Entries by key and destination; any number of threads may use it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._entries: dict[tuple[str, str], Entry] = {}
        for entry in _read(path):
            self._entries[entry.key, entry.destination] = entry

    def entry(self, key: str, destination: Path) -> Entry:
        """What is known of an order, or that nothing is."""
        where = str(destination.absolute())
        return self._entries.get((key, where)) or Entry(key, where)

    def made(self, destination: Path, sha256: str) -> bool:
        """Whether a file of this digest is a run's own: a digest is kept before its file is put in its place."""
        where = str(destination.absolute())
        with self._lock:
            return any(one.saved_sha256 == sha256 and one.destination == where for one in self._entries.values())

    def write(self, entry: Entry) -> None:
        """Keep ``entry``, on the disk when this returns."""
        with self._lock:
            self._entries[entry.key, entry.destination] = entry
            self._path.parent.mkdir(parents=True, exist_ok=True)
            line = json.dumps(asdict(entry), separators=(",", ":")) + "\n"
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                # Begins with a line of its own: a kill may have left half of one.
                os.write(descriptor, f"\n{line}".encode())
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _read(path: Path) -> list[Entry]:
    if not path.exists():
        return []
    entries = []
    for line in path.read_text(errors="replace").splitlines():
        try:
            entry = Entry(**json.loads(line))
        except (ValueError, TypeError):
            continue
        if entry.at > time.time() - KEPT_S:
            entries.append(entry)
    return entries

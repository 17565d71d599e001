"""Stand-ins for bucket, queues and engines, at the edges of what a test is about."""

import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from chalicelib.domain.conversion import Lane
from chalicelib.engines.job import Job, Outcome, Progress
from chalicelib.store.files import ObjectChanged, ObjectStat, PresignedPost
from chalicelib.store.queues import DeadLetter

PDF = b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"


class MemoryFiles:
    """A bucket in memory."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def put(self, key: str, body: bytes, secret: bool = False) -> None:
        """Store ``body``."""
        self.objects[key] = body

    def put_file(self, key: str, path: Path, media_type: str) -> None:
        """Store the file at ``path``."""
        self.objects[key] = path.read_bytes()

    def get(self, key: str) -> bytes:
        """The object."""
        return self.objects[key]

    def fetch(self, key: str, path: Path) -> None:
        """Write the object to ``path``."""
        path.write_bytes(self.objects[key])

    def stat(self, key: str) -> ObjectStat | None:
        """What is under ``key``."""
        body = self.objects.get(key)
        return None if body is None else ObjectStat(key, len(body), hashlib.md5(body).hexdigest())

    def part(self, stat: ObjectStat, start: int, length: int) -> bytes:
        """Some of the object."""
        return self._same(stat)[start : start + length]

    def copy(self, stat: ObjectStat, key: str) -> None:
        """Copy the object."""
        self.objects[key] = self._same(stat)

    def delete_version(self, stat: ObjectStat) -> None:
        """Delete the object, if it is still this one."""
        if self.stat(stat.key) == stat:
            del self.objects[stat.key]

    def presigned_post(self, key: str, size: int, lifetime_s: int, media_type: str | None = None) -> PresignedPost:
        """A form that leads nowhere."""
        return PresignedPost("https://bucket.invalid/", {"key": key})

    def upload_url(self, key: str, lifetime_s: int) -> str:
        """A URL that leads nowhere."""
        return f"https://bucket.invalid/{key}"

    def _same(self, stat: ObjectStat) -> bytes:
        if self.stat(stat.key) != stat:
            raise ObjectChanged(stat.key)
        return self.objects[stat.key]

    def delete(self, keys: Iterable[str]) -> None:
        """Delete objects."""
        for key in keys:
            self.objects.pop(key, None)

    def keys_under(self, prefix: str) -> Iterator[str]:
        """The keys that begin with ``prefix``."""
        return iter([key for key in self.objects if key.startswith(prefix)])

    def delete_under(self, prefix: str) -> None:
        """Delete objects by prefix."""
        self.delete([key for key in self.objects if key.startswith(prefix)])

    def download_url(self, key: str, name: str, media_type: str, lifetime_s: int) -> str:
        """A URL that leads nowhere."""
        return f"https://bucket.invalid/{key}"


class MemoryQueues:
    """Queues in memory: what was sent, in order."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, ...]] = []

    def send(self, worker: str, lane: Lane, conversion_id: str) -> None:
        """Note the message."""
        self.sent.append((worker, lane, conversion_id))

    def dead_letters(self, _worker: str) -> list[DeadLetter]:
        """None."""
        return []

    def tell_intake(self, key: str) -> None:
        """Note the object."""
        self.sent.append(("intake", key))

    def ask_for_archive(self, batch_id: str) -> None:
        """Note the batch."""
        self.sent.append(("archives", batch_id))


class ScriptedEngines:
    """An engine that does as it is told: write a PDF, or raise."""

    def __init__(self, act: Callable[[Job], Outcome | None] | None = None) -> None:
        self._act = act
        self.jobs: list[Job] = []

    def run(self, engine: str, job: Job, on_progress: Progress, cancelled: threading.Event) -> Outcome:
        """Note the job and act on it."""
        self.jobs.append(job)
        outcome = self._act(job) if self._act else None
        if not job.output.exists():
            job.output.write_bytes(PDF)
        return outcome or Outcome(report={"engine": "scripted", "engine_version": "1"})

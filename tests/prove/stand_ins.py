"""A bucket and queues in memory whose every call can be killed, refused or lost; queues deliver twice, in any order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any, TypeVar
from urllib.parse import quote_plus

from botocore.exceptions import ClientError

from chalicelib.domain.conversion import Lane
from chalicelib.store.archives import Member
from chalicelib.store.files import ObjectChanged, ObjectStat, ObjectUnreadable
from chalicelib.store.queues import INTAKE, DeadLetter, arrived_keys
from tests.prove.faults import Passage, refusal_of
from tests.prove.timeline import Timeline
from tests.support.fakes import MemoryFiles

Answer = TypeVar("Answer")
ARCHIVES = "archives"
UNREADABLE, ARCHIVED = b"encrypted with a key of one's own", b"in an archive"
"""Objects that S3 does not describe, and that it describes but does not hand out."""
TWICE = 0.3
"""How often the message that was just delivered is delivered again at once: to a second worker at the same time."""
HIDDEN_S = 30
MAX_RECEIVES = 5
"""After so many deliveries a message goes to the dead letters: the template's ``maxReceiveCount``."""


class Crossing:
    """Calls of a service that go through the passage of whoever makes them."""

    def __init__(self, passage: Callable[[], Passage | None]) -> None:
        self._passage = passage

    def make(self, operation: str, call: Callable[[], Answer]) -> Answer:
        """Make ``call``, or what the caller's fate says."""
        passage = self._passage()
        if passage is None:
            return call()
        return passage.cross(operation, call, lambda trouble: refusal_of(trouble, operation))


class Objects(dict[str, bytes]):
    """Objects by key. ``put_s``: when each was put."""

    def __init__(self, timeline: Timeline) -> None:
        super().__init__()
        self.put_s: dict[str, float] = {}
        self._timeline = timeline

    def __setitem__(self, key: str, body: bytes) -> None:
        super().__setitem__(key, body)
        self.put_s[key] = self._timeline.elapsed_s


class Bucket(MemoryFiles):
    """A bucket in memory behind a crossing."""

    def __init__(self, crossing: Crossing, timeline: Timeline) -> None:
        super().__init__()
        self.objects: Objects = Objects(timeline)
        self._crossing = crossing

    def put(self, key: str, body: bytes, secret: bool = False) -> None:
        """Store ``body``."""
        self._crossing.make("PutObject", lambda: super(Bucket, self).put(key, body, secret))

    def put_file(self, key: str, path: Path, media_type: str) -> None:
        """Store the file at ``path``."""
        self._crossing.make("PutObject", lambda: super(Bucket, self).put_file(key, path, media_type))

    def get(self, key: str) -> bytes:
        """The object."""
        return self._crossing.make("GetObject", lambda: self._present(key))

    def fetch(self, key: str, path: Path) -> None:
        """Write the object to ``path``."""
        path.write_bytes(self.get(key))

    def delete(self, keys: Iterable[str]) -> None:
        """Delete objects."""
        wanted = list(keys)
        self._crossing.make("DeleteObjects", lambda: super(Bucket, self).delete(wanted))

    def stat(self, key: str) -> ObjectStat | None:
        """What is under ``key``; S3 tells the second in which it was put."""
        return self._crossing.make("HeadObject", lambda: self._stat(key))

    def _stat(self, key: str) -> ObjectStat | None:
        stat = super().stat(key)
        if stat and self.objects[key] == UNREADABLE:
            raise ObjectUnreadable(key)
        return stat and replace(stat, modified=float(int(self.objects.put_s[key])))

    def part(self, stat: ObjectStat, start: int, length: int) -> bytes:
        """Some of the object."""
        return self._crossing.make("GetObject", lambda: super(Bucket, self).part(stat, start, length))

    def copy(self, stat: ObjectStat, key: str) -> None:
        """Copy the object."""
        self._crossing.make("CopyObject", lambda: super(Bucket, self).copy(stat, key))

    def delete_version(self, stat: ObjectStat) -> None:
        """Delete the object, if it is still this one."""
        self._crossing.make("DeleteObject", lambda: self._delete_if_same(stat))

    def _delete_if_same(self, stat: ObjectStat) -> None:
        if self._etag(stat.key) == stat.etag:
            del self.objects[stat.key]

    def _same(self, stat: ObjectStat) -> bytes:
        if self._etag(stat.key) != stat.etag:
            raise ObjectChanged(stat.key)
        if self.objects[stat.key].startswith(ARCHIVED):
            raise ObjectUnreadable(stat.key)
        return self.objects[stat.key]

    def _etag(self, key: str) -> str | None:
        found = super().stat(key)
        return found.etag if found else None

    def _present(self, key: str) -> bytes:
        if key not in self.objects:
            raise ClientError({"Error": {"Code": "NoSuchKey", "Message": key}}, "GetObject")
        return self.objects[key]


class Archives:
    """Archives in a bucket: the names of their members."""

    def __init__(self, crossing: Crossing, bucket: Bucket) -> None:
        self._crossing = crossing
        self._bucket = bucket

    def write(self, key: str, members: Iterable[Member]) -> int:
        """Write the names of ``members``. Raises ``ObjectChanged`` when a source is gone."""
        names = []
        for member in members:
            if isinstance(member.source, str) and member.source not in self._bucket.objects:
                raise ObjectChanged(member.source)
            names.append(member.name)
        listing = "\n".join(names).encode()
        self._crossing.make("CompleteMultipartUpload", lambda: self._bucket.objects.__setitem__(key, listing))
        return len(listing)


@dataclass(eq=False)
class Message:
    """A message, and how often it was delivered."""

    queue: str
    body: dict[str, Any]
    receives: int = 0
    hidden_until_s: float = 0


class Queues:
    """All queues: a message stays until it is deleted, and any of them may be delivered next."""

    def __init__(self, crossing: Crossing, timeline: Timeline) -> None:
        self._timeline = timeline
        self.messages: list[Message] = []
        self.dead: list[Message] = []
        self.deliveries = 0
        self.repeats = 0
        self._latest: Message | None = None
        self._crossing = crossing

    def send(self, worker: str, lane: Lane, conversion_id: str) -> None:
        """Ask a worker to run a conversion."""
        self._send(f"{worker} {lane}", {"conversion_id": conversion_id})

    def tell_intake(self, key: str) -> None:
        """Say that an object is there."""
        self._send(INTAKE, {"key": key})

    def ask_for_archive(self, batch_id: str) -> None:
        """Ask for the zip of a batch."""
        self._send(ARCHIVES, {"batch_id": batch_id})

    def announce(self, key: str) -> None:
        """What the bucket sends when an object arrives."""
        self.messages.append(Message(INTAKE, {"Records": [{"s3": {"object": {"key": quote_plus(key)}}}]}))

    def dead_letters(self, worker: str) -> list[DeadLetter]:
        """Up to ten messages that ``worker`` could not handle; nobody else sees them for half a minute."""
        return self._crossing.make("ReceiveMessage", lambda: self._dead_letters(worker))

    def bury(self, _worker: str, letter: DeadLetter) -> None:
        """Delete a dead letter."""
        self._crossing.make("DeleteMessage", lambda: self._bury(letter))

    def redrive(self) -> None:
        """What an operator does about dead letters that no sweeper settles: they are delivered again."""
        for message in [one for one in self.dead if one.queue == ARCHIVES]:
            self.dead.remove(message)
            self.messages.append(Message(message.queue, message.body))

    def _dead_letters(self, worker: str) -> list[DeadLetter]:
        now = self._timeline.elapsed_s
        seen = [one for one in self.dead if one.queue.startswith(worker) and one.hidden_until_s <= now][:10]
        for message in seen:
            message.hidden_until_s = now + HIDDEN_S
        return [DeadLetter(str(id(one)), str(id(one)), one.body.get("conversion_id"), _keys(one)) for one in seen]

    def _bury(self, letter: DeadLetter) -> None:
        self.dead = [one for one in self.dead if str(id(one)) != letter.receipt]

    def _send(self, queue: str, body: dict[str, Any]) -> None:
        self._crossing.make("SendMessage", lambda: self.messages.append(Message(queue, body)))

    def receive(self, dice: Random) -> Message | None:
        """Any message; it stays, and others may get it too until it is deleted."""
        if not self.messages:
            return None
        message = (
            self._latest if self._latest in self.messages and dice.random() < TWICE else dice.choice(self.messages)
        )
        self._latest = message
        message.receives += 1
        self.deliveries += 1
        self.repeats += message.receives > 1
        if message.receives > MAX_RECEIVES:
            self.messages.remove(message)
            self.dead.append(message)
        return message

    def delete(self, message: Message) -> None:
        """Delete a message; one that is gone is no error."""
        if message in self.messages:
            self.messages.remove(message)


def _keys(message: Message) -> tuple[str, ...]:
    return tuple(arrived_keys(message.body)) if message.queue == INTAKE else ()

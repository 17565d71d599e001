"""A bucket and queues in memory whose every call can be killed, refused or lost; queues deliver twice, in any order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TypeVar

from botocore.exceptions import ClientError

from tests.prove.faults import Passage, refusal_of
from tests.support.fakes import MemoryFiles

Answer = TypeVar("Answer")
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


class Bucket(MemoryFiles):
    """A bucket in memory behind a crossing."""

    def __init__(self, crossing: Crossing) -> None:
        super().__init__()
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

    def _present(self, key: str) -> bytes:
        if key not in self.objects:
            raise ClientError({"Error": {"Code": "NoSuchKey", "Message": key}}, "GetObject")
        return self.objects[key]


@dataclass
class Message:
    """A message, and how often it was delivered."""

    queue: str
    body: str
    receives: int = 0


class Queues:
    """All queues: a message stays until it is deleted, and any of them may be delivered next."""

    def __init__(self, crossing: Crossing) -> None:
        self.messages: list[Message] = []
        self.dead: list[Message] = []
        self.deliveries = 0
        self.repeats = 0
        self._crossing = crossing

    def send(self, worker: str, conversion_id: str) -> None:
        """Add a message."""
        self._crossing.make("SendMessage", lambda: self.messages.append(Message(worker, conversion_id)))

    def receive(self, dice: Random) -> Message | None:
        """Any message; it stays, and others may get it too until it is deleted."""
        if not self.messages:
            return None
        message = dice.choice(self.messages)
        message.receives += 1
        self.deliveries += 1
        self.repeats += message.receives > 1
        if message.receives >= MAX_RECEIVES:
            self.messages.remove(message)
            self.dead.append(message)
        return message

    def delete(self, message: Message) -> None:
        """Delete a message; one that is gone is no error."""
        if message in self.messages:
            self.messages.remove(message)

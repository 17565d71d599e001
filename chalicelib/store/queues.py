"""Messages to the engine queues."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import unquote_plus

from chalicelib.domain.conversion import Lane
from chalicelib.domain.errands import ErrandKey
from chalicelib.settings import Settings

INTAKE = "intake"
_COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesDelayed",
    "ApproximateNumberOfMessagesNotVisible",
)


@dataclass(frozen=True)
class DeadLetter:
    """A message that was delivered too often. ``conversion_id`` is None when it names none; ``keys`` are the objects
    that one of the intake tells of."""

    message_id: str
    receipt: str
    conversion_id: str | None
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Depth:
    """About how many messages lie in a queue, and how many are being handled; ``dead`` could not be, None where none
    are kept apart for this queue: a worker's two queues share theirs."""

    name: str
    waiting: int | None
    at_work: int | None
    dead: int | None


class Queues:
    """The queues of the workers, of the intake, of the archiver and of the courier."""

    def __init__(self, client: Any, settings: Settings) -> None:
        self._client = client
        self._urls = settings.queues
        self._intake_url, self._archives_url = settings.intake_queue_url, settings.archives_queue_url
        self._courier_url = settings.courier_queue_url
        self._intake_dead_url = settings.intake_dead_queue_url
        self._pairs = {
            **{
                name: (getattr(settings.queues, name), getattr(settings.queues, f"{name}_dead", None))
                for name in (one.name for one in fields(settings.queues))
                if not name.endswith("_dead")
            },
            INTAKE: (settings.intake_queue_url, settings.intake_dead_queue_url),
            "archives": (settings.archives_queue_url, settings.archives_dead_queue_url),
            "courier": (settings.courier_queue_url, settings.courier_dead_queue_url),
            "tally": (None, settings.tally_dead_queue_url),
        }
        self._shared = {(url, None) for url, dead in self._pairs.values() if dead}

    def depths(self) -> list[Depth]:
        """How much lies in each queue, as SQS says at about this moment. The tally reads a stream: it has dead letters
        only. A small account's batches have no queues of their own."""
        apart = {name: pair for name, pair in self._pairs.items() if pair not in self._shared}
        return [_depth(name, self._counts(url), self._counts(dead)) for name, (url, dead) in apart.items()]

    def _counts(self, url: str | None) -> tuple[int, int] | None:
        if url is None:
            return None
        told = self._client.get_queue_attributes(QueueUrl=url, AttributeNames=list(_COUNTS))["Attributes"]
        waiting, delayed, at_work = (int(told[name]) for name in _COUNTS)
        return waiting + delayed, at_work

    def tell_intake(self, key: str) -> None:
        """Say that an object is there, whose own event seems to be lost."""
        self._send(self._intake_url, {"key": key})

    def ask_for_archive(self, batch_id: str) -> None:
        """Ask for the zip of a batch that has ended. A message more than needed does no harm: it is made once."""
        self._send(self._archives_url, {"batch_id": batch_id})

    def send_courier(self, key: ErrandKey, delay_s: int = 0) -> None:
        """Ask the courier to run an errand, after ``delay_s`` (at most 900) seconds. A message more does no harm."""
        self._send(self._courier_url, {"scope": key.scope, "item": key.item}, delay_s)

    def _send(self, url: str, body: Mapping[str, Any], delay_s: int = 0) -> None:
        self._client.send_message(QueueUrl=url, MessageBody=json.dumps(body), DelaySeconds=delay_s)

    def send(self, worker: str, lane: Lane, conversion_id: str) -> None:
        """Ask ``worker`` to run a conversion. A message more than needed does no harm: the row's lease decides."""
        self.ask(worker, lane, {"conversion_id": conversion_id})

    def ask(self, worker: str, lane: Lane, message: Mapping[str, Any]) -> None:
        """Send ``worker`` a message."""
        url = getattr(self._urls, worker if lane is Lane.INTERACTIVE else f"{worker}_{lane.value}")
        self._send(url, message)

    def dead_letters(self, worker: str) -> list[DeadLetter]:
        """Up to ten messages that ``worker``, or the intake, could not handle; nobody else sees them for a while."""
        url = self._dead_url(worker)
        answer = self._client.receive_message(QueueUrl=url, MaxNumberOfMessages=10) if url else {}
        return [
            DeadLetter(one["MessageId"], one["ReceiptHandle"], _conversion_id(one["Body"]), _keys(one["Body"]))
            for one in answer.get("Messages", [])
        ]

    def bury(self, worker: str, letter: DeadLetter) -> None:
        """Delete a dead letter."""
        self._client.delete_message(QueueUrl=self._dead_url(worker), ReceiptHandle=letter.receipt)

    def _dead_url(self, worker: str) -> str | None:
        if worker == INTAKE:
            return self._intake_dead_url
        url: str = getattr(self._urls, f"{worker}_dead")
        return url


def arrived_keys(message: Any) -> list[str]:
    """Keys of the objects that ``message`` tells of: S3's own, or ``{"key": …}`` of whoever makes up for a lost one.

    None for S3's test when it is told of the queue, and for the empty objects that consoles make for a folder.
    """
    told = [unquote_plus(one["s3"]["object"]["key"]) for one in message.get("Records", [])]
    if "key" in message:
        told.append(message["key"])
    return [key for key in told if not key.endswith("/")]


def _depth(name: str, alive: tuple[int, int] | None, dead: tuple[int, int] | None) -> Depth:
    waiting, at_work = alive or (None, None)
    return Depth(name, waiting, at_work, sum(dead) if dead else None)


def _keys(body: str) -> tuple[str, ...]:
    try:
        return tuple(arrived_keys(json.loads(body)))
    except (ValueError, TypeError, KeyError, AttributeError):
        return ()


def _conversion_id(body: str) -> str | None:
    try:
        named = json.loads(body)["conversion_id"]
    except (ValueError, TypeError, KeyError):
        return None
    return named if isinstance(named, str) else None

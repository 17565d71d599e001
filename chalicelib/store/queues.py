"""Messages to the engine queues."""

import json
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.conversion import Lane
from chalicelib.settings import Settings


@dataclass(frozen=True)
class DeadLetter:
    """A message that was delivered too often. ``conversion_id`` is None when it names none."""

    message_id: str
    receipt: str
    conversion_id: str | None


class Queues:
    """The queues of the workers, of the intake and of the archiver."""

    def __init__(self, client: Any, settings: Settings) -> None:
        self._client = client
        self._urls = settings.queues
        self._intake_url, self._archives_url = settings.intake_queue_url, settings.archives_queue_url

    def tell_intake(self, key: str) -> None:
        """Say that an object is there, whose own event seems to be lost."""
        self._send(self._intake_url, {"key": key})

    def ask_for_archive(self, batch_id: str) -> None:
        """Ask for the zip of a batch that has ended. A message more than needed does no harm: it is made once."""
        self._send(self._archives_url, {"batch_id": batch_id})

    def _send(self, url: str, body: dict[str, str]) -> None:
        self._client.send_message(QueueUrl=url, MessageBody=json.dumps(body))

    def send(self, worker: str, lane: Lane, conversion_id: str) -> None:
        """Ask ``worker`` to run a conversion. A message more than needed does no harm: the row's lease decides."""
        url = getattr(self._urls, worker if lane is Lane.INTERACTIVE else f"{worker}_{lane.value}")
        self._send(url, {"conversion_id": conversion_id})

    def dead_letters(self, worker: str) -> list[DeadLetter]:
        """Up to ten messages that ``worker`` could not handle; nobody else sees them for half a minute."""
        answer = self._client.receive_message(QueueUrl=self._dead_url(worker), MaxNumberOfMessages=10)
        return [
            DeadLetter(one["MessageId"], one["ReceiptHandle"], _conversion_id(one["Body"]))
            for one in answer.get("Messages", [])
        ]

    def bury(self, worker: str, letter: DeadLetter) -> None:
        """Delete a dead letter."""
        self._client.delete_message(QueueUrl=self._dead_url(worker), ReceiptHandle=letter.receipt)

    def _dead_url(self, worker: str) -> str:
        url: str = getattr(self._urls, f"{worker}_dead")
        return url


def _conversion_id(body: str) -> str | None:
    try:
        named = json.loads(body)["conversion_id"]
    except (ValueError, TypeError, KeyError):
        return None
    return named if isinstance(named, str) else None

"""Messages to the engine queues."""

import json
from typing import Any

from chalicelib.domain.conversion import Lane
from chalicelib.settings import Queues as QueueUrls


class Queues:
    """The queues of the workers."""

    def __init__(self, client: Any, urls: QueueUrls) -> None:
        self._client = client
        self._urls = urls

    def send(self, worker: str, lane: Lane, conversion_id: str) -> None:
        """Ask ``worker`` to run a conversion. A message more than needed does no harm: the row's lease decides."""
        url = getattr(self._urls, worker if lane is Lane.INTERACTIVE else f"{worker}_{lane.value}")
        self._client.send_message(QueueUrl=url, MessageBody=json.dumps({"conversion_id": conversion_id}))

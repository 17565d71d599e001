"""A user with webhooks, and what a receiver makes of what it is told."""

import json
from datetime import UTC, datetime
from typing import Any

from standardwebhooks import Webhook

from chalicelib.domain.users import User
from chalicelib.services import events
from tests.integration.reach.bench import Reach
from tests.support.conversions import hand_in, raising, work
from tests.support.gateway import Gateway
from tests.support.people import People
from tests.support.receiver import Receiver, answering
from tests.support.stack import Stack

ALL = "/api/v3/webhooks"
EVENTS = ["conversion.succeeded", "conversion.failed", "batch.finished"]
OK, BROKEN, GONE = answering(204), answering(500), answering(410)


class Owner:
    """A user with a webhook, who logs in anew for each request: time passes here."""

    def __init__(self, gateway: Gateway, people: People) -> None:
        self.user = people.new()
        self._gateway, self._people = gateway, people

    def ask(self, method: str, path: str = "", **more: Any) -> Any:
        return self._gateway.request(method, ALL + path, self._people.token(self.user), **more)

    def hook(self, url: str, **body: Any) -> dict[str, Any]:
        answer = self.ask("POST", json={"url": url, "events": EVENTS} | body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def test(self, webhook: dict[str, Any]) -> None:
        assert self.ask("POST", f"/{webhook['webhook_id']}/test").status_code == 202

    def last_delivery(self, webhook: dict[str, Any]) -> dict[str, Any]:
        first: dict[str, Any] = self.ask("GET", f"/{webhook['webhook_id']}/deliveries").json()["items"][0]
        return first


def verified(receiver: Receiver, secret: str, number: int = -1) -> dict[str, Any]:
    """What was sent, if the public library finds its signature good at the moment that it names."""
    sent = receiver.received[number]
    library = Webhook(secret)
    headers = dict(sent.headers)
    # The library compares the moment with the clock, which stands still here: signed anew by it, it must be the same.
    moment = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    ours = headers["webhook-signature"].split(" ")
    assert library.sign(headers["webhook-id"], moment, sent.body.decode()) in ours
    told: dict[str, Any] = json.loads(sent.body)
    return told


def end(stack: Stack, reach: Reach, user: User, error: Exception | None = None) -> str:
    """A conversion that ended, and the stream that told of it, twice."""
    done = hand_in(reach.service, user).conversion
    work(reach.service, done.conversion_id, raising(error)) if error else work(reach.service, done.conversion_id)
    (image,) = [
        one
        for one in stack.items(reach.service.settings.tables.conversions)
        if one["conversion_id"]["S"] == done.conversion_id
    ]
    for _ in range(2):
        assert events.tell(reach.service, [image]) is None
    return done.conversion_id

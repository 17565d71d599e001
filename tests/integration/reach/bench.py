"""The courier at work without a queue's real time, and a user who has files fetched."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.errands import ErrandKey
from chalicelib.domain.users import User
from chalicelib.outbound.exchange import Exchange
from chalicelib.services import Service, courier, errand_sweep
from tests.support.documents import pdf
from tests.support.gateway import Gateway
from tests.support.people import People
from tests.support.receiver import answering

UPLOADS, CONVERT = "/api/v3/uploads", "/api/v3/conversions/remove-pages-from-pdf"
DOCUMENT = pdf("one", "two")
FILE = answering(200, DOCUMENT)
ASYNC = {"Prefer": "respond-async"}


@dataclass
class Reach:
    """The courier at work: ``sent`` are the messages to it with their delays, until they are delivered."""

    service: Service
    exchange: Exchange
    step: Callable[[float], None]
    sent: list[tuple[ErrandKey, float]] = field(default_factory=list)

    def deliver(self) -> int:
        """Hand all messages to the courier, each after its delay; how many they were."""
        count = 0
        while self.sent:
            key, delay_s = self.sent.pop(0)
            self.step(delay_s)
            courier.run(self.service, self.exchange, key)
            count += 1
        return count

    def pass_time(self, seconds: float) -> None:
        """Let time pass; the sweeper looks once, and the courier does what it finds."""
        self.step(seconds)
        errand_sweep.sweep(self.service)
        self.deliver()


class Fetcher:
    """A user who has files fetched, and converts them."""

    def __init__(self, reach: Reach, gateway: Gateway, people: People, user: User) -> None:
        self.reach, self.gateway, self.people, self.user = reach, gateway, people, user

    def order(self, url: str, **body: Any) -> str:
        answer = self.gateway.post(UPLOADS, self.people.token(self.user), json={"url": url} | body)
        assert (answer.status_code, answer.json()["status"]) == (202, "fetching"), answer.text
        return str(answer.json()["upload_id"])

    def state(self, upload_id: str) -> dict[str, Any]:
        told: dict[str, Any] = self.gateway.get(f"{UPLOADS}/{upload_id}", self.people.token(self.user)).json()
        return told

    def convert(self, upload_id: str, **more: Any) -> Any:
        body = {"upload_id": upload_id, "pages": "1"} | more
        return self.gateway.post(CONVERT, self.people.token(self.user), headers=ASYNC, json=body)

    def fetched(self, url: str, **body: Any) -> dict[str, Any]:
        """How it stands when all tries were made."""
        upload_id = self.order(url, **body)
        self.reach.deliver()
        return self.state(upload_id)

    def balance(self) -> int:
        return self.people.fresh(self.user).points.balance

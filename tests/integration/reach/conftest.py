"""The service, its courier and the messages between them, without a queue's real time."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from chalicelib.api import application
from chalicelib.domain.errands import ErrandKey
from chalicelib.outbound.addresses import Policy
from chalicelib.outbound.exchange import Exchange
from chalicelib.services import Service, courier, errand_sweep
from tests.support.gateway import Gateway
from tests.support.stack import Stack


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


@pytest.fixture
def reach(empty_stack: Stack, gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> Reach:
    """The service as it is on one's own machine: http and loopback are allowed."""
    settings = replace(empty_stack.settings, outbound_http=True, outbound_loopback=True)
    service = replace(empty_stack.service, settings=settings)
    monkeypatch.setattr(application, "service", lambda: service)
    made = Reach(service, Exchange(Policy(http=True, loopback=True)), empty_stack.clock.step)

    def send(key: ErrandKey, delay_s: float = 0) -> None:
        made.sent.append((key, delay_s))

    queues: Any = service.store.queues
    monkeypatch.setattr(queues, "send_courier", send)
    return made

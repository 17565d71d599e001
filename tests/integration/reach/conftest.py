"""The service, its courier, the messages between them, and a server before the bucket."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from chalicelib.api import application
from chalicelib.domain.errands import ErrandKey
from chalicelib.outbound.addresses import Policy
from chalicelib.outbound.exchange import Exchange
from chalicelib.workers import intake
from tests.integration.reach.bench import Fetcher, Reach
from tests.support.gateway import Gateway
from tests.support.people import People
from tests.support.receiver import Handler, Receiver, answering, receiving
from tests.support.stack import Stack


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


@pytest.fixture
def bucket(reach: Reach, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """What presigned addresses lead to: a server before the bucket, which tells of what arrives as S3 does."""
    monkeypatch.setattr(intake, "_service", lambda: reach.service)
    files: Any = reach.service.store.files

    def serve(handler: Handler) -> None:
        received, key = server.received[-1], urlsplit(handler.path).path.lstrip("/")
        if handler.command == "PUT":
            files.put(key, received.body)
            intake.handler({"Records": [{"messageId": "1", "body": json.dumps({"key": key})}]}, None)
            answering(200)(handler)
        else:
            answering(200, files.get(key))(handler)

    with receiving(serve) as server:
        monkeypatch.setattr(files, "upload_url", lambda key, _lifetime: server.url(f"/{key}"))
        monkeypatch.setattr(files, "download_url", lambda key, *_: server.url(f"/{key}"))
        yield server


@pytest.fixture
def owner(bucket: Receiver, reach: Reach, gateway: Gateway, people: People) -> Fetcher:
    """A user with files elsewhere."""
    return Fetcher(reach, gateway, people, people.new())

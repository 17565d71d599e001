"""The Python client's errands to servers of one's own: fetched from, delivered to, and told of a whole batch."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from standardwebhooks import Webhook

from convertpro import ConvertPro
from convertpro.errors import Conflict, FetchFailed
from tests.e2e.conftest import PASSWORD, Running
from tests.support.documents import picture
from tests.support.receiver import Receiver, answering, receiving

WITHIN_S = 60


@pytest.fixture
def client(running: Running, user: httpx.Client) -> Iterator[ConvertPro]:
    """The client of a general user with 30 points."""
    email = user.get("/api/v2/auth/me").json()["email"]
    with ConvertPro(running.base_url, email=email, password=PASSWORD) as client:
        yield client


def until(holds: Callable[[], bool]) -> None:
    """Wait for what comes by itself."""
    deadline = time.monotonic() + WITHIN_S
    while not holds():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.1)


def told(receiver: Receiver, secret: str) -> dict[str, object]:
    """The last event, if its signature is right."""
    sent = receiver.received[-1]
    event: dict[str, object] = Webhook(secret).verify(sent.body, dict(sent.headers))
    return event


def test_a_file_is_fetched_and_its_result_is_delivered(client: ConvertPro, tmp_path: Path) -> None:
    with receiving(answering(200, picture(3))) as source, receiving(answering(200)) as sink:
        headers = {"Authorization": "Bearer theirs"}
        done = client.convert_url(
            source.url("/a%20b.png?t=1"), "pdf", headers=headers, deliver_to=sink.url("/there"), margin=5
        )
        saved = done.save(tmp_path)
        until(lambda: bool(sink.received))
    assert (saved.name, source.received[0].headers["authorization"]) == ("a b.pdf", "Bearer theirs")
    assert (sink.received[0].method, sink.received[0].body) == ("PUT", saved.read_bytes())
    with receiving(answering(404)) as gone, pytest.raises(FetchFailed):
        client.convert_url(gone.url("/a.png"), "pdf")
    assert client.balance() == 27


def test_a_receiver_is_told_of_a_whole_batch_and_again_once_it_is_enabled(client: ConvertPro, tmp_path: Path) -> None:
    files = []
    for number in range(2):
        files.append(tmp_path / f"{number}.png")
        files[-1].write_bytes(picture(number))
    with receiving(answering(204)) as receiver:
        webhook = client.create_webhook(receiver.url(), ["batch.finished"])
        batch = client.wait_for_batch(client.create_batch(files, "pdf").batch_id)
        until(lambda: bool(receiver.received))
        assert webhook.secret is not None
        event = told(receiver, webhook.secret)
        assert (event["type"], json.dumps(event).count(batch.batch_id) > 0) == ("batch.finished", True)
        (sent,) = client.list_deliveries(webhook.webhook_id).items
        assert sent.message_id == receiver.received[0].headers["webhook-id"]
        receiver.acts[:] = [answering(410)]
        client.test_webhook(webhook.webhook_id)
        until(lambda: not client.list_webhooks()[0].is_active)
        with pytest.raises(Conflict):
            client.test_webhook(webhook.webhook_id)
        receiver.acts[:] = [answering(204)]
        assert client.enable_webhook(webhook.webhook_id).is_active
        client.test_webhook(webhook.webhook_id)
        until(lambda: client.list_deliveries(webhook.webhook_id).items[0].state == "delivered")
        secret = client.rotate_webhook(webhook.webhook_id).secret
        assert secret not in (None, webhook.secret)
        client.delete_webhook(webhook.webhook_id)
    assert client.list_webhooks() == []
    assert client.save_batch(batch, tmp_path).stat().st_size > 0

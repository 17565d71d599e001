"""Webhooks over HTTP: told, signed, tried again, and never where they should not."""

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from chalicelib.domain.errors import CorruptDocument
from chalicelib.services import courier
from chalicelib.workers import tallying
from tests.integration.reach.bench import Reach
from tests.integration.reach.webhook_bench import BROKEN, GONE, OK, Owner, end, verified
from tests.support.conversions import hand_in, work
from tests.support.ended import event as stream_event
from tests.support.gateway import Gateway
from tests.support.people import People
from tests.support.receiver import Act, answering, dripping, endless, hanging_up, receiving
from tests.support.stack import Stack


@pytest.fixture
def owner(reach: Reach, gateway: Gateway, people: People) -> Owner:
    return Owner(gateway, people)


def test_a_receiver_is_told_of_each_end_once_and_signed(reach: Reach, stack: Stack, owner: Owner) -> None:
    with receiving(OK) as receiver:
        webhook = owner.hook(receiver.url("/hook?a=b"))
        good = end(stack, reach, owner.user)
        bad = end(stack, reach, owner.user, CorruptDocument("The PDF is damaged."))
        reach.deliver()
        reach.pass_time(100_000)
        assert len(receiver.received) == 2, "told twice by the stream, and once to the receiver"
        told = [verified(receiver, webhook["secret"], number) for number in (0, 1)]
    assert [(one["type"], one["data"]["conversion_id"]) for one in told] == [
        ("conversion.succeeded", good),
        ("conversion.failed", bad),
    ]
    assert told[0]["data"]["output_filename"] == "document.pdf"
    assert told[1]["data"]["error"]["detail"] == "The PDF is damaged."
    assert receiver.received[0].path == "/hook?a=b"
    assert owner.last_delivery(webhook)["state"] == "delivered"


def test_the_public_library_takes_what_is_sent_now(reach: Reach, owner: Owner) -> None:
    reach.step((datetime.now(UTC) - reach.service.clock()).total_seconds())
    with receiving(OK) as receiver:
        webhook = owner.hook(receiver.url())
        owner.test(webhook)
        reach.deliver()
    (sent,) = receiver.received
    assert Webhook(webhook["secret"]).verify(sent.body, dict(sent.headers))["type"] == "webhook.test"
    with pytest.raises(WebhookVerificationError):
        Webhook(webhook["secret"]).verify(sent.body + b" ", dict(sent.headers))


def test_the_stream_tells_webhooks_when_its_function_is_called(
    reach: Reach, stack: Stack, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tallying, "_service", lambda: reach.service)
    owner.hook("http://127.0.0.1:9/")
    done = hand_in(reach.service, owner.user).conversion
    work(reach.service, done.conversion_id)
    images = stack.items(reach.service.settings.tables.conversions)
    assert tallying.handler(stream_event(images), None) == {"batchItemFailures": []}
    assert len(reach.sent) == 1


def test_an_event_that_nobody_asked_for_is_not_sent(reach: Reach, stack: Stack, owner: Owner) -> None:
    owner.hook("http://127.0.0.1:9/", events=["batch.finished"])
    end(stack, reach, owner.user)
    assert reach.sent == []


def test_tries_are_at_0_5s_5min_30min_2h_5h_10h_under_one_id_when_it_never_works(reach: Reach, owner: Owner) -> None:
    began = reach.service.now_s()
    with receiving(BROKEN) as receiver:
        webhook = owner.hook(receiver.url())
        owner.test(webhook)
        reach.deliver()
        moments = [began, began + 5, began + 300]
        assert len(receiver.received) == 3, "short waits are the queue's own"
        for offset in (1_800, 7_200, 18_000, 36_000):
            reach.pass_time(began + offset - reach.service.now_s() - 1)
            assert len(receiver.received) == len(moments), "not before its time"
            reach.pass_time(2)
            moments.append(began + offset)
        reach.pass_time(100_000)
    assert len(receiver.received) == 7
    stamps = [int(one.headers["webhook-timestamp"]) for one in receiver.received]
    assert all(0 <= stamp - moment <= 1 for stamp, moment in zip(stamps, moments, strict=True))
    assert len({one.headers["webhook-id"] for one in receiver.received}) == 1
    told = owner.last_delivery(webhook)
    assert (told["state"], len(told["tries"]), told["tries"][0]["status"]) == ("failed", 7, 500)


def test_it_is_delivered_when_a_receiver_breaks_twice(reach: Reach, owner: Owner) -> None:
    with receiving(BROKEN, BROKEN, OK) as receiver:
        webhook = owner.hook(receiver.url())
        owner.test(webhook)
        reach.deliver()
    told = owner.last_delivery(webhook)
    assert (told["state"], [one["status"] for one in told["tries"]]) == ("delivered", [500, 500, 204])


def test_a_webhook_is_disabled_when_its_server_answers_410(reach: Reach, stack: Stack, owner: Owner) -> None:
    with receiving(GONE) as receiver:
        webhook = owner.hook(receiver.url())
        owner.test(webhook)
        reach.deliver()
        end(stack, reach, owner.user)
        reach.pass_time(100_000)
        assert len(receiver.received) == 1
    (shown,) = owner.ask("GET").json()["items"]
    assert (shown["is_active"], owner.last_delivery(webhook)["state"]) == (False, "failed")
    assert owner.ask("POST", f"/{webhook['webhook_id']}/test").status_code == 409


def test_a_webhook_is_told_again_when_its_owner_enables_it(reach: Reach, owner: Owner) -> None:
    with receiving(GONE, OK) as receiver:
        webhook = owner.hook(receiver.url())
        owner.test(webhook)
        reach.deliver()
        path = f"/{webhook['webhook_id']}"
        enabled = owner.ask("PATCH", path, json={"is_active": True}).json()
        assert (enabled["is_active"], enabled["disabled_at"]) == (True, None)
        reach.step(1)
        owner.test(webhook)
        reach.deliver()
        assert owner.last_delivery(webhook)["state"] == "delivered"
        paused = owner.ask("PATCH", path, json={"is_active": False}).json()
    assert (paused["is_active"], paused["disabled_at"] is not None) == (False, True)
    assert owner.ask("PATCH", "/01JZ4T6M3WQ8V2X7N5K9R1B0CD", json={"is_active": True}).status_code == 404


def test_what_a_receiver_does_wrong_is_told_and_tried_again(
    reach: Reach, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courier, "WEBHOOK_WITHIN_S", 0.4)
    released = threading.Event()
    with receiving(OK) as trap:
        wrongs: list[tuple[Act, int | None, str]] = [
            (hanging_up, None, "broke"),
            (dripping(released), None, "in time"),
            (answering(302, Location=trap.url("/private")), 302, "Redirects are not followed"),
        ]
        for act, status, said in wrongs:
            with receiving(act) as receiver:
                webhook = owner.hook(receiver.url())
                owner.test(webhook)
                key, _ = reach.sent.pop(0)
                courier.run(reach.service, reach.exchange, key)
                told = owner.last_delivery(webhook)
                assert (told["state"], told["tries"][0]["status"]) == ("pending", status)
                assert said in told["tries"][0]["note"]
                assert reach.sent.pop()[1] == 5
        released.set()
        assert trap.connections == 0


def test_a_gigabyte_of_answer_is_not_read(reach: Reach, owner: Owner) -> None:
    with receiving(endless(1024**3)) as receiver:
        webhook = owner.hook(receiver.url())
        owner.test(webhook)
        reach.deliver()
    assert owner.last_delivery(webhook)["state"] == "delivered"


def test_nothing_is_lost_when_the_courier_is_killed_between_or_within_tries(
    reach: Reach, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving(BROKEN, OK) as receiver:
        webhook = owner.hook(receiver.url())
        owner.test(webhook)
        (key, _) = reach.sent.pop()
        courier.run(reach.service, reach.exchange, key)
        reach.sent.clear()  # killed before the message of the second try was sent
        reach.step(5)
        with monkeypatch.context() as patch:
            patch.setattr(courier, "_outcome", _killed)
            with pytest.raises(KeyboardInterrupt):
                courier.run(reach.service, reach.exchange, key)
        reach.pass_time(10)
        assert len(receiver.received) == 1, "its lease still holds"
        reach.pass_time(30)
    assert len(receiver.received) == 2
    told = owner.last_delivery(webhook)
    assert (told["state"], len(told["tries"])) == ("delivered", 2)


def _killed(*_: Any) -> Any:
    raise KeyboardInterrupt


def test_only_one_of_two_couriers_sends_when_a_message_comes_twice(reach: Reach, owner: Owner) -> None:
    with receiving(OK) as receiver:
        owner.test(owner.hook(receiver.url()))
        reach.sent *= 3
        reach.deliver()
    assert len(receiver.received) == 1

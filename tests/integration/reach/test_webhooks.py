"""Webhooks over HTTP: told, signed, tried again, and never where they should not."""

import json
import socket
import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from chalicelib.domain.batches import Batch, FileStatus
from chalicelib.domain.errands import Event
from chalicelib.domain.errors import CorruptDocument
from chalicelib.domain.users import Role, User
from chalicelib.outbound.addresses import Policy
from chalicelib.outbound.exchange import Exchange
from chalicelib.services import courier, erasure, events, webhooks
from chalicelib.workers import tallying
from tests.integration.reach.conftest import Reach
from tests.support.conversions import hand_in, raising, work
from tests.support.ended import event as stream_event
from tests.support.gateway import Gateway
from tests.support.people import People
from tests.support.receiver import Act, Receiver, answering, dripping, endless, hanging_up, receiving
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


@pytest.fixture
def owner(reach: Reach, gateway: Gateway, people: People) -> Owner:
    return Owner(gateway, people)


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


def test_both_secrets_sign_for_a_day_when_one_is_rotated(reach: Reach, owner: Owner) -> None:
    with receiving(OK) as receiver:
        first = owner.hook(receiver.url())
        rotated = owner.ask("POST", f"/{first['webhook_id']}/rotate").json()
        assert rotated["secret"] != first["secret"]
        for wait_s, secrets in ((0, [first, rotated]), (webhooks.OVERLAP_S, [rotated])):
            reach.step(wait_s)
            owner.test(first)
            reach.deliver()
            assert len(receiver.received[-1].headers["webhook-signature"].split(" ")) == len(secrets)
            for one in secrets:
                verified(receiver, one["secret"])


def test_a_name_that_leads_to_a_private_address_is_not_called(reach: Reach, owner: Owner) -> None:
    """The same name was public when the webhook was made: it is looked up at each try."""
    found = {"receiver.example": "169.254.169.254", "inside.example": "127.0.0.1"}

    def resolver(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found[host], port))]

    reach.exchange = Exchange(Policy(http=True), resolver)
    with receiving(OK) as trap:
        for host in found:
            webhook = owner.hook(trap.url("/", host))
            owner.test(webhook)
            key, _ = reach.sent.pop()
            courier.run(reach.service, reach.exchange, key)
            assert "not public" in owner.last_delivery(webhook)["tries"][0]["note"]
    assert trap.connections == 0


def test_nobody_else_sees_or_uses_a_webhook(reach: Reach, owner: Owner, gateway: Gateway, people: People) -> None:
    webhook = owner.hook("http://127.0.0.1:9/")
    for other in (people.token(Role.GENERAL), people.token(Role.SUPER)):
        assert gateway.get(ALL, other).json()["items"] == []
        one = f"{ALL}/{webhook['webhook_id']}"
        tried = [gateway.get(f"{one}/deliveries", other), gateway.post(f"{one}/test", other, json=None)]
        tried += [gateway.post(f"{one}/rotate", other, json=None), gateway.request("DELETE", one, other)]
        assert [answer.status_code for answer in tried] == [404] * 4


def test_the_secret_is_shown_once_and_stands_in_no_row_and_no_log(
    reach: Reach, stack: Stack, owner: Owner, caplog: pytest.LogCaptureFixture
) -> None:
    with receiving(OK) as receiver:
        webhook = owner.hook(receiver.url())
        owner.test(webhook)
        reach.deliver()
    assert "secret" not in owner.ask("GET").json()["items"][0]
    kept = json.dumps(stack.items(reach.service.settings.tables.errands))
    assert webhook["secret"].removeprefix("whsec_") not in kept + caplog.text
    (key,) = stack.objects(f"webhooks/{owner.user.user_id}/")
    assert stack.s3.head_object(Bucket=stack.settings.bucket, Key=key)["ServerSideEncryption"] == "aws:kms"


def test_nothing_is_left_of_a_webhook_when_it_or_its_user_is_deleted(
    reach: Reach, stack: Stack, owner: Owner, gateway: Gateway, people: People
) -> None:
    first, second = (owner.hook("http://127.0.0.1:9/") for _ in range(2))
    for one in (first, second):
        owner.test(one)
    assert owner.ask("DELETE", f"/{first['webhook_id']}").status_code == 204
    assert [one["webhook_id"] for one in owner.ask("GET").json()["items"]] == [second["webhook_id"]]
    gateway.request("DELETE", f"/api/v2/users/{owner.user.user_id}", people.token(Role.SUPER))
    erasure.sweep(reach.service)
    assert stack.items(reach.service.settings.tables.errands) == []
    assert stack.objects(f"webhooks/{owner.user.user_id}/") == []
    reach.deliver()


@pytest.mark.parametrize(
    "url",
    [
        "http://receiver.example/",
        "ftp://receiver.example/",
        "https://user:word@receiver.example/",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[fe80::1%25eth0]/",
        "https://receiver.example/ x",
        "https:///x",
        "x",
    ],
)
def test_a_url_is_refused_when_it_can_not_be_meant(
    empty_stack: Stack, gateway: Gateway, people: People, url: str
) -> None:
    answer = gateway.post(ALL, people.token(Role.GENERAL), json={"url": url, "events": EVENTS})
    assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["body", "url"])


def test_a_batch_is_told_of_once_its_zip_is_there(reach: Reach, owner: Owner) -> None:
    batch = Batch(
        "b",
        owner.user.user_id,
        "2026-01-01T00:00:00Z",
        counts={FileStatus.SUCCESS: 2},
        finished_at="2026-01-01T01:00:00Z",
    )
    with receiving(OK) as receiver:
        webhook = owner.hook(receiver.url())
        for _ in range(2):
            events.tell_of_batch(reach.service, batch)
        reach.deliver()
    told = verified(receiver, webhook["secret"])
    assert len(receiver.received) == 1
    assert (told["type"], told["data"]["counts"]["success"]) == (Event.BATCH_FINISHED, 2)

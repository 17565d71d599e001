"""Webhooks and their owners: secrets, sight, deletion, and addresses that are refused."""

import json
import socket
from typing import Any

import pytest

from chalicelib.domain.batches import Batch, FileStatus
from chalicelib.domain.errands import Event
from chalicelib.domain.users import Role
from chalicelib.outbound.addresses import Policy
from chalicelib.outbound.exchange import Exchange
from chalicelib.services import courier, erasure, events, webhooks
from tests.integration.reach.bench import Reach
from tests.integration.reach.webhook_bench import ALL, EVENTS, OK, Owner, verified
from tests.support.gateway import Gateway
from tests.support.people import People
from tests.support.receiver import receiving
from tests.support.stack import Stack


@pytest.fixture
def owner(reach: Reach, gateway: Gateway, people: People) -> Owner:
    return Owner(gateway, people)


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

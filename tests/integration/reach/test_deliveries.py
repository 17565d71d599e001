"""Results to a URL, and batches of files by URL, over HTTP."""

import json
from typing import Any

import pytest

from chalicelib.domain.conversion import Conversion
from chalicelib.domain.errors import CorruptDocument
from chalicelib.services import events
from tests.integration.reach.bench import ASYNC, CONVERT, DOCUMENT, FILE, Fetcher
from tests.support.conversions import hand_in, raising, work
from tests.support.receiver import answering, receiving
from tests.support.stack import Stack


def deliver_to(owner: Fetcher, stack: Stack, url: str, error: Exception | None = None) -> Conversion:
    """A conversion whose result goes to ``url``, when it has ended and the stream has told so, twice."""
    options = {"pages": "1", "deliver_to": json.dumps({"url": url})}
    sent = {"files": {"file": ("a.pdf", DOCUMENT)}, "data": options, "headers": ASYNC}
    answer = owner.gateway.post(CONVERT, owner.people.token(owner.user), **sent)
    assert answer.status_code == 202, answer.text
    done = answer.json()["conversion_id"]
    ended = work(owner.reach.service, done, raising(error)) if error else work(owner.reach.service, done)
    rows = stack.items(stack.settings.tables.conversions)
    for _ in range(2):
        assert events.tell(owner.reach.service, [one for one in rows if one["conversion_id"]["S"] == done]) is None
    return ended


def delivery(owner: Fetcher, conversion: Conversion) -> dict[str, Any]:
    path = f"/api/v3/conversions/{conversion.conversion_id}"
    told: dict[str, Any] = owner.gateway.get(path, owner.people.token(owner.user)).json()["report"]["delivery"]
    return told


def test_a_result_is_put_to_its_url_when_that_breaks_at_first(owner: Fetcher, stack: Stack) -> None:
    with receiving(answering(500), answering(503), answering(500), answering(200)) as server:
        done = deliver_to(owner, stack, server.url("/there?X-Amz-Signature=hush"))
        assert delivery(owner, done) == {"state": "pending", "tries": 0, "status": None, "note": None}
        owner.reach.deliver()
        assert (delivery(owner, done)["tries"], delivery(owner, done)["status"]) == (3, 500)
        owner.reach.pass_time(1_800)
    assert (delivery(owner, done)["state"], delivery(owner, done)["tries"]) == ("delivered", 4)
    assert done.result
    sent = server.received[-1]
    assert (sent.method, sent.path) == ("PUT", "/there?X-Amz-Signature=hush")
    assert (len(sent.body), sent.headers["content-type"]) == (done.result.file.size, "application/pdf")
    assert "hush" not in json.dumps(stack.items(stack.settings.tables.conversions))
    owner.reach.pass_time(1)
    assert [one for one in stack.objects("errands/") if done.conversion_id in one] == []


def test_nothing_is_put_when_a_conversion_failed_and_its_url_is_forgotten(owner: Fetcher, stack: Stack) -> None:
    with receiving(answering(200)) as server:
        done = deliver_to(owner, stack, server.url("/there"), CorruptDocument("Damaged."))
        owner.reach.deliver()
    assert server.connections == 0
    assert [one for one in stack.objects("errands/") if done.conversion_id in one] == []


@pytest.mark.parametrize(
    "sent",
    [
        "x",
        '{"url": "http://10.0.0.1/"}',
        '{"url": 5}',
        '{"url": "http://127.0.0.1/", "a": 1}',
        '{"url": "http://10.0.0.1/", "url": "http://127.0.0.1/"}',
        '{"url": "\\ud800"}',
        "[" * 60_000,
    ],
    ids=lambda sent: sent[:40],
)
def test_a_place_to_deliver_to_is_refused_when_it_can_not_be_meant(owner: Fetcher, sent: str) -> None:
    fields = {"files": {"file": ("a.pdf", DOCUMENT)}, "data": {"pages": "1", "deliver_to": sent}}
    assert owner.gateway.post(CONVERT, owner.people.token(owner.user), **fields).status_code == 422
    assert owner.balance() == 30


def test_a_conversion_without_it_says_nothing_of_a_delivery(owner: Fetcher) -> None:
    done = work(owner.reach.service, hand_in(owner.reach.service, owner.user).conversion.conversion_id)
    path = f"/api/v3/conversions/{done.conversion_id}"
    assert "delivery" not in owner.gateway.get(path, owner.people.token(owner.user)).json()["report"]


def order_batch(owner: Fetcher, *upload_ids: str) -> Any:
    body = {"slug": "pdf-to-word", "options": {}, "files": [{"upload_id": one} for one in upload_ids]}
    return owner.gateway.post("/api/v3/batches", owner.people.token(owner.user), json=body)


def batch_files(owner: Fetcher, batch_id: str) -> list[dict[str, Any]]:
    told = owner.gateway.get(f"/api/v3/batches/{batch_id}", owner.people.token(owner.user)).json()
    files: list[dict[str, Any]] = told["files"]
    return files


def test_a_batch_takes_uploads_at_once_and_those_that_never_come_fail_alone(owner: Fetcher, stack: Stack) -> None:
    with receiving(FILE) as good, receiving(answering(404)) as bad:
        ready = owner.order(good.url("/ready.pdf"))
        owner.reach.deliver()
        late, lost = owner.order(good.url("/late.pdf")), owner.order(bad.url("/lost.pdf"))
        ordered = order_batch(owner, ready, late, lost)
        assert ordered.status_code == 201, ordered.text
        batch_id = ordered.json()["batch_id"]
        assert [(one["filename"], one["url"]) for one in ordered.json()["files"]] == [
            ("ready.pdf", None),
            ("late.pdf", None),
            ("lost.pdf", None),
        ]
        assert len(stack.objects(f"batch/{batch_id}/")) == 1
        owner.reach.deliver()
        owner.reach.pass_time(1)
    assert len(stack.objects(f"batch/{batch_id}/")) == 2
    told = batch_files(owner, batch_id)
    assert [one["status"] for one in told] == ["waiting", "waiting", "failed"]
    assert told[2]["error"]["type"].endswith("/fetch-failed")
    assert owner.balance() == 30
    assert (owner.state(late)["batch_id"], order_batch(owner, late).status_code) == (batch_id, 409)


def test_nothing_is_taken_when_one_upload_of_a_batch_can_not_be(owner: Fetcher) -> None:
    first = owner.order("http://127.0.0.1:9/")
    assert [order_batch(owner, *ids).status_code for ids in ((first, "x"), (first, first))] == [404, 409]
    assert order_batch(owner, first).status_code == 201

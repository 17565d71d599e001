"""Files by URL, over HTTP against servers that are good, slow, lying, endless or not theirs."""

import json
import threading
from typing import Any
from urllib.parse import urlsplit

import pytest

from chalicelib.domain.conversion import Status
from chalicelib.outbound.addresses import Policy
from chalicelib.outbound.exchange import Exchange
from chalicelib.services import carriage
from chalicelib.workers import intake
from tests.integration.reach.bench import DOCUMENT, FILE, UPLOADS, Fetcher
from tests.support.conversions import row, work
from tests.support.people import People
from tests.support.receiver import Act, Handler, answering, dripping, endless, hanging_up, receiving
from tests.support.stack import Stack


def test_a_conversion_takes_an_upload_at_once_and_goes_on_when_it_has_come(owner: Fetcher, stack: Stack) -> None:
    with receiving(FILE) as server:
        upload_id = owner.order(server.url("/files/report.pdf?token=x"), headers={"Authorization": "Bearer hush"})
        begun = owner.convert(upload_id).json()
        assert (begun["status"], begun["input_filename"], owner.balance()) == ("processing", "report.pdf", 27)
        waiting = row(owner.reach.service, begun["conversion_id"])
        assert (waiting.is_waiting, waiting.awaited) == (False, (upload_id,))
        owner.reach.deliver()
    assert server.received[0].headers["authorization"] == "Bearer hush"
    assert owner.state(upload_id)["status"] == "ready"
    came = row(owner.reach.service, begun["conversion_id"])
    assert (came.awaited, came.inputs[0].kind, came.inputs[0].size) == ((), "pdf", len(DOCUMENT))
    assert work(owner.reach.service, came.conversion_id).status is Status.SUCCESS
    owner.reach.pass_time(1)
    assert stack.objects(f"errands/upload-{upload_id}") == []
    assert stack.objects(f"fetched/{owner.user.user_id}/") == []


def test_a_conversion_goes_on_when_the_buckets_event_is_lost(owner: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving(FILE) as server, monkeypatch.context() as patch:
        patch.setattr(intake, "handler", lambda *_: None)
        begun = owner.convert(owner.order(server.url("/a.pdf"))).json()
        owner.reach.deliver()
    assert row(owner.reach.service, begun["conversion_id"]).awaited
    owner.reach.pass_time(1)
    assert not row(owner.reach.service, begun["conversion_id"]).awaited


def test_an_upload_that_came_before_it_is_named_is_converted_too(owner: Fetcher) -> None:
    with receiving(FILE) as server:
        upload_id = owner.order(server.url("/a"), filename="mine.pdf")
        owner.reach.deliver()
    begun = owner.convert(upload_id)
    came = row(owner.reach.service, begun.json()["conversion_id"])
    assert (begun.status_code, came.inputs[0].name, came.awaited) == (202, "mine.pdf", ())
    assert owner.convert(upload_id).status_code == 409


@pytest.mark.parametrize("act", [answering(404), hanging_up], ids=["is not there", "hangs up"])
def test_a_conversion_fails_and_is_refunded_when_its_file_never_comes(owner: Fetcher, act: Act) -> None:
    with receiving(act) as server:
        upload_id = owner.order(server.url("/a.pdf"))
        begun = owner.convert(upload_id).json()
        owner.reach.deliver()
        owner.reach.pass_time(1)
    ended = row(owner.reach.service, begun["conversion_id"])
    assert ended.problem
    assert (ended.status, ended.problem.code, owner.balance()) == (Status.FAILED, "fetch-failed", 30)
    told = owner.state(upload_id)
    assert (told["status"], told["error"]["status"]) == ("failed", 422)
    assert owner.convert(owner.order("http://127.0.0.1:9/")).status_code == 202


def test_a_fetched_file_of_another_kind_fails_its_conversion(owner: Fetcher) -> None:
    with receiving(answering(200, b"<html>Log in</html>")) as server:
        begun = owner.convert(owner.order(server.url("/a.pdf"))).json()
        owner.reach.deliver()
    ended = row(owner.reach.service, begun["conversion_id"])
    assert ended.problem
    assert ("content of another kind" in ended.problem.detail, owner.balance()) == (True, 30)


def test_it_is_fetched_after_all_when_a_server_breaks_twice(owner: Fetcher) -> None:
    with receiving(answering(503), answering(500), FILE) as server:
        assert owner.fetched(server.url("/a.pdf"))["status"] == "ready"


def test_a_size_that_is_a_lie_is_found_out(owner: Fetcher) -> None:
    cases: list[tuple[Act, str]] = [
        (answering(200, Content_Length=str(10**12)), "this one is larger"),
        (answering(200, DOCUMENT, Content_Length=str(len(DOCUMENT) + 5)), "ended before the whole"),
        (endless(64 * 1024**2), "this one is larger"),
        (answering(200), "is empty"),
    ]
    for act, said in cases:
        with receiving(_closing(act)) as server:
            told = owner.fetched(server.url("/a.pdf"))
        assert said in (told["error"] or {}).get("detail", ""), said


def _closing(act: Act) -> Act:
    def closed(handler: Handler) -> None:
        act(handler)
        handler.close_connection = True
        handler.wfile.flush()

    return closed


def test_a_server_that_never_ends_is_cut_off(owner: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carriage, "WITHIN_S", 0.4)
    released = threading.Event()
    with receiving(dripping(released)) as server:
        told = owner.fetched(server.url("/a.pdf"))
        released.set()
    assert (told["status"], "in time" in told["error"]["detail"]) == ("failed", True)


def test_three_redirects_are_followed_without_another_servers_secrets(owner: Fetcher) -> None:
    with receiving(FILE) as last, receiving(answering(302, Location=last.url("/c.pdf"))) as second:
        hops = [answering(307, Location="/b"), answering(301, Location=second.url("/"))]
        with receiving(*hops) as first:
            assert owner.fetched(first.url("/a.pdf"), headers={"X-Token": "hush"})["status"] == "ready"
    sent = [one.headers.get("x-token") for server in (first, second, last) for one in server.received]
    assert sent == ["hush", "hush", None, None]
    with receiving(answering(302, Location="/again")) as endless_loop:
        told = owner.fetched(endless_loop.url("/a.pdf"))
    assert (told["status"], len(endless_loop.received)) == ("failed", 4)


PRIVATE = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "localhost",
    "0.0.0.0",
    "169.254.169.254",
    "[fd00:ec2::254]",
    "10.0.0.1",
]


def test_no_private_address_is_reached_in_any_notation_or_by_redirect(owner: Fetcher) -> None:
    """The courier of a deployed stage, to which a public server on this machine leads."""
    with receiving(FILE) as trap:
        for host in PRIVATE:
            url = trap.url("/a.pdf", host)
            with receiving(answering(302, Location=url)) as server:
                reached = {server.port}
                owner.reach.exchange = _Deployed(reached)
                upload_id = owner.order(server.url("/a.pdf"))
                owner.reach.deliver()
                assert owner.state(upload_id)["status"] == "failed", host
                assert "not public" in owner.state(upload_id)["error"]["detail"], host
        assert trap.connections == 0


class _Deployed(Exchange):
    """Takes the given ports of this machine for public servers, and nothing else of it."""

    def __init__(self, public_ports: set[int]) -> None:
        super().__init__(Policy(http=True))
        self._public_ports = public_ports

    def open(self, request: Any) -> Any:
        allowed = urlsplit(request.url).port in self._public_ports and "127.0.0.1" in request.url
        if allowed:
            return Exchange(Policy(http=True, loopback=True)).open(request)
        return super().open(request)


def test_headers_and_addresses_are_in_no_row_no_log_and_no_answer(
    owner: Fetcher, stack: Stack, caplog: pytest.LogCaptureFixture
) -> None:
    with receiving(answering(500)) as server:
        told = owner.fetched(server.url("/a.pdf?sig=hush-1"), headers={"X-Token": "hush-2"})
    names = vars(stack.settings.tables)
    kept = json.dumps([stack.items(names[name]) for name in ("errands", "uploads", "conversions")])
    assert "hush-" not in kept + caplog.text + json.dumps(told)
    (key,) = stack.objects(f"errands/upload-{told['upload_id']}")
    assert stack.s3.head_object(Bucket=stack.settings.bucket, Key=key)["ServerSideEncryption"] == "aws:kms"


@pytest.mark.parametrize(
    "body",
    [
        {"url": "http://127.0.0.1/", "headers": {"Host": "x"}},
        {"url": "http://127.0.0.1/", "headers": {"X": "a\r\nHost: x"}},
        {"url": "http://127.0.0.1/", "headers": {"a b": "x"}},
        {"url": "http://127.0.0.1/", "size": 5},
        {"url": "http://10.0.0.1/"},
        {"filename": "a.pdf"},
        {"filename": "a.pdf", "size": 5, "headers": {"a": "b"}},
        {},
    ],
)
def test_an_order_is_refused_when_it_can_not_be_meant(owner: Fetcher, body: dict[str, Any]) -> None:
    assert owner.gateway.post(UPLOADS, owner.people.token(owner.user), json=body).status_code == 422


def test_nobody_else_sees_an_upload(owner: Fetcher, people: People) -> None:
    upload_id = owner.order("http://127.0.0.1:9/")
    assert owner.gateway.get(f"{UPLOADS}/{upload_id}", people.token(people.new())).status_code == 404


def test_a_redirect_to_what_is_no_url_is_told(owner: Fetcher) -> None:
    with receiving(answering(302, Location="http://[")) as server:
        told = owner.fetched(server.url("/a.pdf"))
    assert (told["status"], "not a URL" in told["error"]["detail"]) == ("failed", True)

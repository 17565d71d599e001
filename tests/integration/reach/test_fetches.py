"""Files by URL and results to a URL, over HTTP against servers that are good, slow, lying, endless or not theirs."""

import json
import threading
from typing import Any
from urllib.parse import urlsplit

import pytest

from chalicelib.domain.conversion import Conversion, Status
from chalicelib.domain.errors import CorruptDocument
from chalicelib.domain.users import User
from chalicelib.outbound.addresses import Policy
from chalicelib.outbound.exchange import Exchange
from chalicelib.services import carriage, events
from chalicelib.workers import intake
from tests.integration.reach.conftest import Reach
from tests.support.conversions import hand_in, raising, row, work
from tests.support.documents import pdf
from tests.support.gateway import Gateway
from tests.support.people import People
from tests.support.receiver import Act, Handler, Receiver, answering, dripping, endless, hanging_up, receiving
from tests.support.stack import Stack

UPLOADS, CONVERT = "/api/v3/uploads", "/api/v3/conversions/remove-pages-from-pdf"
DOCUMENT = pdf("one", "two")
FILE = answering(200, DOCUMENT)
ASYNC = {"Prefer": "respond-async"}


@pytest.fixture
def user(reach: Reach, people: People) -> User:
    return people.new()


@pytest.fixture(autouse=True)
def bucket(reach: Reach, stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Any:
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


class Owner:
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


@pytest.fixture
def owner(reach: Reach, gateway: Gateway, people: People, user: User) -> Owner:
    return Owner(reach, gateway, people, user)


def test_a_conversion_takes_an_upload_at_once_and_goes_on_when_it_has_come(owner: Owner, stack: Stack) -> None:
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


def test_a_conversion_goes_on_when_the_buckets_event_is_lost(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving(FILE) as server, monkeypatch.context() as patch:
        patch.setattr(intake, "handler", lambda *_: None)
        begun = owner.convert(owner.order(server.url("/a.pdf"))).json()
        owner.reach.deliver()
    assert row(owner.reach.service, begun["conversion_id"]).awaited
    owner.reach.pass_time(1)
    assert not row(owner.reach.service, begun["conversion_id"]).awaited


def test_an_upload_that_came_before_it_is_named_is_converted_too(owner: Owner) -> None:
    with receiving(FILE) as server:
        upload_id = owner.order(server.url("/a"), filename="mine.pdf")
        owner.reach.deliver()
    begun = owner.convert(upload_id)
    came = row(owner.reach.service, begun.json()["conversion_id"])
    assert (begun.status_code, came.inputs[0].name, came.awaited) == (202, "mine.pdf", ())
    assert owner.convert(upload_id).status_code == 409


@pytest.mark.parametrize("act", [answering(404), hanging_up], ids=["is not there", "hangs up"])
def test_a_conversion_fails_and_is_refunded_when_its_file_never_comes(owner: Owner, act: Act) -> None:
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


def test_a_fetched_file_of_another_kind_fails_its_conversion(owner: Owner) -> None:
    with receiving(answering(200, b"<html>Log in</html>")) as server:
        begun = owner.convert(owner.order(server.url("/a.pdf"))).json()
        owner.reach.deliver()
    ended = row(owner.reach.service, begun["conversion_id"])
    assert ended.problem
    assert ("content of another kind" in ended.problem.detail, owner.balance()) == (True, 30)


def test_it_is_fetched_after_all_when_a_server_breaks_twice(owner: Owner) -> None:
    with receiving(answering(503), answering(500), FILE) as server:
        assert owner.fetched(server.url("/a.pdf"))["status"] == "ready"


def test_a_size_that_is_a_lie_is_found_out(owner: Owner) -> None:
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


def test_a_server_that_never_ends_is_cut_off(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carriage, "WITHIN_S", 0.4)
    released = threading.Event()
    with receiving(dripping(released)) as server:
        told = owner.fetched(server.url("/a.pdf"))
        released.set()
    assert (told["status"], "in time" in told["error"]["detail"]) == ("failed", True)


def test_three_redirects_are_followed_without_another_servers_secrets(owner: Owner) -> None:
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


def test_no_private_address_is_reached_in_any_notation_or_by_redirect(owner: Owner) -> None:
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
    owner: Owner, stack: Stack, caplog: pytest.LogCaptureFixture
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
def test_an_order_is_refused_when_it_can_not_be_meant(owner: Owner, body: dict[str, Any]) -> None:
    assert owner.gateway.post(UPLOADS, owner.people.token(owner.user), json=body).status_code == 422


def test_nobody_else_sees_an_upload(owner: Owner, people: People) -> None:
    upload_id = owner.order("http://127.0.0.1:9/")
    assert owner.gateway.get(f"{UPLOADS}/{upload_id}", people.token(people.new())).status_code == 404


def deliver_to(owner: Owner, stack: Stack, url: str, error: Exception | None = None) -> Conversion:
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


def delivery(owner: Owner, conversion: Conversion) -> dict[str, Any]:
    path = f"/api/v3/conversions/{conversion.conversion_id}"
    told: dict[str, Any] = owner.gateway.get(path, owner.people.token(owner.user)).json()["report"]["delivery"]
    return told


def test_a_result_is_put_to_its_url_when_that_breaks_at_first(owner: Owner, stack: Stack, bucket: Receiver) -> None:
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


def test_nothing_is_put_when_a_conversion_failed_and_its_url_is_forgotten(owner: Owner, stack: Stack) -> None:
    with receiving(answering(200)) as server:
        done = deliver_to(owner, stack, server.url("/there"), CorruptDocument("Damaged."))
        owner.reach.deliver()
    assert server.connections == 0
    assert [one for one in stack.objects("errands/") if done.conversion_id in one] == []


@pytest.mark.parametrize(
    "sent", ["x", '{"url": "http://10.0.0.1/"}', '{"url": 5}', '{"url": "http://127.0.0.1/", "a": 1}']
)
def test_a_place_to_deliver_to_is_refused_when_it_can_not_be_meant(owner: Owner, sent: str) -> None:
    fields = {"files": {"file": ("a.pdf", DOCUMENT)}, "data": {"pages": "1", "deliver_to": sent}}
    assert owner.gateway.post(CONVERT, owner.people.token(owner.user), **fields).status_code == 422
    assert owner.balance() == 30


def test_a_conversion_without_it_says_nothing_of_a_delivery(owner: Owner) -> None:
    done = work(owner.reach.service, hand_in(owner.reach.service, owner.user).conversion.conversion_id)
    path = f"/api/v3/conversions/{done.conversion_id}"
    assert "delivery" not in owner.gateway.get(path, owner.people.token(owner.user)).json()["report"]


def order_batch(owner: Owner, *upload_ids: str) -> Any:
    body = {"slug": "pdf-to-word", "options": {}, "files": [{"upload_id": one} for one in upload_ids]}
    return owner.gateway.post("/api/v3/batches", owner.people.token(owner.user), json=body)


def batch_files(owner: Owner, batch_id: str) -> list[dict[str, Any]]:
    told = owner.gateway.get(f"/api/v3/batches/{batch_id}", owner.people.token(owner.user)).json()
    files: list[dict[str, Any]] = told["files"]
    return files


def test_a_batch_takes_uploads_at_once_and_those_that_never_come_fail_alone(owner: Owner, stack: Stack) -> None:
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


def test_nothing_is_taken_when_one_upload_of_a_batch_can_not_be(owner: Owner) -> None:
    first = owner.order("http://127.0.0.1:9/")
    assert [order_batch(owner, *ids).status_code for ids in ((first, "x"), (first, first))] == [404, 409]
    assert order_batch(owner, first).status_code == 201

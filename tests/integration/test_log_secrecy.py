"""Whatever a client does, and whatever breaks, no token, password, key or document is in the log."""

import io
from collections.abc import Callable, Iterator

import httpx
import pytest

from chalicelib.domain.errors import CorruptDocument
from chalicelib.domain.users import User
from chalicelib.engines.job import Job, Outcome
from chalicelib.services import Service, sessions
from tests.support.conversions import SLUG, Act, WorkingQueues, post_document, work, write_sample
from tests.support.documents import pdf
from tests.support.gateway import Gateway
from tests.support.logs import lines, logged
from tests.support.people import PASSWORD, People

MARKER = "Zq9-nobody-else-writes-this"
DOCUMENT_PASSWORD = "Xk7-open-sesame"
NEW_PASSWORD = "another horse, other battery"
WRONG = "not-the-password-Yt5"
LOGIN, REFRESH, PASSWORD_ROUTE = "/api/v2/auth/login", "/api/v2/auth/refresh", "/api/v2/auth/password"


@pytest.fixture
def user(people: People) -> User:
    """A general user of its own."""
    return people.new()


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """The log as a deployed function writes it, at its most talkative."""
    with logged() as stream:
        yield stream


def require_silence(log: io.StringIO, *secrets: str) -> None:
    """Assert that none of ``secrets`` was logged, nor the header that carries tokens."""
    text = log.getvalue()
    assert lines(log), "nothing was logged: there is nothing to look at"
    assert [secret for secret in (*secrets, "Bearer ", "authorization") if secret.lower() in text.lower()] == []


def tokens_of(answer: httpx.Response) -> tuple[str, str]:
    """Access and refresh token of an answer."""
    assert answer.status_code == 200, answer.text
    return answer.json()["access_token"], answer.json()["refresh_token"]


def test_sessions_leave_no_token_or_password(gateway: Gateway, user: User, log: io.StringIO) -> None:
    first = tokens_of(gateway.post(LOGIN, json={"email": user.email, "password": PASSWORD}))
    second = tokens_of(gateway.post(REFRESH, json={"refresh_token": first[1]}))
    change = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    third = tokens_of(gateway.request("PUT", PASSWORD_ROUTE, second[0], json=change))
    refused = [
        gateway.post(LOGIN, json={"email": user.email, "password": WRONG}),
        gateway.post(REFRESH, json={"refresh_token": first[1]}),
        gateway.get("/api/v2/auth/me", second[0]),
        gateway.get("/api/v2/auth/me", f"{third[0]}x"),
    ]
    assert [answer.status_code for answer in refused] == [401] * 4
    require_silence(log, *first, *second, *third, PASSWORD, NEW_PASSWORD, WRONG)


def test_an_api_key_leaves_no_trace_when_it_is_made_used_and_mistaken(
    gateway: Gateway, people: People, user: User, log: io.StringIO
) -> None:
    token = people.token(user)
    key = gateway.post("/api/v2/auth/api-keys", token, json={"name": "nightly"}).json()["key"]
    used = [
        gateway.get("/api/v3/points/balance", key),
        gateway.get("/api/v2/auth/me", key),
        gateway.get("/api/v3/points/balance", f"{key}x"),
        gateway.get("/api/v3/points/balance", f"{token}x"),
    ]
    assert [answer.status_code for answer in used] == [200, 403, 401, 401]
    require_silence(log, token, key, key.rpartition("_")[2])


def act_saying_nothing(job: Job) -> Outcome:
    """Open the document with its password, as a good engine does."""
    assert job.password == DOCUMENT_PASSWORD
    return write_sample(job)


def act_refusing(_job: Job) -> Outcome:
    """Refuse it for a reason of the tool's."""
    raise CorruptDocument("The PDF is damaged.") from ValueError("xref")


def act_crashing(_job: Job) -> Outcome:
    """Break."""
    raise OSError("no space left on device")


@pytest.mark.parametrize("act", [act_saying_nothing, act_refusing, act_crashing])
def test_a_document_leaves_neither_content_nor_password(
    gateway: Gateway,
    service: Service,
    people: People,
    user: User,
    log: io.StringIO,
    act: Act,
) -> None:
    token = people.token(user)
    files = [(f"{MARKER}.pdf", pdf(MARKER))]
    answer = post_document(gateway, token, files=files, pages="1", password=DOCUMENT_PASSWORD)
    assert answer.status_code == 202
    for _ in range(2):
        work(service, answer.json()["conversion_id"], act)
    assert gateway.get(f"{answer.headers['Location'].removeprefix(gateway.base_url)}x", f"{token}x").status_code == 401
    require_silence(log, MARKER, DOCUMENT_PASSWORD, token)


def test_a_crash_leaves_no_secret_and_names_its_request(
    gateway: Gateway, people: People, user: User, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_service: Service, _email: str, password: str, _address: str) -> None:
        raise RuntimeError("out of luck", len(password))

    monkeypatch.setattr(sessions, "log_in", crash)
    answer = gateway.post(LOGIN, people.token(user), json={"email": user.email, "password": PASSWORD})
    assert answer.status_code == 500
    assert "out of luck" in log.getvalue()
    assert "out of luck" not in answer.text
    require_silence(log, PASSWORD, people.token(user))
    assert {line["request_id"] for line in lines(log)} == {answer.headers["X-Request-Id"]}


def test_every_line_of_a_request_names_it(
    gateway: Gateway, service: Service, people: People, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The queue fails, the token is wrong, the handler breaks: lines from the store up to the view."""

    class BrokenQueues(WorkingQueues):
        def send(self, *_: object) -> None:
            raise ConnectionError("the queue is away")

    monkeypatch.setattr(service.store, "queues", BrokenQueues(service))
    token = people.token(people.new())
    calls: tuple[Callable[[], httpx.Response], ...] = (
        lambda: post_document(gateway, token, SLUG),
        lambda: gateway.get("/api/v2/auth/me", f"{token}x"),
        lambda: gateway.get("/api/v3/points/balance", token),
    )
    for call in calls:
        before = len(lines(log))
        answer = call()
        assert {line["request_id"] for line in lines(log)[before:]} <= {answer.headers["X-Request-Id"]}
    assert [line["message"] for line in lines(log) if line["level"] == "WARNING"] == [
        "queueing failed, left to the sweeper"
    ]

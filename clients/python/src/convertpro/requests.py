"""One request until it has its answer: signed, repeated where that can help, refused with the error that says why."""

import email.utils
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import urljoin

from convertpro.effects import Answer, Call, Exclusive, Flow, Sleep
from convertpro.errors import ConnectionFailed, Problem, Unauthenticated, problem_of

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 20.0
LONGEST_RETRY_AFTER_S = 120.0
"""A longer ``Retry-After`` is the caller's to decide about: the error is raised."""
TOKEN_MARGIN_S = 30.0
REPEATABLE = frozenset({429, 500, 502, 503, 504})


@dataclass(frozen=True)
class Policy:
    """How often and how long. ``timeout_s``: seconds without a byte until a request counts as failed."""

    retries: int = 5
    timeout_s: float = 60.0
    jitter: Callable[[], float] = random.random


@dataclass
class Session:
    """Where the service is, and who calls: by a key, or by an email and its password, whose tokens it renews."""

    base_url: str
    api_key: str | None = field(default=None, repr=False)
    email: str | None = None
    password: str | None = field(default=None, repr=False)
    policy: Policy = field(default_factory=Policy)
    access_token: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    ends_at: float = 0.0

    def __post_init__(self) -> None:
        if self.api_key and (self.email or self.password):
            raise ValueError("Give an API key, or an email and a password.")
        if not self.api_key and not (self.email and self.password):
            raise ValueError("Give api_key=…, or email=… and password=….")

    def url(self, path: str) -> str:
        """An address of the service; one that is absolute already stays as it is."""
        return urljoin(f"{self.base_url.rstrip('/')}/", path.lstrip("/")) if "://" not in path else path


def request(session: Session, call: Call) -> Flow[Answer]:
    """The answer to a call as the session's user. Raises ``Problem`` and ``ConnectionFailed``."""
    call = replace(call, url=session.url(call.url))
    return (yield from repeated(session, lambda: _signed(session, call)))


def bare(session: Session, call: Call) -> Flow[Answer]:
    """The answer to a call without a token: for the bucket, which must not see one. Raises as ``request`` does."""
    return (yield from repeated(session, lambda: once(session, call)))


def repeated(session: Session, attempt: Callable[[], Flow[Answer]]) -> Flow[Answer]:
    """The answer of the first attempt that has one, after pauses that grow and are never in step with others'."""
    for number in range(session.policy.retries + 1):
        try:
            return (yield from attempt())
        except (ConnectionFailed, Problem) as failure:
            pause = _pause(session.policy, failure, number)
            if pause is None:
                raise
        yield Sleep(pause)
    raise AssertionError("the last attempt returns or raises")


def _pause(policy: Policy, failure: ConnectionFailed | Problem, number: int) -> float | None:
    """Seconds until the next attempt; none where another is of no use."""
    if number == policy.retries:
        return None
    growing = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0**number)
    if isinstance(failure, ConnectionFailed):
        return growing * (0.5 + policy.jitter() / 2)
    if failure.status not in REPEATABLE or (failure.retry_after_s or 0) > LONGEST_RETRY_AFTER_S:
        return None
    if failure.retry_after_s is not None:
        return failure.retry_after_s + FIRST_PAUSE_S * policy.jitter()
    return growing * (0.5 + policy.jitter() / 2)


def _signed(session: Session, call: Call) -> Flow[Answer]:
    """With the session's token, which is renewed once if the service no longer takes it."""
    token = yield from _token(session)
    try:
        return (yield from once(session, _with_token(call, token)))
    except Unauthenticated:
        if session.api_key:
            raise
    yield Exclusive(_renew(session, token))
    token = yield from _token(session)
    return (yield from once(session, _with_token(call, token)))


def _with_token(call: Call, token: str) -> Call:
    return replace(call, headers={**call.headers, "Authorization": f"Bearer {token}"})


def once(session: Session, call: Call) -> Flow[Answer]:
    """The answer to a call as it is, without another attempt. Raises ``Problem`` and ``ConnectionFailed``."""
    answer: Answer = yield replace(call, timeout_s=call.timeout_s or session.policy.timeout_s)
    if answer.status >= 400:
        raise refusal(answer)
    return answer


def refusal(answer: Answer) -> Problem:
    """The error of an answer of 400 or more; whoever stands before the service may not answer with problems."""
    body = answer.json()
    if "status" not in body:
        detail = answer.body.decode(errors="replace").strip()[:300] or f"The answer was a bare {answer.status}."
        body = {"status": answer.status, "detail": body.get("message") or detail}
    return problem_of(body, retry_after(answer))


def retry_after(answer: Answer) -> float | None:
    """Seconds of ``Retry-After``, which may also be a date."""
    value = answer.headers.get("retry-after", "").strip()
    if value.isdigit():
        return float(value)
    try:
        return max(0.0, (email.utils.parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None


def _token(session: Session) -> Flow[str]:
    if session.api_key:
        return session.api_key
    if session.access_token is None or time.monotonic() > session.ends_at - TOKEN_MARGIN_S:
        yield Exclusive(_renew(session, session.access_token))
    assert session.access_token is not None
    return session.access_token


def _renew(session: Session, old: str | None) -> Flow[None]:
    """New tokens, unless another has fetched some meanwhile: a refresh token used twice would end all of them."""
    if session.access_token != old and session.access_token is not None:
        return
    answer = (yield from _refreshed(session)) or (yield from _logged_in(session))
    body = answer.json()
    session.access_token, session.refresh_token = body["access_token"], body["refresh_token"]
    session.ends_at = time.monotonic() + float(body["expires_in"])


def _refreshed(session: Session) -> Flow[Answer | None]:
    """Sent once: after a lost answer the old token may be used up, and a log-in is safe."""
    token, session.refresh_token = session.refresh_token, None
    if token is None:
        return None
    call = Call("POST", session.url("/api/v2/auth/refresh"), json={"refresh_token": token})
    try:
        return (yield from once(session, call))
    except (ConnectionFailed, Problem):
        return None


def _logged_in(session: Session) -> Flow[Answer]:
    credentials = {"email": session.email, "password": session.password}
    call = Call("POST", session.url("/api/v2/auth/login"), json=credentials)
    return (yield from once(session, call))

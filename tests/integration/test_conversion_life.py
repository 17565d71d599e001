"""From acceptance to settlement: what a worker does with a conversion, once and again."""

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest

from chalicelib.domain.conversion import Conversion, Lease, Status
from chalicelib.domain.errors import (
    ConversionTimeout,
    ConvertProError,
    CorruptDocument,
    EngineCrashed,
    InvalidRequest,
    NoTablesFound,
    PayloadTooLarge,
    Unavailable,
)
from chalicelib.domain.users import Role, User
from chalicelib.engines.job import Job, Outcome
from chalicelib.services import Service, run
from tests.support.conversions import Act, hand_in, raising, row, work, write_sample
from tests.support.exactness import assert_exact, movements
from tests.support.fakes import ScriptedEngines
from tests.support.people import People
from tests.support.samples import sample
from tests.support.stack import Stack, SteppedClock

SPENT, REFUNDED = ("spent", -3), ("refunded", 3)


@pytest.fixture
def user(people: People) -> User:
    """A general user of its own."""
    return people.new()


@pytest.fixture
def conversion(service: Service, user: User, clock: SteppedClock) -> Conversion:
    """A conversion that waits for its worker."""
    clock.step(1)
    return hand_in(service, user).conversion


def acts(*steps: Act) -> Act:
    """What an engine does at each of its runs."""
    following: Iterator[Act] = iter(steps)

    def act(job: Job) -> Outcome | None:
        return next(following)(job)

    return act


def test_acceptance_charges_stores_and_queues(service: Service, stack: Stack, user: User) -> None:
    queue_url = service.settings.queues.light
    stack.messages(queue_url)
    conversion = hand_in(service, user).conversion
    assert row(service, conversion.conversion_id) == conversion
    assert (conversion.status, conversion.points_charged, conversion.balance_after) == (Status.PROCESSING, 3, 27)
    assert stack.objects(conversion.prefix) == [conversion.inputs[0].key]
    assert len(stack.messages(queue_url)) == 1
    assert assert_exact(service, user).points.balance == 27


def test_a_success_leaves_result_and_report_and_no_input(
    service: Service, stack: Stack, user: User, conversion: Conversion, clock: SteppedClock
) -> None:
    clock.step(5)
    ended = work(service, conversion.conversion_id)
    result = ended.result
    assert ended.status is Status.SUCCESS
    assert result
    assert stack.objects(conversion.prefix) == [result.file.key]
    assert service.store.files.get(result.file.key) == sample("pdf")
    assert (result.sha256, result.file.size) == (hashlib.sha256(sample("pdf")).hexdigest(), len(sample("pdf")))
    assert result.warnings == ("Page 2 is a scan.",)
    assert (ended.updated_at, ended.expires_at) == ("2026-03-02T09:00:06.000Z", "2026-03-03T09:00:06.000Z")
    assert movements(service, user) == [SPENT]


def test_an_engine_gets_the_document_its_kind_and_the_limits(service: Service, user: User) -> None:
    engines = ScriptedEngines()
    body = sample("pdf") + b"%exact bytes"
    conversion = hand_in(service, user, body, pages="1,last", password="hush").conversion
    seen: list[bytes] = []

    def act(job: Job) -> Outcome:
        seen.append(job.inputs[0].path.read_bytes())
        assert list(job.workdir.iterdir()) == []
        return write_sample(job)

    engines = ScriptedEngines(act)
    run.run(service, engines, conversion.conversion_id)
    job = engines.jobs[0]
    assert seen == [body]
    assert (job.action, job.inputs[0].kind, job.inputs[0].name) == ("pdf_page_remove", "pdf", "document.pdf")
    assert (job.options, job.password) == ({"pages": "1,last", "remove_blank": False}, "hush")
    assert (job.limits.timeout_s, job.limits.pdf_pages) == (60, 2_000)
    assert not job.output.parent.exists()


@pytest.mark.parametrize("error", [CorruptDocument("Damaged."), NoTablesFound("None."), ConversionTimeout("Too long.")])
def test_a_refusal_is_told_and_refunded(
    service: Service, stack: Stack, user: User, conversion: Conversion, error: ConvertProError
) -> None:
    ended = work(service, conversion.conversion_id, raising(error))
    assert ended.problem
    assert (ended.status, ended.problem.code) == (Status.FAILED, error.code)
    assert ended.problem.detail.startswith(error.detail)
    assert (ended.points_charged, ended.balance_after) == (0, 30)
    assert stack.objects(conversion.prefix) == []
    assert movements(service, user) == [SPENT, REFUNDED]
    assert assert_exact(service, user).points.balance == 30


def test_a_super_users_failure_moves_no_points(service: Service, people: People) -> None:
    user = people.new(Role.SUPER)
    conversion = hand_in(service, user).conversion
    ended = work(service, conversion.conversion_id, raising(CorruptDocument("Damaged.")))
    assert (ended.status, ended.points_charged, ended.balance_after) == (Status.FAILED, 0, None)
    assert movements(service, user) == []


def test_a_crash_is_tried_once_more(service: Service, conversion: Conversion) -> None:
    ended = work(service, conversion.conversion_id, acts(raising(EngineCrashed("Died.")), write_sample))
    assert ended.status is Status.SUCCESS


def test_a_second_crash_is_the_documents_doing(service: Service, user: User, conversion: Conversion) -> None:
    engines = ScriptedEngines(raising(EngineCrashed("Died.")))
    run.run(service, engines, conversion.conversion_id)
    ended = row(service, conversion.conversion_id)
    assert len(engines.jobs) == 2
    assert ended.problem
    assert (ended.problem.code, ended.problem.client_fault) == ("conversion-failed", True)
    assert movements(service, user) == [SPENT, REFUNDED]


@pytest.mark.parametrize("written", [b"", b"not the promised kind", None])
def test_a_result_that_is_none_is_a_failure(
    service: Service, user: User, conversion: Conversion, written: bytes | None
) -> None:
    class Careless:
        def run(self, _engine: str, job: Job, *_: object) -> Outcome:
            if written is not None:
                job.output.write_bytes(written)
            return Outcome()

    run.run(service, Careless(), conversion.conversion_id)
    ended = row(service, conversion.conversion_id)
    assert ended.problem
    assert (ended.status, ended.problem.code) == (Status.FAILED, "conversion-failed")
    assert assert_exact(service, user).points.balance == 30


@pytest.mark.parametrize("error", [Unavailable("Busy."), OSError("disk full"), KeyError("bug")])
def test_our_failure_is_tried_again_and_may_still_succeed(
    service: Service, user: User, conversion: Conversion, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    first = work(service, conversion.conversion_id, raising(error))
    assert (first.status, first.lease.owner, first.points_charged) == (Status.PROCESSING, None, 3)
    assert work(service, conversion.conversion_id).status is Status.SUCCESS
    assert movements(service, user) == [SPENT]
    assert str(error) in caplog.text or isinstance(error, ConvertProError)


def test_our_failure_is_refunded_when_no_attempt_is_left(service: Service, user: User, conversion: Conversion) -> None:
    for _ in range(2):
        work(service, conversion.conversion_id, raising(OSError("disk full")))
    ended = row(service, conversion.conversion_id)
    assert ended.problem
    assert (ended.status, ended.problem.client_fault, ended.points_charged) == (Status.FAILED, False, 0)
    assert "disk full" not in ended.problem.detail
    assert movements(service, user) == [SPENT, REFUNDED]


@pytest.mark.parametrize("act", [write_sample, raising(CorruptDocument("Damaged."))])
def test_a_second_delivery_does_nothing(service: Service, user: User, conversion: Conversion, act: Act) -> None:
    ended = work(service, conversion.conversion_id, act)
    engines = ScriptedEngines()
    run.run(service, engines, conversion.conversion_id)
    assert engines.jobs == []
    assert row(service, conversion.conversion_id) == ended
    assert_exact(service, user)


def test_an_unknown_conversion_is_left_alone(service: Service) -> None:
    engines = ScriptedEngines()
    run.run(service, engines, "01JZZZZZZZZZZZZZZZZZZZZZZZ")
    assert engines.jobs == []
    assert service.store.conversions.get("01JZZZZZZZZZZZZZZZZZZZZZZZ") is None


def test_one_worker_has_it_at_a_time(service: Service, conversion: Conversion) -> None:
    inner = ScriptedEngines()

    def act(job: Job) -> Outcome:
        run.run(service, inner, conversion.conversion_id)
        return write_sample(job)

    assert work(service, conversion.conversion_id, act).status is Status.SUCCESS
    assert inner.jobs == []


def stolen(service: Service, clock: SteppedClock, conversion: Conversion) -> None:
    """Let the lease run out and another worker take the conversion."""
    clock.step(service.settings.lease_s + 1)
    thief = Lease("thief", service.now_s() + service.settings.lease_s, service.settings.max_attempts)
    assert service.store.conversions.claim(conversion.conversion_id, thief, service.now_s())


@pytest.mark.parametrize("act", [write_sample, raising(CorruptDocument("Damaged.")), raising(OSError("disk full"))])
def test_nothing_is_settled_when_the_lease_was_lost(
    service: Service, stack: Stack, user: User, conversion: Conversion, clock: SteppedClock, act: Act
) -> None:
    def lose(job: Job) -> Outcome | None:
        stolen(service, clock, conversion)
        return act(job)

    late = work(service, conversion.conversion_id, lose)
    assert (late.status, late.lease.owner, late.lease.attempts) == (Status.PROCESSING, "thief", 2)
    assert (late.result, late.problem) == (None, None)
    assert conversion.inputs[0].key in stack.objects(conversion.prefix)
    assert movements(service, user) == [SPENT]


def test_the_later_holder_settles_with_its_own_result(
    service: Service, conversion: Conversion, clock: SteppedClock
) -> None:
    other = sample("pdf") + b"%later"

    def later(job: Job) -> Outcome:
        job.output.write_bytes(other)
        return Outcome()

    def act(job: Job) -> Outcome:
        clock.step(service.settings.lease_s + 1)
        run.run(service, ScriptedEngines(later), conversion.conversion_id)
        return write_sample(job)

    ended = work(service, conversion.conversion_id, act)
    assert ended.result
    assert service.store.files.get(ended.result.file.key) == other


def test_a_conversion_waits_for_the_sweeper_when_queueing_failed(
    service: Service, user: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def send(self, *_: object) -> None:
            raise ConnectionError("no queue")

    monkeypatch.setattr(service.store, "queues", Broken())
    caplog.set_level(logging.WARNING)
    conversion = hand_in(service, user).conversion
    assert row(service, conversion.conversion_id).is_open
    assert "no queue" in caplog.text


@pytest.mark.parametrize(
    ("body", "options"),
    [(b"no pdf", {"pages": "1"}), (b"", {"pages": "1"}), (None, {"pages": "x"}), (None, {"remove_blank": "no"})],
)
def test_nothing_is_kept_when_a_submission_is_refused(
    service: Service, stack: Stack, user: User, body: bytes | None, options: dict[str, str]
) -> None:
    before = stack.objects()
    with pytest.raises(InvalidRequest):
        hand_in(service, user, body, key="k", **options)
    assert stack.objects() == before
    assert movements(service, user) == []


def test_nothing_is_kept_when_a_file_is_too_large(service: Service, stack: Stack, user: User) -> None:
    small = replace(service, settings=replace(service.settings, max_file_bytes=100))
    before = stack.objects()
    with pytest.raises(PayloadTooLarge):
        hand_in(small, user)
    assert stack.objects() == before

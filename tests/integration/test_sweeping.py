"""The sweeper: what is stuck goes on, or is failed and refunded."""

import json

import pytest

from chalicelib.domain.conversion import Conversion, Lease, Status
from chalicelib.domain.users import User
from chalicelib.services import Service, sweep
from tests.support.conversions import hand_in, raising, row, work
from tests.support.exactness import assert_exact, movements
from tests.support.people import People
from tests.support.stack import Stack, SteppedClock


@pytest.fixture
def user(empty_stack: Stack, people: People) -> User:
    """The only user."""
    return people.new()


@pytest.fixture
def conversion(service: Service, stack: Stack, user: User) -> Conversion:
    """The only conversion; its message is lost."""
    made = hand_in(service, user).conversion
    stack.messages(service.settings.queues.light)
    return made


def queued(service: Service, stack: Stack) -> list[str]:
    """The conversions that the light worker is asked for."""
    return [json.loads(body)["conversion_id"] for body in stack.messages(service.settings.queues.light)]


def held(service: Service, conversion: Conversion, owner: str) -> None:
    """Let a worker take the conversion and die."""
    lease = Lease(owner, service.now_s() + service.settings.lease_s, service.settings.max_attempts)
    assert service.store.conversions.claim(conversion.conversion_id, lease, service.now_s())


def test_a_conversion_is_left_alone_when_its_queue_has_time(
    service: Service, stack: Stack, conversion: Conversion, clock: SteppedClock
) -> None:
    clock.step(service.settings.queue_grace_s)
    assert sweep.sweep(service) == sweep.Swept()
    assert queued(service, stack) == []


def test_a_conversion_is_queued_again_when_nobody_took_it(
    service: Service, stack: Stack, user: User, conversion: Conversion, clock: SteppedClock
) -> None:
    clock.step(service.settings.queue_grace_s + 1)
    assert sweep.sweep(service) == sweep.Swept(requeued=1)
    assert queued(service, stack) == [conversion.conversion_id]
    assert sweep.sweep(service) == sweep.Swept()
    assert work(service, conversion.conversion_id).status is Status.SUCCESS
    assert assert_exact(service, user).points.spent == 3


def test_a_conversion_is_looked_at_ever_less_often_while_it_waits(
    service: Service, stack: Stack, conversion: Conversion, clock: SteppedClock
) -> None:
    looks = 0
    for _ in range(20):
        clock.step(181)
        looks += sweep.sweep(service).requeued
    assert 1 < looks <= 6
    assert row(service, conversion.conversion_id).is_open


def test_a_conversion_is_left_alone_while_its_worker_lives(
    service: Service, conversion: Conversion, clock: SteppedClock
) -> None:
    held(service, conversion, "worker")
    for _ in range(7):
        clock.step(20)
        lease = Lease("worker", service.now_s() + service.settings.lease_s)
        assert service.store.conversions.renew(conversion.conversion_id, lease, None)
        assert sweep.sweep(service) == sweep.Swept()


def test_a_conversion_is_queued_again_when_its_worker_died(
    service: Service, stack: Stack, conversion: Conversion, clock: SteppedClock
) -> None:
    held(service, conversion, "dead")
    clock.step(service.settings.lease_s + 1)
    assert sweep.sweep(service) == sweep.Swept(requeued=1)
    assert queued(service, stack) == [conversion.conversion_id]
    assert work(service, conversion.conversion_id).status is Status.SUCCESS


def test_a_conversion_is_queued_again_at_once_when_its_attempt_failed_on_our_side(
    service: Service, stack: Stack, conversion: Conversion, clock: SteppedClock
) -> None:
    work(service, conversion.conversion_id, raising(OSError("disk full")))
    clock.step(1)
    assert sweep.sweep(service) == sweep.Swept(requeued=1)
    assert queued(service, stack) == [conversion.conversion_id]


def test_a_conversion_is_failed_and_refunded_when_its_attempts_are_used_up(
    service: Service, stack: Stack, user: User, conversion: Conversion, clock: SteppedClock
) -> None:
    for owner in ("dead", "dead too"):
        held(service, conversion, owner)
        clock.step(service.settings.lease_s + 1)
    assert sweep.sweep(service) == sweep.Swept(failed=1)
    ended = row(service, conversion.conversion_id)
    assert ended.problem
    assert (ended.status, ended.problem.code, ended.points_charged) == (Status.FAILED, "conversion-interrupted", 0)
    assert not ended.problem.client_fault
    assert stack.objects(conversion.prefix) == []
    assert movements(service, user) == [("spent", -3), ("refunded", 3)]
    assert sweep.sweep(service) == sweep.Swept()


def test_a_conversion_is_failed_and_refunded_when_nobody_ever_took_it(
    service: Service, user: User, conversion: Conversion, clock: SteppedClock
) -> None:
    clock.step(sweep.GIVE_UP_AFTER_S + 1)
    assert sweep.sweep(service) == sweep.Swept(failed=1)
    assert row(service, conversion.conversion_id).status is Status.FAILED
    assert assert_exact(service, user).points.balance == 30


@pytest.mark.parametrize("act", [None, raising(ValueError("bug"))])
def test_an_ended_conversion_is_never_looked_at(
    service: Service, conversion: Conversion, clock: SteppedClock, act: None
) -> None:
    for _ in range(2):
        work(service, conversion.conversion_id, *([act] if act else []))
    ended = row(service, conversion.conversion_id)
    assert not ended.is_open
    clock.step(sweep.GIVE_UP_AFTER_S * 2)
    assert sweep.sweep(service) == sweep.Swept()
    assert row(service, conversion.conversion_id) == ended


def test_a_late_worker_settles_nothing_when_the_sweeper_gave_up(
    service: Service, user: User, conversion: Conversion, clock: SteppedClock
) -> None:
    held(service, conversion, "dead")
    clock.step(service.settings.lease_s + 1)

    def late(_job: object) -> None:
        clock.step(service.settings.lease_s + 1)
        assert sweep.sweep(service).failed == 1

    ended = work(service, conversion.conversion_id, late)
    assert ended.status is Status.FAILED
    assert ended.result is None
    assert assert_exact(service, user).points.balance == 30


def test_many_stuck_conversions_all_go_on(
    service: Service, stack: Stack, people: People, user: User, clock: SteppedClock
) -> None:
    ids = {hand_in(service, people.fresh(user)).conversion.conversion_id for _ in range(10)}
    stack.messages(service.settings.queues.light)
    clock.step(service.settings.queue_grace_s + 1)
    assert sweep.sweep(service).requeued == 10
    assert set(queued(service, stack)) == ids

"""What the sweeper looks after beside stuck conversions: dead letters, results past their time; each whatever fails."""

import json

import pytest

from chalicelib.domain.conversion import Conversion, Lease, Status
from chalicelib.domain.errors import Gone
from chalicelib.domain.users import User
from chalicelib.services import Service, conversions, dead_letters, expiry, overdue, settle
from chalicelib.workers import sweeping
from tests.support.conversions import hand_in, row, work
from tests.support.exactness import assert_exact, movements
from tests.support.people import People
from tests.support.stack import Stack, SteppedClock


@pytest.fixture
def user(empty_stack: Stack, people: People, monkeypatch: pytest.MonkeyPatch) -> User:
    """The only user; the sweeper works on the service under test."""
    monkeypatch.setattr(sweeping, "_service", lambda: empty_stack.service)
    for queue in (empty_stack.settings.queues.light_dead, empty_stack.settings.queues.light):
        empty_stack.messages(queue)
    return people.new()


@pytest.fixture
def conversion(service: Service, user: User) -> Conversion:
    """The only conversion."""
    return hand_in(service, user).conversion


def die(stack: Stack, body: str) -> None:
    """A message of the light worker ends among the dead letters."""
    stack.sqs.send_message(QueueUrl=stack.settings.queues.light_dead, MessageBody=body)


def letter(conversion: Conversion) -> str:
    """A message that names the conversion."""
    return json.dumps({"conversion_id": conversion.conversion_id})


def test_a_conversion_is_failed_and_refunded_when_its_message_was_delivered_too_often(
    service: Service, stack: Stack, user: User, conversion: Conversion
) -> None:
    die(stack, letter(conversion))
    die(stack, letter(conversion))
    assert dead_letters.sweep(service) == 2
    ended = row(service, conversion.conversion_id)
    assert ended.problem
    assert (ended.status, ended.problem.client_fault) == (Status.FAILED, False)
    assert movements(service, user) == [("spent", -3), ("refunded", 3)]
    assert stack.messages(service.settings.queues.light_dead) == []


def test_a_dead_letter_waits_when_a_worker_holds_its_conversion(
    service: Service, stack: Stack, user: User, conversion: Conversion, clock: SteppedClock
) -> None:
    lease = Lease("worker", service.now_s() + service.settings.lease_s, service.settings.max_attempts)
    assert service.store.conversions.claim(conversion.conversion_id, lease, service.now_s())
    die(stack, letter(conversion))
    url = service.settings.queues.light_dead
    stack.sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "0"})
    try:
        assert dead_letters.sweep(service) == 0
        assert row(service, conversion.conversion_id).is_open
        clock.step(service.settings.lease_s + 1)
        assert dead_letters.sweep(service) == 1
    finally:
        stack.sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "30"})
    assert assert_exact(service, user).points.balance == 30


def test_a_dead_letter_goes_when_there_is_nothing_to_settle(
    service: Service, stack: Stack, conversion: Conversion
) -> None:
    ended = work(service, conversion.conversion_id)
    for body in (letter(conversion), '{"conversion_id": "gone"}', '{"conversion_id": 7}', "[]", "not JSON"):
        die(stack, body)
    assert dead_letters.sweep(service) == 5
    assert row(service, conversion.conversion_id) == ended
    assert stack.messages(service.settings.queues.light_dead) == []


def test_a_result_goes_and_its_row_says_so_when_its_time_is_over(
    service: Service, stack: Stack, user: User, conversion: Conversion, clock: SteppedClock
) -> None:
    ended = work(service, conversion.conversion_id)
    assert expiry.sweep(service) == 0
    clock.step(service.settings.result_lifetime_s + 1)
    assert expiry.sweep(service) == 1
    assert stack.objects(conversion.prefix) == []
    gone = row(service, conversion.conversion_id)
    assert (gone.status, gone.deleted, gone.result) == (Status.SUCCESS, True, ended.result)
    assert expiry.sweep(service) == 0
    with pytest.raises(Gone, match="expired"):
        conversions.download(service, user, conversion.conversion_id)


def test_nothing_is_left_to_expire_when_the_user_deleted_it_or_it_failed(
    service: Service, stack: Stack, user: User, conversion: Conversion, clock: SteppedClock
) -> None:
    work(service, conversion.conversion_id)
    conversions.delete(service, user, conversion.conversion_id)
    die(stack, letter(hand_in(service, user).conversion))
    dead_letters.sweep(service)
    clock.step(service.settings.result_lifetime_s + 1)
    assert expiry.sweep(service) == 0
    with pytest.raises(Gone):
        conversions.download(service, user, conversion.conversion_id)


def test_a_round_tells_what_was_done(
    service: Service, stack: Stack, conversion: Conversion, user: User, clock: SteppedClock
) -> None:
    work(service, hand_in(service, user).conversion.conversion_id)
    clock.step(service.settings.result_lifetime_s + 1)
    die(stack, "x")
    told = sweeping.handler()
    done = {"failed": 1, "dead_letters": 1, "expired": 1}
    assert told == dict.fromkeys(("requeued", "broken", "batches", "erased", "errands"), 0) | done


def test_the_others_are_looked_after_when_one_can_not_be(
    service: Service, stack: Stack, user: User, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck = [hand_in(service, user).conversion for _ in range(3)]
    done = work(service, hand_in(service, user).conversion.conversion_id)
    clock.step(service.settings.result_lifetime_s + 1)
    give_up = settle.give_up

    def failing(service: Service, seen: Conversion) -> bool:
        if seen.conversion_id == stuck[0].conversion_id:
            raise TimeoutError
        return give_up(service, seen)

    def broken(_service: Service) -> int:
        raise TimeoutError

    monkeypatch.setattr(settle, "give_up", failing)
    monkeypatch.setitem(sweeping._LOOKS, "dead_letters", broken)
    monkeypatch.setitem(sweeping._LOOKS, "batches", overdue.sweep)
    with pytest.raises(sweeping.SweepIncomplete, match="'broken': 2"):
        sweeping.handler()
    assert [row(service, one.conversion_id).is_open for one in stuck] == [True, False, False]
    assert row(service, done.conversion_id).deleted

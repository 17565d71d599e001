"""The line: so many conversions of a user are at work at a time, the others follow in order of acceptance."""

import json
from collections.abc import Iterable
from dataclasses import replace

import pytest

from chalicelib.domain.batches import BatchPlace
from chalicelib.domain.conversion import Lane, LineKey, Status
from chalicelib.domain.errors import ConversionTimeout, CorruptDocument, problem_of
from chalicelib.domain.users import User
from chalicelib.domain.versions import ANONYMOUS, V1
from chalicelib.services import Service, accept, line, sweep, tally
from chalicelib.services.accept import Accepted
from chalicelib.workers import tallying
from tests.support.conversions import raising, row, submission, work
from tests.support.ended import event
from tests.support.people import People
from tests.support.stack import Stack, SteppedClock

ACTIVE = 2


@pytest.fixture
def service(empty_stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Service:
    """A service where two conversions of a user may be at work in each lane, whose tally a test calls."""
    limits = replace(empty_stack.settings, max_active_per_user=ACTIVE, max_active_batch_per_user=ACTIVE)
    limited = replace(empty_stack.service, settings=limits)
    monkeypatch.setattr(tallying, "_service", lambda: limited)
    for queue in (limits.queues.light, limits.queues.light_batch):
        empty_stack.messages(queue)
    return limited


@pytest.fixture
def user(service: Service, people: People) -> User:
    """Who converts."""
    return people.new()


class Line:
    """A user's line as a test drives it."""

    def __init__(self, service: Service, stack: Stack, people: People, user: User, lane: Lane) -> None:
        self._service, self._stack, self._people = service, stack, people
        self._user, self.key = user, LineKey(user.user_id, lane)

    def accept(self, number: int) -> list[str]:
        """Hand in so many documents; their ids."""
        return [self._accept().conversion.conversion_id for _ in range(number)]

    def _accept(self) -> Accepted:
        self._stack.clock.step(0.001)  # ids of one millisecond have no order
        place = BatchPlace("batch", "file") if self.key.lane is Lane.BATCH else None
        document = replace(submission(), place=place)
        return accept.accept(self._service, self._people.fresh(self._user), document)

    def sent(self) -> list[str]:
        """The conversions that the worker was asked for since the last look."""
        queues = self._service.settings.queues
        url = queues.light if self.key.lane is Lane.INTERACTIVE else queues.light_batch
        return [json.loads(body)["conversion_id"] for body in self._stack.messages(url)]

    def admitted(self) -> frozenset[str]:
        """Who may be at work."""
        return self._service.store.lines.get(self.key).admitted

    def tell(self, conversion_ids: Iterable[str]) -> None:
        """What the stream tells of conversions that ended."""
        table = self._service.settings.tables.conversions
        keys = [{"conversion_id": {"S": one}} for one in conversion_ids]
        images = [self._stack.dynamodb.get_item(TableName=table, Key=key)["Item"] for key in keys]
        assert tallying.handler(event(images), None) == {"batchItemFailures": []}


def failing(*_: object) -> None:
    """What takes no effect."""
    raise TimeoutError


@pytest.fixture
def mine(service: Service, stack: Stack, people: People, user: User) -> Line:
    """The user's line of what somebody waits for."""
    return Line(service, stack, people, user, Lane.INTERACTIVE)


def test_only_so_many_are_sent_when_more_are_accepted(service: Service, mine: Line) -> None:
    ids = mine.accept(4)
    assert mine.sent() == ids[:ACTIVE]
    assert mine.admitted() == set(ids[:ACTIVE])
    assert all(row(service, one).is_open for one in ids)


@pytest.mark.parametrize("times", [1, 3])
def test_the_next_follow_in_order_when_others_end(service: Service, mine: Line, times: int) -> None:
    ids = mine.accept(5)
    mine.sent()
    for number, ended in enumerate(ids[:3]):
        work(service, ended, *([raising(CorruptDocument("Damaged."))] if number == 1 else []))
        for _ in range(times):
            mine.tell([ended])
        assert mine.sent() == [ids[number + ACTIVE]]
    assert mine.admitted() == set(ids[3:])


def test_the_next_follow_in_order_when_ends_are_told_late_together_and_backwards(service: Service, mine: Line) -> None:
    ids = mine.accept(5)
    for one in ids[:ACTIVE]:
        work(service, one)
    mine.tell(reversed(ids[:ACTIVE]))
    assert mine.sent() == ids[:4]
    assert mine.admitted() == set(ids[2:4])


def test_nobody_waits_for_the_stream_when_those_at_work_have_ended(service: Service, mine: Line) -> None:
    for one in mine.accept(ACTIVE):
        work(service, one)
    mine.sent()
    (fresh,) = mine.accept(1)
    assert mine.sent() == [fresh]
    assert mine.admitted() == {fresh}


def test_a_newcomer_does_not_overtake_when_others_wait(service: Service, mine: Line) -> None:
    first, _, third = mine.accept(ACTIVE + 1)
    work(service, first)
    (fresh,) = mine.accept(1)
    assert mine.sent()[ACTIVE:] == [third]
    assert fresh not in mine.admitted()


def test_users_do_not_wait_for_each_other(service: Service, stack: Stack, people: People, mine: Line) -> None:
    mine.accept(ACTIVE + 2)
    mine.sent()
    theirs = Line(service, stack, people, people.new(), Lane.INTERACTIVE)
    ids = theirs.accept(ACTIVE + 1)
    assert theirs.sent() == ids[:ACTIVE]


def test_a_batch_does_not_delay_what_somebody_waits_for(
    service: Service, stack: Stack, people: People, user: User, mine: Line
) -> None:
    batch = Line(service, stack, people, user, Lane.BATCH)
    many = batch.accept(ACTIVE + 2)
    (urgent,) = mine.accept(1)
    assert mine.sent() == [urgent], "in the queue of what somebody waits for"
    assert batch.sent() == many[:ACTIVE]
    work(service, many[0])
    batch.tell(many[:1])
    assert (mine.sent(), batch.sent()) == ([], [many[ACTIVE]])


def test_callers_without_an_account_have_no_line(service: Service, stack: Stack) -> None:
    for _ in range(ACTIVE + 2):
        accept.accept(service, ANONYMOUS, submission(), policy=V1)
    assert len(stack.messages(service.settings.queues.light)) == ACTIVE + 2
    assert stack.items(service.settings.tables.lines) == []


def test_the_line_moves_on_when_an_end_was_never_told(service: Service, mine: Line, clock: SteppedClock) -> None:
    ids = mine.accept(ACTIVE + 2)
    mine.sent()
    for one in ids[:ACTIVE]:
        work(service, one)
    clock.step(service.settings.queue_grace_s + 1)
    sweep.sweep(service)
    assert mine.sent() == ids[ACTIVE:]
    assert mine.admitted() == set(ids[ACTIVE:])


def test_nobody_loses_his_place_when_a_line_is_put_right_twice_at_once(
    service: Service, mine: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = mine.accept(ACTIVE + 1)
    work(service, ids[0])
    next_in = service.store.lines.next_in

    def overtaken(key: LineKey, most: int) -> list[str]:
        monkeypatch.setattr(service.store.lines, "next_in", next_in)
        line.advance(service, mine.key)
        return next_in(key, most)

    monkeypatch.setattr(service.store.lines, "next_in", overtaken)
    line.advance(service, mine.key)
    assert mine.admitted() == set(ids[1:])
    assert mine.sent() == ids


def test_the_line_moves_on_when_a_row_of_it_is_gone(service: Service, stack: Stack, mine: Line) -> None:
    ids = mine.accept(ACTIVE + 1)
    table = service.settings.tables.conversions
    stack.dynamodb.delete_item(TableName=table, Key={"conversion_id": {"S": ids[0]}})
    line.advance(service, mine.key)
    assert mine.sent() == ids


def test_a_conversion_gets_its_turn_when_the_process_died_between_charge_and_line(
    service: Service, mine: Line, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(line, "enter", failing)
        (left,) = mine.accept(1)
    assert mine.sent() == []
    clock.step(service.settings.queue_grace_s + 1)
    assert sweep.sweep(service).requeued == 1
    assert mine.sent() == [left]
    assert mine.admitted() == {left}


def test_a_conversion_is_sent_again_soon_when_the_message_of_its_turn_is_lost(
    service: Service, mine: Line, clock: SteppedClock
) -> None:
    ids = mine.accept(ACTIVE + 1)
    clock.step(3_600)
    work(service, ids[0])
    mine.tell(ids[:1])
    assert ids[ACTIVE] in mine.sent()
    clock.step(service.settings.queue_grace_s + 1)
    sweep.sweep(service)
    assert ids[ACTIVE] in mine.sent()


def test_a_conversion_is_not_given_up_when_it_waits_long_in_a_line_that_moves(
    service: Service, mine: Line, clock: SteppedClock
) -> None:
    ids = mine.accept(ACTIVE + 4)
    for one in ids[:4]:
        clock.step(sweep.GIVE_UP_AFTER_S * 0.7)
        work(service, one)
        mine.tell([one])
    assert sweep.sweep(service).failed == 0
    assert row(service, ids[-1]).is_open
    assert set(mine.sent()) == set(ids)


def test_a_conversion_is_given_up_and_refunded_when_its_line_does_not_move(
    service: Service, mine: Line, user: User, people: People, clock: SteppedClock
) -> None:
    ids = mine.accept(ACTIVE + 1)
    clock.step(sweep.GIVE_UP_AFTER_S + 1)
    assert sweep.sweep(service).failed == ACTIVE + 1
    assert {row(service, one).status for one in ids} == {Status.FAILED}
    assert people.fresh(user).points.balance == 30


def test_a_line_of_thousands_is_looked_at_now_and_then_when_it_is_full(
    service: Service, mine: Line, clock: SteppedClock
) -> None:
    waiting = mine.accept(ACTIVE + 1)[ACTIVE]
    looks = set()
    for _ in range(60):
        clock.step(60)
        sweep.sweep(service)
        looks.add(row(service, waiting).due_at)
    assert 1 < len(looks) <= 12
    assert max(looks) - service.now_s() <= sweep.LONGEST_WAIT_S


@pytest.mark.parametrize("broken", ["line", "tally"])
def test_the_other_does_its_work_when_line_or_tally_fails(
    service: Service, mine: Line, stack: Stack, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    ids = mine.accept(ACTIVE + 1)
    mine.sent()
    work(service, ids[0])
    table = service.settings.tables.conversions
    image = stack.dynamodb.get_item(TableName=table, Key={"conversion_id": {"S": ids[0]}})["Item"]
    told = event([image])
    module, name = (line, "advance") if broken == "line" else (tally, "count")
    with monkeypatch.context() as patch:
        patch.setattr(module, name, failing)
        (failure,) = tallying.handler(told, None)["batchItemFailures"]
    assert failure["itemIdentifier"] == told["Records"][0]["dynamodb"]["SequenceNumber"]
    counted = "counted" in stack.dynamodb.get_item(TableName=table, Key={"conversion_id": {"S": ids[0]}})["Item"]
    assert (counted, mine.sent()) == ((True, []) if broken == "line" else (False, [ids[ACTIVE]]))


def test_an_attempt_that_failed_on_our_side_keeps_its_place_at_work(
    service: Service, mine: Line, clock: SteppedClock
) -> None:
    ids = mine.accept(ACTIVE + 1)
    mine.sent()
    work(service, ids[0], raising(OSError("disk full")))
    clock.step(1)
    sweep.sweep(service)
    assert mine.sent() == [ids[0]]
    assert mine.admitted() == set(ids[:ACTIVE])


def test_one_runs_at_a_time_when_documents_used_up_their_time_until_one_succeeds(service: Service, mine: Line) -> None:
    spent = raising(ConversionTimeout("It used up its time."))
    told = mine.accept(line.STRIKES)
    for one in told:
        work(service, one, spent)
    mine.tell(told)
    mine.tell(told[:1])
    mine.sent()
    first, second, third = mine.accept(3)
    assert mine.sent() == [first]
    assert "one at a time" in (row(service, told[0]).problem or problem_of(CorruptDocument(""))).detail
    work(service, first)
    mine.tell([first])
    assert mine.sent() == [second, third], "two at a time, as before"


def test_strikes_of_long_ago_do_not_count(service: Service, stack: Stack, mine: Line) -> None:
    for _ in range(line.STRIKES):
        (one,) = mine.accept(1)
        work(service, one, raising(ConversionTimeout("It used up its time.")))
        mine.tell([one])
        stack.clock.step(line.STRIKES_WITHIN_S)
    mine.sent()
    assert mine.accept(ACTIVE) == mine.sent()

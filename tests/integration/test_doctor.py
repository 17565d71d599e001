"""The doctor finds each broken invariant, repairs it, and leaves a sound service alone."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.conversion import Status
from chalicelib.domain.errors import CorruptDocument
from chalicelib.domain.users import User
from chalicelib.services import Service, conversions, sweep, tally
from infra.doctor.__main__ import EXAMINATIONS, examine
from infra.doctor.site import Site
from infra.local import stack as local_stack
from tests.support.conversions import hand_in, raising, work
from tests.support.exactness import assert_exact
from tests.support.people import People
from tests.support.stack import Stack, SteppedClock

Sick = Callable[["Case"], str]


class Case:
    """A service in use, and one user's conversions in it: one that succeeded, one that failed, one that is open."""

    def __init__(self, stack: Stack, people: People) -> None:
        self.stack, self.service = stack, stack.service
        self.user: User = people.new()
        for key in stack.objects():
            stack.s3.delete_object(Bucket=stack.settings.bucket, Key=key)
        self.good, self.bad, self.open = (hand_in(self.service, people.fresh(self.user)).conversion for _ in range(3))
        work(self.service, self.good.conversion_id)
        work(self.service, self.bad.conversion_id, raising(CorruptDocument("Damaged.")))
        self.tell()

    def tell(self) -> None:
        """The stream tells of ends."""
        items = self.stack.items(self.service.settings.tables.conversions)
        assert tally.tally(self.service, [one for one in items if "ended_at" in one]) is None
        key = self.open.line
        assert key
        self.service.store.lines.leave(key, [self.good.conversion_id, self.bad.conversion_id], self.service.now_s())

    def examine(self, fix: bool = False) -> tuple[int, list[str]]:
        """What is left, and what was said about what was found."""
        said: list[str] = []
        site = Site(self.service, self.stack.dynamodb, self.stack.s3, settles_s=0)
        return examine(site, fix, said.append), [one.strip() for one in said if one.startswith(" ")]

    def change(self, table: str, key: dict[str, str], change: str, **values: str) -> None:
        """Change an item behind the service's back."""
        numbers = {f":{name}": {"N": one} for name, one in values.items()}
        more: Any = {"ExpressionAttributeValues": numbers} if numbers else {}
        self.stack.dynamodb.update_item(
            TableName=getattr(self.service.settings.tables, table),
            Key={name: {"S": value} for name, value in key.items()},
            UpdateExpression=change,
            **more,
        )

    def delete(self, table: str, **key: str) -> None:
        """Delete an item behind the service's back."""
        wanted: Any = {name: {"S": value} for name, value in key.items()}
        self.stack.dynamodb.delete_item(TableName=getattr(self.service.settings.tables, table), Key=wanted)

    def put(self, key: str) -> str:
        """Put an object."""
        self.stack.s3.put_object(Bucket=self.service.settings.bucket, Key=key, Body=b"left")
        return key


@pytest.fixture
def case(empty_stack: Stack, people: People) -> Case:
    """The case at hand."""
    return Case(empty_stack, people)


def wrong_balance(case: Case) -> str:
    case.change("users", {"user_id": case.user.user_id}, "ADD balance :more", more="5")
    return "has balance 29"


def lost_row(case: Case) -> str:
    case.delete("conversions", conversion_id=case.open.conversion_id)
    case.service.store.files.delete(case.stack.objects(case.open.prefix))
    return "charged 3, not refunded, and it is gone"


def lost_refund(case: Case) -> str:
    """The refund, and what it gave."""
    case.delete("ledger", user_id=case.user.user_id, entry_id=f"{case.bad.conversion_id}#refunded")
    change = "ADD balance :less, refunded :less, revision :one"
    case.change("users", {"user_id": case.user.user_id}, change, less="-3", one="1")
    return "charged 3, not refunded, and it is failed"


def uncharged(case: Case) -> str:
    case.delete("ledger", user_id=case.user.user_id, entry_id=f"{case.good.conversion_id}#spent")
    change = "ADD balance :back, spent :less, revision :one"
    case.change("users", {"user_id": case.user.user_id}, change, back="3", less="-3", one="1")
    return "says 3 points, and there is no charge for it"


def too_old(case: Case) -> str:
    case.stack.clock.step(sweep.GIVE_UP_AFTER_S + 1)
    return "open beyond its limit"


def forgotten(case: Case) -> str:
    case.change("conversions", {"conversion_id": case.open.conversion_id}, "REMOVE due_shard, due_at")
    return "nobody looks after it"


def stale_line(case: Case) -> str:
    assert case.open.line
    case.service.store.lines.admit(case.open.line, case.good.conversion_id, 9, case.service.now_s())
    return f"holds {case.good.conversion_id}, not open any more"


def stopped_line(case: Case) -> str:
    assert case.open.line
    case.service.store.lines.leave(case.open.line, [case.open.conversion_id], case.service.now_s())
    return "1 wait, and there is room"


def uncounted(case: Case) -> str:
    case.change("conversions", {"conversion_id": case.good.conversion_id}, "REMOVE counted")
    return "has ended, and is not counted"


def wrong_counter(case: Case) -> str:
    action = case.good.action
    case.change("stats", {"scope": case.user.user_id, "bucket": f"total#{action}"}, "ADD points :more", more="7")
    return "points 10 instead of 3"


def object_without_a_row(case: Case) -> str:
    return f"object {case.put('conversions/01KJPWD6M09RB6RKJ6QR1QZGJ7/in/0')}: there is no such conversion"


def input_of_an_ended_one(case: Case) -> str:
    return f"object {case.put(case.good.prefix + 'in/0')}: its conversion has ended"


def deleted_result(case: Case) -> str:
    conversions.delete(case.service, case.user, case.good.conversion_id)
    return f"object {case.put(case.good.prefix + 'out/1')}: its conversion has ended"


def unknown_upload(case: Case) -> str:
    return f"object {case.put('uploads/somebody/01KJPWD6M09RB6RKJ6QR1QZGJ7')}: its upload does not exist"


SICKNESSES: tuple[Sick, ...] = (
    wrong_balance,
    lost_row,
    lost_refund,
    uncharged,
    too_old,
    forgotten,
    stale_line,
    stopped_line,
    uncounted,
    wrong_counter,
    object_without_a_row,
    input_of_an_ended_one,
    deleted_result,
    unknown_upload,
)


def test_nothing_is_found_when_all_is_well(case: Case) -> None:
    assert case.examine() == (0, [])
    assert case.examine(fix=True) == (0, [])


@pytest.mark.parametrize("sick", SICKNESSES, ids=lambda one: one.__name__)
def test_what_is_wrong_is_found_and_repaired(case: Case, sick: Sick) -> None:
    what = sick(case)
    left, said = case.examine()
    assert left == len(said) >= 1
    assert any(what in one and one.endswith("FIX=1 repairs it") for one in said), said
    case.examine(fix=True)
    case.tell()  # of what the repair itself ended
    left, said = case.examine(fix=True)
    assert case.examine() == (0, []), said
    assert_exact(case.service, case.user)


def test_a_person_decides_when_there_is_no_safe_repair(case: Case) -> None:
    """A refund without its charge: whether the points were earned is not in the books."""
    case.delete("ledger", user_id=case.user.user_id, entry_id=f"{case.bad.conversion_id}#spent")
    for fix in (False, True):
        left, said = case.examine(fix)
        assert left >= 1
        assert any("there is no charge for it: a person must decide" in one for one in said)


def test_what_may_be_under_way_is_left_alone(case: Case, clock: SteppedClock) -> None:
    case.put("conversions/01KJPWD6M09RB6RKJ6QR1QZGJ7/in/0")
    stale_line(case)
    said: list[str] = []
    assert examine(Site(case.service, case.stack.dynamodb, case.stack.s3), fix=True, say=said.append) == 0
    assert len(said) == len(EXAMINATIONS)


def test_a_repaired_conversion_goes_on(case: Case, service: Service) -> None:
    forgotten(case)
    case.examine(fix=True)
    case.stack.clock.step(1)
    assert sweep.sweep(service).requeued == 1
    assert work(service, case.open.conversion_id).status is Status.SUCCESS


def test_it_is_said_when_no_service_runs_on_this_machine() -> None:
    with pytest.raises(local_stack.NotRunning, match="make run"):
        local_stack.running("http://127.0.0.1:9", 8000)

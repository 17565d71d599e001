"""Points: whatever happens, balance, totals and ledger agree."""

import random

import pytest

from chalicelib.domain.errors import (
    CorruptDocument,
    Forbidden,
    IdempotencyMismatch,
    InsufficientPoints,
    InvalidRequest,
    NotFound,
)
from chalicelib.domain.users import Role, User
from chalicelib.services import Service, points
from chalicelib.services.points import Topup
from tests.support.conversions import hand_in, raising, work, write_sample
from tests.support.exactness import assert_exact, movements
from tests.support.people import People
from tests.support.stack import Stack, SteppedClock

ROUTE = "/api/v3/points/topup"


@pytest.mark.parametrize("seed", range(2))
def test_points_stay_exact_through_mixed_operations(
    service: Service, people: People, clock: SteppedClock, seed: int
) -> None:
    chance = random.Random(seed)
    user, admin = people.new(), people.new(Role.ADMIN)
    for number in range(4, 22):
        clock.step(chance.choice([0, 0.001, 5]))
        what = chance.choice(["success", "failure", "open", "topup", "repeat"])
        if what == "topup":
            points.grant(service, admin, Topup(user.user_id, number // 4), ROUTE, f"k{number // 4}")
            continue
        key = "same" if what == "repeat" else None
        try:
            conversion = hand_in(service, people.fresh(user), key=key).conversion
        except InsufficientPoints:
            assert people.fresh(user).points.balance < 3
            continue
        if what != "open":
            act = write_sample if what != "failure" else raising(CorruptDocument("Damaged."))
            work(service, conversion.conversion_id, act)
        assert_exact(service, user)
    assert len(movements(service, user)) > 5
    assert_exact(service, user)


def test_movements_of_one_millisecond_keep_their_order(service: Service, people: People) -> None:
    user, admin = people.new(), people.new(Role.ADMIN)
    conversion = hand_in(service, user).conversion
    work(service, conversion.conversion_id, raising(CorruptDocument("Damaged.")))
    points.grant(service, admin, Topup(user.user_id, 7), ROUTE, None)
    hand_in(service, people.fresh(user))
    page = service.store.ledger.page(user.user_id, None, 10)
    assert [entry.amount for entry in page.rows] == [-3, 7, 3, -3, 30]
    assert [entry.balance_after for entry in page.rows] == [34, 37, 30, 27, 30]


@pytest.mark.parametrize("role", [Role.GENERAL, Role.ADMIN])
def test_the_last_points_can_be_spent_and_no_more(service: Service, people: People, role: Role) -> None:
    user = people.penniless()
    points.grant(service, people.shared(Role.SUPER), Topup(user.user_id, 7), ROUTE, None)
    for _ in range(2):
        hand_in(service, people.fresh(user))
    with pytest.raises(InsufficientPoints) as refusal:
        hand_in(service, people.fresh(user))
    assert refusal.value.extras == {"balance": 1, "required": 3}
    assert assert_exact(service, user).points.balance == 1


def test_a_new_cost_holds_from_the_next_charge_on(empty_stack: Stack, people: People) -> None:
    service, user = empty_stack.service, people.new()
    before = hand_in(service, user).conversion
    service.store.rules.set_flat_cost(5)
    after = hand_in(service, people.fresh(user)).conversion
    assert (before.points_charged, after.points_charged) == (3, 5)
    work(service, before.conversion_id, raising(CorruptDocument("Damaged.")))
    assert movements(service, user) == [("spent", -3), ("spent", -5), ("refunded", 3)]
    assert assert_exact(service, user).points.balance == 25


def test_a_conversion_is_free_when_it_costs_nothing(empty_stack: Stack, people: People) -> None:
    service, user = empty_stack.service, people.penniless()
    service.store.rules.set_flat_cost(0)
    conversion = hand_in(service, user, key="k").conversion
    assert (conversion.points_charged, conversion.balance_after) == (0, 0)
    assert hand_in(service, user, key="k").replayed
    work(service, conversion.conversion_id, raising(CorruptDocument("Damaged.")))
    assert movements(service, user) == []


def test_a_topup_is_booked_once_for_its_key(service: Service, people: People, clock: SteppedClock) -> None:
    user, admin = people.new(), people.new(Role.ADMIN)
    wanted = Topup(user.user_id, 5, "Thanks")
    first = points.grant(service, admin, wanted, ROUTE, "k")
    clock.step(60)
    repeat = points.grant(service, admin, wanted, ROUTE, "k")
    assert (first.replayed, repeat.replayed) == (False, True)
    assert repeat.entry == first.entry
    assert movements(service, user) == [("topup", 5)]


@pytest.mark.parametrize("change", [{"amount": 6}, {"note": "Other"}, {"user_id": "other"}])
def test_another_topup_is_refused_when_the_key_is_used(
    service: Service, people: People, change: dict[str, object]
) -> None:
    user, admin = people.new(), people.new(Role.ADMIN)
    right: dict[str, object] = {"user_id": user.user_id, "amount": 5, "note": "Thanks"}
    points.grant(service, admin, Topup(**right), ROUTE, "k")  # type: ignore[arg-type]
    other = right | ({"user_id": people.new().user_id} if "user_id" in change else change)
    with pytest.raises(IdempotencyMismatch):
        points.grant(service, admin, Topup(**other), ROUTE, "k")  # type: ignore[arg-type]
    assert assert_exact(service, user).points.topup == 5


def test_a_topup_key_lives_a_day_and_is_its_givers_own(service: Service, people: People, clock: SteppedClock) -> None:
    user, admin, other = people.new(), people.new(Role.ADMIN), people.new(Role.ADMIN)
    wanted = Topup(user.user_id, 5)
    points.grant(service, admin, wanted, ROUTE, "k")
    assert not points.grant(service, other, wanted, ROUTE, "k").replayed
    clock.step(86_400)
    assert not points.grant(service, admin, wanted, ROUTE, "k").replayed
    assert assert_exact(service, user).points.balance == 45


def test_a_super_user_is_not_topped_up(service: Service, people: People) -> None:
    target = people.new(Role.SUPER)
    with pytest.raises(InvalidRequest):
        points.grant(service, people.shared(Role.SUPER), Topup(target.user_id, 5), ROUTE, None)
    assert movements(service, target) == []


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SUPER])
def test_an_admin_tops_up_nobody_out_of_sight(service: Service, people: People, role: Role) -> None:
    target, admin = people.new(role), people.new(Role.ADMIN)
    for user_id in (target.user_id, admin.user_id, "01JZZZZZZZZZZZZZZZZZZZZZZZ"):
        with pytest.raises(NotFound):
            points.grant(service, admin, Topup(user_id, 5), ROUTE, None)
    assert assert_exact(service, target).points.topup == 0


def test_entries_of_others_are_shown_by_sight(service: Service, people: People) -> None:
    user = people.new()

    def shown(actor: User) -> int:
        return len(points.entries(service, actor, user.user_id, None, 10).rows)

    assert (shown(user), shown(people.shared(Role.ADMIN)), shown(people.shared(Role.SUPER))) == (1, 1, 1)
    for role in (Role.GENERAL, Role.DEMO):
        with pytest.raises(Forbidden):
            shown(people.new(role))


@pytest.mark.parametrize("limit", [1, 2, 4, 5, 6, 200])
def test_the_ledger_is_paged_newest_first_each_once(
    service: Service, people: People, clock: SteppedClock, limit: int
) -> None:
    user, admin = people.new(), people.shared(Role.ADMIN)
    for amount in (1, 2, 3, 4):
        clock.step(1)
        points.grant(service, admin, Topup(user.user_id, amount), ROUTE, None)
    found, start = list[int](), None
    while True:
        page = points.entries(service, user, None, start, limit)
        found += [entry.amount for entry in page.rows]
        start = page.next
        if start is None:
            break
        assert len(page.rows) == limit
    assert found == [4, 3, 2, 1, 30]

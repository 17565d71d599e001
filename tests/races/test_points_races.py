"""Races on points: whatever comes at the same moment, each point moves once and no balance goes below zero."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from chalicelib.conversions import BY_SLUG
from chalicelib.domain.conversion import Conversion, Lease, Result, Status, StoredFile
from chalicelib.domain.errors import (
    Conflict,
    ConversionInterrupted,
    CorruptDocument,
    InsufficientPoints,
    Unauthenticated,
)
from chalicelib.domain.points import EntryStatus
from chalicelib.domain.users import Role, User
from chalicelib.services import Service, accounts, cancellation, points, settle, sweep
from chalicelib.services.accept import Accepted, accept
from chalicelib.services.incoming import SentFile
from chalicelib.services.submission import Submission
from tests.races.conftest import MakeUser
from tests.support.fakes import PDF

CALLERS = 32
RESULT = Result(StoredFile("conversions/x/out/1", "a.pdf", "pdf", 1), "0" * 64, (), {})


def at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run all calls on threads of their own; an exception stands for its result."""

    def caught(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Exception as error:  # noqa: BLE001 - the result under test
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(caught, calls))


def submission(body: bytes = PDF) -> Submission:
    """One page to remove from a PDF."""
    return Submission(BY_SLUG["remove-pages-from-pdf"], [SentFile("a.pdf", body)], {"pages": "1"})


def convert(service: Service, user: User, key: str | None = None, body: bytes = PDF) -> Accepted:
    """Accept one conversion."""
    return accept(service, user, submission(body), key)


def fresh(service: Service, user: User) -> User:
    """The user as it stands."""
    found = service.store.users.get(user.user_id)
    assert found is not None
    return found


def assert_exact(service: Service, user: User) -> None:
    """The invariant: balance = sum of the ledger >= 0, and each entry continues the one before."""
    totals = fresh(service, user).points
    entries = points.entries(service, user, None, None, 200).rows
    assert totals.balance == sum(entry.amount for entry in entries) >= 0
    assert totals.balance == totals.opening + totals.topup - totals.spent + totals.refunded
    balance = 0
    for entry in reversed(entries):
        balance += entry.amount
        assert entry.balance_after == balance


def test_exactly_as_many_are_accepted_as_the_balance_covers_when_more_call_at_once(
    service: Service, make_user: MakeUser
) -> None:
    user = make_user()
    results = at_once([lambda: convert(service, user)] * CALLERS)
    accepted = [one for one in results if isinstance(one, Accepted)]
    refused = [one for one in results if isinstance(one, InsufficientPoints)]
    assert (len(accepted), len(refused)) == (10, CALLERS - 10)
    assert fresh(service, user).points.balance == 0
    assert len({one.conversion.conversion_id for one in accepted}) == 10
    assert len(service.store.files.objects) == 10, "of the others nothing is kept"  # type: ignore[attr-defined]
    assert_exact(service, user)


def test_one_conversion_and_one_charge_when_the_same_key_comes_from_many_connections(
    service: Service, make_user: MakeUser
) -> None:
    user = make_user()
    results = at_once([lambda: convert(service, user, key="same")] * CALLERS)
    assert all(isinstance(one, Accepted) for one in results), results
    assert len({one.conversion.conversion_id for one in results}) == 1
    assert sum(not one.replayed for one in results) == 1
    assert fresh(service, user).points.balance == 27
    assert len(service.store.files.objects) == 1  # type: ignore[attr-defined]
    assert_exact(service, user)


def test_super_users_are_not_charged_when_many_of_their_calls_come_at_once(
    service: Service, make_user: MakeUser
) -> None:
    user = make_user(Role.SUPER)
    results = at_once([lambda: convert(service, user)] * CALLERS)
    assert all(isinstance(one, Accepted) for one in results), results
    assert fresh(service, user).points.spent == 0


def test_no_point_is_lost_when_topups_meet_charges(service: Service, make_user: MakeUser) -> None:
    admin, user = make_user(Role.ADMIN), make_user()
    topup = points.Topup(user.user_id, 5)
    calls: list[Callable[[], Any]] = [lambda: points.grant(service, admin, topup, "/topup", None)] * 10
    results = at_once([*calls, *[lambda: convert(service, user)] * 10])
    assert not [one for one in results if isinstance(one, Exception)]
    assert fresh(service, user).points.balance == 30 + 50 - 30
    assert_exact(service, user)


def test_points_are_given_once_when_the_same_topup_key_comes_many_times(service: Service, make_user: MakeUser) -> None:
    admin, user = make_user(Role.ADMIN), make_user()
    wanted = points.Topup(user.user_id, 5)
    results = at_once([lambda: points.grant(service, admin, wanted, "/topup", "key")] * 16)
    assert len({one.entry.entry_id for one in results}) == 1
    assert fresh(service, user).points.balance == 35
    assert_exact(service, user)


@pytest.mark.parametrize("rivals", [2, 8])
def test_points_come_back_once_when_failures_meet(service: Service, make_user: MakeUser, rivals: int) -> None:
    user = make_user()
    conversion = convert(service, user).conversion
    error = ConversionInterrupted("interrupted")
    at_once([lambda: settle.fail(service, conversion, error)] * rivals)
    assert fresh(service, user).points.balance == 30
    statuses = [entry.status for entry in points.entries(service, user, None, None, 50).rows]
    assert statuses == [EntryStatus.REFUNDED, EntryStatus.SPENT, EntryStatus.OPENING]
    assert_exact(service, user)


def test_a_conversion_goes_on_when_its_worker_gives_a_sign_of_life_after_the_sweeper_looked(
    service: Service, make_user: MakeUser
) -> None:
    user = make_user()
    conversion_id = convert(service, user).conversion.conversion_id
    rows, now = service.store.conversions, service.now_s()
    seen = rows.claim(conversion_id, Lease("worker", now + 30, 1), now)
    assert seen
    assert rows.renew(conversion_id, Lease("worker", now + 60), None)
    assert not settle.give_up(service, seen)
    assert settle.fail(service, seen, ConversionInterrupted("the worker's own end")), "its holder may end it"
    assert fresh(service, user).points.balance == 30
    assert_exact(service, user)


def test_a_conversion_ends_one_way_when_settling_meets_sweeping(service: Service, make_user: MakeUser) -> None:
    user = make_user(Role.ADMIN)
    stuck = [_with_spent_lease(service, user) for _ in range(10)]
    late = [partial(settle.succeed, service, one, "late", RESULT) for one in stuck]
    results = at_once([*late, *[lambda: sweep.sweep(service)] * 3])
    assert not [one for one in results if isinstance(one, Exception)]
    ends = [service.store.conversions.get(one.conversion_id) for one in stuck]
    refunds = [service.store.ledger.get(user.user_id, f"{one.conversion_id}#refunded") for one in stuck]
    assert [one and one.status for one in ends] == [Status.FAILED if one else Status.SUCCESS for one in refunds]
    assert_exact(service, user)


def test_a_conversion_is_cancelled_or_begun_when_both_come_at_once(service: Service, make_user: MakeUser) -> None:
    user, now = make_user(Role.ADMIN), service.now_s()
    ids = [convert(service, user).conversion.conversion_id for _ in range(6)]
    lease = Lease("worker", now + 30, 1)
    begun = at_once(
        [
            call
            for one in ids
            for call in (
                partial(service.store.conversions.claim, one, lease, now),
                partial(cancellation.cancel, service, user, one),
            )
        ]
    )
    for claimed, cancelled in zip(begun[::2], begun[1::2], strict=True):
        assert (claimed is None) != isinstance(cancelled, Conflict), (claimed, cancelled)
    assert fresh(service, user).points.refunded == 3 * sum(claimed is None for claimed in begun[::2])
    assert_exact(service, user)


def _with_spent_lease(service: Service, user: User) -> Conversion:
    """A conversion whose last attempt's lease has run out, though its worker still lives."""
    conversion_id = convert(service, user).conversion.conversion_id
    now, attempts = service.now_s(), service.settings.max_attempts
    spent = Lease("late", now - 1, attempts)
    held = [service.store.conversions.claim(conversion_id, spent, now) for _ in range(attempts)][-1]
    assert held is not None
    return held


def test_a_conversion_is_queued_again_once_when_sweepers_meet(service: Service, make_user: MakeUser) -> None:
    conversion = convert(service, make_user()).conversion
    rows = service.store.conversions
    assert rows.postpone(conversion, service.now_s() - 1)
    seen = rows.get(conversion.conversion_id)
    assert seen is not None
    assert sum(at_once([partial(rows.postpone, seen, service.now_s() - 1)] * 8)) == 1, "of all who saw it, one sends"
    assert sum(at_once([lambda: sweep.sweep(service).requeued] * 8)) == 1


def test_no_charge_follows_when_disabling_meets_charges(service: Service, make_user: MakeUser) -> None:
    boss, user = make_user(Role.SUPER), make_user()
    disabling = partial(accounts.set_active, service, boss, user.user_id, False)
    results = at_once([*[lambda: convert(service, user)] * 8, disabling, *[lambda: convert(service, user)] * 8])
    assert not [
        one
        for one in results
        if isinstance(one, Exception) and not isinstance(one, Unauthenticated | InsufficientPoints)
    ]
    spent = fresh(service, user).points.spent
    assert isinstance(at_once([lambda: convert(service, user)])[0], Unauthenticated)
    assert fresh(service, user).points.spent == spent
    assert_exact(service, user)


def test_a_call_costs_what_the_role_of_the_moment_says_when_demoting_meets_calls(
    service: Service, make_user: MakeUser
) -> None:
    boss, demoted = make_user(Role.SUPER), make_user(Role.SUPER)
    demoting = partial(accounts.set_role, service, boss, demoted.user_id, Role.GENERAL)
    at_once([*[lambda: convert(service, demoted)] * 8, demoting])
    results = at_once([lambda: convert(service, demoted)] * 2)
    assert all(isinstance(one, InsufficientPoints) for one in results), "a super user had no opening points"
    assert_exact(service, demoted)


def test_a_conversion_ends_one_way_when_success_meets_failure(service: Service, make_user: MakeUser) -> None:
    user = make_user(Role.ADMIN)
    for _ in range(10):
        conversion = convert(service, user).conversion
        held = service.store.conversions.claim(
            conversion.conversion_id, Lease("worker", service.now_s() + 30, 2), service.now_s()
        )
        assert held is not None
        success = partial(service.store.conversions.succeed, held, "worker")
        failure = partial(settle.fail, service, held, CorruptDocument("corrupt"))
        at_once([success, failure])
        ended = service.store.conversions.get(conversion.conversion_id)
        refund = service.store.ledger.get(user.user_id, f"{conversion.conversion_id}#refunded")
        assert ended is not None
        assert (ended.status is Status.FAILED) == (refund is not None)
    assert_exact(service, user)


def test_one_worker_gets_the_conversion_when_many_take_it(service: Service, make_user: MakeUser) -> None:
    conversion = convert(service, make_user()).conversion
    now = service.now_s()
    leases = [Lease(str(worker), now + 30, 2) for worker in range(16)]
    claims = [partial(service.store.conversions.claim, conversion.conversion_id, lease, now) for lease in leases]
    assert sum(one is not None for one in at_once(claims)) == 1

"""Races on points: whatever comes at the same moment, each point moves once and no balance goes below zero."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from chalicelib.conversions import BY_SLUG
from chalicelib.domain.conversion import Lease, Status
from chalicelib.domain.errors import ConversionInterrupted, CorruptDocument, InsufficientPoints
from chalicelib.domain.points import EntryStatus
from chalicelib.domain.users import Role, User
from chalicelib.services import Service, points, settle
from chalicelib.services.accept import Accepted, accept
from chalicelib.services.incoming import SentFile
from chalicelib.services.submission import Submission
from tests.races.conftest import MakeUser
from tests.support.fakes import PDF

CALLERS = 32


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
    assert_exact(service, user)


def test_nothing_is_kept_in_the_bucket_when_the_balance_refuses(service: Service, make_user: MakeUser) -> None:
    user = make_user()
    at_once([lambda: convert(service, user)] * CALLERS)
    assert len(service.store.files.objects) == 10  # type: ignore[attr-defined]


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
    calls: list[Callable[[], Any]] = [lambda: points.topup(service, admin, topup, "/topup", None)] * 10
    results = at_once([*calls, *[lambda: convert(service, user)] * 10])
    assert not [one for one in results if isinstance(one, Exception)]
    assert fresh(service, user).points.balance == 30 + 50 - 30
    assert_exact(service, user)


def test_points_are_given_once_when_the_same_topup_key_comes_many_times(service: Service, make_user: MakeUser) -> None:
    admin, user = make_user(Role.ADMIN), make_user()
    wanted = points.Topup(user.user_id, 5)
    results = at_once([lambda: points.topup(service, admin, wanted, "/topup", "key")] * 16)
    assert len({one.entry.entry_id for one in results}) == 1
    assert fresh(service, user).points.balance == 35
    assert_exact(service, user)


@pytest.mark.parametrize("rivals", [2, 8])
def test_points_come_back_once_when_settling_meets_sweeping(service: Service, make_user: MakeUser, rivals: int) -> None:
    user = make_user()
    conversion = convert(service, user).conversion
    error = ConversionInterrupted("interrupted")
    at_once([lambda: settle.fail(service, conversion, error)] * rivals)
    assert fresh(service, user).points.balance == 30
    statuses = [entry.status for entry in points.entries(service, user, None, None, 50).rows]
    assert statuses == [EntryStatus.REFUNDED, EntryStatus.SPENT, EntryStatus.OPENING]
    assert_exact(service, user)


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

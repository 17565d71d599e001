"""Faults between us and DynamoDB: conflicts, throttling and lost answers leave points exact."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from chalicelib.domain.errors import CorruptDocument, Unavailable
from chalicelib.domain.users import Role
from chalicelib.services import Service, points, settle
from chalicelib.store.user_counts import role_counts
from tests.races.conftest import MakeUser
from tests.races.test_points_races import assert_exact, convert, fresh

Call = Callable[[], Any]
Fault = Callable[[Call], Any]


def conflict(_call: Call) -> Any:
    """Another transaction holds an item."""
    reasons = [{"Code": "TransactionConflict", "Message": "busy"}, {"Code": "None"}]
    answer: Any = {"Error": {"Code": "TransactionCanceledException", "Message": "x"}, "CancellationReasons": reasons}
    raise ClientError(answer, "TransactWriteItems")


def throttled(_call: Call) -> Any:
    """The table is asked too much."""
    raise ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, "TransactWriteItems")


def lost_answer(call: Call) -> Any:
    """The write happened; its answer did not arrive."""
    call()
    raise ReadTimeoutError(endpoint_url="http://dynamodb.invalid")


class Faulty:
    """A client whose transactions meet the given faults, one after the other, and then work."""

    def __init__(self, client: Any, faults: Iterator[Fault]) -> None:
        self._client = client
        self._faults = faults

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def _make_api_call(self, operation: str, arguments: dict[str, Any]) -> Any:
        def call() -> Any:
            return self._client._make_api_call(operation, arguments)

        fault = next(self._faults, None) if operation == "TransactWriteItems" else None
        return fault(call) if fault else call()


def inject(service: Service, *faults: Fault) -> None:
    """Let the next transactions meet ``faults``."""
    connection = service.store.transactor._connection
    connection._client = Faulty(connection._client, iter(faults))  # type: ignore[assignment]


@pytest.mark.parametrize("fault", [conflict, throttled, lost_answer])
def test_a_charge_is_booked_once_when_the_transaction_meets_a_fault(
    service: Service, make_user: MakeUser, fault: Fault
) -> None:
    user = make_user()
    inject(service, fault, fault)
    accepted = convert(service, user, key="key")
    assert accepted.conversion.points_charged == 3
    assert fresh(service, user).points.balance == 27
    assert convert(service, user, key="key").conversion.conversion_id == accepted.conversion.conversion_id
    assert_exact(service, user)


@pytest.mark.parametrize("fault", [conflict, throttled, lost_answer])
def test_a_refund_is_booked_once_when_the_transaction_meets_a_fault(
    service: Service, make_user: MakeUser, fault: Fault
) -> None:
    user = make_user()
    conversion = convert(service, user).conversion
    inject(service, fault, fault)
    settle.fail(service, conversion, CorruptDocument("corrupt"))
    assert fresh(service, user).points.balance == 30
    assert_exact(service, user)


@pytest.mark.parametrize("fault", [conflict, throttled, lost_answer])
@pytest.mark.parametrize("key", [None, "key"])
def test_a_topup_is_booked_once_when_the_transaction_meets_a_fault(
    service: Service, make_user: MakeUser, fault: Fault, key: str | None
) -> None:
    admin, user = make_user(Role.ADMIN), make_user()
    inject(service, fault, fault)
    given = points.grant(service, admin, points.Topup(user.user_id, 5), "/topup", key)
    assert (given.replayed, given.entry.amount) == (False, 5)
    assert fresh(service, user).points.balance == 35
    assert_exact(service, user)


@pytest.mark.parametrize("fault", [conflict, throttled, lost_answer])
def test_a_user_is_created_once_when_the_transaction_meets_a_fault(
    service: Service, make_user: MakeUser, fault: Fault
) -> None:
    inject(service, fault, fault)
    user = make_user(Role.ADMIN)
    assert fresh(service, user).points.balance == 100
    assert_exact(service, user)
    (admins,) = role_counts([Role.ADMIN])
    assert admins.total == 1


def test_nothing_is_charged_when_conflicts_never_end(
    service: Service, make_user: MakeUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = make_user()
    monkeypatch.setattr("chalicelib.store.transactions.RETRY_BUDGET_S", 0.2)
    inject(service, *[conflict] * 1_000)
    with pytest.raises(Unavailable):
        convert(service, user)
    assert fresh(service, user).points.balance == 30
    assert not service.store.files.objects  # type: ignore[attr-defined]

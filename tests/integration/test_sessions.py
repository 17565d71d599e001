"""Sessions: logging in, throttling, rotation of refresh tokens, revocation."""

from collections.abc import Callable
from itertools import count

import pytest

from chalicelib.domain.errors import Conflict, ConvertProError, Forbidden, TooManyRequests, Unauthenticated
from chalicelib.domain.users import Role, User
from chalicelib.services import Service, accounts, sessions
from tests.support.people import PASSWORD, People
from tests.support.stack import Stack, SteppedClock

A_QUARTER_S = 15 * 60
A_WEEK_S = 7 * 24 * 3_600
_addresses = count(1)


@pytest.fixture
def address() -> str:
    """An address that no other test logs in from."""
    return f"192.0.2.{next(_addresses)}"


def outcome(attempt: Callable[..., object], *arguments: object) -> type[ConvertProError] | None:
    """How an attempt was refused; None when it succeeded."""
    try:
        attempt(*arguments)
    except ConvertProError as error:
        return type(error)
    return None


def test_a_session_opens_when_the_password_is_right(service: Service, people: People, address: str) -> None:
    user = people.new()
    pair = sessions.log_in(service, user.email, PASSWORD, address)
    assert sessions.authenticate(service, pair.access_token).user_id == user.user_id


@pytest.mark.parametrize("password", ["", "wrong password", PASSWORD.upper(), f"{PASSWORD} ", "x" * 1_000])
def test_no_session_opens_when_the_password_is_wrong(
    service: Service, people: People, address: str, password: str
) -> None:
    with pytest.raises(Unauthenticated):
        sessions.log_in(service, people.new().email, password, address)


@pytest.mark.parametrize("password", ["no user has this password", "", PASSWORD])
def test_no_session_opens_when_there_is_no_such_user(service: Service, address: str, password: str) -> None:
    with pytest.raises(Unauthenticated):
        sessions.log_in(service, f"{address}@nowhere.example", password, address)


def test_a_guard_of_uniqueness_is_no_account(service: Service, people: People, address: str) -> None:
    people.new(username="guarded")
    for name in ("username#guarded", "guard#supers"):
        assert outcome(sessions.log_in, service, name, "", address) is Unauthenticated


def test_ten_failures_for_an_address_shut_it_even_for_the_right_password(
    service: Service, people: People, clock: SteppedClock
) -> None:
    email = people.new().email
    for number in range(10):
        guess = outcome(sessions.log_in, service, email, "guess", f"198.18.0.{number}")
        assert guess is Unauthenticated
    with pytest.raises(TooManyRequests) as refusal:
        sessions.log_in(service, email.upper(), PASSWORD, "198.18.0.99")
    assert A_QUARTER_S - 1 <= refusal.value.extras["retry_after_s"] <= A_QUARTER_S + 1
    clock.step(A_QUARTER_S - 1)
    assert outcome(sessions.log_in, service, email, PASSWORD, "198.18.0.99") is TooManyRequests
    clock.step(1)
    assert outcome(sessions.log_in, service, email, PASSWORD, "198.18.0.99") is None


def test_nine_failures_leave_the_right_password_good(service: Service, people: People, address: str) -> None:
    email = people.new().email
    for _ in range(9):
        assert outcome(sessions.log_in, service, email, "guess", address) is Unauthenticated
    for _ in range(3):
        assert outcome(sessions.log_in, service, email, PASSWORD, address) is None
    assert outcome(sessions.log_in, service, email, "guess", address) is Unauthenticated
    assert outcome(sessions.log_in, service, email, PASSWORD, address) is TooManyRequests


def test_unknown_addresses_are_throttled_like_known_ones(service: Service, address: str) -> None:
    email = f"ghost-{address}@example.com"
    guesses = [outcome(sessions.log_in, service, email, "guess", address) for _ in range(11)]
    assert guesses == [Unauthenticated] * 10 + [TooManyRequests]


def test_fifty_failures_shut_an_address_for_everybody(
    service: Service, people: People, clock: SteppedClock, address: str
) -> None:
    for number in range(50):
        email = f"guess-{number}-{address}@example.com"
        assert outcome(sessions.log_in, service, email, "x", address) is Unauthenticated
    bystander = people.new().email
    assert outcome(sessions.log_in, service, bystander, PASSWORD, address) is TooManyRequests
    assert outcome(sessions.log_in, service, bystander, PASSWORD, f"{address}9") is None
    clock.step(A_QUARTER_S)
    assert outcome(sessions.log_in, service, bystander, PASSWORD, address) is None


def test_a_shut_address_does_not_shut_the_accounts_that_it_names(
    service: Service, people: People, address: str
) -> None:
    for number in range(50):
        outcome(sessions.log_in, service, f"{number}@{address}.example", "x", address)
    victim = people.new().email
    for _ in range(20):
        assert outcome(sessions.log_in, service, victim, "x", address) is TooManyRequests
    assert outcome(sessions.log_in, service, victim, PASSWORD, f"{address}9") is None


def test_successes_use_up_no_attempts(service: Service, people: People, address: str) -> None:
    email = people.new().email
    assert [outcome(sessions.log_in, service, email, PASSWORD, address) for _ in range(52)] == [None] * 52


def test_a_disabled_account_says_so_only_after_the_right_password(
    service: Service, people: People, address: str
) -> None:
    user = people.new()
    accounts.set_active(service, people.shared(Role.SUPER), user.user_id, False)
    assert outcome(sessions.log_in, service, user.email, "guess", address) is Unauthenticated
    assert outcome(sessions.log_in, service, user.email, PASSWORD, address) is Forbidden


def test_a_refresh_gives_another_pair_again_and_again(service: Service, people: People, clock: SteppedClock) -> None:
    pair = people.session(people.new())
    for _ in range(5):
        clock.step(A_WEEK_S - 1)
        later = sessions.refresh(service, pair.refresh_token)
        assert later.refresh_token != pair.refresh_token
        assert sessions.authenticate(service, later.access_token).user_id == pair.user.user_id
        pair = later


def test_a_refresh_token_ends_when_its_week_is_over(service: Service, people: People, clock: SteppedClock) -> None:
    pair = people.session(people.new())
    clock.step(A_WEEK_S)
    assert outcome(sessions.refresh, service, pair.refresh_token) is Unauthenticated


def test_the_whole_family_is_revoked_when_a_refresh_token_is_used_twice(service: Service, people: People) -> None:
    first = people.session(people.new())
    second = sessions.refresh(service, first.refresh_token)
    assert outcome(sessions.refresh, service, first.refresh_token) is Unauthenticated
    assert outcome(sessions.refresh, service, second.refresh_token) is Unauthenticated


def test_another_session_goes_on_when_a_family_is_revoked(service: Service, people: People) -> None:
    user = people.new()
    stolen, other = people.session(user), people.session(user)
    sessions.refresh(service, stolen.refresh_token)
    outcome(sessions.refresh, service, stolen.refresh_token)
    assert outcome(sessions.refresh, service, other.refresh_token) is None


def test_a_refresh_takes_the_role_as_it_is_now(service: Service, people: People) -> None:
    user = people.new()
    pair = people.session(user)
    accounts.set_role(service, people.shared(Role.SUPER), user.user_id, Role.ADMIN)
    assert sessions.refresh(service, pair.refresh_token).user.role is Role.ADMIN


def test_logging_out_ends_the_family_and_lets_the_access_token_live_out(
    service: Service, people: People, clock: SteppedClock
) -> None:
    user = people.new(Role.DEMO)
    pair, other = people.session(user), people.session(user)
    sessions.log_out(service, user, pair.refresh_token)
    sessions.log_out(service, user, pair.refresh_token)
    assert outcome(sessions.refresh, service, pair.refresh_token) is Unauthenticated
    assert outcome(sessions.refresh, service, other.refresh_token) is None
    assert outcome(sessions.authenticate, service, pair.access_token) is None
    clock.step(30 * 60)
    assert outcome(sessions.authenticate, service, pair.access_token) is Unauthenticated


def _change(service: Service, people: People, user: User) -> None:
    accounts.change_password(service, people.fresh(user), PASSWORD, "another password")


def _reset(service: Service, people: People, user: User) -> None:
    accounts.reset_password(service, people.shared(Role.ADMIN), user.user_id, "another password")


@pytest.mark.parametrize("happens", [_change, _reset])
def test_every_older_token_and_family_ends_when_the_password_changes(
    service: Service,
    people: People,
    clock: SteppedClock,
    address: str,
    happens: Callable[[Service, People, User], None],
) -> None:
    user = people.new()
    pairs = [people.session(user), people.session(user)]
    happens(service, people, user)
    for pair in pairs:
        assert outcome(sessions.authenticate, service, pair.access_token) is Unauthenticated
        assert outcome(sessions.refresh, service, pair.refresh_token) is Unauthenticated
    assert outcome(sessions.log_in, service, user.email, PASSWORD, address) is Unauthenticated
    fresh = sessions.log_in(service, user.email, "another password", address)
    assert outcome(sessions.refresh, service, fresh.refresh_token) is None


def test_the_pair_of_a_password_change_is_good(service: Service, people: People) -> None:
    user = people.new()
    pair = accounts.change_password(service, user, PASSWORD, "another password")
    assert sessions.authenticate(service, pair.access_token).user_id == user.user_id
    assert outcome(sessions.refresh, service, pair.refresh_token) is None


def test_a_password_is_changed_once_when_two_change_it_with_the_old_one(service: Service, people: People) -> None:
    user = people.new()
    accounts.change_password(service, user, PASSWORD, "the first one")
    with pytest.raises(Conflict):
        accounts.change_password(service, user, PASSWORD, "the second one")


def test_no_token_and_no_password_is_kept(service: Service, stack: Stack, people: People) -> None:
    pair = people.session(people.new())
    kept = f"{stack.items(service.settings.tables.sessions)}{stack.items(service.settings.tables.users)}"
    assert pair.refresh_token not in kept
    assert pair.access_token not in kept
    assert PASSWORD not in kept

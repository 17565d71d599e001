"""Races on accounts: names stay unique, the last super user stays, a refresh token is good once."""

from functools import partial

from chalicelib.conversions import CATALOGUE
from chalicelib.domain.errors import Conflict, Unauthenticated
from chalicelib.domain.users import Role, User
from chalicelib.services import Service, accounts, permissions, sessions
from tests.races.conftest import MakeUser
from tests.races.test_points_races import at_once

RIVALS = 8


def test_one_gets_the_address_when_many_register_it_at_once(service: Service, make_user: MakeUser) -> None:
    spellings = ["Ann@Example.com", "ann@example.com"] * (RIVALS // 2)
    calls = [partial(make_user, email=one, username=f"ann-{at}") for at, one in enumerate(spellings)]
    results = at_once(calls)
    assert sum(isinstance(one, User) for one in results) == 1
    assert sum(isinstance(one, Conflict) for one in results) == RIVALS - 1


def test_one_gets_the_username_when_many_choose_it_at_once(service: Service, make_user: MakeUser) -> None:
    results = at_once([partial(make_user, email=f"u{at}@example.com", username="Ann") for at in range(RIVALS)])
    assert sum(isinstance(one, User) for one in results) == 1
    assert all("username" in one.detail for one in results if isinstance(one, Conflict))


def test_one_gets_the_name_when_many_take_it_at_once(service: Service, make_user: MakeUser) -> None:
    boss, users = make_user(Role.SUPER), [make_user() for _ in range(RIVALS)]
    names = accounts.NewNames("wanted@example.com")
    results = at_once([partial(accounts.rename, service, boss, one.user_id, names) for one in users])
    assert sum(isinstance(one, User) for one in results) == 1
    assert sum(isinstance(one, Conflict) for one in results) == RIVALS - 1


def test_the_last_super_user_stays_when_super_users_delete_each_other(service: Service, make_user: MakeUser) -> None:
    supers = [make_user(Role.SUPER) for _ in range(4)]
    pairs = zip(supers, [*supers[1:], supers[0]], strict=True)
    at_once([partial(accounts.delete, service, actor, one.user_id) for actor, one in pairs])
    assert len([user for user in supers if service.store.users.get(user.user_id)]) >= 1


def test_one_super_user_stays_when_super_users_demote_each_other(service: Service, make_user: MakeUser) -> None:
    supers = [make_user(Role.SUPER) for _ in range(4)]
    pairs = zip(supers, [*supers[1:], supers[0]], strict=True)
    demotions = [partial(accounts.set_role, service, actor, one.user_id, Role.GENERAL) for actor, one in pairs]
    at_once(demotions)
    left = [user for user in supers if (now := service.store.users.get(user.user_id)) and now.is_super]
    assert len(left) == 1


def test_the_last_super_user_stays_when_disabling_meets_demoting(service: Service, make_user: MakeUser) -> None:
    one, other = make_user(Role.SUPER), make_user(Role.SUPER)
    results = at_once(
        [
            lambda: accounts.set_active(service, one, other.user_id, False),
            lambda: accounts.set_role(service, other, one.user_id, Role.ADMIN),
        ]
    )
    assert sum(isinstance(result, Conflict) for result in results) == 1


def test_super_users_are_counted_right_when_one_is_disabled_and_demoted_at_once(
    service: Service, make_user: MakeUser
) -> None:
    boss = make_user(Role.SUPER)
    for _ in range(4):
        one, stays = make_user(Role.SUPER), make_user(Role.SUPER)
        at_once(
            [
                partial(accounts.set_active, service, boss, one.user_id, False),
                partial(accounts.set_role, service, boss, one.user_id, Role.ADMIN),
            ]
        )
        assert accounts.set_role(service, boss, stays.user_id, Role.ADMIN).role is Role.ADMIN, "the boss is left"


def test_both_decisions_hold_when_two_are_made_on_one_user_at_once(service: Service, make_user: MakeUser) -> None:
    boss, user = make_user(Role.SUPER), make_user()
    wanted = [{spec.action: False} for spec in CATALOGUE]
    results = at_once([partial(permissions.write, service, boss, user.user_id, one) for one in wanted])
    assert not [one for one in results if isinstance(one, Exception)]
    assert not any(one.is_allowed for one in permissions.read(service, boss, user.user_id))


def test_a_refresh_token_is_good_once_when_it_is_used_at_once(service: Service, make_user: MakeUser) -> None:
    pair = sessions.open_session(service, make_user())
    results = at_once([lambda: sessions.refresh(service, pair.refresh_token)] * RIVALS)
    winners = [one for one in results if isinstance(one, sessions.TokenPair)]
    assert len(winners) == 1
    again = at_once([lambda: sessions.refresh(service, winners[0].refresh_token)])
    assert isinstance(again[0], Unauthenticated), "the reuse must have revoked the family"


def test_no_guess_slips_past_the_limit_when_guesses_come_at_once(service: Service, make_user: MakeUser) -> None:
    user = make_user()
    results = at_once([lambda: sessions.log_in(service, user.email, "wrong-password", "192.0.2.1")] * 24)
    assert sum(isinstance(one, Unauthenticated) for one in results) == sessions.FAILURES_PER_EMAIL

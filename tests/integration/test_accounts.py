"""Accounts: creating, listing, roles, disabling."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import Conflict, Forbidden, InvalidRequest, NotFound
from chalicelib.domain.points import EntryStatus
from chalicelib.domain.users import Role, User
from chalicelib.services import Service, accounts, sessions
from chalicelib.services.accounts import NewUser
from tests.support.conversions import hand_in
from tests.support.people import PASSWORD, People
from tests.support.stack import Stack, SteppedClock


@pytest.mark.parametrize(("role", "points"), [(Role.DEMO, 0), (Role.GENERAL, 30), (Role.ADMIN, 100), (Role.SUPER, 0)])
def test_opening_points_stand_on_the_balance_and_in_the_ledger(
    service: Service, people: People, role: Role, points: int
) -> None:
    user = people.new(role)
    entries = service.store.ledger.all(user.user_id)
    assert (user.points.balance, user.points.opening) == (points, points)
    assert [(entry.status, entry.amount, entry.balance_after) for entry in entries] == (
        [(EntryStatus.OPENING, points, points)] if points else []
    )


def test_the_opening_entry_names_who_created_the_user(service: Service, people: People) -> None:
    admin = people.new(Role.ADMIN)
    user = accounts.create(service, admin, NewUser("made-by-admin@example.com", PASSWORD))
    assert service.store.ledger.all(user.user_id)[0].created_by == admin.user_id


@pytest.mark.parametrize(
    ("actor", "role", "allowed"),
    [
        (Role.SUPER, Role.SUPER, True),
        (Role.ADMIN, Role.GENERAL, True),
        (Role.ADMIN, Role.DEMO, True),
        (Role.ADMIN, Role.ADMIN, False),
        (Role.ADMIN, Role.SUPER, False),
        (Role.GENERAL, Role.DEMO, False),
    ],
)
def test_nothing_is_kept_when_an_actor_may_not_create_the_role(
    service: Service, people: People, actor: Role, role: Role, allowed: bool
) -> None:
    email = f"{actor}-{role}@creation.example"
    try:
        accounts.create(service, people.shared(actor), NewUser(email, PASSWORD, role=role))
    except Forbidden:
        assert not allowed
    assert (service.store.users.find_by_email(email) is not None) == allowed


@pytest.mark.parametrize("email", ["Taken@Example.com", "taken@example.com", " TAKEN@EXAMPLE.COM "])
def test_an_address_is_taken_whatever_its_case(empty_stack: Stack, people: People, email: str) -> None:
    first = people.new(email="Taken@Example.com", username="first")
    with pytest.raises(Conflict, match="e-mail address"):
        people.new(email=email, username="second")
    found = empty_stack.service.store.users.find_by_email(email)
    assert found
    assert (found.user_id, found.email) == (first.user_id, "Taken@Example.com")
    people.new(username="second")


def test_a_username_is_taken_whatever_its_case(empty_stack: Stack, people: People) -> None:
    people.new(username="Grace")
    with pytest.raises(Conflict, match="username"):
        people.new(email="other@example.com", username="gRACE")
    people.new(email="other@example.com", username="Hopper")


@pytest.mark.parametrize(
    "email", ["ada@example.com", "a.b+c@example.com", "\u00e4\u00f6\u00fc@example.com", "_@example.com"]
)
def test_a_username_is_made_from_the_address_when_none_is_given(people: People, empty_stack: Stack, email: str) -> None:
    one = people.new(email=email)
    other = people.new(email=f"other.{email}")
    assert one.username != other.username
    assert one.username.isascii()
    assert 2 <= len(one.username) <= 64


def test_a_role_changes_and_points_and_permissions_stay(service: Service, people: People) -> None:
    user = people.permit(people.new(), pdf_to_docs=False)
    changed = accounts.set_role(service, people.shared(Role.SUPER), user.user_id, Role.ADMIN)
    assert changed.role is Role.ADMIN
    assert changed.points == user.points
    assert not changed.may("pdf_to_docs")
    back = accounts.set_role(service, people.shared(Role.SUPER), user.user_id, Role.GENERAL)
    assert back.points == user.points


def test_a_charge_meets_the_new_role_when_it_changed_after_the_request_came_in(
    service: Service, people: People
) -> None:
    user = people.new()
    accounts.set_role(service, people.shared(Role.SUPER), user.user_id, Role.DEMO)
    with pytest.raises(Forbidden):
        hand_in(service, user)
    assert people.fresh(user).points.spent == 0


def test_the_last_active_super_user_can_not_go(empty_stack: Stack, people: People) -> None:
    service, last = empty_stack.service, people.new(Role.SUPER)
    with pytest.raises(Conflict):
        accounts.set_role(service, last, last.user_id, Role.ADMIN)
    with pytest.raises(Conflict):
        accounts.set_active(service, last, last.user_id, False)
    assert people.fresh(last) == last


def test_a_super_user_can_go_when_another_active_one_stays(empty_stack: Stack, people: People) -> None:
    service, one, other = empty_stack.service, people.new(Role.SUPER), people.new(Role.SUPER)
    accounts.set_active(service, one, other.user_id, False)
    with pytest.raises(Conflict):
        accounts.set_role(service, one, one.user_id, Role.GENERAL)
    accounts.set_role(service, one, other.user_id, Role.GENERAL)
    accounts.set_active(service, one, other.user_id, True)
    with pytest.raises(Conflict):
        accounts.set_active(service, one, one.user_id, False)
    accounts.set_role(service, one, other.user_id, Role.SUPER)
    assert accounts.set_role(service, other, one.user_id, Role.GENERAL).role is Role.GENERAL


@pytest.mark.parametrize("target", [Role.ADMIN, Role.SUPER])
def test_an_admin_changes_nobody_out_of_sight(service: Service, people: People, target: Role) -> None:
    user, admin = people.new(target), people.shared(Role.ADMIN)
    with pytest.raises(NotFound):
        accounts.set_active(service, admin, user.user_id, False)
    with pytest.raises(NotFound):
        accounts.reset_password(service, admin, user.user_id, "another password")
    assert people.fresh(user) == user


def test_an_account_is_disabled_and_enabled(service: Service, people: People) -> None:
    user, admin = people.new(), people.shared(Role.ADMIN)
    assert not accounts.set_active(service, admin, user.user_id, False).is_active
    disabled = people.fresh(user)
    assert accounts.set_active(service, admin, user.user_id, False) == disabled
    assert accounts.set_active(service, admin, user.user_id, True).is_active
    assert sessions.log_in(service, user.email, PASSWORD, "192.0.2.250").user.user_id == user.user_id


@pytest.fixture
def crowd(empty_stack: Stack, people: People, clock: SteppedClock) -> list[User]:
    """Seven users, one a second, of mixed roles."""
    roles = [Role.SUPER, Role.GENERAL, Role.DEMO, Role.ADMIN, Role.GENERAL, Role.GENERAL, Role.DEMO]
    made = []
    for role in roles:
        made.append(people.new(role))
        clock.step(1)
    return made


def pages(service: Service, actor: User, role: Role | None, limit: int) -> list[list[str]]:
    """All pages of a list, as ids."""
    found, after = [], None
    while True:
        users, after = accounts.list_users(service, actor, role, after, limit)
        found.append([user.user_id for user in users])
        if after is None:
            return found


def test_users_are_listed_in_order_of_creation_each_once(service: Service, crowd: list[User]) -> None:
    for limit in (1, 2, 3, 7, 200):
        listed = pages(service, crowd[0], None, limit)
        assert [user_id for page in listed for user_id in page] == [user.user_id for user in crowd]
        assert all(len(page) == limit for page in listed[:-1])
        assert listed[-1]


BY_ROLE_AND_SIGHT: list[tuple[int, Role | None, list[int]]] = [
    (0, Role.GENERAL, [1, 4, 5]),
    (0, Role.ADMIN, [3]),
    (3, None, [1, 2, 4, 5, 6]),
    (3, Role.DEMO, [2, 6]),
    (3, Role.ADMIN, []),
    (3, Role.SUPER, []),
]


def test_users_are_listed_by_role_and_sight(service: Service, crowd: list[User]) -> None:
    for actor, role, shown in BY_ROLE_AND_SIGHT:
        listed = pages(service, crowd[actor], role, 2)
        assert [user_id for page in listed for user_id in page] == [crowd[number].user_id for number in shown]


def test_accounts_with_known_passwords_exist_only_locally(service: Service) -> None:
    user = accounts.seed(service, "seeded@example.com", PASSWORD, Role.GENERAL)
    assert accounts.seed(service, "seeded@example.com", "other password", Role.SUPER) == user
    deployed = replace(service, settings=replace(service.settings, stage="prod"))
    with pytest.raises(Forbidden):
        accounts.seed(deployed, "seeded-2@example.com", PASSWORD, Role.SUPER)


def test_an_address_without_a_usable_name_still_gets_one(people: People) -> None:
    assert people.new(email="...@example.com").username.startswith("user-")


def test_a_taken_name_is_no_excuse_for_half_a_user(service: Service, people: People) -> None:
    people.new(username="half")
    with pytest.raises((Conflict, InvalidRequest)):
        people.new(email="half@example.com", username="half")
    assert service.store.users.find_by_email("half@example.com") is None

"""Roles, sight and permissions."""

from collections.abc import Mapping
from types import MappingProxyType

import pytest

from chalicelib.domain.errors import Forbidden, NotFound
from chalicelib.domain.users import (
    OPENING_POINTS,
    Permission,
    Role,
    User,
    is_email,
    normalise_email,
    require_creatable,
    require_manageable,
)


def user(role: Role, user_id: str = "one", decisions: Mapping[str, bool] = MappingProxyType({})) -> User:
    """A user of ``role`` with explicit decisions."""
    permissions = tuple(Permission(action, allowed, "", "") for action, allowed in decisions.items())
    return User(user_id, "a@example.com", "a", role, True, "", permissions=permissions)


@pytest.mark.parametrize(
    ("role", "explicit", "may"),
    [
        (Role.GENERAL, None, True),
        (Role.GENERAL, False, False),
        (Role.GENERAL, True, True),
        (Role.ADMIN, None, True),
        (Role.ADMIN, False, False),
        (Role.DEMO, None, False),
        (Role.DEMO, True, False),
        (Role.SUPER, None, True),
        (Role.SUPER, False, True),
    ],
)
def test_an_explicit_decision_comes_before_the_roles_default(role: Role, explicit: bool | None, may: bool) -> None:
    decisions = {} if explicit is None else {"pdf_to_docs": explicit}
    assert user(role, decisions=decisions).may("pdf_to_docs") == may


def test_a_decision_is_about_its_action_only() -> None:
    assert user(Role.GENERAL, decisions={"pdf_to_docs": False}).may("docx_to_pdf")


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.SUPER, set(Role)),
        (Role.ADMIN, {Role.GENERAL, Role.DEMO}),
        (Role.GENERAL, set[Role]()),
        (Role.DEMO, set[Role]()),
    ],
)
def test_who_sees_manages_and_creates_whom(role: Role, seen: set[Role]) -> None:
    actor = user(role, "actor")
    for other in Role:
        target = user(other, "target")
        assert actor.sees(target) == (other in seen)
        assert manages(actor, target) == (other in seen)
        assert creates(actor, other) == (other in seen)


def manages(actor: User, target: User | None) -> bool:
    """Whether ``actor`` manages ``target``; else it is as if there were none."""
    try:
        return require_manageable(actor, target) is target
    except NotFound:
        return False


def creates(actor: User, role: Role) -> bool:
    """Whether ``actor`` may create a user of ``role``."""
    try:
        require_creatable(actor, role)
    except Forbidden:
        return False
    return True


@pytest.mark.parametrize("role", list(Role))
def test_everybody_sees_oneself(role: Role) -> None:
    assert user(role).sees(user(role))


def test_an_absent_user_is_managed_by_nobody() -> None:
    assert not manages(user(Role.SUPER), None)


def test_opening_points_are_the_contracts() -> None:
    assert OPENING_POINTS == {Role.DEMO: 0, Role.GENERAL: 30, Role.ADMIN: 100, Role.SUPER: 0}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada@Example.COM", "ada@example.com"),
        (" ada@example.com ", "ADA@example.com"),
        ("STRASSE@a.de", "stra\u00dfe@a.de"),
    ],
)
def test_an_address_is_the_same_whatever_its_case(one: str, other: str) -> None:
    assert normalise_email(one) == normalise_email(other)


@pytest.mark.parametrize("email", ["a@example.com", "a+b@sub.example.co.uk", "\u00fc@example.com", "a" * 64 + "@b.c"])
def test_an_address_is_taken_when_it_looks_like_one(email: str) -> None:
    assert is_email(email)


NO_ADDRESSES = ("", "a", "a@", "@b.c", "a@b", "a@b.", "a@.b", "a@b..c", "a b@c.d", "a@b c.d", "a@b@c.d", "a@b.c\n")


@pytest.mark.parametrize("email", [*NO_ADDRESSES, "\0@b.c", "a" * 65 + "@b.c", "a@" + "b" * 260 + ".c"])
def test_an_address_is_refused_when_it_is_none(email: str) -> None:
    assert not is_email(email)

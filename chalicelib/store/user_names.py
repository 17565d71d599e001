"""What makes e-mail addresses and usernames unique: a guard item each, written with the user that has the name."""

from dataclasses import dataclass
from typing import Any

from chalicelib.domain.users import User, normalise_email
from chalicelib.store.tables import UserItem
from chalicelib.store.transactions import Write

EMAIL, USERNAME = "e-mail address", "username"
NAMES = frozenset({EMAIL, USERNAME})
"""The labels of the writes that fail when a name is taken."""


@dataclass(frozen=True)
class _Guard:
    label: str
    key: str

    def take(self, user_id: str) -> Write:
        return Write(self.label, UserItem(user_id=self.key, guards=user_id), UserItem.user_id.does_not_exist())

    def free(self) -> Write:
        return Write("freed", UserItem(user_id=self.key), deletes=True)


def email_guard(email: str) -> str:
    """The key of an address's guard."""
    return f"email#{normalise_email(email)}"


def taken(user: User) -> list[Write]:
    """The writes by which a new user takes its names."""
    return [guard.take(user.user_id) for guard in _guards(user.email, user.username)]


def renamed(user: User, values: dict[str, Any]) -> list[Write]:
    """The writes by which ``user`` changes to the names among ``values``: new ones are taken, old ones freed."""
    before = _guards(user.email, user.username)
    after = _guards(values.get("email", user.email), values.get("username", user.username))
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    return [write for old, new in changed for write in (new.take(user.user_id), old.free())]


def freed(user: User) -> list[Write]:
    """The writes by which a user who goes frees its names."""
    return [guard.free() for guard in _guards(user.email, user.username)]


def taken_name(failed: frozenset[str]) -> str:
    """Which name is taken, by the labels that failed."""
    return EMAIL if EMAIL in failed else USERNAME


def _guards(email: str, username: str) -> tuple[_Guard, _Guard]:
    return _Guard(EMAIL, email_guard(email)), _Guard(USERNAME, f"username#{username.casefold()}")

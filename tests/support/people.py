"""Accounts for tests: new ones, shared ones by role, and their tokens."""

from itertools import count
from typing import Any

from chalicelib.domain.users import Permission, Role, User
from chalicelib.services import Service, accounts, sessions, tokens

PASSWORD = "correct horse battery"
_numbers = count(1)


class People:
    """Makes accounts on a service. Shared ones are for tests that change nothing of them."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._shared: dict[Role, User] = {}

    def new(self, role: Role = Role.GENERAL, **named: Any) -> User:
        """An account of its own for a test. ``named``: ``email``, ``username``."""
        email = named.pop("email", None) or f"person-{next(_numbers)}@example.com"
        return accounts.bootstrap(self._service, accounts.NewUser(email, PASSWORD, role=role, **named))

    def shared(self, role: Role) -> User:
        """The account of ``role`` that tests share."""
        if role not in self._shared:
            self._shared[role] = self.new(role)
        return self._shared[role]

    def penniless(self) -> User:
        """A general user with no points: a demo user who was promoted."""
        promoted = accounts.set_role(self._service, self.shared(Role.SUPER), self.new(Role.DEMO).user_id, Role.GENERAL)
        assert promoted.points.balance == 0
        return promoted

    def permit(self, user: User, **decisions: bool) -> User:
        """Decide explicitly about actions."""
        decided = tuple(Permission(name, allowed, "2026-01-01T00:00:00Z", "x") for name, allowed in decisions.items())
        changed = self._service.store.users.change(user.user_id, lambda _: {"permissions": decided})
        assert changed
        return changed

    def fresh(self, user: User) -> User:
        """The account as it stands now."""
        found = self._service.store.users.get(user.user_id)
        assert found
        return found

    def token(self, user: User | Role) -> str:
        """An access token, of the shared account when a role is given."""
        return tokens.issue_access(self._service, self.shared(user) if isinstance(user, Role) else user)

    def session(self, user: User) -> sessions.TokenPair:
        """A session of ``user``."""
        return sessions.open_session(self._service, user)

    def forget(self) -> None:
        """Share no account any more: they are gone."""
        self._shared.clear()

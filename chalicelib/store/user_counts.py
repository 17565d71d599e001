"""How many users have each role: guard items, written in the transactions that create and change users."""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.domain.users import Role
from chalicelib.store.tables import UserItem
from chalicelib.store.transactions import Write


@dataclass(frozen=True)
class RoleCount:
    """The users of a role, and those of them who are not disabled."""

    role: Role
    total: int
    active: int


def counted(role: Role, is_active: bool) -> list[Write]:
    """The write that counts a new user."""
    return [_add(role, 1, int(is_active))]


def uncounted(role: Role, is_active: bool) -> list[Write]:
    """The write that counts a user no more."""
    return [_add(role, -1, -int(is_active))]


def recounted(before: tuple[Role, bool], after: tuple[Role, bool]) -> list[Write]:
    """The writes that count a user whose role or state changes."""
    if before == after:
        return []
    if before[0] is after[0]:
        return [_add(after[0], 0, after[1] - before[1])]
    return [_add(before[0], -1, -int(before[1])), _add(after[0], 1, int(after[1]))]


def role_counts(roles: Iterable[Role]) -> list[RoleCount]:
    """The counts of ``roles``, in their order."""
    wanted = list(roles)
    found = {item.user_id: item for item in UserItem.batch_get([_guard(role) for role in wanted])}
    return [_count(role, found.get(_guard(role))) for role in wanted]


def _count(role: Role, item: UserItem | None) -> RoleCount:
    return RoleCount(role, int(item.members or 0) if item else 0, int(item.active_members or 0) if item else 0)


def _add(role: Role, members: int, active: int) -> Write:
    actions = [UserItem.members.add(members), UserItem.active_members.add(active)]
    return Write("count", UserItem(user_id=_guard(role)), None, actions)


def _guard(role: Role) -> str:
    return f"count#{role.value}"

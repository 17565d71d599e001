"""Users in DynamoDB: unique by guard items, changed by conditional writes on their revision."""

import builtins
import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.domain.audit import AuditEntry
from chalicelib.domain.errors import Conflict, Unavailable
from chalicelib.domain.ids import entry_moment
from chalicelib.domain.points import LedgerEntry
from chalicelib.domain.users import Permission, PointTotals, Role, User
from chalicelib.store import erasures, user_counts, user_names
from chalicelib.store.audit import told
from chalicelib.store.ledger import to_ledger_item
from chalicelib.store.tables import UserItem
from chalicelib.store.transactions import ConditionFailed, Transactor, Write

_REVISIONS_TRIED = 30
_SUPERS_GUARD = "guard#supers"
Tell = Callable[[User, dict[str, Any]], AuditEntry]


class Users:
    """Reads and writes of the users table."""

    def __init__(self, transactor: Transactor) -> None:
        self._transactor = transactor

    def get(self, user_id: str) -> User | None:
        """The user, read consistently, so that a change holds from the next request on."""
        return _user(_item(user_id))

    def find_by_email(self, email: str) -> User | None:
        """The user with this e-mail address, whatever its case."""
        guard = _item(user_names.email_guard(email))
        return self.get(guard.guards) if guard and guard.guards else None

    def create(self, user: User, opening: LedgerEntry | None, entry: AuditEntry | None = None) -> None:
        """Write a user, its guards, its opening and audit entries at once. Raises ``Conflict`` naming what is taken."""
        writes = [
            *user_names.taken(user),
            Write("user", to_user_item(user), UserItem.user_id.does_not_exist()),
            *user_counts.counted(user.role, user.is_active),
            *told(entry),
        ]
        if opening:
            writes.append(
                Write("opening", to_ledger_item(opening, entry_moment(datetime.fromisoformat(user.created_at), 0)))
            )
        if user.is_super:
            writes.append(_count_supers(1))
        try:
            self._transactor.commit(writes)
        except ConditionFailed as error:
            if "user" in error.failed:
                return  # The id is new: only an earlier try of this call wrote it, whose answer was lost.
            raise _taken(error) from error

    def change(self, user_id: str, decide: Callable[[User], dict[str, Any]], tell: Tell | None = None) -> User | None:
        """Apply what ``decide`` makes of the fresh user, again when it changed meanwhile; None when there is none.

        ``decide`` returns new values of ``email``, ``username``, ``role``, ``is_active``, ``password_hash``,
        ``token_epoch`` or ``permissions``, and may raise. ``tell`` makes the audit's entry of the user as it was
        and of these values.
        """
        for attempt in range(_REVISIONS_TRIED):
            user = self.get(user_id)
            if user is None:
                return None
            values = decide(user)
            if not values:
                return user
            try:
                self._write(user, values, told(tell(user, values) if tell else None))
            except ConditionFailed:
                self._transactor.pause(attempt)
                continue
            return self.get(user_id)
        raise Unavailable("This user is being changed by others; try again in a moment.")

    def _write(self, user: User, values: dict[str, Any], more: Sequence[Write]) -> None:
        """Write ``values`` and ``more`` of its transaction. Raises ``Conflict`` for a name that is taken."""
        before = (user.role, user.is_active)
        after = (values.get("role", user.role), values.get("is_active", user.is_active))
        names, counts = user_names.renamed(user, values), user_counts.recounted(before, after)
        changed = Write("user", UserItem(user_id=user.user_id), unchanged(user), _set_actions(values))
        supers = _is_active_super(*after) - _is_active_super(*before)
        self._commit([changed, *names, *counts, *more], supers)

    def delete(self, user_id: str, check: Callable[[User], User], tell: Callable[[User], AuditEntry]) -> bool:
        """Make the user one that is gone, as it is when ``check`` lets it pass; False when there is none.

        Its names are free, nothing finds it but ``account``, and its keys and files are to be erased. Raises what
        ``check`` raises, and ``Conflict`` for the last active super user.
        """
        for attempt in range(_REVISIONS_TRIED):
            user = self.get(user_id)
            if user is None:
                return False
            check(user)
            gone = Write("user", UserItem(user_id=user_id), unchanged(user), erasures.gone(user))
            counts = user_counts.uncounted(user.role, user.is_active)
            writes = [gone, *user_names.freed(user), *counts, erasures.erase_later(user_id), *told(tell(user))]
            try:
                self._commit(writes, -_is_active_super(user.role, user.is_active))
            except ConditionFailed:
                self._transactor.pause(attempt)
                continue
            return True
        raise Unavailable("This user is being changed by others; try again in a moment.")

    def _commit(self, writes: Sequence[Write], supers: int) -> None:
        """Commit, and keep the count of active super users, which changes by ``supers``: the last one can't go."""
        try:
            self._transactor.commit([*writes, *([_count_supers(supers)] if supers else [])])
        except ConditionFailed as error:
            if error.failed == {"supers"}:
                raise Conflict("This is the last active super user; make another one first.") from error
            if error.failed <= user_names.NAMES:
                raise _taken(error) from error
            raise

    def account(self, user_id: str) -> User | None:
        """The user, also when it was deleted: points that it paid come back to its ledger."""
        item = _item(user_id)
        return _user(item) or (_deleted(item) if item and item.former_role else None)

    def many(self, user_ids: Iterable[str]) -> dict[str, User]:
        """Users by id, as far as there are any."""
        items = UserItem.batch_get(list(dict.fromkeys(user_ids)))
        return {user.user_id: user for user in map(_user, items) if user}

    def richest(self, roles: Iterable[Role], limit: int) -> builtins.list[str]:
        """Ids of the users of ``roles`` who have the most points."""
        found = [
            item
            for role in roles
            for item in UserItem.by_balance.query(role.value, scan_index_forward=False, limit=limit)
        ]
        found.sort(key=lambda item: int(item.balance), reverse=True)
        return [item.user_id for item in found[:limit]]

    def list(
        self, roles: Iterable[Role], after: str | None, limit: int, only_active: bool = False
    ) -> tuple[builtins.list[User], str | None]:
        """A page of the users of ``roles`` in order of creation, and the id to go on after (None: no more)."""
        streams = [self._by_role(role, after, limit + 1, only_active) for role in roles]
        merged = heapq.merge(*streams, key=lambda user: user.user_id)
        page = [user for user, _ in zip(merged, range(limit + 1), strict=False)]
        return page[:limit], page[limit - 1].user_id if len(page) > limit else None

    def _by_role(self, role: Role, after: str | None, limit: int, only_active: bool) -> Iterator[User]:
        beyond = UserItem.user_id > after if after else None
        active = (UserItem.is_active == True) if only_active else None  # noqa: E712 - an expression, no comparison
        query = UserItem.by_role.query(role.value, beyond, filter_condition=active, limit=limit)
        for item in query:
            user = _user(item)
            if user:
                yield user


def unchanged(user: User) -> Condition:
    """The condition that nothing which a charge depends on changed since ``user`` was read."""
    return UserItem.revision == user.revision


def move_points(user: User, **change: int) -> Write:
    """The write that adds ``change`` (names of ``PointTotals``) to ``user``'s points, if nothing changed meanwhile."""
    actions = [getattr(UserItem, name).add(amount) for name, amount in change.items()]
    return Write("user", UserItem(user_id=user.user_id), unchanged(user), [*actions, UserItem.revision.add(1)])


def check_unchanged(user: User) -> Write:
    """The check of an uncharged request that ``user`` still is what it was."""
    return Write("user", UserItem(user_id=user.user_id), unchanged(user), check_key=user.user_id)


def _count_supers(change: int) -> Write:
    """The write that keeps the number of active super users; it refuses to let the last one go."""
    condition = (UserItem.balance > 1) if change < 0 else None
    return Write("supers", UserItem(user_id=_SUPERS_GUARD), condition, [UserItem.balance.add(change)])


def to_user_item(user: User) -> UserItem:
    """The row of ``user``."""
    points = user.points
    return UserItem(
        user_id=user.user_id,
        email=user.email,
        username=user.username,
        role=user.role.value,
        is_active=user.is_active,
        created_at=user.created_at,
        password_hash=user.password_hash,
        token_epoch=user.token_epoch,
        revision=user.revision,
        balance=points.balance,
        opening=points.opening,
        topup=points.topup,
        spent=points.spent,
        refunded=points.refunded,
        corrected=points.corrected,
        permissions=_permission_map(user.permissions),
    )


def _set_actions(values: dict[str, Any]) -> list[Action]:
    plain = {name: value for name, value in values.items() if name != "permissions"}
    actions = [getattr(UserItem, name).set(_plain(value)) for name, value in plain.items()]
    if "permissions" in values:
        actions.append(UserItem.permissions.set(_permission_map(values["permissions"])))
    return [*actions, UserItem.revision.add(1)]


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Role) else value


def _permission_map(permissions: Iterable[Permission]) -> dict[str, Any]:
    return {
        one.action: {"is_allowed": one.is_allowed, "updated_at": one.updated_at, "updated_by": one.updated_by}
        for one in permissions
    }


def _is_active_super(role: Role, is_active: bool) -> int:
    return int(role is Role.SUPER and is_active)


def _taken(error: ConditionFailed) -> Conflict:
    return Conflict(f"This {user_names.taken_name(error.failed)} is taken; choose another.")


def _deleted(item: UserItem) -> User:
    return User(
        user_id=item.user_id,
        email="",
        username="",
        role=Role(item.former_role),
        is_active=False,
        created_at=item.created_at or "",
        revision=int(item.revision or 0),
        points=_totals(item),
    )


def _item(user_id: str) -> UserItem | None:
    try:
        return UserItem.get(user_id, consistent_read=True)
    except UserItem.DoesNotExist:
        return None


def _user(item: UserItem | None) -> User | None:
    """The user of ``item``; None for a guard."""
    if item is None or item.role is None:
        return None
    permissions = (item.permissions.as_dict() if item.permissions else {}).items()
    return User(
        user_id=item.user_id,
        email=item.email,
        username=item.username,
        role=Role(item.role),
        is_active=bool(item.is_active),
        created_at=item.created_at,
        token_epoch=int(item.token_epoch or 0),
        revision=int(item.revision or 0),
        points=_totals(item),
        permissions=tuple(Permission(action, **values) for action, values in sorted(permissions)),
        password_hash=item.password_hash or "",
    )


def _totals(item: UserItem) -> PointTotals:
    figures = (item.balance, item.opening, item.topup, item.spent, item.refunded, item.corrected)
    return PointTotals(*(int(figure or 0) for figure in figures))

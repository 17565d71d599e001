"""Accounts: create, list, change roles, disable, reset passwords."""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from chalicelib.domain.audit import AuditEntry, Change
from chalicelib.domain.clock import rfc3339
from chalicelib.domain.errors import Conflict, FieldError, Forbidden, InvalidRequest, NotFound
from chalicelib.domain.ids import is_id, new_id
from chalicelib.domain.points import EntryStatus, LedgerEntry
from chalicelib.domain.users import (
    MANAGED_BY,
    OPENING_POINTS,
    USERNAME_PATTERN,
    PointTotals,
    Role,
    User,
    require_creatable,
    require_manageable,
)
from chalicelib.services import Service, passwords, sessions
from chalicelib.services.audit import Author
from chalicelib.store.users import Tell

SYSTEM = "system"
Decide = Callable[[User], dict[str, Any]]


@dataclass(frozen=True)
class NewUser:
    """What is needed to create a user; without ``username`` one is made from the address."""

    email: str
    password: str
    username: str | None = None
    role: Role = Role.GENERAL


@dataclass(frozen=True)
class NewNames:
    """New names of a user; what is None stays."""

    email: str | None = None
    username: str | None = None


def create(service: Service, actor: User, new: NewUser, address: str = "") -> User:
    """Create a user. Raises ``Forbidden`` for a role beyond ``actor``'s, ``Conflict`` when a name is taken."""
    require_creatable(actor, new.role)
    return _create(service, new, Author(service, actor, address))


def bootstrap(service: Service, new: NewUser) -> User:
    """Create a user without an actor: an operator's first super user. Raises ``Conflict``."""
    return _create(service, new, None)


def seed(service: Service, email: str, password: str, role: Role) -> User:
    """Create a well-known account if it is absent. Raises ``Forbidden`` on a deployed stage."""
    if not service.settings.is_local:
        raise Forbidden("Accounts with a known password exist only on one's own machine.")
    try:
        return _create(service, NewUser(email, password, email.partition("@")[0], role), None)
    except Conflict:
        user = service.store.users.find_by_email(email)
        if user is None:
            raise
        return user


def get(service: Service, actor: User, user_id: str) -> User:
    """A user whom ``actor`` manages. Raises ``NotFound``."""
    # Anything else is no key of the table: a guard item's, or one that DynamoDB refuses.
    return require_manageable(actor, service.store.users.get(user_id) if is_id(user_id) else None)


def get_in_sight(service: Service, actor: User, user_id: str | None) -> User:
    """``actor``, or the user of a ``user_id`` that was passed. Raises ``Forbidden`` (role), ``NotFound`` (sight)."""
    if user_id is None or user_id == actor.user_id:
        return actor
    if actor.role not in MANAGED_BY:
        raise Forbidden("Your role may not look at other users; leave user_id out.")
    return get(service, actor, user_id)


def is_in_sight(service: Service, actor: User, owner_id: str) -> bool:
    """Whether what belongs to ``owner_id`` is inside ``actor``'s sight: own, a super's, a managed user's."""
    if owner_id == actor.user_id or actor.is_super:
        return True
    owner = service.store.users.get(owner_id)
    return owner is not None and actor.sees(owner)


def list_users(
    service: Service, actor: User, role: Role | None, after: str | None, limit: int
) -> tuple[list[User], str | None]:
    """A page of the users whom ``actor`` manages, by creation, and the id to go on after."""
    visible = MANAGED_BY[actor.role]
    roles = visible if role is None else visible & {role}
    return service.store.users.list(sorted(roles), after, limit)


def set_role(service: Service, actor: User, user_id: str, role: Role, address: str = "") -> User:
    """Change a role; balance and permissions stay. Raises ``NotFound``, ``Conflict`` (the last super user)."""
    author = Author(service, actor, address)

    def tell(user: User, _values: dict[str, Any]) -> AuditEntry:
        return author.entry(Change.ROLE_CHANGED, user.user_id, before=user.role, after=role)

    return change(service, actor, user_id, lambda user: {} if user.role is role else {"role": role}, tell)


def set_active(service: Service, actor: User, user_id: str, is_active: bool, address: str = "") -> User:
    """Enable or disable. Disabling ends every token for good. Raises ``NotFound``, ``Conflict``."""

    def decide(user: User) -> dict[str, Any]:
        if user.is_active == is_active:
            return {}
        return {"is_active": is_active} | ({} if is_active else _revoked(user))

    told_as = Change.USER_ENABLED if is_active else Change.USER_DISABLED
    author = Author(service, actor, address)
    return change(service, actor, user_id, decide, lambda user, _values: author.entry(told_as, user.user_id))


def rename(service: Service, actor: User, user_id: str, wanted: NewNames, address: str = "") -> User:
    """Change e-mail address or username. Raises ``NotFound``, ``Conflict`` when a name is taken."""
    author = Author(service, actor, address)
    names = {name: value.strip() for name, value in asdict(wanted).items() if value is not None}

    def decide(user: User) -> dict[str, Any]:
        return {name: value for name, value in names.items() if getattr(user, name) != value}

    def tell(user: User, values: dict[str, Any]) -> AuditEntry:
        before = {name: getattr(user, name) for name in values}
        return author.entry(Change.USER_RENAMED, user.user_id, before=before, after=values)

    return change(service, actor, user_id, decide, tell)


def delete(service: Service, actor: User, user_id: str, address: str = "") -> None:
    """Delete a user: no more to be found, its names free. Raises ``NotFound``, ``Conflict`` (the last super user)."""
    author = Author(service, actor, address)
    is_gone = is_id(user_id) and service.store.users.delete(
        user_id,
        lambda user: require_manageable(actor, user),
        lambda user: author.entry(Change.USER_DELETED, user.user_id, role=user.role),
    )
    if not is_gone:
        raise NotFound("There is no such user.")


def reset_password(service: Service, actor: User, user_id: str, new_password: str, address: str = "") -> None:
    """Set a user's password and revoke all its tokens. Raises ``NotFound``."""
    get(service, actor, user_id)
    password_hash = passwords.hash_password(new_password)
    author = Author(service, actor, address)
    change(
        service,
        actor,
        user_id,
        lambda user: {"password_hash": password_hash} | _revoked(user),
        lambda user, _values: author.entry(Change.PASSWORD_RESET, user.user_id),
    )


def change_password(service: Service, user: User, current: str, new_password: str) -> sessions.TokenPair:
    """Change one's own password; every older token is revoked. Raises ``Forbidden`` when ``current`` is wrong."""
    if not passwords.verify(current, user.password_hash):
        raise Forbidden("The current password is wrong.")
    password_hash = passwords.hash_password(new_password)

    def decide(fresh: User) -> dict[str, Any]:
        if fresh.password_hash != user.password_hash:
            raise Conflict("The password was changed meanwhile; log in again.")
        return {"password_hash": password_hash} | _revoked(fresh)

    changed = service.store.users.change(user.user_id, decide)
    return sessions.open_session(service, _present(changed))


def _create(service: Service, new: NewUser, author: Author | None) -> User:
    now = service.clock()
    user_id, opening = new_id(now), OPENING_POINTS[new.role]
    user = User(
        user_id=user_id,
        email=new.email.strip(),
        username=new.username or _username_of(new.email, user_id),
        role=new.role,
        is_active=True,
        created_at=rfc3339(now),
        points=PointTotals(balance=opening, opening=opening),
        password_hash=passwords.hash_password(new.password),
    )
    entry = LedgerEntry(
        user_id=user_id,
        entry_id="opening",
        status=EntryStatus.OPENING,
        amount=opening,
        balance_after=opening,
        created_by=author.user.user_id if author else SYSTEM,
        created_at=user.created_at,
    )
    told = author.entry(Change.USER_CREATED, user_id, role=new.role) if author else None
    service.store.users.create(user, entry if opening else None, told)
    return user


def _username_of(email: str, user_id: str) -> str:
    """A username nobody has: the address's local part and the random end of the id."""
    local = re.sub(r"[^A-Za-z0-9._-]", "", email.partition("@")[0])[:40].lstrip("._-") or "user"
    name = f"{local}-{user_id[-8:].lower()}"
    if not re.match(USERNAME_PATTERN, name):
        raise InvalidRequest("Give a username.", (FieldError(("body", "username"), "can't be made from this address"),))
    return name


def change(service: Service, actor: User, user_id: str, decide: Decide, tell: Tell) -> User:
    """Apply ``decide`` to a user whom ``actor`` manages, and ``tell`` the audit. Raises ``NotFound``, ``Conflict``."""

    def checked(user: User) -> dict[str, Any]:
        return decide(require_manageable(actor, user))

    return _present(service.store.users.change(user_id, checked, tell) if is_id(user_id) else None)


def _present(user: User | None) -> User:
    if user is None:
        raise NotFound("There is no such user.")
    return user


def _revoked(user: User) -> dict[str, Any]:
    return {"token_epoch": user.token_epoch + 1}

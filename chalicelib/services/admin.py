"""What admins and super users see of others; an admin sees general and demo users only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chalicelib.domain.audit import AuditEntry
from chalicelib.domain.points import LedgerEntry
from chalicelib.domain.tally import Counts, Ended, scope_of_all
from chalicelib.domain.users import MANAGED_BY, Role, User
from chalicelib.services import Service, accounts, permissions, usage
from chalicelib.services.permissions import Decision
from chalicelib.services.usage import Day
from chalicelib.store.activity import Activity
from chalicelib.store.pages import Page, Position
from chalicelib.store.stats import Counter
from chalicelib.store.user_counts import RoleCount, role_counts

SUMMARY_DAYS = 30
HOLDERS = 10
RECENT = 20
Names = Mapping[str, User]
"""Users in the actor's sight, by id: whoever is missing is not named."""


@dataclass(frozen=True)
class Summary:
    """The service at a glance, as far as the actor sees it."""

    roles: list[RoleCount]
    days: list[Day]
    actions: dict[str, Counts]
    holders: list[User]
    recent: list[Ended]
    names: Names


@dataclass(frozen=True)
class Seen:
    """A user and when it was last here."""

    user: User
    activity: Activity


@dataclass(frozen=True)
class Checked:
    """One user whole."""

    seen: Seen
    totals: list[Counter]
    decisions: list[Decision]


def summary(service: Service, actor: User) -> Summary:
    """The service at a glance: as many reads however much has been converted."""
    roles = _roles_seen(actor)
    days = usage.last_days(usage.today(service), SUMMARY_DAYS)
    counters = usage.read_days(service, map(scope_of_all, roles), days)
    charged = [role for role in roles if role is not Role.SUPER]
    rich = service.store.users.richest(charged, HOLDERS)
    recent = _recent(service, roles)
    known = service.store.users.many([*rich, *(one.owner_id for one in recent)])
    names = {user_id: user for user_id, user in known.items() if actor.sees(user)}
    return Summary(
        roles=role_counts(roles),
        days=usage.by_day(counters, days),
        actions=usage.by_action(counters),
        holders=[names[user_id] for user_id in rich if user_id in names],
        # Somebody who was promoted since is out of an admin's sight, with all that it did before.
        recent=[one for one in recent if one.owner_id in names or one.owner_id not in known],
        names=names,
    )


def active_users(service: Service, actor: User, after: str | None, limit: int) -> tuple[list[Seen], str | None]:
    """A page of the users whom ``actor`` manages and who are not disabled, by creation, and the id to go on after."""
    listed, following = service.store.users.list(_roles_seen(actor), after, limit, only_active=True)
    whole = service.store.users.many(user.user_id for user in listed)
    activities = service.store.activity.of(whole)
    seen = [Seen(whole[one.user_id], activities.get(one.user_id, Activity())) for one in listed if one.user_id in whole]
    return seen, following


def check_user(service: Service, actor: User, user_id: str) -> Checked:
    """One user whole. Raises ``NotFound``."""
    user = accounts.get(service, actor, user_id)
    activity = service.store.activity.of([user_id]).get(user_id, Activity())
    return Checked(Seen(user, activity), service.store.stats.totals(user_id), permissions.decisions(user))


def gifts(service: Service, actor: User, start: Position | None, limit: int) -> tuple[Page[LedgerEntry], Names]:
    """A page of the top-ups that ``actor`` gave, newest first; a super user's are everybody's."""
    page = service.store.ledger.gifts(None if actor.is_super else actor.user_id, start, limit)
    named = {user_id for entry in page.rows for user_id in (entry.user_id, entry.created_by)}
    return page, names(service, actor, sorted(named))


def audit(service: Service, actor: User, start: Position | None, limit: int) -> tuple[Page[AuditEntry], Names]:
    """A page of the audit, newest first."""
    page = service.store.audit.page(start, limit)
    named = {user_id for entry in page.rows for user_id in (entry.actor_id, entry.target_id) if user_id}
    return page, names(service, actor, sorted(named))


def _roles_seen(actor: User) -> list[Role]:
    return sorted(MANAGED_BY[actor.role], key=list(Role).index)


def _recent(service: Service, roles: Iterable[Role]) -> list[Ended]:
    found = [one for role in roles for one in service.store.conversions.latest_counted(role, RECENT)]
    return sorted(found, key=lambda one: one.conversion_id, reverse=True)[:RECENT]


def names(service: Service, actor: User, user_ids: Iterable[str]) -> Names:
    """Of the users of these ids, those in the actor's sight."""
    return {user_id: user for user_id, user in service.store.users.many(user_ids).items() if actor.sees(user)}

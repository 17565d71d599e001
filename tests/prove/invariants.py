"""What must hold of the rows when the dust has settled."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.points import EntryStatus, refunded_id, spent_id
from chalicelib.domain.users import Role
from chalicelib.store.tables import ConversionItem, LedgerItem, UserItem
from tests.prove.invariants_of_answers import answers_kept
from tests.prove.invariants_of_files import files_kept
from tests.prove.invariants_of_lines import lines_empty, lines_kept
from tests.prove.violations import Kind, Violation
from tests.prove.world import World

SPENT, REFUNDED = EntryStatus.SPENT.value, EntryStatus.REFUNDED.value
CONVERSIONS = "conversions/"
Violations = Iterator[Violation]


@dataclass(frozen=True)
class Rows:
    """Everything of a world, read once."""

    users: list[UserItem]
    entries: list[LedgerItem]
    conversions: list[ConversionItem]
    objects: set[str]
    deletable: set[str]
    """Results whose deletion was asked for: there or not."""


def read(world: World) -> Rows:
    """The rows and objects as they stand."""
    conversions = list(ConversionItem.scan(consistent_read=True))
    asked = {row.result["file"]["key"] for row in conversions if row.result and row.conversion_id in world.deleted}
    users, entries = list(UserItem.scan(consistent_read=True)), list(LedgerItem.scan(consistent_read=True))
    return Rows(users, entries, conversions, set(world.bucket.objects), asked)


def violations(world: World) -> list[Violation]:
    """All that does not hold."""
    rows = read(world)
    by_conversion: dict[str, list[LedgerItem]] = defaultdict(list)
    for entry in rows.entries:
        if entry.conversion_id:
            by_conversion[entry.conversion_id].append(entry)
    found = [*_balances(rows), *_causes(rows, by_conversion), *_roles(rows)]
    for row in rows.conversions:
        found += [*_paid(row, by_conversion[row.conversion_id]), *_ended(row, rows.objects | rows.deletable)]
    found += answers_kept(world, rows.conversions, rows.entries)
    return [*found, *files_kept(world, rows.conversions), *lines_kept(world), *lines_empty()]


def _balances(rows: Rows) -> Violations:
    by_user: dict[str, list[LedgerItem]] = defaultdict(list)
    for entry in rows.entries:
        by_user[entry.user_id].append(entry)
    for user in rows.users:
        if user.role is None:
            continue
        entries = sorted(by_user.pop(user.user_id, []), key=lambda one: int(one.at.rpartition("-")[2]))
        yield from _balance(user, entries)
    for user_id in by_user:
        yield Violation(Kind.UNBALANCED, f"{user_id} has entries and does not exist")


def _balance(user: UserItem, entries: list[LedgerItem]) -> Violations:
    """Entries in the order of the revisions that they made: each continues the one before, down to the balance."""
    balance = 0
    for entry in entries:
        balance += int(entry.amount)
        if balance < 0 or entry.balance_after < 0:
            yield Violation(Kind.NEGATIVE_BALANCE, f"{user.username} had {balance} after {entry.entry_id}")
        if entry.balance_after != balance:
            what = f"{user.username}: {entry.entry_id} says {entry.balance_after}, the entries before it {balance}"
            yield Violation(Kind.UNBALANCED, what)
    totals = user.opening + user.topup - user.spent + user.refunded + user.corrected
    if not user.balance == balance == totals:
        what = f"{user.username} has {user.balance}, entries say {balance}, totals {totals}"
        yield Violation(Kind.UNBALANCED, what)
    if user.balance < 0:
        yield Violation(Kind.NEGATIVE_BALANCE, f"{user.username} has {user.balance}")


def _causes(rows: Rows, by_conversion: dict[str, list[LedgerItem]]) -> Violations:
    known = {row.conversion_id for row in rows.conversions}
    for conversion_id, entries in by_conversion.items():
        if conversion_id not in known:
            yield Violation(Kind.LOST_CONVERSION, f"{conversion_id} has entries and no row")
        causes = {SPENT: spent_id(conversion_id), REFUNDED: refunded_id(conversion_id)}
        for entry in entries:
            if entry.entry_id != causes[entry.status]:
                yield Violation(Kind.WITHOUT_CAUSE, f"{entry.entry_id} is not {causes[entry.status]}")


def _paid(row: ConversionItem, entries: list[LedgerItem]) -> Violations:
    amounts: dict[str, list[int]] = {SPENT: [], REFUNDED: []}
    for entry in entries:
        amounts[entry.status].append(int(entry.amount))
    spent, refunded = amounts[SPENT], amounts[REFUNDED]
    told = f"{row.conversion_id} ({row.status}, {row.points_charged} points) spent {spent}, refunded {refunded}"
    if len(spent) > 1:
        yield Violation(Kind.DOUBLE_CHARGE, told)
    if refunded != ([-one for one in spent] if row.status == "failed" else []):
        yield Violation(Kind.WRONG_REFUND, told)
    if row.points_charged != -sum(spent) - sum(refunded):
        yield Violation(Kind.UNBALANCED, told)


def _ended(row: ConversionItem, objects: set[str]) -> Violations:
    if row.status == "processing":
        what = f"{row.conversion_id}, attempts {row.attempts}, lease until {row.lease_until}, due at {row.due_at}"
        yield Violation(Kind.STUCK, what)
        return
    if (row.status == "success") != (row.result is not None) or (row.status == "failed") != (row.problem is not None):
        yield Violation(Kind.LOST_CONVERSION, f"{row.conversion_id} is {row.status} without its outcome")
    if row.status == "success" and row.result:
        key = row.result["file"]["key"]
        if not row.deleted and key not in objects:
            yield Violation(Kind.LOST_CONVERSION, f"the result of {row.conversion_id} is gone")
        if key.rpartition("/")[2] != str(int(row.attempts)):
            yield Violation(Kind.WITHOUT_LEASE, f"{key} was settled while attempt {row.attempts} had the lease")


def strays(world: World) -> list[str]:
    """Objects of conversions that are nobody's result.

    What died when is not known here: an acceptance before its row was there, a sweeper after it gave a conversion up,
    or a worker whose message another one had confirmed. The bucket's lifecycle rule deletes what they leave.
    """
    rows = read(world)
    results = {row.result["file"]["key"] for row in rows.conversions if row.result and not row.deleted}
    of_conversions = {key for key in rows.objects if key.startswith(CONVERSIONS)}
    return sorted(of_conversions - results - rows.deletable)


def _roles(rows: Rows) -> Violations:
    """The guards count what the users are, and a super user stays."""
    users = [user for user in rows.users if user.role]
    guards: dict[str, Any] = {user.user_id: user for user in rows.users}
    supers = sum(user.role == Role.SUPER.value and bool(user.is_active) for user in users)
    if not supers or guards["guard#supers"].balance != supers:
        yield Violation(
            Kind.MISCOUNTED, f"{supers} active super users, the guard says {guards['guard#supers'].balance}"
        )
    members = Counter(user.role for user in users)
    for role, number in members.items():
        if guards[f"count#{role}"].members != number:
            yield Violation(Kind.MISCOUNTED, f"{number} of {role}, the guard says {guards[f'count#{role}'].members}")
    for name in ("email", "username"):
        for value, number in Counter(getattr(user, name).casefold() for user in users).items():
            if number > 1:
                yield Violation(Kind.MISCOUNTED, f"{number} users have the {name} {value}")

"""Invariants of points: each balance is the sum of its ledger, and each charge and refund has its conversion."""

from collections.abc import Iterator
from dataclasses import asdict
from functools import partial

from botocore.exceptions import ClientError

from chalicelib.domain.clock import rfc3339
from chalicelib.domain.conversion import Conversion, Status
from chalicelib.domain.ids import entry_moment
from chalicelib.domain.points import EntryStatus, LedgerEntry, refunded_id, spent_id
from chalicelib.domain.users import PointTotals, User
from chalicelib.services import Service
from chalicelib.store.charging import Movement
from chalicelib.store.transactions import ConditionFailed
from chalicelib.store.users import move_points
from infra.doctor.site import Finding, Site

TRIES = 5
"""A user that changes while it is read is read again."""

_NAMES = {
    EntryStatus.OPENING: "opening",
    EntryStatus.TOPUP: "topup",
    EntryStatus.SPENT: "spent",
    EntryStatus.REFUNDED: "refunded",
    EntryStatus.CORRECTION: "corrected",
}


def balances(site: Site) -> Iterator[Finding]:
    """For every user: balance = sum of the ledger ≥ 0, and each total is that of its entries."""
    for item in site.items(site.service.settings.tables.users, FilterExpression="attribute_exists(token_epoch)"):
        seen = _steady(site.service, item["user_id"]["S"])
        if seen is None:
            continue
        user, told = seen
        if told.balance < 0:
            yield Finding(f"user {user.user_id}: the ledger sums up to {told.balance}")
        elif user.points != told:
            what = f"user {user.user_id}: has {_figures(user.points)}; by the ledger {_figures(told)}"
            yield Finding(what, partial(_set_points, site, user, told))


def entries(site: Site) -> Iterator[Finding]:
    """Each charge has its conversion, each that failed its refund, and nothing else was refunded."""
    with_conversion = "attribute_exists(conversion_id)"
    for item in site.items(site.service.settings.tables.ledger, FilterExpression=with_conversion):
        user_id, conversion_id = item["user_id"]["S"], item["conversion_id"]["S"]
        # The entry is there already: what was written with it is seen now.
        row = site.service.store.conversions.get(conversion_id)
        told = f"user {user_id}, conversion {conversion_id}"
        charge = site.service.store.ledger.get(user_id, spent_id(conversion_id))
        if item["status"]["S"] == EntryStatus.REFUNDED.value:
            if charge is None:
                yield Finding(f"{told}: refunded, and there is no charge for it")
            if row and row.status is not Status.FAILED:
                yield Finding(f"{told}: refunded, and it is {row.status.value}")
        elif charge and (row is None or row.status is Status.FAILED) and not _is_refunded(site, charge):
            state = "failed" if row else "gone"
            yield Finding(
                f"{told}: charged {-charge.amount}, not refunded, and it is {state}", partial(_refund, site, charge)
            )


def rows(site: Site) -> Iterator[Finding]:
    """Each conversion that says it was charged has its entry."""
    for row in site.conversions():
        if row.points_charged and site.service.store.ledger.get(row.owner_id, spent_id(row.conversion_id)) is None:
            what = f"conversion {row.conversion_id}: says {row.points_charged} points, and there is no charge for it"
            yield Finding(what, partial(_uncharge, site, row))


def _steady(service: Service, user_id: str) -> tuple[User, PointTotals] | None:
    """The user and what its ledger says, of one moment; None when it is gone or never stands still."""
    for _ in range(TRIES):
        user = service.store.users.account(user_id)
        totals = _totals(service, user_id)
        after = service.store.users.account(user_id)
        if user is None or after is None:
            return None
        if user.revision == after.revision:
            return after, totals
    return None


def _totals(service: Service, user_id: str) -> PointTotals:
    sums = dict.fromkeys(_NAMES.values(), 0)
    balance = 0
    for entry in service.store.ledger.all(user_id):
        is_correction = entry.status is EntryStatus.CORRECTION
        sums[_NAMES[entry.status]] += entry.amount if is_correction else abs(entry.amount)
        balance += entry.amount
    return PointTotals(balance=balance, **sums)


def _is_refunded(site: Site, charge: LedgerEntry) -> bool:
    return site.service.store.ledger.get(charge.user_id, refunded_id(charge.conversion_id or "")) is not None


def _set_points(site: Site, user: User, told: PointTotals) -> bool:
    """Make the user's points what the ledger says: it is append-only, and each entry was written with its cause."""
    names = asdict(told)
    try:
        site.dynamodb.update_item(
            TableName=site.service.settings.tables.users,
            Key={"user_id": {"S": user.user_id}},
            UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in names) + " ADD revision :one",
            ConditionExpression="revision = :seen",
            ExpressionAttributeNames={f"#{name}": name for name in names},
            ExpressionAttributeValues={f":{name}": {"N": str(value)} for name, value in names.items()}
            | {":one": {"N": "1"}, ":seen": {"N": str(user.revision)}},
        )
    except ClientError as error:
        return _is_no_condition(error)
    return True


def _refund(site: Site, charge: LedgerEntry) -> bool:
    """Give the points back, once: the entry's key is its cause."""
    service, now = site.service, site.service.clock()
    user = service.store.users.account(charge.user_id)
    if user is None:
        return False
    entry = LedgerEntry(
        user_id=user.user_id,
        entry_id=refunded_id(charge.conversion_id or ""),
        status=EntryStatus.REFUNDED,
        amount=-charge.amount,
        balance_after=user.points.balance - charge.amount,
        created_by=user.user_id,
        created_at=rfc3339(now),
        action=charge.action,
        conversion_id=charge.conversion_id,
        note="Given back by the operator.",
    )
    change = move_points(user, balance=entry.amount, refunded=entry.amount)
    try:
        service.store.transactor.commit([Movement(entry, entry_moment(now, user.revision + 1)).write(), change])
    except ConditionFailed:
        return False
    return True


def _uncharge(site: Site, row: Conversion) -> bool:
    try:
        site.dynamodb.update_item(
            TableName=site.service.settings.tables.conversions,
            Key={"conversion_id": {"S": row.conversion_id}},
            UpdateExpression="SET points_charged = :none",
            ConditionExpression="points_charged = :seen",
            ExpressionAttributeValues={":none": {"N": "0"}, ":seen": {"N": str(row.points_charged)}},
        )
    except ClientError as error:
        return _is_no_condition(error)
    return True


def _is_no_condition(error: ClientError) -> bool:
    """False when the write was refused because things changed. Raises ``error`` when it was anything else."""
    if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
        raise error
    return False


def _figures(points: PointTotals) -> str:
    return ", ".join(f"{name} {value}" for name, value in asdict(points).items())

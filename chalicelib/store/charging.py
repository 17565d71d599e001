"""The transactions that move points: a charge, a refund, a top-up, a correction; each whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain.audit import AuditEntry
from chalicelib.domain.conversion import Conversion
from chalicelib.domain.points import EntryStatus, LedgerEntry
from chalicelib.domain.users import User
from chalicelib.store.audit import told
from chalicelib.store.conversions import put_new, settle_failed
from chalicelib.store.idempotency import KeyRecord, put_record
from chalicelib.store.ledger import to_ledger_item
from chalicelib.store.tables import LedgerItem
from chalicelib.store.transactions import SOURCE, Claim, ConditionFailed, Transactor, Write
from chalicelib.store.users import check_unchanged, move_points


class Stale(Exception):
    """The user changed since it was read: read it again and decide anew. Nothing was written."""


class AlreadyDone(Exception):
    """This very cause is booked, or this row is settled, already. Nothing was written."""


class KeyTaken(Exception):
    """Another request with the same idempotency key came first. Nothing was written."""


class SourceTaken(Exception):
    """What this conversion is made of started another one already. Nothing was written."""


@dataclass(frozen=True)
class Movement:
    """A ledger entry, and the sort key of its moment."""

    entry: LedgerEntry
    at: str

    def write(self) -> Write:
        """The put of the entry, once for its cause."""
        return Write("entry", to_ledger_item(self.entry, self.at), LedgerItem.entry_id.does_not_exist())


class Charging:
    """Moves points on a transactor."""

    def __init__(self, transactor: Transactor) -> None:
        self._transactor = transactor

    def charge(
        self,
        user: User | None,
        conversion: Conversion,
        movement: Movement | None,
        record: KeyRecord | None,
        claims: Sequence[Claim] = (),
    ) -> None:
        """Create ``conversion`` and pay for it: balance, entry, idempotency record and row in one transaction.

        Without ``movement`` nothing is paid, but ``user`` (if there is one) must still be as it was read.
        ``claims`` take what it is made of. Raises ``AlreadyDone``, ``KeyTaken``, ``SourceTaken``, ``Stale``.
        """
        writes = [put_new(conversion), *(claim(conversion.conversion_id) for claim in claims)]
        if user and movement:
            cost = -movement.entry.amount
            writes += [movement.write(), move_points(user, balance=-cost, spent=cost)]
        elif user:
            writes.append(check_unchanged(user))
        if record:
            writes.append(put_record(record))
        self._commit(writes)

    def fail(
        self, conversion: Conversion, seen: Conversion, refund: tuple[User, Movement] | None, *, untouched: bool = False
    ) -> None:
        """Fail the row that was ``seen`` and give the points back at once; see ``settle_failed``.

        Raises ``AlreadyDone``, ``Stale``.
        """
        writes = [settle_failed(conversion, seen, untouched=untouched)]
        if refund:
            user, movement = refund
            amount = movement.entry.amount
            writes += [movement.write(), move_points(user, balance=amount, refunded=amount)]
        self._commit(writes)

    def grant(self, user: User, movement: Movement, record: KeyRecord | None, entry: AuditEntry) -> None:
        """Book a top-up or a correction, and tell the audit. Raises ``AlreadyDone``, ``KeyTaken``, ``Stale``."""
        amount = movement.entry.amount
        change = {"balance": amount, _TOTALS[movement.entry.status]: amount}
        writes = [movement.write(), move_points(user, **change), *told(entry)]
        if record:
            writes.append(put_record(record))
        self._commit(writes)

    def _commit(self, writes: list[Write]) -> None:
        try:
            self._transactor.commit(writes)
        except ConditionFailed as error:
            for label, answer in _ANSWERS.items():
                if label in error.failed:
                    raise answer from error
            raise Stale from error


_TOTALS = {EntryStatus.TOPUP: "topup", EntryStatus.CORRECTION: "corrected"}
"""The total that a grant is part of, by its entry's status."""

_ANSWERS: dict[str, type[Exception]] = {
    "conversion": AlreadyDone,
    "entry": AlreadyDone,
    "key": KeyTaken,
    SOURCE: SourceTaken,
}
"""What a failed condition means, by its write's label; the first of several."""

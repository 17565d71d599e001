"""The points ledger in DynamoDB: append-only, an entry per cause."""

from pynamodb.models import Model
from pynamodb.pagination import ResultIterator

from chalicelib.domain.points import EntryStatus, LedgerEntry
from chalicelib.store.pages import Page, Position, read_page
from chalicelib.store.tables import LedgerItem

_GIFT = "topup"


class Ledger:
    """Reads of the ledger; it is written only inside transactions."""

    def get(self, user_id: str, entry_id: str) -> LedgerEntry | None:
        """The entry of a cause, read consistently."""
        try:
            return _entry(LedgerItem.get(user_id, entry_id, consistent_read=True))
        except LedgerItem.DoesNotExist:
            return None

    def page(self, user_id: str, start: Position | None, limit: int) -> Page[LedgerEntry]:
        """A page of ``user_id``'s entries, newest first."""

        def query(count: int) -> ResultIterator[LedgerItem]:
            return LedgerItem.by_time.query(
                user_id, scan_index_forward=False, limit=count, last_evaluated_key=start, consistent_read=True
            )

        return read_page(query, _entry, limit)

    def gifts(self, giver: str | None, start: Position | None, limit: int) -> Page[LedgerEntry]:
        """A page of the top-ups that ``giver`` gave (None: anybody), newest first."""

        def query(count: int) -> ResultIterator[LedgerItem]:
            index = LedgerItem.by_giver if giver else LedgerItem.by_gift
            return index.query(giver or _GIFT, scan_index_forward=False, limit=count, last_evaluated_key=start)

        return read_page(query, _entry, limit)

    def all(self, user_id: str) -> list[LedgerEntry]:
        """Every entry of ``user_id``: for audits."""
        return [_entry(item) for item in LedgerItem.query(user_id, consistent_read=True)]


def to_ledger_item(entry: LedgerEntry, at: str) -> Model:
    """The row of ``entry``; ``at`` is its sort key."""
    is_gift = entry.status is EntryStatus.TOPUP
    return LedgerItem(
        user_id=entry.user_id,
        entry_id=entry.entry_id,
        at=at,
        status=entry.status.value,
        amount=entry.amount,
        balance_after=entry.balance_after,
        created_by=entry.created_by,
        created_at=entry.created_at,
        action=entry.action,
        conversion_id=entry.conversion_id,
        note=entry.note,
        given_by=entry.created_by if is_gift else None,
        gift=_GIFT if is_gift else None,
    )


def _entry(item: LedgerItem) -> LedgerEntry:
    return LedgerEntry(
        user_id=item.user_id,
        entry_id=item.entry_id,
        status=EntryStatus(item.status),
        amount=int(item.amount),
        balance_after=int(item.balance_after),
        created_by=item.created_by,
        created_at=item.created_at,
        action=item.action,
        conversion_id=item.conversion_id,
        note=item.note,
    )

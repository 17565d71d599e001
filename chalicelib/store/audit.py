"""The audit in DynamoDB: append-only, written in the transaction of the change that it tells of."""

from pynamodb.pagination import ResultIterator

from chalicelib.domain.audit import AuditEntry, Change
from chalicelib.store.pages import Page, Position, read_page
from chalicelib.store.tables_reporting import AuditItem
from chalicelib.store.transactions import Write

_LOG = "all"


class Audit:
    """Reads of the audit; it is written only inside transactions."""

    def page(self, start: Position | None, limit: int) -> Page[AuditEntry]:
        """A page of entries, newest first."""

        def query(count: int) -> ResultIterator[AuditItem]:
            return AuditItem.query(_LOG, scan_index_forward=False, limit=count, last_evaluated_key=start)

        return read_page(query, _entry, limit)


def told(entry: AuditEntry | None) -> list[Write]:
    """The write of ``entry``, if there is one, to go with its change."""
    if entry is None:
        return []
    item = AuditItem(
        log=_LOG,
        entry_id=entry.entry_id,
        kind=entry.change.value,
        at=entry.at,
        actor_id=entry.actor_id,
        target_id=entry.target_id,
        address=entry.address,
        details=entry.details,
    )
    return [Write("audit", item)]


def _entry(item: AuditItem) -> AuditEntry:
    return AuditEntry(
        entry_id=item.entry_id,
        change=Change(item.kind),
        at=item.at,
        actor_id=item.actor_id,
        target_id=item.target_id,
        address=item.address or "",
        details=item.details,
    )

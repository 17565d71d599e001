"""Expiry: results past their time go, and their rows say so."""

from chalicelib.domain.clock import rfc3339
from chalicelib.domain.conversion import Conversion
from chalicelib.services import Service
from chalicelib.store.conversion_rows import KEPT

BATCH = 50
"""Of each shard, in one sweep; the bucket's lifecycle is the net under it."""


def sweep(service: Service) -> int:
    """Delete results whose time is over; how many."""
    rows = service.store.conversions
    ids = list(rows.due(service.now_s(), BATCH, KEPT))
    over = [one for one in map(rows.get, ids) if one and _is_over(service, one)]
    # The objects first: a row is marked when there is nothing left of it, and found again until then.
    service.store.files.delete(one.result.file.key for one in over if one.result)
    for one in over:
        rows.mark_deleted(one.conversion_id, rfc3339(service.clock()))
    return len(over)


def _is_over(service: Service, conversion: Conversion) -> bool:
    return not conversion.is_open and conversion.due_at < service.now_s()

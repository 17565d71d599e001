"""Erasure: the keys, webhooks and files of users who were deleted go; ledger, history and audit stay."""

from collections.abc import Iterator
from datetime import timedelta

from chalicelib.domain.batches import archive_key
from chalicelib.domain.conversion import Conversion
from chalicelib.domain.folders import INBOX, RESULTS
from chalicelib.domain.ids import first_id_at
from chalicelib.services import Service, conversions, webhooks
from chalicelib.services.batches import object_prefix
from chalicelib.services.conversions import LAST_ID
from chalicelib.store.pages import Page, Position
from chalicelib.store.uploads import FETCHED, prefix_of

PAGE = 100
_SLACK = timedelta(days=1)
"""Results older than their lifetime by this are gone already."""


def sweep(service: Service) -> int:
    """Erase what is left of deleted users; of how many nothing is left now."""
    return sum(_erase(service, user_id) for user_id in service.store.erasures.pending())


def _erase(service: Service, user_id: str) -> bool:
    """Whether all is gone; what is at work is waited for."""
    _forget_keys(service, user_id)
    for webhook in list(service.store.webhooks.all(user_id)):
        webhooks.forget(service, webhook)
    for prefix in (
        prefix_of(user_id),
        f"{FETCHED}{user_id}/",
        f"{INBOX}{user_id}/",
        f"{RESULTS}{user_id}/",
        *_batch_prefixes(service, user_id),
    ):
        service.store.files.delete_under(prefix)
    at_work = [_is_at_work(service, conversion) for conversion in _recent(service, user_id)]
    if any(at_work):
        return False
    service.store.erasures.done(user_id)
    return True


def _forget_keys(service: Service, user_id: str) -> None:
    page = service.store.api_keys.page(user_id, None, PAGE)
    for key in page.rows:
        service.store.api_keys.delete(key)


def _is_at_work(service: Service, conversion: Conversion) -> bool:
    if conversion.is_open:
        return True
    if conversion.result and not conversion.deleted:
        conversions.delete_result(service, conversion)
    return False


def _recent(service: Service, user_id: str) -> Iterator[Conversion]:
    """The user's conversions whose files may still be there."""
    kept = timedelta(seconds=service.settings.result_lifetime_s) + _SLACK
    bounds = (first_id_at(service.clock() - kept), LAST_ID)
    start: Position | None = None
    while True:
        page: Page[Conversion] = service.store.conversions.page(user_id, (None, None), bounds, start, PAGE)
        yield from page.rows
        start = page.next
        if start is None:
            return


def _batch_prefixes(service: Service, user_id: str) -> Iterator[str]:
    start: Position | None = None
    while True:
        page = service.store.batches.page(user_id, start, PAGE)
        for batch in page.rows:
            yield from (object_prefix(batch.batch_id), archive_key(batch.batch_id))
        start = page.next
        if start is None:
            return

"""Events: what webhooks are told of conversions and batches that ended."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chalicelib.domain import problems
from chalicelib.domain.batches import Batch, FileStatus
from chalicelib.domain.conversion import Conversion
from chalicelib.domain.errands import Event, Webhook
from chalicelib.services import Service, deliveries, errands, webhooks
from chalicelib.store.conversions import conversion_of

MOST_WARNINGS = 20

_log = logging.getLogger(__name__)


def tell(service: Service, images: Sequence[dict[str, Any]]) -> int | None:
    """Tell webhooks of the conversions that ended, of which ``images`` are the rows as the stream has them.

    Answers the position of the first that could not be told; told again, nothing is told twice.
    """
    known: dict[str, list[Webhook]] = {}
    for position, image in enumerate(images):
        try:
            _tell_one(service, conversion_of(image), known)
        except Exception:  # noqa: BLE001 - logged; the stream tells it again
            _log.exception("webhooks were not told")
            return position
    return None


def tell_of_batch(service: Service, batch: Batch) -> None:
    """Tell webhooks that a batch has finished and its zip is there."""
    finished_at = batch.finished_at or ""
    data: dict[str, object] = {
        "batch_id": batch.batch_id,
        "slug": batch.slug,
        "counts": {status.value: batch.counts.get(status, 0) for status in FileStatus},
        "created_at": batch.created_at,
        "finished_at": finished_at,
    }
    for webhook in service.store.webhooks.all(batch.owner_id):
        if _wants(webhook, Event.BATCH_FINISHED):
            at_s = datetime.fromisoformat(finished_at).timestamp()
            # Tried again, a batch finishes again: that is another event.
            subject = f"{batch.batch_id} {finished_at}"
            errands.begin(service, webhooks.errand_of(webhook, Event.BATCH_FINISHED, subject, at_s, data))


def _tell_one(service: Service, conversion: Conversion, known: dict[str, list[Webhook]]) -> None:
    if conversion.line is None:  # nobody's
        return
    deliveries.begin(service, conversion)
    owner_id = conversion.owner_id
    if owner_id not in known:
        known[owner_id] = list(service.store.webhooks.all(owner_id))
    event = Event.CONVERSION_FAILED if conversion.problem else Event.CONVERSION_SUCCEEDED
    at_s = datetime.fromisoformat(conversion.updated_at).timestamp()
    for webhook in known[owner_id]:
        if _wants(webhook, event):
            data = _data(service, conversion)
            errands.begin(service, webhooks.errand_of(webhook, event, conversion.conversion_id, at_s, data))


def _wants(webhook: Webhook, event: Event) -> bool:
    return webhook.is_active and event.value in webhook.events


def _data(service: Service, conversion: Conversion) -> dict[str, object]:
    """What a receiver needs to act: the rest, and the file, are to be had by the conversion's id."""
    result, problem = conversion.result, conversion.problem
    base_url = service.settings.public_base_url or ""
    return {
        "conversion_id": conversion.conversion_id,
        "batch_id": conversion.place.batch_id if conversion.place else None,
        "action": conversion.action,
        "status": conversion.status.value,
        "input_filename": conversion.inputs[0].name,
        "output_filename": result.file.name if result else None,
        "output_size": result.file.size if result else None,
        "output_sha256": result.sha256 if result else None,
        "points_charged": conversion.points_charged,
        "warnings": list(result.warnings[:MOST_WARNINGS]) if result else [],
        "error": problems.render_stored(problem, base_url) if problem else None,
        "created_at": conversion.created_at,
        "updated_at": conversion.updated_at,
        "expires_at": conversion.expires_at,
    }

"""Overdue batches: files that never came are missing, events that were lost are made up for, zips asked for again."""

import logging
import time

from chalicelib.domain.batches import Batch, FileStatus
from chalicelib.services import Service, batch_control, batch_progress
from chalicelib.services.batch_progress import ARCHIVE_GRACE_S

MOST_BATCHES = 20
SECOND_LOOK_S = 900
"""A file whose event was made up for, or which is being converted, gets this long."""
CANCELLED_LOOK_S = 60
"""What was cancelled and not stopped yet may be converted any time; more than one sweep works on it."""

_log = logging.getLogger(__name__)


def sweep(service: Service) -> int:
    """Look at every batch that is due; how many they were."""
    due = service.store.batches.due(service.now_s(), MOST_BATCHES)
    for batch_id in due:
        batch = service.store.batches.get(batch_id)
        if batch and batch.due_at is not None and batch.due_at < service.now_s():
            _treat(service, batch)
    return len(due)


def _treat(service: Service, batch: Batch) -> None:
    if batch.cancelled_at is not None:
        if service.store.batches.postpone(batch, service.now_s() + CANCELLED_LOOK_S):
            batch_control.carry_out(service, batch, time.monotonic() + batch_control.REQUEST_S)
        return
    if batch.finished_at is not None:
        if service.store.batches.postpone(batch, service.now_s() + ARCHIVE_GRACE_S):
            service.store.queues.ask_for_archive(batch.batch_id)
        return
    if not service.store.batches.postpone(batch, service.now_s() + SECOND_LOOK_S):
        return
    for file in service.store.batches.files(batch.batch_id):
        if file.status is not FileStatus.WAITING:
            continue
        if service.store.files.stat(file.source_key):
            service.store.queues.tell_intake(file.source_key)
        elif batch_progress.lose(service, batch, file):
            _log.info("a file never came", extra={"batch_id": batch.batch_id})
    batch_progress.finish_if_ended(service, batch.batch_id)

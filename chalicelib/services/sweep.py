"""The sweeper: what is stuck is queued again, and failed with its points given back when nothing helps."""

import logging
from dataclasses import dataclass
from datetime import datetime

from chalicelib.conversions import BY_ACTION
from chalicelib.domain.conversion import Conversion
from chalicelib.domain.errors import ConversionInterrupted
from chalicelib.services import Service, settle

BATCH = 100
GIVE_UP_AFTER_S = 6 * 3_600
"""A conversion that no worker took for this long is failed: its user has long gone away."""

_log = logging.getLogger(__name__)


@dataclass
class Swept:
    """What one sweep did."""

    requeued: int = 0
    failed: int = 0


def sweep(service: Service) -> Swept:
    """Look at every open conversion that is due."""
    swept = Swept()
    for conversion_id in service.store.conversions.due(service.now_s(), BATCH):
        conversion = service.store.conversions.get(conversion_id)
        if conversion and conversion.is_open and conversion.due_at < service.now_s():
            _treat(service, conversion, swept)
    return swept


def _treat(service: Service, conversion: Conversion, swept: Swept) -> None:
    age_s = service.now_s() - datetime.fromisoformat(conversion.created_at).timestamp()
    spent_all = conversion.lease.attempts >= service.settings.max_attempts
    if spent_all or age_s > GIVE_UP_AFTER_S:
        error = ConversionInterrupted("The conversion was interrupted on our side; nothing was charged. Try again.")
        swept.failed += settle.fail(service, conversion, error)
        _log.error("conversion given up", extra={"conversion_id": conversion.conversion_id})
        return
    # Waiting in a long queue is no fault: looks at a row that nobody took yet become rarer with its age.
    patience_s = max(service.settings.queue_grace_s, 0 if conversion.lease.attempts else age_s)
    # The row first, so that of two sweepers one sends; a send that is lost is made up for by the next look.
    if service.store.conversions.postpone(conversion, service.now_s() + patience_s):
        service.store.queues.send(BY_ACTION[conversion.action].worker, conversion.conversion_id)
        swept.requeued += 1
        _log.warning("conversion queued again", extra={"conversion_id": conversion.conversion_id})

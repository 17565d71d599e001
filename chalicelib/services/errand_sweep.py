"""Errands that are due: handed to the courier again; those that moved files are concluded."""

from chalicelib.domain.errands import Errand, Kind, State
from chalicelib.services import Service, awaiting, deliveries
from chalicelib.services.errands import GRACE_S

MOST_AT_ONCE = 200


def sweep(service: Service) -> int:
    """Look at every errand that is due; how many they were."""
    looked = 0
    for key in service.store.errands.due(service.now_s(), MOST_AT_ONCE):
        errand = service.store.errands.get(key)
        # Of two sweepers one goes on; what is lost then is made up for by the next look.
        if errand and errand.due_at <= service.now_s() and _is_first(service, errand):
            _treat(service, errand)
            looked += 1
    return looked


def _is_first(service: Service, errand: Errand) -> bool:
    return service.store.errands.postpone(errand, service.now_s() + GRACE_S)


def _treat(service: Service, errand: Errand) -> None:
    if errand.state is not State.PENDING:
        (deliveries if errand.kind is Kind.RESULT else awaiting).conclude(service, errand)
        service.store.errands.close(errand)
        return
    if errand.kind is Kind.RESULT:
        deliveries.refresh(service, errand)
    service.store.queues.send_courier(errand.key)

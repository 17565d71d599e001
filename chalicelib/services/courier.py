"""The courier: makes one try of an errand, and says what comes next."""

import logging
from collections.abc import Callable

from chalicelib.domain.clock import rfc3339
from chalicelib.domain.errands import SCHEDULE_S, Errand, ErrandKey, Kind, State, Try, signed_headers
from chalicelib.observability import CORRELATION_ID
from chalicelib.outbound.addresses import AddressRefused
from chalicelib.outbound.exchange import Exchange, ExchangeFailed, Request
from chalicelib.services import Service, carriage, errands, webhooks
from chalicelib.services.trial import Outcome, answered

WEBHOOK_WITHIN_S = 10.0
LEASE_S = {Kind.WEBHOOK: 30.0, Kind.FETCH: 175.0, Kind.RESULT: 175.0}
"""Longer than a try may take: after it the sweeper takes the courier for dead."""

_GONE = 410
_OUR_FAULT = "The try was interrupted on our side."

_log = logging.getLogger(__name__)


def run(service: Service, exchange: Exchange, key: ErrandKey) -> None:
    """Try an errand, if its time has come and nobody else is at it."""
    CORRELATION_ID.set(key.scope)
    seen = service.store.errands.get(key)
    if seen is None:
        return
    now = service.now_s()
    lease_until = now + LEASE_S[seen.kind]
    errand = service.store.errands.claim(key, now, lease_until)
    if errand is None:
        _log.info("not tried: ended, not due, or somebody is at it")
        return
    outcome = _outcome(service, exchange, errand)
    one = Try(rfc3339(service.clock()), outcome.status, outcome.note)
    tried = errand.after(one, service.now_s(), ends=outcome.ends, tries=_MOST_TRIES[errand.kind])
    extra = {"status": outcome.status, "state": tried.state.value, "tries": len(tried.tries)}
    _log.info("errand tried: %s", outcome.note or "done", extra=extra)
    if tried.state is State.PENDING:
        errands.wait(service, tried, lease_until)
    else:
        # Of files the sweeper tells those who wait, and clears what named their addresses.
        due_at = None if tried.kind is Kind.WEBHOOK else service.now_s()
        service.store.errands.settle(tried, lease_until, due_at)


def _outcome(service: Service, exchange: Exchange, errand: Errand) -> Outcome:
    try:
        return _RUNNERS[errand.kind](service, exchange, errand)
    except AddressRefused as error:
        # What a webhook's name leads to may be right tomorrow; somebody waits for a fetch.
        return Outcome(note=str(error), is_final=errand.kind is Kind.FETCH)
    except ExchangeFailed as error:
        return Outcome(note=str(error))
    except Exception:  # noqa: BLE001 - logged; it counts as a try, so that it ends at last
        _log.exception("a try broke")
        return Outcome(note=_OUR_FAULT)


def _tell(service: Service, exchange: Exchange, errand: Errand) -> Outcome:
    webhook_id = errand.key.scope.partition("#")[2]
    webhook = service.store.webhooks.get(errand.owner_id, webhook_id)
    if webhook is None or not webhook.is_active:
        return Outcome(note="The webhook was deleted or disabled meanwhile.", is_final=True)
    now_s = service.now_s()
    secrets = webhooks.signing_of(service, webhook).at(now_s)
    headers = {
        "Content-Type": "application/json",
        **signed_headers(secrets, errand.message_id, int(now_s), errand.body),
    }
    status = exchange.status(Request("POST", webhook.url, headers, WEBHOOK_WITHIN_S, errand.body.encode()))
    if status == _GONE:
        service.store.webhooks.disable(webhook, rfc3339(service.clock()))
        return Outcome(status, "The server answered 410: the webhook is disabled.", is_final=True)
    return answered(status)


Runner = Callable[[Service, Exchange, Errand], Outcome]
_RUNNERS: dict[Kind, Runner] = {Kind.WEBHOOK: _tell, Kind.FETCH: carriage.fetch, Kind.RESULT: carriage.deliver}
_MOST_TRIES = {Kind.WEBHOOK: len(SCHEDULE_S), Kind.FETCH: 3, Kind.RESULT: len(SCHEDULE_S)}
"""Somebody waits for a fetch: it is tried for five minutes."""

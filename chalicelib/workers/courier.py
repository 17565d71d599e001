"""The handler of the courier's queue: a message names an errand to a stranger's server."""

from functools import cache
from typing import Any

from chalicelib.domain.errands import ErrandKey
from chalicelib.outbound.exchange import Exchange
from chalicelib.services import Service, courier, open_service, webhooks
from chalicelib.workers import records


@cache
def _service() -> Service:
    return open_service()


@cache
def _exchange() -> Exchange:
    return Exchange(webhooks.policy(_service().settings))


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Run each record's errand."""
    return records.each(
        event, lambda body: courier.run(_service(), _exchange(), ErrandKey(body["scope"], body["item"]))
    )

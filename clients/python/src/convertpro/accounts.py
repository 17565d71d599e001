"""Points and keys, as flows."""

from typing import Any

from convertpro import requests
from convertpro.conversions import listed
from convertpro.effects import Call, Flow
from convertpro.models import LedgerEntry, Page
from convertpro.requests import Session


def balance(session: Session) -> Flow[int | None]:
    """Points left; none: unlimited."""
    left: int | None = (yield from requests.request(session, Call("GET", "/api/v3/points/balance"))).json()["balance"]
    return left


def ledger(session: Session, **filters: Any) -> Flow[Page[LedgerEntry]]:
    """A page of one's own movements of points, newest first."""
    body = yield from listed(session, "/api/v3/points/ledger", filters)
    return Page([LedgerEntry.of(one) for one in body["items"]], body["next_cursor"])


def create_api_key(session: Session, name: str) -> Flow[str]:
    """A new API key, whose text the service shows this once. Raises ``Forbidden`` for a session by key."""
    answer = yield from requests.request(session, Call("POST", "/api/v2/auth/api-keys", json={"name": name}))
    return str(answer.json()["key"])

"""The calls to DynamoDB that something makes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.store.tables import ConversionItem


@contextmanager
def dynamodb_calls() -> Iterator[list[str]]:
    """The names of the calls while the context lasts: by the client that all tables share at that moment."""
    events = ConversionItem._get_connection().connection.client.meta.events
    calls: list[str] = []

    def note(model: Any, **_more: Any) -> None:
        calls.append(model.name)

    events.register("before-call.dynamodb", note)
    try:
        yield calls
    finally:
        events.unregister("before-call.dynamodb", note)

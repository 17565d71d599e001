"""Makes moto's DynamoDB transactions roll back the items they touched instead of a copy of the whole table.

moto 5.2.5 deep-copies every table of a transaction before it starts, which costs more with every item in it.
"""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import Table


@dataclass
class _Touched:
    """One item of a transaction as it was before, and how long its table's stream was."""

    table: Table
    hash_key: Any
    range_key: Any
    before: Item | None
    records: int

    def restore(self) -> None:
        """Undo whatever the transaction did to the item and told the stream."""
        items: Any = self.table.items
        if self.range_key is None:
            _set(items, self.hash_key, self.before)
        else:
            _set(items[self.hash_key], self.range_key, self.before)
        if self.table.stream_shard:
            del self.table.stream_shard.items[self.records :]


def roll_back_items_only() -> None:
    """Replace the method of moto's backend. Its callers must be serialised, as they must be anyway."""
    if not hasattr(DynamoDBBackend.transact_write_items, "original"):
        DynamoDBBackend.transact_write_items = _with_undo(DynamoDBBackend.transact_write_items)  # type: ignore[method-assign]


def _with_undo(original: Any) -> Any:
    def transact_write_items(backend: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
        touched = [one for action in transact_items for one in _touched(backend, action)]
        try:
            with _tables_are_not_copied():
                original(backend, transact_items)
        except Exception:
            for one in reversed(touched):
                one.restore()
            raise

    transact_write_items.original = original  # type: ignore[attr-defined]
    return transact_write_items


def _touched(backend: DynamoDBBackend, action: dict[str, Any]) -> Iterator[_Touched]:
    for operation in action.values():
        table = backend.tables.get(operation.get("TableName", ""))
        keys = operation.get("Key") or operation.get("Item")
        if table is None or not keys:
            continue  # moto refuses it before it writes anything
        hash_key, range_key = backend.get_keys_value(table, keys)
        before = copy.deepcopy(table.get_item(hash_key, range_key))
        yield _Touched(table, hash_key, range_key, before, _records(table))


def _records(table: Table) -> int:
    return len(table.stream_shard.items) if table.stream_shard else 0


def _set(items: dict[Any, Any], key: Any, value: Item | None) -> None:
    if value is None:
        items.pop(key, None)
    else:
        items[key] = value


@contextmanager
def _tables_are_not_copied() -> Iterator[None]:
    Table.__deepcopy__ = lambda table, memo: table  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del Table.__deepcopy__  # type: ignore[attr-defined]

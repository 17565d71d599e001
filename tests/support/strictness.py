"""What DynamoDB refuses and moto lets pass: so that a test meets it here and not a client there."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore import handlers
from botocore.exceptions import ClientError

KEY_MAX_BYTES = 2_048
"""Of a partition key; DynamoDB's own limit."""
_EVENT = "provide-client-params.dynamodb"


@contextmanager
def as_strict_as_dynamodb() -> Iterator[None]:
    """Clients of DynamoDB that are made inside the context refuse what DynamoDB would."""
    entry: Any = (_EVENT, _check)
    handlers.BUILTIN_HANDLERS.append(entry)
    try:
        yield
    finally:
        handlers.BUILTIN_HANDLERS.remove(entry)


def _check(params: dict[str, Any], model: Any, **_: Any) -> None:
    for value in params.get("Key", {}).values():
        if len(value.get("S", "").encode()) > KEY_MAX_BYTES:
            raise _refusal(model.name, "Hash primary key values must be under 2048 bytes")
    if model.name == "Query":
        _check_query(params)


def _check_query(params: dict[str, Any]) -> None:
    condition, values = params["KeyConditionExpression"], params["ExpressionAttributeValues"]
    names = params.get("ExpressionAttributeNames", {})
    start = {name: _plain(value) for name, value in params.get("ExclusiveStartKey", {}).items()}
    for name, low, high in re.findall(r"(#\w+) BETWEEN (:\w+) AND (:\w+)", condition):
        bounds = _plain(values[low]), _plain(values[high])
        if bounds[0] > bounds[1]:
            raise _refusal("Query", "The BETWEEN operator requires upper bound to be greater than lower bound")
        if start and not bounds[0] <= start[names[name]] <= bounds[1]:
            raise _refusal("Query", "The provided starting key does not match the range key predicate")
    for name, value in re.findall(r"(#\w+) = (:\w+)", condition):
        if start and start[names[name]] != _plain(values[value]):
            raise _refusal("Query", "The provided starting key is outside query boundaries")


def _plain(value: dict[str, str]) -> Any:
    kind, text = next(iter(value.items()))
    return float(text) if kind == "N" else text


def _refusal(operation: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": "ValidationException", "Message": message}}, operation)

"""Keeps moto's DynamoDB streams from growing with every look at them: it never forgets an iterator."""

from typing import Any

from moto.dynamodbstreams.models import DynamoDBStreamsBackend


def forget_used_iterators() -> None:
    """Replace the method of moto's backend: an iterator is good for one call, which answers the next one."""

    def get_records(backend: DynamoDBStreamsBackend, iterator_arn: str, limit: int) -> dict[str, Any]:
        return backend.shard_iterators.pop(iterator_arn).get(limit)

    DynamoDBStreamsBackend.get_records = get_records  # type: ignore[method-assign, assignment]

"""Sits below botocore's retries, where requests to DynamoDB leave: there calls are killed, refused and lost."""

import io
import json
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from chalicelib.store import Store
from tests.prove.faults import CODES, Passage, Trouble, timed_out

_NAMESPACE = "com.amazonaws.dynamodb.v20120810#"
_READS = ("GetItem", "Query", "BatchGetItem", "Scan")


class Sender(Protocol):
    """What sends a request: botocore's own session, or one around it."""

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        """The answer."""

    def close(self) -> None:
        """Close the connections."""


class Wire:
    """Sends the requests of whoever has a passage through it, and those of others untouched."""

    def __init__(self, inner: Sender, passage: Callable[[], Passage | None], too_big: list[str]) -> None:
        self._inner = inner
        self._passage = passage
        self._too_big = too_big

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        """The answer, as far as fate lets it arrive."""
        passage = self._passage()
        if passage is None:
            return self._inner.send(request)
        operation = _text(request.headers["X-Amz-Target"]).partition(".")[2]
        return passage.cross(
            _label(operation, json.loads(_text(request.body))),
            lambda: self._sent(request, operation),
            lambda trouble: _refusal(trouble, operation, request),
        )

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()

    def _sent(self, request: AWSPreparedRequest, operation: str) -> AWSResponse:
        answer = self._inner.send(request)
        if answer.status_code == 400 and b"Item size" in answer.content:
            self._too_big.append(operation)
        return answer


def tap(store: Store, passage: Callable[[], Passage | None], too_big: list[str]) -> None:
    """Put a wire into the client that all tables of ``store`` share; what asks for rows too big is noted."""
    endpoint: Any = store.transactor._connection.client._endpoint
    endpoint.http_session = Wire(endpoint.http_session, passage, too_big)


def _refusal(trouble: Trouble, operation: str, request: AWSPreparedRequest) -> AWSResponse | Exception | None:
    if trouble not in CODES:
        return timed_out(trouble)
    if trouble is Trouble.CONFLICT and operation in _READS:
        return None
    body: dict[str, Any] = {"__type": _NAMESPACE + CODES[trouble], "message": trouble.value}
    if operation == "TransactWriteItems" and trouble in (Trouble.CONFLICT, Trouble.OVER_CAPACITY):
        reason = "TransactionConflict" if trouble is Trouble.CONFLICT else "ProvisionedThroughputExceeded"
        body = _cancelled(reason, len(json.loads(_text(request.body))["TransactItems"]))
    status = 500 if trouble is Trouble.BROKEN else 400
    return AWSResponse(request.url, status, _JSON, _Raw(json.dumps(body).encode()))


def _cancelled(reason: str, items: int) -> dict[str, Any]:
    """A transaction that was cancelled over the last of its items."""
    reasons = [{"Code": "None"}] * (items - 1) + [{"Code": reason, "Message": reason}]
    message = f"Transaction cancelled [{', '.join(one['Code'] for one in reasons)}]"
    return {
        "__type": _NAMESPACE + "TransactionCanceledException",
        "Message": message,
        "CancellationReasons": reasons,
    }


_JSON: Any = {"Content-Type": "application/x-amz-json-1.0"}


class _Raw(io.BytesIO):
    """A body as urllib3 hands it to botocore."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


def _label(operation: str, body: dict[str, Any]) -> str:
    """The operation and the tables it is about, without what makes their names unique."""
    items = [next(iter(one.values())) for one in body.get("TransactItems", [])] or [body]
    names = {one["TableName"].partition("Table")[0] for one in items if "TableName" in one}
    return f"{operation} {'+'.join(sorted(names))}".strip()


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)

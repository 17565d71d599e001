"""AWS on one's own machine: moto's server, serialised, with SQS long polls that hold up nobody."""

import argparse
import functools
import io
import json
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.wrappers import Response

from infra import template
from infra.local import moto_streams, moto_transactions
from infra.local.lifeline import become_child, report_ready
from infra.local.permissions import Permissions

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]

RECEIVE = "AmazonSQS.ReceiveMessage"
ARRIVALS = frozenset(
    f"AmazonSQS.{action}"
    for action in ("SendMessage", "SendMessageBatch", "ChangeMessageVisibility", "ChangeMessageVisibilityBatch")
)
VISIBILITY_RECHECK_S = 5.0
"""How late a message may be seen again whose visibility time-out ran out: nothing announces that."""


class Arrivals:
    """Lets a receiver sleep until something happens to its queue."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._counts: dict[str, int] = defaultdict(int)

    def announce(self, queue_url: str) -> None:
        """Wake the receivers of a queue."""
        with self._changed:
            self._counts[queue_url] += 1
            self._changed.notify_all()

    def count(self, queue_url: str) -> int:
        """How much has happened to a queue so far."""
        return self._counts[queue_url]

    def wait(self, queue_url: str, seen: int, timeout_s: float) -> None:
        """Return when more than ``seen`` has happened to the queue, or after ``timeout_s``."""
        with self._changed:
            self._changed.wait_for(lambda: self._counts[queue_url] != seen, timeout_s)


class SerialisedAws:
    """moto behind one lock: its DynamoDB transactions are not thread-safe.

    The lock is never held while a body is read from the network or a receiver waits for a message.
    """

    def __init__(self, moto: WsgiApp, permissions: Permissions) -> None:
        self._moto, self._permissions = moto, permissions
        self._lock = threading.Lock()
        self._arrivals = Arrivals()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = _read_body(environ)
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        refusal = self._permissions.refusal(environ, body)
        if refusal is not None:
            response = refusal
        elif target == RECEIVE:
            response = self._receive(environ, json.loads(body))
        else:
            response = self._call(environ, body)
            if target in ARRIVALS:
                self._arrivals.announce(json.loads(body)["QueueUrl"])
        return response(environ, start_response)

    def _call(self, environ: dict[str, Any], body: bytes) -> Response:
        attempt = environ | {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        with self._lock:
            return Response.from_app(self._moto, attempt, buffered=True)

    def _receive(self, environ: dict[str, Any], request: dict[str, Any]) -> Response:
        """Receive at once or, while the queue stays empty, again whenever something happens to it."""
        deadline = time.monotonic() + int(request.get("WaitTimeSeconds") or 0)
        queue_url = request["QueueUrl"]
        body = json.dumps(request | {"WaitTimeSeconds": 0}).encode()
        while True:
            seen = self._arrivals.count(queue_url)
            response = self._call(environ, body)
            left = deadline - time.monotonic()
            if left <= 0 or response.status_code != 200 or json.loads(response.data).get("Messages"):
                return response
            self._arrivals.wait(queue_url, seen, min(left, VISIBILITY_RECHECK_S))


def _read_body(environ: dict[str, Any]) -> bytes:
    stream, length = environ["wsgi.input"], environ.get("CONTENT_LENGTH")
    if length:
        return bytes(stream.read(int(length)))
    return bytes(stream.read()) if environ.get("wsgi.input_terminated") else b""


class Dispatcher(DomainDispatcherApplication):
    """moto's own, which lists its package's directory for every single call."""

    def __init__(self) -> None:
        super().__init__(create_backend_app)
        self.get_backend_for_host = functools.cache(super().get_backend_for_host)  # type: ignore[method-assign]


class KeepAliveHandler(MotoRequestHandler):
    """One connection for many calls, each answer sent in one piece, nothing written to the terminal."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def handle_expect_100(self) -> bool:
        """Send "100 Continue" now, not with the answer for which the client's body is awaited."""
        ready = super().handle_expect_100()
        self.wfile.flush()
        return ready

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: a call is seen in the log of who made it."""


def server(port: int, prefix: str) -> BaseWSGIServer:
    """A server that listens already; ``port`` 0 takes a free one. ``prefix`` begins the names of its resources.

    Raises ``OSError`` when the port is taken.
    """
    moto_transactions.roll_back_items_only()
    moto_streams.forget_used_iterators()
    aws = SerialisedAws(Dispatcher(), Permissions(template.load(), prefix))
    return make_server("127.0.0.1", port, aws, threaded=True, request_handler=KeepAliveHandler)


def main() -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--prefix", required=True, help="what the names of all resources begin with")
    arguments = parser.parse_args()
    become_child()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    listening = server(arguments.port, arguments.prefix)
    report_ready()
    listening.serve_forever()


if __name__ == "__main__":
    main()

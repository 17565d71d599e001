"""AWS on one's own machine: moto's server, serialised, with SQS long polls that hold up nobody."""

import argparse
import functools
import gc
import io
import json
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import Any

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.wrappers import Response

from infra import template
from infra.local import moto_answers, moto_streams, moto_transactions
from infra.local.lifeline import become_child, report_ready
from infra.local.permissions import Permissions
from infra.local.resources import notified_queues, physical_name

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]

RECEIVE = "AmazonSQS.ReceiveMessage"
ARRIVALS = frozenset(
    f"AmazonSQS.{action}"
    for action in ("SendMessage", "SendMessageBatch", "ChangeMessageVisibility", "ChangeMessageVisibilityBatch")
)
VISIBILITY_RECHECK_S = 5.0
"""How late a message may be seen again whose visibility time-out ran out: nothing announces that."""


CALLS = "/convertpro/calls"
"""Where the numbers of calls are told, by role, action and resource; no bucket is called so."""


class Arrivals:
    """Lets a receiver sleep until something happens to its queue."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._counts: dict[str, int] = defaultdict(int)

    def announce(self, queue: str) -> None:
        """Wake the receivers of a queue."""
        with self._changed:
            self._counts[queue] += 1
            self._changed.notify_all()

    def count(self, queue: str) -> int:
        """How much has happened to a queue so far."""
        return self._counts[queue]

    def wait(self, queue: str, seen: int, timeout_s: float) -> None:
        """Return when more than ``seen`` has happened to the queue, or after ``timeout_s``."""
        with self._changed:
            self._changed.wait_for(lambda: self._counts[queue] != seen, timeout_s)


class SerialisedAws:
    """moto behind one lock: its DynamoDB transactions are not thread-safe.

    The lock is never held while a body is read from the network or a receiver waits for a message.
    """

    def __init__(self, moto: WsgiApp, permissions: Permissions, notified: Collection[str] = ()) -> None:
        """``notified``: names of the queues in which moto itself puts messages about objects that were written."""
        self._moto, self._permissions, self._notified = moto, permissions, notified
        self._lock = threading.Lock()
        self._arrivals = Arrivals()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = _read_body(environ)
        if environ["PATH_INFO"] == CALLS:
            return Response(json.dumps(self._permissions.calls), content_type="application/json")(
                environ, start_response
            )
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        refusal = self._permissions.refusal(environ, body)
        if refusal is not None:
            response = refusal
        elif target == RECEIVE:
            response = self._receive(environ, json.loads(body))
        else:
            response = self._call(environ, body)
            self._permissions.remember(environ, body, response)
            for queue in self._changed(environ, target, body):
                self._arrivals.announce(queue)
        return response(environ, start_response)

    def _changed(self, environ: dict[str, Any], target: str, body: bytes) -> Collection[str]:
        """Names of the queues in which a call may have put, or released, messages."""
        if target in ARRIVALS:
            return {_queue_name(json.loads(body)["QueueUrl"])}
        # Whatever writes without a target is taken for S3: a look too many at a queue costs nothing.
        return self._notified if not target and environ["REQUEST_METHOD"] in ("PUT", "POST") else ()

    def _call(self, environ: dict[str, Any], body: bytes) -> Response:
        attempt = environ | {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        with self._lock:
            return Response.from_app(self._moto, attempt, buffered=True)

    def _receive(self, environ: dict[str, Any], request: dict[str, Any]) -> Response:
        """Receive at once or, while the queue stays empty, again whenever something happens to it."""
        deadline = time.monotonic() + int(request.get("WaitTimeSeconds") or 0)
        queue = _queue_name(request["QueueUrl"])
        body = json.dumps(request | {"WaitTimeSeconds": 0}).encode()
        while True:
            seen = self._arrivals.count(queue)
            response = self._call(environ, body)
            left = deadline - time.monotonic()
            if left <= 0 or response.status_code != 200 or json.loads(response.data).get("Messages"):
                return response
            self._arrivals.wait(queue, seen, min(left, VISIBILITY_RECHECK_S))


def _queue_name(url: str) -> str:
    return url.rpartition("/")[2]


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
    moto_answers.send_attribute_values_as_they_are()
    declared = template.load()
    notified = {physical_name(prefix, name) for name in notified_queues(declared)}
    aws = SerialisedAws(Dispatcher(), Permissions(declared, prefix), notified)
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
    # What is there now stays: looking through it for garbage again and again would be a good part of each answer.
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    report_ready()
    listening.serve_forever()


if __name__ == "__main__":
    main()

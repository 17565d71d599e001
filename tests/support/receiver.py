"""A stranger's server on this machine: answers as it is told to, and remembers who connected and what was sent."""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Received:
    """A request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


Act = Callable[["Handler"], None]


@dataclass
class Receiver:
    """The server. ``acts`` are done in turn, one a request, the last one for ever; ``connections`` counts them all."""

    port: int = 0
    acts: list[Act] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    connections: int = 0

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """An address of the server."""
        return f"http://{host}:{self.port}{path}"

    def act(self, handler: "Handler") -> None:
        """Do what is next."""
        (self.acts.pop(0) if len(self.acts) > 1 else self.acts[0])(handler)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    receiver: Receiver

    def handle(self) -> None:
        """Count the connection, and bear that the other side ends it."""
        self.receiver.connections += 1
        with suppress(OSError):
            super().handle()

    def answer(self) -> None:
        """Remember the request and do what is next."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.receiver.received.append(Received(self.command, self.path, headers, body))
        self.receiver.act(self)

    do_GET = do_POST = do_PUT = answer  # noqa: N815 - http.server's names

    def log_message(self, *_: Any) -> None:
        """Nothing."""


def answering(status: int, body: bytes = b"", **headers: str) -> Act:
    """Answer at once."""

    def act(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return act


def hanging_up(handler: Handler) -> None:
    """End the connection without an answer."""
    handler.connection.shutdown(socket.SHUT_RDWR)


def dripping(released: threading.Event) -> Act:
    """Send a byte of a header now and then, without end."""

    def act(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not released.wait(0.05):
            handler.wfile.write(b"a")
            handler.wfile.flush()

    return act


def endless(limit: int) -> Act:
    """Send ``limit`` bytes, or as many as are taken, in chunks."""

    def act(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        chunk = b"%x\r\n" % 65_536 + bytes(65_536) + b"\r\n"
        for _ in range(limit // 65_536):
            handler.wfile.write(chunk)

    return act


@contextmanager
def receiving(*acts: Act, wrap: Callable[[socket.socket], socket.socket] | None = None) -> Iterator[Receiver]:
    """A server for as long as the context lasts; ``wrap`` puts TLS around it."""
    receiver = Receiver(acts=list(acts))
    handler = type("Bound", (Handler,), {"receiver": receiver, "protocol_version": "HTTP/1.1"})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    if wrap:
        server.socket = wrap(server.socket)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()

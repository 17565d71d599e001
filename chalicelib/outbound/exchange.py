"""One request to a stranger's server, on a connection to an address that was checked, within one time."""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from typing import IO, Any
from urllib.parse import SplitResult

from chalicelib.outbound.addresses import AddressRefused, Policy, Resolver, parse, resolve

ANSWER_BYTES = 64 * 1024
"""Of an answer that is not asked for, this much is read."""

_PORTS = {"http": 80, "https": 443}
AGENT = "ConvertPro"


class ExchangeFailed(Exception):
    """There was no answer; the message says why, for the URL's owner to read."""


@dataclass(frozen=True)
class Request:
    """What is asked. ``within_s`` is the time for all of it; ``body`` bytes, or a file of ``Content-Length`` bytes."""

    method: str
    url: str
    headers: Mapping[str, str]
    within_s: float
    body: bytes | IO[bytes] | None = None


class Answer:
    """What was answered: the status, the headers, and the body as far as it is read."""

    def __init__(self, response: http.client.HTTPResponse, connection: "_Pinned") -> None:
        self._response, self._connection = response, connection
        self.status = response.status

    def header(self, name: str) -> str | None:
        """A header."""
        return self._response.getheader(name)

    def read(self, size: int) -> bytes:
        """At most ``size`` bytes more; none at the end. Raises ``ExchangeFailed``."""
        try:
            chunk = self._response.read(size)
            if not chunk and (self._response.length or self._connection.was_cut):
                raise ExchangeFailed("The connection ended before the whole answer had come.")
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise ExchangeFailed("The connection broke, or was too slow, while the answer came.") from error
        return chunk


class Exchange:
    """Makes requests under a policy. No proxy, no redirect, no cookie: what is asked is what is answered."""

    def __init__(self, policy: Policy, resolver: Resolver = socket.getaddrinfo, trust: ssl.SSLContext | None = None):
        """``resolver`` and ``trust`` are the system's unless a test has its own."""
        self.policy = policy
        self._resolver = resolver
        self._trust = trust

    @contextmanager
    def open(self, request: Request) -> Iterator[Answer]:
        """Ask, and hand out the answer while it is read. Raises ``AddressRefused``, ``ExchangeFailed``."""
        parts = self._parts(request.url)
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        addresses = self._addresses(host, port)
        tls = self._context if parts.scheme == "https" else None
        connection = _Pinned(host, port, addresses, tls, request.within_s)
        # Each wait for the network has its time-out; a server that sends a byte now and then is cut off here.
        cut_off = threading.Timer(request.within_s, connection.cut)
        cut_off.daemon = True
        cut_off.start()
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            yield _asked(connection, path, request)
        finally:
            cut_off.cancel()
            connection.close()

    def status(self, request: Request) -> int:
        """Ask, and read no more than ``ANSWER_BYTES`` of what is answered. Raises as :meth:`open` does."""
        with self.open(request) as answer:
            with suppress(ExchangeFailed):  # the status has come; what follows it decides nothing
                answer.read(ANSWER_BYTES)
            return answer.status

    def _parts(self, url: str) -> SplitResult:
        try:
            return parse(url, self.policy)
        except AddressRefused as error:
            raise AddressRefused(f"The address {error}.") from error

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            return resolve(host, port, self.policy, self._resolver)
        except OSError as error:
            raise ExchangeFailed("The host's name could not be resolved.") from error
        except AddressRefused as error:
            raise AddressRefused(f"The address {error}.") from error

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return self._trust or ssl.create_default_context()


def _asked(connection: "_Pinned", path: str, request: Request) -> Answer:
    headers = {"User-Agent": AGENT, "Accept-Encoding": "identity", "Connection": "close", **request.headers}
    try:
        connection.request(request.method, path, body=request.body, headers=headers)
        answer = Answer(connection.getresponse(), connection)
        if connection.was_cut:  # headers that end early read as headers that end
            raise TimeoutError
        return answer
    except ssl.SSLCertVerificationError as error:
        raise ExchangeFailed("The server's certificate is not valid for its name.") from error
    except TimeoutError as error:
        raise ExchangeFailed("The server did not answer in time.") from error
    except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
        raise ExchangeFailed("The connection was refused, broke, or was too slow.") from error


class _Pinned(http.client.HTTPConnection):
    """A connection to the first of ``addresses`` that takes it. It talks to ``host``: that is in the Host header, and
    in TLS's server name."""

    def __init__(self, host: str, port: int, addresses: list[str], tls: ssl.SSLContext | None, within_s: float) -> None:
        super().__init__(host, port, timeout=within_s)
        self._addresses, self._tls = addresses, tls
        self._raw: socket.socket | None = None
        self.was_cut = False
        self.default_port = _PORTS["https" if tls else "http"]

    def connect(self) -> None:
        """Connect to an address that was checked; no name is resolved again."""
        *others, last = self._addresses
        for address in others:
            with suppress(OSError):
                self._raw = socket.create_connection((address, self.port), self.timeout)
                break
        else:
            self._raw = socket.create_connection((last, self.port), self.timeout)
        self.sock: Any = self._tls.wrap_socket(self._raw, server_hostname=self.host) if self._tls else self._raw

    def cut(self) -> None:
        """End what waits for the network."""
        self.was_cut = True
        for one in (self.sock, self._raw):
            if one is not None:
                with suppress(OSError):
                    socket.socket.shutdown(one, socket.SHUT_RDWR)

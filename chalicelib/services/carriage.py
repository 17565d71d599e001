"""Carriage: the courier's tries that move files, from a stranger's server into the bucket and out of it to one.

The courier has no right to the bucket's files: it gets and puts them by presigned addresses, which its job names.
"""

import json
import tempfile
import time
from typing import IO
from urllib.parse import urljoin, urlsplit

from chalicelib.domain.errands import Errand
from chalicelib.domain.sizes import readable_size
from chalicelib.outbound.addresses import AddressRefused
from chalicelib.outbound.exchange import Answer, Exchange, ExchangeFailed, Request
from chalicelib.services import Service, deliveries, fetches
from chalicelib.services.trial import Outcome, answered

WITHIN_S = 60.0
"""Of each of the two halves: getting a file, redirects included, and putting it."""

MOST_REDIRECTS = 3
_REDIRECTS = (301, 302, 303, 307, 308)
_CHUNK = 256 * 1024
_BUSY = (408, 425, 429)


def fetch(service: Service, exchange: Exchange, errand: Errand) -> Outcome:
    """Get the file, following redirects of which each is checked anew, and put it into the bucket."""
    job = json.loads(service.store.files.get(fetches.job_key(errand.key.scope.partition("#")[2])))
    url, headers, deadline = job["url"], job["headers"], time.monotonic() + WITHIN_S
    with tempfile.TemporaryFile() as file:
        for _ in range(MOST_REDIRECTS + 1):
            request = Request("GET", url, headers, max(0.1, deadline - time.monotonic()))
            with exchange.open(request) as answer:
                location = answer.header("Location")
                if answer.status not in _REDIRECTS or location is None:
                    outcome = _taken(answer, file, job["most_bytes"])
                    break
            target = _joined(url, location)
            if _origin(target) != _origin(url):
                headers = {}  # secrets of one server are not another's
            url = target
        else:
            return Outcome(note=f"There were more than {MOST_REDIRECTS} redirects.", is_final=True)
        if outcome.note is None:
            _put(exchange, job["put_url"], file)
        return outcome


def deliver(service: Service, exchange: Exchange, errand: Errand) -> Outcome:
    """Put the result to its owner's presigned address."""
    job = json.loads(service.store.files.get(deliveries.job_key(errand.key.scope.partition("#")[2])))
    with tempfile.TemporaryFile() as file:
        with exchange.open(Request("GET", job["source_url"], {}, WITHIN_S)) as source:
            if source.status != 200:
                return Outcome(note="The result could not be read: it was deleted, or the try came too late.")
            _copy(source, file, job["size"])
        headers = {"Content-Type": job["media_type"], "Content-Length": str(file.tell())}
        file.seek(0)
        return answered(exchange.status(Request("PUT", job["url"], headers, WITHIN_S, file)))


def _joined(url: str, location: str) -> str:
    try:
        target = urljoin(url, location)
        _origin(target)
    except ValueError as error:
        raise AddressRefused("The server redirects to what is not a URL.") from error
    return target


def _taken(answer: Answer, file: IO[bytes], most_bytes: int) -> Outcome:
    if answer.status != 200:
        refused = 400 <= answer.status < 500 and answer.status not in _BUSY
        return Outcome(answer.status, f"The server answered {answer.status}.", is_final=refused)
    declared = answer.header("Content-Length") or ""
    if declared.isdecimal() and int(declared) > most_bytes:
        return _too_large(most_bytes)
    if not _copy(answer, file, most_bytes):
        return _too_large(most_bytes)
    if not file.tell():
        return Outcome(200, "The file is empty.", is_final=True)
    return Outcome(200)


def _copy(answer: Answer, file: IO[bytes], most_bytes: int) -> bool:
    """Whether all of the answer was within ``most_bytes``."""
    while chunk := answer.read(_CHUNK):
        file.write(chunk)
        if file.tell() > most_bytes:
            return False
    return True


def _too_large(most_bytes: int) -> Outcome:
    return Outcome(200, f"A file may have {readable_size(most_bytes)}; this one is larger.", is_final=True)


def _put(exchange: Exchange, url: str, file: IO[bytes]) -> None:
    headers = {"Content-Length": str(file.tell())}
    file.seek(0)
    status = exchange.status(Request("PUT", url, headers, WITHIN_S, file))
    if status != 200:
        raise ExchangeFailed("The file could not be stored.")


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return (parts.scheme, parts.hostname, parts.port)

"""The life of one conversion, as flows: started, followed until it has ended, fetched."""

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from convertpro import requests
from convertpro.effects import Answer, Call, Flow, OnBytes, Sleep, Work
from convertpro.errors import (
    ConversionFailed,
    DamagedDownload,
    PayloadTooLarge,
    ServiceFailure,
    StillProcessing,
    problem_of,
)
from convertpro.formats import form_fields, json_fields
from convertpro.models import Conversion, OnProgress, Page, Progress
from convertpro.requests import Session

MULTIPART_BYTES = 4_400_000
"""What surely fits into one request of a deployed stage (4.5 MB, docs/openapi.json); more goes by upload at once."""
WAIT_S = 20
UPLOAD_TIMEOUT_S = 300.0
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Remote:
    """A file that the service fetches itself. ``headers`` go to the URL's server only."""

    url: str
    filename: str | None = None
    headers: Mapping[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Order:
    """What is to be converted, and how. The same ``key`` is never charged twice within 24 h.

    ``remote`` stands in the place of ``files``; ``deliver_to`` is a presigned address that the result is put to.
    """

    slug: str
    files: Sequence[Path]
    options: Mapping[str, Any] = field(default_factory=dict)
    key: str = field(default_factory=lambda: str(uuid4()))
    timeout_s: float | None = None
    on_progress: OnProgress | None = None
    deliver_to: str | None = field(default=None, repr=False)
    remote: Remote | None = None


def convert(session: Session, order: Order, on_start: Callable[[Conversion], None] | None = None) -> Flow[Conversion]:
    """The conversion when it has succeeded; ``on_start`` hears of it as soon as it exists.

    Raises what the service refuses, ``StillProcessing`` after ``timeout_s``, ``ConnectionFailed``.
    """

    def attempt() -> Flow[Conversion]:
        started = yield from _start(session, order)
        if on_start is not None:
            on_start(started)
        return (yield from follow(session, started, order.timeout_s, order.on_progress))

    for _ in range(2):
        try:
            return (yield from attempt())
        except ServiceFailure as failure:
            # Ended on the service's own side, after it was accepted: refunded, and the key is free for another try.
            if failure.conversion_id is None:
                raise
    return (yield from attempt())


def _start(session: Session, order: Order) -> Flow[Conversion]:
    if order.remote is not None:
        announced = yield from _announced(session, order.remote)
        return (yield from _by_upload(session, order, [announced]))
    size = yield Work(lambda: sum(path.stat().st_size for path in order.files))
    if size <= MULTIPART_BYTES:
        try:
            return (yield from _submitted(session, order, form=_form(order), files=order.files))
        except PayloadTooLarge:
            # This service takes less at once.
            pass
    ids = []
    for path in order.files:
        ids.append((yield from _uploaded(session, path, _bytes_to(order.on_progress, "upload"))))
    return (yield from _by_upload(session, order, ids))


def _form(order: Order) -> dict[str, str]:
    delivered = {"deliver_to": json.dumps({"url": order.deliver_to})} if order.deliver_to else {}
    return form_fields(order.options) | delivered


def _by_upload(session: Session, order: Order, ids: Sequence[str]) -> Flow[Conversion]:
    named: dict[str, Any] = {"upload_id": ids[0]} if len(ids) == 1 else {"upload_ids": ids}
    delivered = {"deliver_to": {"url": order.deliver_to}} if order.deliver_to else {}
    return (yield from _submitted(session, order, json=json_fields(order.options) | named | delivered))


def _announced(session: Session, remote: Remote) -> Flow[str]:
    """The id of an upload that the service fetches. A repeat after a lost answer fetches anew, which costs nothing."""
    told = {"url": remote.url, "filename": remote.filename, "headers": dict(remote.headers or {}) or None}
    body = {name: value for name, value in told.items() if value is not None}
    answer = yield from requests.request(session, Call("POST", "/api/v3/uploads", json=body))
    return str(answer.json()["upload_id"])


def _submitted(session: Session, order: Order, **body: Any) -> Flow[Conversion]:
    headers = {"Idempotency-Key": order.key, "Prefer": f"wait={WAIT_S}"}
    told = _bytes_to(order.on_progress, "upload")
    call = Call("POST", f"/api/v3/conversions/{order.slug}", headers=headers, on_bytes=told, **body)
    answer = yield from requests.request(session, call)
    return Conversion.of(answer.json())


def _uploaded(session: Session, path: Path, told: OnBytes | None) -> Flow[str]:
    order = {"filename": path.name, "size": path.stat().st_size}
    room = (yield from requests.request(session, Call("POST", "/api/v3/uploads", json=order))).json()
    yield from posted(session, room, path, told)
    return str(room["upload_id"])


def posted(session: Session, room: Mapping[str, Any], path: Path, told: OnBytes | None = None) -> Flow[Answer]:
    """A file in the bucket, by the form that the service gave: ``url`` and ``fields``."""
    form = {str(name): str(value) for name, value in room["fields"].items()}
    call = Call("POST", room["url"], form=form, files=[path], on_bytes=told, timeout_s=UPLOAD_TIMEOUT_S)
    return (yield from requests.bare(session, call))


def follow(
    session: Session, conversion: Conversion, timeout_s: float | None, on_progress: OnProgress | None
) -> Flow[Conversion]:
    """The conversion when it has succeeded. Raises the problem it ended with, and ``StillProcessing``."""
    deadline = time.monotonic() + timeout_s if timeout_s is not None else None
    while conversion.status == "processing":
        _tell(conversion, on_progress)
        if deadline is not None and time.monotonic() > deadline:
            raise StillProcessing(conversion.conversion_id)
        conversion = yield from _asked_again(session, conversion, deadline)
    if conversion.status == "failed":
        body = {"status": 422, "type": f"/{ConversionFailed.code}", **(conversion.error or {})}
        raise problem_of({**body, "conversion_id": conversion.conversion_id})
    _tell(conversion, on_progress)
    return conversion


def _asked_again(session: Session, conversion: Conversion, deadline: float | None) -> Flow[Conversion]:
    """Asked often while somebody watches pages go by, and else with as long a wait as the service allows."""
    wait = WAIT_S if deadline is None else max(1, min(WAIT_S, int(deadline - time.monotonic())))
    began = time.monotonic()
    answer = yield from requests.request(session, _one(conversion.conversion_id, {"Prefer": f"wait={wait}"}))
    asked = Conversion.of(answer.json())
    if asked.status == "processing" and time.monotonic() - began < 1:
        # Whatever stands between does not let requests wait.
        yield Sleep(1)
    return asked


def _one(conversion_id: str, headers: Mapping[str, str] | None = None) -> Call:
    return Call("GET", f"/api/v3/conversions/{conversion_id}", headers=headers or {})


def _tell(conversion: Conversion, on_progress: OnProgress | None) -> None:
    told = conversion.progress
    if on_progress is not None and told:
        on_progress(Progress("convert", told["done"], told["total"], told["unit"]))


def _bytes_to(on_progress: OnProgress | None, phase: Any) -> OnBytes | None:
    if on_progress is None:
        return None
    return lambda done, total: on_progress(Progress(phase, done, total, "bytes"))


def get(session: Session, conversion_id: str) -> Flow[Conversion]:
    """A conversion as it stands."""
    return Conversion.of((yield from requests.request(session, _one(conversion_id))).json())


def delete(session: Session, conversion_id: str) -> Flow[None]:
    """Remove a conversion's files; its row and the ledger stay."""
    yield from requests.request(session, Call("DELETE", f"/api/v3/conversions/{conversion_id}"))


def history(session: Session, **filters: Any) -> Flow[Page[Conversion]]:
    """A page of conversions, newest first."""
    body = yield from listed(session, "/api/v3/conversions/history", filters)
    return Page([Conversion.of(one) for one in body["items"]], body["next_cursor"])


def listed(session: Session, path: str, filters: Mapping[str, Any]) -> Flow[dict[str, Any]]:
    """A page of a list, as it was sent."""
    params = {name: str(value) for name, value in filters.items() if value is not None}
    return (yield from requests.request(session, Call("GET", path, params=params))).json()


def _replaced(partial: Path, target: Path, _sha256: str) -> None:
    partial.replace(target)


def download(
    session: Session,
    conversion: Conversion,
    to: Path | None,
    on_progress: OnProgress | None = None,
    put: Callable[[Path, Path, str], None] = _replaced,
) -> Flow[Path]:
    """The result as a file, whole or not at all: ``to`` is a file, a folder, or none for the working directory.

    ``put`` moves what has arrived to its place, knowing its SHA-256; what is there is replaced.
    Raises ``DamagedDownload``, ``Gone``, ``ConnectionFailed`` and ``OSError``.
    """
    name = (conversion.output_filename or conversion.conversion_id).replace("\\", "/").rpartition("/")[2]
    target = Path(name) if to is None else to / name if to.is_dir() else to
    partial = target.with_name(f".{target.name}.{uuid4().hex[:8]}.part")
    try:
        yield from fetched(session, _address(conversion), partial, _bytes_to(on_progress, "download"))
        digest = yield Work(lambda: digest_of(partial))
        if conversion.output_sha256 and digest != conversion.output_sha256:
            raise DamagedDownload(f"{target.name} did not arrive as it was sent.")
        yield Work(lambda: put(partial, target, digest))
    finally:
        partial.unlink(missing_ok=True)
    return target


def _address(conversion: Conversion) -> str:
    return conversion.download_url or f"/api/v3/conversions/{conversion.conversion_id}/download"


def fetched(session: Session, url: str, target: Path, told: OnBytes | None = None) -> Flow[None]:
    """What ``url`` redirects to; the token goes to the service only. A signed address that has ended is asked anew."""

    def attempt() -> Flow[Answer]:
        answer = yield from requests.request(session, Call("GET", url))
        where = Call("GET", answer.headers["location"], save_to=target, on_bytes=told)
        return (yield from requests.once(session, where))

    yield from requests.repeated(session, attempt)


def digest_of(path: Path) -> str:
    """A file's SHA-256, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def key_of(slug: str, files: Sequence[Path], options: Mapping[str, Any]) -> str:
    """An Idempotency-Key that the same files with the same options have, on any day and any machine.

    A password among the options is stretched (scrypt, salted by the files): the key does not give it away.
    """
    told = [(path.name, digest_of(path)) for path in files]
    fields = form_fields(options)
    if "password" in fields:
        salt = json.dumps(told).encode()
        fields["password"] = hashlib.scrypt(fields["password"].encode(), salt=salt, n=2**14, r=8, p=1).hex()
    return hashlib.sha256(json.dumps([slug, told, sorted(fields.items())]).encode()).hexdigest()

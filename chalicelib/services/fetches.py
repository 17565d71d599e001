"""Files by URL: ordered, watched while the courier fetches them, and handed to the conversions that wait for them."""

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from chalicelib.conversions import BY_ACTION
from chalicelib.domain.conversion import Conversion, StoredFile
from chalicelib.domain.errands import Errand, ErrandKey, Kind, State, message_id
from chalicelib.domain.errors import ConvertProError, FetchFailed, FieldError, InvalidRequest, UploadMissing
from chalicelib.domain.filekinds import safe_name
from chalicelib.domain.ids import new_id
from chalicelib.domain.users import User
from chalicelib.services import Service, errands, line, settle, webhooks
from chalicelib.services.incoming import StoredObjectFile
from chalicelib.services.submission import Submission, check_files
from chalicelib.store.files import Files, ObjectChanged
from chalicelib.store.uploads import FETCHED, Upload

PUT_LIFETIME_S = 3_600
"""Longer than all tries of a fetch take."""

MOST_HEADERS, HEADERS_BYTES = 20, 8_192
_OURS = {"host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "expect", "range"}
_OURS |= {"accept-encoding", "proxy-authorization", "proxy-connection", "keep-alive"}

_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class NewFetch:
    """A file that is to be fetched. ``headers`` may be secrets: they are in no row, no message and no log."""

    url: str
    filename: str | None
    headers: Mapping[str, str]


@dataclass(frozen=True)
class PendingFile:
    """A file of an upload that is still being fetched: nothing of it can be looked at yet."""

    upload: Upload

    @property
    def name(self) -> str:
        """The name that it was ordered with."""
        return self.upload.filename

    @property
    def size(self) -> int:
        """Not known yet."""
        return 0

    @property
    def awaits(self) -> str:
        """The upload."""
        return self.upload.upload_id

    def identity(self) -> bytes:
        """The upload: it is the same when it has come."""
        return self.upload.upload_id.encode()

    def head(self) -> bytes:
        """Nothing."""
        return b""

    def tail(self) -> bytes:
        """Nothing."""
        return b""

    def store(self, files: Files, key: str) -> None:
        """Nothing is there to be stored; :func:`resume` does it."""


def create(service: Service, owner: User, new: NewFetch) -> Upload:
    """Have a file fetched: the upload that it becomes. Raises ``InvalidRequest``."""
    webhooks.check_url(service.settings, new.url, "body", "url")
    _check_headers(new.headers)
    now = service.clock()
    upload = Upload(
        upload_id=new_id(now),
        owner_id=owner.user_id,
        filename=safe_name(new.filename or _name_in(new.url), fallback="document"),
        size=service.settings.max_file_bytes,
        expires_at=now.timestamp() + service.settings.upload_lifetime_s,
        is_fetched=True,
    )
    service.store.uploads.create(upload)
    job = {
        "url": new.url,
        "headers": dict(new.headers),
        "put_url": service.store.files.upload_url(upload.key, PUT_LIFETIME_S),
        "most_bytes": service.settings.max_file_bytes,
    }
    service.store.files.put(job_key(upload.upload_id), json.dumps(job).encode(), secret=True)
    errand = Errand(
        key=errand_key(upload.upload_id),
        kind=Kind.FETCH,
        owner_id=owner.user_id,
        message_id=message_id("fetch", upload.upload_id),
        began_at=now.timestamp(),
    )
    errands.begin(service, errand)
    return upload


def status(service: Service, upload: Upload) -> tuple[str, FetchFailed | None]:
    """``waiting`` for a form's file, else ``fetching``, ``ready`` or ``failed``, and why it failed."""
    errand = service.store.errands.get(errand_key(upload.upload_id)) if upload.is_fetched else None
    if errand and errand.state is State.FAILED:
        return "failed", _failure(errand)
    if (errand and errand.state is State.DELIVERED) or service.store.files.stat(upload.key):
        return "ready", None
    if upload.is_fetched:
        return "fetching", None
    return ("ready" if upload.conversion_id else "waiting"), None


def failure_of(service: Service, upload_id: str) -> FetchFailed | None:
    """Why a file could not be fetched, once that is certain."""
    errand = service.store.errands.get(errand_key(upload_id))
    return _failure(errand) if errand and errand.state is State.FAILED else None


def file_of(service: Service, upload: Upload) -> StoredObjectFile | PendingFile:
    """The file of an upload by URL, which may be on its way. Raises ``FetchFailed``."""
    failure = failure_of(service, upload.upload_id)
    if failure:
        raise failure
    stat = service.store.files.stat(upload.key)
    if stat is None:
        return PendingFile(upload)
    return StoredObjectFile(upload.filename, stat, service.store.files, fingerprint=upload.upload_id.encode())


def resume(service: Service, conversion_id: str) -> None:
    """Go on with a conversion whose files were awaited, if all have come; fail it if one never will. Safe to repeat."""
    conversion = service.store.conversions.get(conversion_id)
    if conversion is None or not conversion.is_open or not conversion.awaited:
        return
    failures = [failure_of(service, upload_id) for upload_id in conversion.awaited]
    try:
        inputs = _inputs(service, conversion, next((one for one in failures if one), None))
    except ConvertProError as error:
        settle.fail(service, conversion, error)
        return
    if inputs is None:
        return
    due_at = service.now_s() + service.settings.queue_grace_s
    complete = service.store.conversions.complete(replace(conversion, inputs=inputs), due_at)
    if complete:
        line.enter(service, complete)
        awaited = filter(None, (service.store.uploads.get(one) for one in conversion.awaited))
        service.store.files.delete([one.key for one in awaited])


def errand_key(upload_id: str) -> ErrandKey:
    """Where the errand of an upload by URL is."""
    return ErrandKey(f"upload#{upload_id}", "fetch")


def job_key(upload_id: str) -> str:
    """Where it is told what to fetch, with which headers: encrypted, since those may be secrets."""
    return f"errands/upload-{upload_id}"


def _inputs(service: Service, conversion: Conversion, failure: FetchFailed | None) -> tuple[StoredFile, ...] | None:
    """The conversion's inputs, complete and stored; None while some are on their way. Raises why that can't be."""
    if failure:
        raise failure
    inputs = []
    for one in conversion.inputs:
        found = _stored(service, conversion, one) if one.awaits else one
        if found is None:
            return None
        inputs.append(found)
    return tuple(inputs)


def _stored(service: Service, conversion: Conversion, awaited: StoredFile) -> StoredFile | None:
    upload = service.store.uploads.get(awaited.awaits or "")
    if upload is None:
        raise UploadMissing("The file that was to be fetched has expired.")
    stat = service.store.files.stat(upload.key)
    if stat is None:
        return None
    file = StoredObjectFile(upload.filename, stat, service.store.files)
    submission = Submission(BY_ACTION[conversion.action], [file], {})
    try:
        (checked,) = check_files(service.settings, submission)
        file.store(service.store.files, awaited.key)
    except ObjectChanged as error:
        raise UploadMissing("The fetched file was replaced or removed meanwhile.") from error
    return StoredFile(awaited.key, checked.name, checked.kind, stat.size)


def _failure(errand: Errand) -> FetchFailed:
    note = errand.tries[-1].note if errand.tries else None
    return FetchFailed(f"The file could not be fetched. {note or ''}".strip())


def _check_headers(headers: Mapping[str, str]) -> None:
    """No value in the refusal: it may be a secret."""
    for name, value in headers.items():
        if name.lower() in _OURS:
            raise _refused(f"{name} is set by whoever fetches")
        if not _NAME.fullmatch(name) or not (value.isascii() and value.isprintable()):
            raise _refused("are names and values as HTTP has them: printable ASCII")
    if len(headers) > MOST_HEADERS or sum(len(name) + len(value) for name, value in headers.items()) > HEADERS_BYTES:
        raise _refused(f"may be {MOST_HEADERS}, of {HEADERS_BYTES:,} bytes together")


def _refused(message: str) -> InvalidRequest:
    return InvalidRequest.of([FieldError(("body", "headers"), message, "headers")])


def _name_in(url: str) -> str:
    return unquote(urlsplit(url).path.rpartition("/")[2])


def is_fetched_key(key: str) -> bool:
    """Whether an object is one that the courier fetched."""
    return key.startswith(FETCHED)

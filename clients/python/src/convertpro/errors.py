"""Everything that can go wrong, as one tree: the service's problems by name, and what happens on the way to it.

ConvertProError
├── Unsupported             no conversion leads from this file to that target
├── AlreadyThere            a file that no run has made is where a result would go
├── ConnectionFailed        no answer came
│   └── TimedOut            in time, that is
├── DamagedDownload         what arrived is not what was converted
├── StillProcessing         the conversion did not end within the caller's time
└── Problem                 the service's answer (RFC 9457)
    ├── Unauthenticated · Forbidden · NotFound · MethodNotAllowed · LengthRequired · UnsupportedMediaType
    ├── PayloadTooLarge · Gone · TooManyRequests · InsufficientPoints
    ├── Conflict            UploadMissing · UploadUsed · Cancelled
    ├── InvalidRequest      IdempotencyMismatch
    ├── DocumentRefused     EncryptedDocument · CorruptDocument · UnsupportedDocument · EmptyDocument
    │                       LimitExceeded · PageOutOfRange · NoPagesLeft · NoTablesFound · NoTextLayer
    │                       SheetNotFound · ModelUnavailable · ConversionTimeout · ConversionFailed · FetchFailed
    └── ServiceFailure      EngineCrashed
        └── Unavailable     Overloaded · ConversionInterrupted
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar


class ConvertProError(Exception):
    """Base of all errors of this package."""


class Unsupported(ConvertProError, ValueError):
    """No conversion leads from this file to that target."""


class AlreadyThere(ConvertProError, FileExistsError):
    """A file that no run has made, or that was changed since, is where a result would go."""


class ConnectionFailed(ConvertProError):
    """No answer came."""


class TimedOut(ConnectionFailed):
    """No answer came in time."""


class DamagedDownload(ConvertProError):
    """What arrived has not the digest of what was converted."""


class StillProcessing(ConvertProError):
    """The conversion did not end within the caller's time; it goes on as ``conversion_id``."""

    def __init__(self, conversion_id: str) -> None:
        super().__init__(f"Conversion {conversion_id} is still under way.")
        self.conversion_id = conversion_id


class Problem(ConvertProError):
    """An answer that says no. ``code`` is the last segment of the problem's ``type``, ``detail`` a sentence to act on.

    ``body`` is the whole problem; ``retry_after_s`` the seconds until another try makes sense, where it was said.
    """

    code: ClassVar[str] = ""

    def __init__(self, body: Mapping[str, Any], retry_after_s: float | None = None) -> None:
        super().__init__(str(body.get("detail") or body.get("title") or "The service gave no reason."))
        self.body = dict(body)
        self.detail = str(self)
        self.retry_after_s = retry_after_s

    @property
    def status(self) -> int:
        """The HTTP status code."""
        return int(self.body.get("status") or 0)

    @property
    def name(self) -> str:
        """The last segment of ``type``, known to this package or not."""
        return _last_segment(self.body)

    @property
    def conversion_id(self) -> str | None:
        """The conversion that failed, where there was one."""
        return self.body.get("conversion_id")

    @property
    def errors(self) -> list[dict[str, Any]]:
        """The wrong fields of a 422: ``loc``, ``msg`` and ``type`` of each."""
        return list(self.body.get("errors") or [])


class Unauthenticated(Problem):
    code = "unauthenticated"


class Forbidden(Problem):
    code = "forbidden"


class NotFound(Problem):
    code = "not-found"


class MethodNotAllowed(Problem):
    code = "method-not-allowed"


class LengthRequired(Problem):
    code = "length-required"


class UnsupportedMediaType(Problem):
    code = "unsupported-media-type"


class PayloadTooLarge(Problem):
    code = "payload-too-large"


class Gone(Problem):
    code = "gone"


class TooManyRequests(Problem):
    code = "too-many-requests"


class Conflict(Problem):
    code = "conflict"


class UploadMissing(Conflict):
    code = "upload-missing"


class UploadUsed(Conflict):
    code = "upload-used"


class Cancelled(Conflict):
    code = "cancelled"


class InsufficientPoints(Problem):
    """``balance`` and ``required``: points."""

    code = "insufficient-points"

    @property
    def balance(self) -> int | None:
        """Points that are left."""
        return self.body.get("balance")

    @property
    def required(self) -> int | None:
        """Points that it costs."""
        return self.body.get("required")


class InvalidRequest(Problem):
    code = "invalid-request"


class IdempotencyMismatch(InvalidRequest):
    code = "idempotency-key-reused"


class DocumentRefused(Problem):
    code = "document-refused"


class EncryptedDocument(DocumentRefused):
    code = "encrypted-document"


class CorruptDocument(DocumentRefused):
    code = "corrupt-document"


class UnsupportedDocument(DocumentRefused):
    code = "unsupported-document"


class EmptyDocument(DocumentRefused):
    code = "empty-document"


class LimitExceeded(DocumentRefused):
    code = "limit-exceeded"


class PageOutOfRange(DocumentRefused):
    code = "page-out-of-range"


class NoPagesLeft(DocumentRefused):
    code = "no-pages-left"


class NoTablesFound(DocumentRefused):
    code = "no-tables-found"


class NoTextLayer(DocumentRefused):
    code = "no-text-layer"


class SheetNotFound(DocumentRefused):
    code = "sheet-not-found"


class ModelUnavailable(DocumentRefused):
    code = "model-unavailable"


class ConversionTimeout(DocumentRefused):
    code = "conversion-timeout"


class ConversionFailed(DocumentRefused):
    code = "conversion-failed"


class FetchFailed(DocumentRefused):
    code = "fetch-failed"


class ServiceFailure(Problem):
    code = "internal-error"


class EngineCrashed(ServiceFailure):
    code = "engine-crashed"


class Unavailable(ServiceFailure):
    code = "service-unavailable"


class Overloaded(Unavailable):
    code = "overloaded"


class ConversionInterrupted(Unavailable):
    code = "conversion-interrupted"


_BY_STATUS: dict[int, type[Problem]] = {
    401: Unauthenticated,
    402: InsufficientPoints,
    403: Forbidden,
    404: NotFound,
    405: MethodNotAllowed,
    409: Conflict,
    410: Gone,
    411: LengthRequired,
    413: PayloadTooLarge,
    415: UnsupportedMediaType,
    422: InvalidRequest,
    429: TooManyRequests,
    502: Unavailable,
    503: Unavailable,
    504: Unavailable,
}


def problem_of(body: Mapping[str, Any], retry_after_s: float | None = None) -> Problem:
    """The error of a problem's body: by its name, and where that is new to this package, by its status."""
    kind = _BY_CODE.get(_last_segment(body))
    if kind is None:
        status = int(body.get("status") or 500)
        kind = _BY_STATUS.get(status, ServiceFailure if status >= 500 else Problem)
    return kind(body, retry_after_s)


def _last_segment(body: Mapping[str, Any]) -> str:
    return str(body.get("type") or "").rpartition("/")[2]


def _tree(kind: type[Problem]) -> Iterator[type[Problem]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _tree(below)


_BY_CODE = {kind.code: kind for kind in _tree(Problem) if kind.code}

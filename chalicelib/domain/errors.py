"""Every refusal and failure the product names.

    ConvertProError
    ├── Unauthenticated        who are you?
    ├── Forbidden              not with this role or permission
    ├── NotFound               absent, or outside the caller's sight
    ├── MethodNotAllowed · LengthRequired · UnsupportedMediaType · PayloadTooLarge · Gone · TooManyRequests
    ├── Conflict               the state does not allow it
    │   └── UploadMissing · UploadUsed · Cancelled
    ├── InsufficientPoints     the balance does not cover the cost
    ├── InvalidRequest         a field, header or parameter is wrong: names each
    │   └── IdempotencyMismatch  the key was used for another request
    ├── DocumentRefused        the document, or what was asked of it, can't be converted
    │   └── EncryptedDocument · CorruptDocument · UnsupportedDocument · EmptyDocument · LimitExceeded
    │       PageOutOfRange · NoPagesLeft · NoTablesFound · NoTextLayer · SheetNotFound · ModelUnavailable
    │       ConversionTimeout · ConversionFailed · FetchFailed
    └── ServiceFailure         our side: nothing is charged
        └── Unavailable · ConversionInterrupted · EngineCrashed
            └── Overloaded

An error carries a sentence that a person can act on; the technical cause travels by ``raise … from`` to the log.
HTTP status codes are decided in ``domain/problems.py`` alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from chalicelib.domain.row_size import PROBLEM_BYTES, cut_text


class ConvertProError(Exception):
    """Base of the tree. ``code`` is the last segment of the problem's ``type``, ``detail`` the public sentence."""

    code: ClassVar[str] = "internal-error"
    title: ClassVar[str] = "Internal error"
    retryable: ClassVar[bool] = False

    def __init__(self, detail: str, **extras: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extras = extras


class Unauthenticated(ConvertProError):
    code, title = "unauthenticated", "Authentication required"


class Forbidden(ConvertProError):
    code, title = "forbidden", "Forbidden"


class NotFound(ConvertProError):
    code, title = "not-found", "Not found"


class MethodNotAllowed(ConvertProError):
    code, title = "method-not-allowed", "Method not allowed"


class LengthRequired(ConvertProError):
    code, title = "length-required", "Content-Length required"


class UnsupportedMediaType(ConvertProError):
    code, title = "unsupported-media-type", "Unsupported content type"


class PayloadTooLarge(ConvertProError):
    code, title = "payload-too-large", "Payload too large"


class Gone(ConvertProError):
    code, title = "gone", "Gone"


class TooManyRequests(ConvertProError):
    """``retry_after_s`` in ``extras``: seconds until another try makes sense."""

    code, title, retryable = "too-many-requests", "Too many requests", True


class Conflict(ConvertProError):
    code, title = "conflict", "Conflict"


class UploadMissing(Conflict):
    code, title = "upload-missing", "Upload missing"


class UploadUsed(Conflict):
    code, title = "upload-used", "Upload used"


class Cancelled(Conflict):
    code, title = "cancelled", "Cancelled"


class InsufficientPoints(ConvertProError):
    """``extras``: ``balance`` and ``required``, in points."""

    code, title = "insufficient-points", "Not enough points"


@dataclass(frozen=True)
class FieldError:
    """One wrong field: where (``("body", "pages")``), what, and a machine-readable type."""

    loc: tuple[str | int, ...]
    msg: str
    type: str = "value_error"


class InvalidRequest(ConvertProError):
    """The request is malformed; ``errors`` names each field."""

    code, title = "invalid-request", "Invalid request"

    def __init__(self, detail: str, errors: tuple[FieldError, ...] = ()) -> None:
        super().__init__(detail)
        self.errors = errors

    @classmethod
    def of(cls, faults: Sequence[FieldError]) -> Self:
        """The refusal whose sentence is the first of ``faults``."""
        first = faults[0]
        where = ".".join(str(part) for part in first.loc[1:]) or str(first.loc[0])
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        return cls(f"{where}: {first.msg}{more}.", tuple(faults))


class IdempotencyMismatch(InvalidRequest):
    code, title = "idempotency-key-reused", "Idempotency key reused"


class DocumentRefused(ConvertProError):
    """The document, or what was asked of it, can't be converted: the client's to mend, never a 5xx."""

    code, title = "document-refused", "Document refused"


class EncryptedDocument(DocumentRefused):
    code, title = "encrypted-document", "Encrypted document"


class CorruptDocument(DocumentRefused):
    code, title = "corrupt-document", "Corrupt document"


class UnsupportedDocument(DocumentRefused):
    code, title = "unsupported-document", "Unsupported document"


class EmptyDocument(DocumentRefused):
    code, title = "empty-document", "Empty document"


class LimitExceeded(DocumentRefused):
    code, title = "limit-exceeded", "Limit exceeded"


class PageOutOfRange(DocumentRefused):
    code, title = "page-out-of-range", "Page out of range"


class NoPagesLeft(DocumentRefused):
    code, title = "no-pages-left", "No pages left"


class NoTablesFound(DocumentRefused):
    code, title = "no-tables-found", "No tables found"


class NoTextLayer(DocumentRefused):
    code, title = "no-text-layer", "No text layer"


class SheetNotFound(DocumentRefused):
    code, title = "sheet-not-found", "Sheet not found"


class ModelUnavailable(DocumentRefused):
    code, title = "model-unavailable", "Model not available"


class ConversionTimeout(DocumentRefused):
    code, title = "conversion-timeout", "Conversion took too long"


class FetchFailed(DocumentRefused):
    """What was to be fetched from a URL never came."""

    code, title = "fetch-failed", "Fetch failed"


class ConversionFailed(DocumentRefused):
    code, title = "conversion-failed", "Conversion failed"


class ServiceFailure(ConvertProError):
    code, title, retryable = "internal-error", "Internal error", True


class Unavailable(ServiceFailure):
    code, title = "service-unavailable", "Service unavailable"


class ConversionInterrupted(ServiceFailure):
    code, title = "conversion-interrupted", "Conversion interrupted"


class EngineCrashed(ServiceFailure):
    """The engine's process died under this document: worth one more try in a fresh process."""

    code, title = "engine-crashed", "Engine crashed"


class Overloaded(Unavailable):
    """What the conversion needed (processor time, a worker) was not to be had in time: worth another try."""

    code, title = "overloaded", "Service overloaded"


@dataclass(frozen=True)
class Problem:
    """A failure as it is stored in a row: what a client may see, and whose fault it was."""

    code: str
    title: str
    detail: str
    client_fault: bool
    extras: dict[str, Any] = field(default_factory=dict)


def problem_of(error: ConvertProError) -> Problem:
    """The storable form of ``error``."""
    detail = cut_text(error.detail, PROBLEM_BYTES)
    return Problem(error.code, error.title, detail, not isinstance(error, ServiceFailure))


def document_error(code: str, detail: str) -> ConvertProError:
    """Rebuild what an engine's child raised from its ``code``; an unknown code is a crash of the engine."""
    known: list[type[ConvertProError]] = [DocumentRefused, *DocumentRefused.__subclasses__(), Overloaded]
    kind = next((one for one in known if one.code == code), EngineCrashed)
    return kind(detail)

"""What a client hands in for conversion, checked without an engine: count, size, kind, options."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from chalicelib.conversions.spec import ConversionSpec, Options
from chalicelib.domain.batches import BatchPlace
from chalicelib.domain.errors import FieldError, InvalidRequest, PayloadTooLarge
from chalicelib.domain.filekinds import KINDS, safe_name, sniff
from chalicelib.domain.row_size import OPTIONS_BYTES, size_bytes
from chalicelib.domain.sizes import readable_size
from chalicelib.services.incoming import IncomingFile
from chalicelib.services.sentences import sentence
from chalicelib.settings import Settings
from chalicelib.store.files import ObjectStat
from chalicelib.store.transactions import Claim


@dataclass(frozen=True)
class Submission:
    """A request for one conversion. ``options`` are as they came: strings, or JSON values.

    ``claims`` take what it is made of, which starts one conversion only, in the transaction of the charge;
    ``consumes`` are the objects that go when it is accepted; ``place`` is the file of a batch that it is of;
    ``deliver_to`` where its result is to be put.
    """

    spec: ConversionSpec
    files: Sequence[IncomingFile]
    options: dict[str, Any]
    claims: Sequence[Claim] = ()
    consumes: Sequence[ObjectStat] = ()
    place: BatchPlace | None = None
    deliver_to: str | None = None

    def parts(self) -> list[bytes]:
        """What a fingerprint covers: the conversion, the options and the files, in order."""
        options = json.dumps(self.options, sort_keys=True, default=str)
        return [self.spec.slug.encode(), options.encode(), *(file.identity() for file in self.files)]


@dataclass(frozen=True)
class CheckedFile:
    """A file whose name is safe and whose kind its bytes have shown."""

    name: str
    kind: str
    source: IncomingFile


@dataclass(frozen=True)
class Checked:
    """A submission that may be stored and charged."""

    spec: ConversionSpec
    files: tuple[CheckedFile, ...]
    options: Options
    claims: tuple[Claim, ...] = ()
    place: BatchPlace | None = None
    deliver_to: str | None = None

    @property
    def password(self) -> str | None:
        """The password that opens the inputs."""
        return getattr(self.options, "password", None)


def check(settings: Settings, submission: Submission) -> Checked:
    """Check all that needs no engine. Raises ``InvalidRequest`` naming every wrong field, ``PayloadTooLarge``."""
    faults: list[FieldError] = []
    options = _options(submission, faults)
    files = _files(settings, submission, faults)
    if faults or options is None:
        raise InvalidRequest.of(faults)
    return Checked(submission.spec, files, options, tuple(submission.claims), submission.place, submission.deliver_to)


def check_files(settings: Settings, submission: Submission) -> tuple[CheckedFile, ...]:
    """The files alone. Raises as :func:`check` does."""
    faults: list[FieldError] = []
    files = _files(settings, submission, faults)
    if faults:
        raise InvalidRequest.of(faults)
    return files


def check_options(spec: ConversionSpec, options: dict[str, Any], *place: str) -> Options:
    """``options`` as ``spec`` has them. Raises ``InvalidRequest`` naming every wrong one, as found at ``place``."""
    try:
        checked = spec.options.model_validate(options)
    except ValidationError as error:
        raise InvalidRequest.of(field_errors(error, *place)) from error
    if size_bytes(checked.for_engine()) > OPTIONS_BYTES:
        message = f"the options are longer than {OPTIONS_BYTES:,} bytes together"
        raise InvalidRequest.of([FieldError(place, message, "too_long")])
    return checked


def _options(submission: Submission, faults: list[FieldError]) -> Options | None:
    try:
        return check_options(submission.spec, submission.options, "body")
    except InvalidRequest as error:
        faults.extend(error.errors)
        return None


def field_errors(error: ValidationError, *place: str) -> list[FieldError]:
    """pydantic's findings as the contract's ``errors[]``, without the values sent: one may be a secret."""
    return [_field_error(one, place) for one in error.errors(include_url=False, include_input=False)]


def _field_error(found: ErrorDetails, place: tuple[str, ...]) -> FieldError:
    return FieldError((*place, *found["loc"]), sentence(found), found["type"])


def _files(settings: Settings, submission: Submission, faults: list[FieldError]) -> tuple[CheckedFile, ...]:
    allowed = settings.max_files if submission.spec.many else 1
    if not submission.files:
        faults.append(FieldError(("body", "file"), "is missing: send the document as a part named file", "missing"))
    if len(submission.files) > allowed:
        message = f"too many files: {len(submission.files)} sent, {allowed} allowed"
        faults.append(FieldError(("body", "file"), message, "too_many_files"))
        return ()
    checked = [_file(settings, submission.spec, file, faults) for file in submission.files]
    return tuple(one for one in checked if one)


def _file(settings: Settings, spec: ConversionSpec, file: IncomingFile, faults: list[FieldError]) -> CheckedFile | None:
    if file.size > settings.max_file_bytes:
        raise file_too_large(settings)
    name = safe_name(file.name, fallback=f"document.{spec.accepts[0]}")
    if file.awaits:
        return CheckedFile(name, "", file)
    if not file.size:
        faults.append(FieldError(("body", "file"), f"{name} is empty", "empty_file"))
        return None
    candidates = sniff(file.head(), file.tail(), name).candidates
    kind = next((kind for kind in candidates if kind in spec.accepts), None)
    if kind is None:
        faults.append(FieldError(("body", "file"), _wrong_kind(spec, name, candidates), "file_type"))
        return None
    return CheckedFile(name, kind, file)


def file_too_large(settings: Settings) -> PayloadTooLarge:
    """The refusal of a file beyond the limit."""
    return PayloadTooLarge(f"A file may have {readable_size(settings.max_file_bytes)}; this one is larger.")


def _wrong_kind(spec: ConversionSpec, name: str, candidates: tuple[str, ...]) -> str:
    found = KINDS[candidates[0]].label if candidates else "unknown"
    wanted = ", ".join(spec.accepts)
    return f"{name} has content of another kind ({found}); {spec.slug} accepts {wanted}"

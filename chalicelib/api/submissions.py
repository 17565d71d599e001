"""Reads what a client hands in for conversion: files in a form, or the ids of its uploads."""

from dataclasses import replace
from typing import Any

from chalicelib.api import multipart
from chalicelib.api.call import Call
from chalicelib.conversions.spec import ConversionSpec
from chalicelib.domain import strict_json
from chalicelib.domain.errors import FieldError, InvalidRequest, PayloadTooLarge, UnsupportedMediaType
from chalicelib.domain.strict_json import BadJson
from chalicelib.services import uploads, webhooks
from chalicelib.services.submission import Submission, file_too_large

JSON = "application/json"
_FRAMING_BYTES = 64 * 1024
"""Boundaries, part headers and options come on top of the files."""


def read_form(call: Call, spec: ConversionSpec, limit_bytes: int | None = None) -> Submission:
    """The files and options of a form of at most ``limit_bytes`` (default: the setting).

    Raises ``UnsupportedMediaType``, ``PayloadTooLarge``, ``InvalidRequest``.
    """
    if call.media_type != multipart.MEDIA_TYPE:
        raise UnsupportedMediaType("Send the document as multipart/form-data, in a part named file.")
    limit_bytes = limit_bytes or call.service.settings.multipart_limit_bytes
    if call.content_length > limit_bytes + _FRAMING_BYTES:
        raise _too_large(call, limit_bytes)
    files, options = multipart.parse(call.body, call.header("content-type") or "")
    return Submission(spec, files, options)


def read_submission(call: Call, spec: ConversionSpec) -> Submission:
    """The files and options of a form, or the uploads and options of a JSON body.

    Raises what ``read_form`` does, and ``NotFound``, ``UploadMissing``.
    """
    if call.media_type != JSON:
        return _to_deliver(call, read_form(call, spec))
    return read_uploads(call, spec)


def read_uploads(call: Call, spec: ConversionSpec) -> Submission:
    """The uploads and options of a JSON body.

    Raises ``UnsupportedMediaType``, ``PayloadTooLarge``, ``InvalidRequest``, ``NotFound``, ``UploadMissing``.
    """
    if call.media_type != JSON:
        raise UnsupportedMediaType(f"Send the ids of uploads, and the options, as {JSON}.")
    if call.content_length > multipart.MAX_FIELD_BYTES:
        raise PayloadTooLarge("A JSON body may have 64 KiB; send files by POST /api/v3/uploads.")
    options = call.json_object()
    upload_ids = _upload_ids(options, uploads.MOST_AT_ONCE if spec.many else 1)
    return _to_deliver(call, uploads.submission(call.service, call.caller, spec, upload_ids, options))


def _to_deliver(call: Call, submission: Submission) -> Submission:
    """Take ``deliver_to`` out of the options: an object, in a form as JSON. Raises ``InvalidRequest``."""
    options = dict(submission.options)
    sent = options.pop("deliver_to", None)
    if sent is None:
        return submission
    try:
        told = strict_json.loads(sent.encode()) if isinstance(sent, str) else sent
    except BadJson:
        told = None
    if not isinstance(told, dict) or told.keys() != {"url"} or not isinstance(told["url"], str):
        raise _invalid(
            "deliver_to", 'must be {"url": …}: the presigned address that the result is put to', "deliver_to"
        )
    webhooks.check_url(call.service.settings, told["url"], "body", "deliver_to", "url")
    return replace(submission, options=options, deliver_to=told["url"])


def _too_large(call: Call, limit_bytes: int) -> PayloadTooLarge:
    """Where a file that is within the file limit goes instead; else that limit."""
    settings = call.service.settings
    if call.content_length - _FRAMING_BYTES > settings.max_file_bytes:
        return file_too_large(settings)
    return PayloadTooLarge(
        f"A request may carry {limit_bytes / 1e6:.1f} MB here; this one is larger. "
        "Upload the file by POST /api/v3/uploads, and convert it by its upload_id."
    )


def _upload_ids(body: dict[str, Any], allowed: int) -> list[str]:
    """Take ``upload_id`` or ``upload_ids`` out of ``body``, which holds the options then. Raises ``InvalidRequest``."""
    if "upload_ids" in body and "upload_id" in body:
        raise _invalid("upload_ids", "send upload_id or upload_ids, not both", "value_error")
    field = "upload_ids" if "upload_ids" in body else "upload_id"
    value = body.pop(field, None)
    ids = value if field == "upload_ids" else [value]
    if value is None:
        raise _invalid(field, "is missing: make an upload by POST /api/v3/uploads and send its id", "missing")
    if not isinstance(ids, list) or not ids or not all(isinstance(one, str) for one in ids):
        raise _invalid(field, "must be the id of an upload, or upload_ids a list of them", "upload_id")
    if len(ids) > allowed:
        raise _invalid(field, f"too many uploads: {len(ids)} sent, {allowed} allowed", "too_many_files")
    if len(set(ids)) < len(ids):
        raise _invalid(field, "names an upload twice; an upload starts one conversion", "upload_id")
    return ids


def _invalid(field: str, message: str, kind: str) -> InvalidRequest:
    return InvalidRequest.of([FieldError(("body", field), message, kind)])

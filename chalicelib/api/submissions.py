"""Reads what a client hands in for conversion."""

from chalicelib.api import multipart
from chalicelib.api.call import Call
from chalicelib.conversions.spec import ConversionSpec
from chalicelib.domain.errors import PayloadTooLarge, UnsupportedMediaType
from chalicelib.services.submission import Submission

_FRAMING_BYTES = 64 * 1024
"""Boundaries, part headers and options come on top of the files."""


def read_submission(call: Call, spec: ConversionSpec, limit_bytes: int | None = None) -> Submission:
    """The files and options of a request of at most ``limit_bytes`` (default: the setting).

    Raises ``UnsupportedMediaType``, ``PayloadTooLarge``, ``InvalidRequest``.
    """
    if call.media_type != multipart.MEDIA_TYPE:
        raise UnsupportedMediaType("Send the document as multipart/form-data, in a part named file.")
    limit_bytes = limit_bytes or call.service.settings.multipart_limit_bytes
    if call.content_length > limit_bytes + _FRAMING_BYTES:
        raise PayloadTooLarge(f"A request may carry {limit_bytes / 1e6:.1f} MB here; this one is larger.")
    files, options = multipart.parse(call.body, call.header("content-type") or "")
    return Submission(spec, files, options)

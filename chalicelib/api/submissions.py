"""Reads what a client hands in for conversion."""

from chalicelib.api import multipart
from chalicelib.api.call import Call
from chalicelib.conversions.spec import ConversionSpec
from chalicelib.domain.errors import PayloadTooLarge, UnsupportedMediaType
from chalicelib.services.submission import Submission
from chalicelib.settings import Settings

_FRAMING_BYTES = 64 * 1024
"""Boundaries, part headers and options come on top of the files."""


def read_submission(call: Call, spec: ConversionSpec) -> Submission:
    """The files and options of a request. Raises ``UnsupportedMediaType``, ``PayloadTooLarge``, ``InvalidRequest``."""
    if call.media_type != multipart.MEDIA_TYPE:
        raise UnsupportedMediaType("Send the document as multipart/form-data, in a part named file.")
    if call.content_length > call.service.settings.multipart_limit_bytes + _FRAMING_BYTES:
        raise PayloadTooLarge(_too_large(call.service.settings))
    files, options = multipart.parse(call.body, call.header("content-type") or "")
    return Submission(spec, files, options)


def _too_large(settings: Settings) -> str:
    return f"A request may carry {settings.multipart_limit_bytes / 1e6:.1f} MB; this one is larger."

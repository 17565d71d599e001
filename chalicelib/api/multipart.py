"""Reads ``multipart/form-data``: files in order, fields as options."""

import io
from typing import Any

from multipart import (  # type: ignore[import-untyped]
    MultipartError,
    MultipartParser,
    MultipartPart,
    parse_options_header,
)

from chalicelib.domain.errors import FieldError, InvalidRequest
from chalicelib.services.incoming import SentFile

MEDIA_TYPE = "multipart/form-data"
FILE_FIELD = "file"
MAX_PARTS = 250
MAX_FIELD_BYTES = 64 * 1024


def parse(body: bytes, content_type: str) -> tuple[list[SentFile], dict[str, Any]]:
    """The files of the parts named ``file``, and all other fields; a repeated field becomes a list.

    Raises ``InvalidRequest`` for a body that is not well-formed, or a file under another name.
    """
    files: list[SentFile] = []
    fields: dict[str, list[str]] = {}
    for part in _parts(body, content_type):
        if part.name == FILE_FIELD:
            files.append(SentFile(part.filename, part.raw))
        elif part.filename is not None:
            message = "a file must come in a part named file"
            raise InvalidRequest.of([FieldError(("body", part.name), message, "extra_forbidden")])
        else:
            fields.setdefault(part.name, []).append(_text(part))
    return files, {name: values[0] if len(values) == 1 else values for name, values in fields.items()}


def _parts(body: bytes, content_type: str) -> list[MultipartPart]:
    _, options = parse_options_header(content_type)
    boundary = options.get("boundary", "")
    try:
        if not boundary:
            raise MultipartError("no boundary")
        # Everything is in memory already: one buffer for all, no spooling to disk.
        parser = MultipartParser(
            io.BytesIO(body),
            boundary,
            content_length=len(body),
            part_limit=MAX_PARTS,
            memory_limit=len(body) + 1,
            spool_limit=len(body) + 1,
            strict=False,
        )
        return list(parser.parts())
    except (MultipartError, ValueError) as error:
        fault = FieldError(("body",), "is not well-formed multipart/form-data", "multipart_invalid")
        raise InvalidRequest.of([fault]) from error


def _text(part: MultipartPart) -> str:
    raw: bytes = part.raw
    fault = None
    if len(raw) > MAX_FIELD_BYTES:
        fault = FieldError(("body", part.name), "is longer than 64 KiB", "too_long")
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        fault = FieldError(("body", part.name), "is not UTF-8", "unicode")
    if fault:
        raise InvalidRequest.of([fault])
    return text

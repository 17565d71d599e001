"""Bodies of the legacy converters."""

from typing import Literal

from chalicelib.api.schemas.base import Out, Timestamp
from chalicelib.domain.conversion import Status


class LegacyOut(Out):
    """A conversion, as v1 and v2 answer; a failure is a problem instead."""

    success: Literal[True] = True
    message: str
    filename: str
    download_url: str


class LegacyFileOut(Out):
    """A file of the caller; ``file_size`` in bytes, null until it is there."""

    filename: str
    original_name: str
    conversion_date: Timestamp
    file_size: int | None
    status: Status


class LegacyFilesOut(Out):
    """The caller's files of one conversion."""

    files: list[LegacyFileOut]
    total_count: int

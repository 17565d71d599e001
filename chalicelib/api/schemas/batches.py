"""Bodies of batches."""

from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, model_validator

from chalicelib.api.schemas.base import Body, Out, Text, Timestamp
from chalicelib.api.schemas.conversions import StoredProblemOut
from chalicelib.api.schemas.uploads import Filename, FileSize, FormFields
from chalicelib.conversions import BY_SLUG
from chalicelib.domain.batches import FileStatus
from chalicelib.services.batches import MOST_FILES

Slug = Annotated[Text, Field(max_length=64, json_schema_extra={"enum": list(BY_SLUG)})]


_SHAPE: dict[str, Any] = {
    "examples": [{"filename": "report.pdf", "size": 48_213}],
    "if": {"required": ["upload_id"], "properties": {"upload_id": {"type": "string"}}},
    "then": {"properties": {"size": {"type": "null"}}},
    "else": {
        "required": ["filename", "size"],
        "properties": {"filename": {"type": "string"}, "size": {"type": "integer"}},
    },
}


class BatchFileIn(Body):
    """A file that is to be converted: ``filename`` and ``size``, for which there is a form; or an upload of one's own,
    which may still be fetched by URL."""

    model_config = ConfigDict(json_schema_extra=_SHAPE)

    filename: Filename | None = None
    size: FileSize | None = None
    upload_id: Annotated[Text, Field(min_length=1, max_length=64)] | None = None

    @model_validator(mode="after")
    def _is_one_of_two(self) -> Self:
        if self.upload_id is None and (self.filename is None or self.size is None):
            raise ValueError("needs filename and size, or an upload_id")
        if self.upload_id is not None and self.size is not None:
            raise ValueError("has an upload_id: its size is what came")
        return self


class BatchIn(Body):
    """Files to be converted in the same way; ``options`` are those of the conversion."""

    slug: Slug
    options: Annotated[dict[str, Any], Field(default_factory=dict, examples=[{"pages": "1-3"}])]
    files: Annotated[list[BatchFileIn], Field(min_length=1, max_length=MOST_FILES)]


class BatchFormOut(Out):
    """Where to post one file of a new batch; null for one that is an upload."""

    file_id: str
    filename: str
    url: str | None
    fields: FormFields | None


class NewBatchOut(Out):
    """A new batch; each file starts its conversion as it arrives, until ``expires_at``."""

    batch_id: str
    expires_at: Timestamp
    files: list[BatchFormOut]


class CountsOut(Out):
    """How many files have come to what."""

    waiting: int
    processing: int
    success: int
    failed: int
    missing: int


class BatchFileOut(Out):
    """What a file has come to."""

    file_id: str
    filename: str
    size: Annotated[int, Field(description="Bytes.")]
    status: FileStatus
    conversion_id: str | None
    download_url: str | None
    error: StoredProblemOut | None
    updated_at: Timestamp


class BatchSummaryOut(Out):
    """A batch. ``slug`` and ``expires_at`` are null for what was dropped into folders on one day;
    ``download_url`` is that of the zip, once all files have ended."""

    batch_id: str
    slug: str | None
    total: int
    counts: CountsOut
    has_ended: bool
    download_url: str | None
    created_at: Timestamp
    expires_at: Timestamp | None


class BatchOut(BatchSummaryOut):
    """A batch and a page of its files, in order."""

    options: dict[str, Any]
    files: list[BatchFileOut]
    limit: int
    next_cursor: str | None


class BatchesOut(Out):
    """A page of the caller's batches, newest first."""

    items: list[BatchSummaryOut]
    limit: int
    next_cursor: str | None


class CredentialsOut(Out):
    """Temporary S3 keys: they put under ``inbox_prefix``, and read under ``results_prefix``."""

    access_key_id: Annotated[str, Field(examples=["ASIAIOSFODNN7EXAMPLE"])]
    secret_access_key: str
    session_token: str
    expires_at: Timestamp
    bucket: str
    region: str
    endpoint_url: Annotated[str | None, Field(description="Where S3 is, when it is not AWS's own.")]
    inbox_prefix: Annotated[str, Field(examples=["inbox/01JZ4T6M3WQ8V2X7N5K9R1B0CD/"])]
    results_prefix: Annotated[str, Field(examples=["results/01JZ4T6M3WQ8V2X7N5K9R1B0CD/"])]

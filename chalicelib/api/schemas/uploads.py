"""Bodies of uploads."""

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from chalicelib.api.schemas.base import Body, Out, Text, Timestamp, Whole
from chalicelib.api.schemas.conversions import StoredProblemOut
from chalicelib.outbound.addresses import LONGEST_URL

Filename = Annotated[Text, Field(min_length=1, max_length=1_024, examples=["report.pdf"])]
FileSize = Annotated[int, Field(ge=1, le=2**53, description="Bytes.", examples=[45_000_000]), Whole]
FormFields = Annotated[
    dict[str, str],
    Field(
        description="Form fields, to be sent before the part named file, as they are.",
        examples=[{"key": "uploads/…", "policy": "eyJleHBpcmF0aW9uIjoi…", "x-amz-signature": "3f9a…"}],
    ),
]


Url = Annotated[
    Text,
    Field(
        min_length=1,
        max_length=LONGEST_URL,
        json_schema_extra={"format": "uri"},
        description="https, and a public address.",
    ),
]
Headers = Annotated[
    dict[str, str],
    Field(
        max_length=20,
        description="Sent with the request for url, and to no other server. Never shown or logged.",
        examples=[{"Authorization": "Bearer …"}],
    ),
]
_SHAPE: dict[str, Any] = {
    "examples": [{"filename": "report.pdf", "size": 45_000_000, "content_type": "application/pdf"}],
    "if": {"required": ["url"], "properties": {"url": {"type": "string"}}},
    "then": {"properties": {"size": {"type": "null"}, "content_type": {"type": "null"}}},
    "else": {
        "required": ["filename", "size"],
        "properties": {
            "filename": {"type": "string"},
            "size": {"type": "integer"},
            "content_type": {"type": ["string", "null"]},
            "headers": {"type": "null"},
        },
    },
}
"""One of the two, in the words of JSON Schema."""


class UploadIn(Body):
    """A file that is to be uploaded: ``filename`` and ``size``; or to be fetched from ``url``, with ``headers``.

    ``content_type`` is kept by the bucket; the file's bytes decide what it is.
    """

    model_config = ConfigDict(json_schema_extra=_SHAPE)

    filename: Filename | None = None
    size: FileSize | None = None
    content_type: (
        Annotated[
            Text, Field(max_length=255, pattern=r"^[\w.+-]+/[\w.+-]+(; ?[\w=.+-]+)*$", examples=["application/pdf"])
        ]
        | None
    ) = None
    url: Url | None = None
    headers: Headers | None = None

    @model_validator(mode="after")
    def _is_one_of_two(self) -> Self:
        if self.url is None and (self.filename is None or self.size is None):
            raise ValueError("needs filename and size, or the url to fetch it from")
        if self.url is None and self.headers is not None:
            raise ValueError("has headers, which go with a url")
        if self.url is not None and (self.size is not None or self.content_type is not None):
            raise ValueError("has a url: its size and content_type are what comes")
        return self


class UploadOut(Out):
    """Where to post the file: a form with ``fields`` first and the part ``file`` last, until ``expires_at``."""

    upload_id: str
    url: str
    fields: FormFields
    expires_at: Timestamp
    max_size: Annotated[int, Field(description="Bytes that the form takes at most.")]


class FetchOut(Out):
    """An upload as it stands: ``waiting`` for a form's file, ``fetching`` by URL, ``ready``, or ``failed`` for good."""

    upload_id: str
    status: Literal["waiting", "fetching", "ready", "failed"]
    filename: str
    error: StoredProblemOut | None
    conversion_id: str | None
    batch_id: str | None
    expires_at: Timestamp

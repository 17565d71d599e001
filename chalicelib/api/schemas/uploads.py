"""Bodies of uploads."""

from typing import Annotated

from pydantic import Field

from chalicelib.api.schemas.base import Body, Out, Text, Timestamp, Whole

Filename = Annotated[Text, Field(min_length=1, max_length=1_024, examples=["report.pdf"])]
FileSize = Annotated[int, Field(ge=1, le=2**53, description="Bytes.", examples=[45_000_000]), Whole]
FormFields = Annotated[
    dict[str, str],
    Field(
        description="Form fields, to be sent before the part named file, as they are.",
        examples=[{"key": "uploads/…", "policy": "eyJleHBpcmF0aW9uIjoi…", "x-amz-signature": "3f9a…"}],
    ),
]


class UploadIn(Body):
    """A file that is to be uploaded. ``content_type`` is kept by the bucket; the file's bytes decide what it is."""

    filename: Filename
    size: FileSize
    content_type: (
        Annotated[
            Text, Field(max_length=255, pattern=r"^[\w.+-]+/[\w.+-]+(; ?[\w=.+-]+)*$", examples=["application/pdf"])
        ]
        | None
    ) = None


class UploadOut(Out):
    """Where to post the file: a form with ``fields`` first and the part ``file`` last, until ``expires_at``."""

    upload_id: str
    url: str
    fields: FormFields
    expires_at: Timestamp
    max_size: Annotated[int, Field(description="Bytes that the form takes at most.")]

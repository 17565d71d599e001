"""Bodies of conversions."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.api.schemas.base import Body, Moment, Out, PageQuery, Timestamp
from chalicelib.domain.conversion import Status


class ProgressOut(Out):
    """How far an engine is."""

    done: int
    total: int
    unit: Literal["pages", "files"]


class StoredProblemOut(Out):
    """Why a conversion failed."""

    type: str
    title: str
    status: int
    detail: str


class ConversionOut(Out):
    """A conversion. ``points_charged`` is net: 0 after a refund; ``remaining_balance`` is null for super users."""

    conversion_id: str
    action: str
    status: Status
    progress: ProgressOut | None
    input_filename: str
    output_filename: str | None
    output_size: Annotated[int | None, Field(description="Bytes.")]
    output_sha256: str | None
    download_url: str | None
    expires_at: Timestamp | None
    points_charged: int
    remaining_balance: int | None
    warnings: list[str]
    report: dict[str, Any]
    error: StoredProblemOut | None
    created_at: Timestamp
    updated_at: Timestamp


class HistoryQuery(PageQuery):
    """Which conversions; ``from`` is inclusive, ``to`` exclusive."""

    action: str | None = None
    status: Status | None = None
    since: Annotated[Moment | None, Field(alias="from")] = None
    until: Annotated[Moment | None, Field(alias="to")] = None
    user_id: str | None = None


class HistoryOut(Out):
    """A page of conversions, newest first."""

    items: list[ConversionOut]
    limit: int
    next_cursor: str | None


class DownloadQuery(Body):
    """Whether to be redirected."""

    redirect: bool = True


class PreviewQuery(DownloadQuery):
    """Which page, from 1, of which file; ``source`` is there until its conversion ends."""

    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    of: Literal["result", "source"] = "result"


class DownloadOut(Out):
    """Where the file is, for a short while."""

    url: str
    expires_at: Timestamp

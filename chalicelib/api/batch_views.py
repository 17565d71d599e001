"""Batches as the contract's JSON bodies."""

from collections.abc import Sequence
from datetime import UTC, datetime

from chalicelib.api.schemas.batches import (
    BatchFileOut,
    BatchFormOut,
    BatchOut,
    BatchSummaryOut,
    CountsOut,
    CredentialsOut,
    NewBatchOut,
)
from chalicelib.api.schemas.conversions import StoredProblemOut
from chalicelib.domain import problems
from chalicelib.domain.batches import Batch, BatchFile, FileStatus
from chalicelib.domain.clock import rfc3339
from chalicelib.services import Service, batches
from chalicelib.services.inbox_keys import FolderAccess
from chalicelib.store.files import PresignedPost


def new_batch_out(batch: Batch, forms: Sequence[tuple[BatchFile, PresignedPost | None]]) -> NewBatchOut:
    """A new batch and the forms of its files."""
    return NewBatchOut(
        batch_id=batch.batch_id,
        expires_at=_moment(batch.deadline or 0),
        files=[
            BatchFormOut(
                file_id=file.file_id,
                filename=file.filename,
                url=post.url if post else None,
                fields=post.fields if post else None,
            )
            for file, post in forms
        ],
    )


def summary_out(service: Service, batch: Batch, base_url: str) -> BatchSummaryOut:
    """A batch without its files."""
    url = f"{base_url}/api/v3/batches/{batch.batch_id}/download"
    return BatchSummaryOut(
        batch_id=batch.batch_id,
        slug=batch.slug,
        total=batch.total,
        counts=CountsOut(**{status.value: batch.counts.get(status, 0) for status in FileStatus}),
        has_ended=batch.has_ended,
        download_url=url if batches.has_archive(service, batch) else None,
        created_at=batch.created_at,
        expires_at=_moment(batch.deadline) if batch.deadline is not None else None,
    )


def batch_out(
    service: Service, batch: Batch, files: Sequence[BatchFile], page: tuple[int, str | None], base_url: str
) -> BatchOut:
    """A batch and a page of its files; ``page`` is its limit, and the cursor of the next."""
    limit, cursor = page
    return BatchOut(
        **summary_out(service, batch, base_url).model_dump(),
        options=batch.options,
        files=[_file_out(file, base_url) for file in files],
        limit=limit,
        next_cursor=cursor,
    )


def credentials_out(service: Service, access: FolderAccess) -> CredentialsOut:
    """Temporary keys, and all that an S3 client must be told."""
    keys = access.credentials
    return CredentialsOut(
        access_key_id=keys.access_key_id,
        secret_access_key=keys.secret_access_key,
        session_token=keys.session_token,
        expires_at=rfc3339(keys.expires_at),
        bucket=service.settings.bucket,
        region=service.settings.region,
        endpoint_url=service.settings.endpoint_url,
        inbox_prefix=access.inbox_prefix,
        results_prefix=access.results_prefix,
    )


def _file_out(file: BatchFile, base_url: str) -> BatchFileOut:
    converted = file.status is FileStatus.SUCCESS
    return BatchFileOut(
        file_id=file.file_id,
        filename=file.filename,
        size=file.size,
        status=file.status,
        conversion_id=file.conversion_id,
        download_url=f"{base_url}/api/v3/conversions/{file.conversion_id}/download" if converted else None,
        error=StoredProblemOut(**problems.render_stored(file.problem, base_url)) if file.problem else None,
        updated_at=file.updated_at,
    )


def _moment(epoch_s: float) -> str:
    return rfc3339(datetime.fromtimestamp(epoch_s, UTC))

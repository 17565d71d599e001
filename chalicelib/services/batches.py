"""Batches: one order for many files, whose objects start their conversions as they arrive."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.conversions.spec import ConversionSpec
from chalicelib.domain.batches import Batch, BatchFile, FileStatus, secret_key
from chalicelib.domain.clock import rfc3339
from chalicelib.domain.errors import Conflict, Gone, NotFound
from chalicelib.domain.filekinds import safe_name
from chalicelib.domain.ids import new_id
from chalicelib.domain.users import User
from chalicelib.services import Service, accounts, batch_uploads, conversions, secret_options, uploads
from chalicelib.services.charge import require_permitted
from chalicelib.services.submission import check_options, file_too_large
from chalicelib.store.files import PresignedPost
from chalicelib.store.pages import Page, Position
from chalicelib.store.uploads import Upload

MOST_FILES = 1_000
PREFIX = "batch/"


@dataclass(frozen=True)
class NewFile:
    """A file that is announced, by name and ``size`` in bytes, or as an upload."""

    filename: str | None
    size: int | None
    upload_id: str | None = None


@dataclass(frozen=True)
class NewBatch:
    """What is ordered: the files, and the options of all of them."""

    spec: ConversionSpec
    options: dict[str, Any]
    files: Sequence[NewFile]


def create(service: Service, owner: User, new: NewBatch) -> tuple[Batch, list[tuple[BatchFile, PresignedPost | None]]]:
    """The batch, and the form that takes each of its files to the bucket, but those that are uploads.

    Raises ``Forbidden``, ``InvalidRequest``, ``PayloadTooLarge``, ``NotFound``, ``UploadMissing``, ``UploadUsed``.
    """
    require_permitted(owner, new.spec.action)
    options = check_options(new.spec, new.options, "body", "options")
    if any((file.size or 0) > service.settings.max_file_bytes for file in new.files):
        raise file_too_large(service.settings)
    sources = [uploads.unused(service, owner, file.upload_id) if file.upload_id else None for file in new.files]
    password = getattr(options, "password", None)
    batch = _batch(service, owner, new, options.for_engine(), has_secret=password is not None)
    if password is not None:
        secret_options.keep(service, secret_key(batch.batch_id), password)
    pairs = zip(new.files, sources, strict=True)
    files = [_file(batch, number, *one) for number, one in enumerate(pairs, start=1)]
    batch_uploads.take(service, batch, files, sources)
    service.store.batches.create(batch, files)
    batch_uploads.begin(service, files, sources)
    lifetime_s = int(service.settings.upload_lifetime_s)
    posts = [
        None if source else service.store.files.presigned_post(file.source_key, file.size, lifetime_s)
        for file, source in zip(files, sources, strict=True)
    ]
    return batch, list(zip(files, posts, strict=True))


def _batch(service: Service, owner: User, new: NewBatch, options: dict[str, Any], *, has_secret: bool) -> Batch:
    now = service.clock()
    return Batch(
        batch_id=new_id(now),
        owner_id=owner.user_id,
        created_at=rfc3339(now),
        slug=new.spec.slug,
        options=options,
        has_secret=has_secret,
        deadline=now.timestamp() + service.settings.upload_lifetime_s,
        counts={FileStatus.WAITING: len(new.files)},
    )


def _file(batch: Batch, number: int, file: NewFile, source: Upload | None) -> BatchFile:
    file_id = f"{number:06d}"
    name = file.filename or (source.filename if source else None)
    return BatchFile(
        batch_id=batch.batch_id,
        file_id=file_id,
        filename=safe_name(name, fallback="document"),
        size=source.size if source else file.size or 0,
        slug=batch.slug,
        source_key=f"{object_prefix(batch.batch_id)}{file_id}",
        status=FileStatus.WAITING,
        updated_at=batch.created_at,
        counted=FileStatus.WAITING,
    )


def object_prefix(batch_id: str) -> str:
    """Where the objects of a batch arrive."""
    return f"{PREFIX}{batch_id}/"


def get(service: Service, actor: User, batch_id: str) -> Batch:
    """A batch in ``actor``'s sight. Raises ``NotFound``."""
    batch = service.store.batches.get(batch_id) if len(batch_id) <= 64 else None
    if batch is None or not accounts.is_in_sight(service, actor, batch.owner_id):
        raise NotFound("There is no such batch.")
    return batch


def own(service: Service, user: User, start: Position | None, limit: int) -> Page[Batch]:
    """A page of the user's batches, newest first."""
    return service.store.batches.page(user.user_id, start, limit)


def has_archive(service: Service, batch: Batch) -> bool:
    """Whether the zip can be downloaded now."""
    archive = batch.archive
    return bool(archive and archive.key and datetime.fromisoformat(archive.expires_at) > service.clock())


def download(service: Service, actor: User, batch_id: str) -> tuple[str, str]:
    """A short-lived URL of the zip, and when it expires. Raises ``NotFound``, ``Conflict``, ``Gone``."""
    batch = get(service, actor, batch_id)
    archive = batch.archive
    if batch.deadline is None:
        raise Conflict("The results of a folder lie beside each other under results/; there is no zip of them.")
    if batch.cancelled_at:
        raise Gone("The batch was cancelled, and its files were removed.")
    if archive is None:
        raise Conflict("The batch is still under way; ask again when its download_url is there.")
    if archive.key is None:
        raise Conflict("No file of the batch was converted; there is nothing to download.")
    if not has_archive(service, batch):
        raise Gone("The results of this batch have expired; convert the files again.")
    return conversions.presigned(service, archive.key, f"batch-{batch_id}.zip", "application/zip")

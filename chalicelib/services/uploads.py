"""Uploads: files that come straight to the bucket, past what one request carries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Never

from chalicelib.conversions.spec import ConversionSpec
from chalicelib.domain.errors import NotFound, PayloadTooLarge, UploadMissing, UploadUsed
from chalicelib.domain.filekinds import safe_name
from chalicelib.domain.ids import is_id, new_id
from chalicelib.domain.users import User
from chalicelib.services import Service, fetches
from chalicelib.services.incoming import IncomingFile, StoredObjectFile
from chalicelib.services.submission import Submission, file_too_large
from chalicelib.store.files import Files, ObjectStat, PresignedPost
from chalicelib.store.transactions import Claim
from chalicelib.store.uploads import Upload, claim_upload

MOST_AT_ONCE = 90
"""Uploads of one conversion: each is an item of the charge's transaction, which holds 100."""


@dataclass(frozen=True)
class NewUpload:
    """A file that a client announces. ``size`` in bytes."""

    filename: str
    size: int
    content_type: str | None = None


def create(service: Service, owner: User, new: NewUpload) -> tuple[Upload, PresignedPost, float]:
    """Room for one file, the form that takes it there, and until when (epoch seconds). Raises ``PayloadTooLarge``."""
    settings, now = service.settings, service.now_s()
    if new.size > settings.max_file_bytes:
        raise file_too_large(settings)
    upload = Upload(
        upload_id=new_id(service.clock()),
        owner_id=owner.user_id,
        filename=safe_name(new.filename, fallback="document"),
        size=new.size,
        expires_at=now + settings.upload_lifetime_s,
    )
    service.store.uploads.create(upload)
    lifetime_s = settings.upload_url_lifetime_s
    post = service.store.files.presigned_post(upload.key, new.size, lifetime_s, new.content_type)
    return upload, post, now + lifetime_s


def submission(
    service: Service, user: User, spec: ConversionSpec, upload_ids: Sequence[str], options: dict[str, Any]
) -> Submission:
    """A submission of ``user``'s uploads, in order. Raises ``NotFound``, ``UploadMissing``, ``PayloadTooLarge``."""
    files: list[IncomingFile] = []
    claims: list[Claim] = []
    consumes: list[ObjectStat] = []
    for upload_id in upload_ids:
        upload = _own(service, user, upload_id)
        if upload.conversion_id:
            files.append(_UsedUpload(upload))
            continue
        file = fetches.file_of(service, upload) if upload.is_fetched else _arrived(service, upload)
        files.append(file)
        if isinstance(file, fetches.PendingFile):
            claims.append(claim_upload(upload, None))
            continue
        claims.append(claim_upload(upload, file.stat))
        consumes.append(file.stat)
    return Submission(spec, files, options, claims, consumes)


def get(service: Service, user: User, upload_id: str) -> Upload:
    """One of ``user``'s uploads. Raises ``NotFound``."""
    return _own(service, user, upload_id)


def unused(service: Service, user: User, upload_id: str) -> Upload:
    """One of ``user``'s uploads that started nothing yet and has come, or comes by URL.

    Raises ``NotFound``, ``UploadUsed``, ``UploadMissing``, ``PayloadTooLarge``, ``FetchFailed``.
    """
    upload = _own(service, user, upload_id)
    if upload.conversion_id:
        _UsedUpload(upload).head()
    if upload.is_fetched:
        fetches.file_of(service, upload)
    else:
        _arrived(service, upload)
    return upload


def identity_of(upload: Upload) -> bytes | None:
    """What a fingerprint covers of an upload by URL, whose bytes nobody may have seen yet: which one it is."""
    return upload.upload_id.encode() if upload.is_fetched else None


def _own(service: Service, user: User, upload_id: str) -> Upload:
    upload = service.store.uploads.get(upload_id) if is_id(upload_id) else None
    if upload is None or upload.owner_id != user.user_id or upload.expires_at <= service.now_s():
        raise NotFound("There is no such upload; it may have expired. Make a new one by POST /api/v3/uploads.")
    return upload


def _arrived(service: Service, upload: Upload) -> StoredObjectFile:
    stat = service.store.files.stat(upload.key)
    if stat is None:
        raise UploadMissing(
            f"The file of upload {upload.upload_id} has not arrived; post it to the upload's url first."
        )
    if stat.size > upload.size:
        raise PayloadTooLarge(f"The file has {stat.size} bytes, and the upload was made for {upload.size}.")
    return StoredObjectFile(upload.filename, stat, service.store.files)


@dataclass(frozen=True)
class _UsedUpload:
    """An upload that started a conversion: good for the repeat of that request, and for nothing else."""

    upload: Upload
    awaits: None = None

    @property
    def name(self) -> str:
        """The name that it was announced with."""
        return self.upload.filename

    @property
    def size(self) -> int:
        """Bytes."""
        return self.upload.size

    def identity(self) -> bytes:
        """What it was when it was used: see ``StoredObjectFile``."""
        return identity_of(self.upload) or f"{self.upload.etag} {self.upload.size}".encode()

    def head(self) -> bytes:
        """Raises ``UploadUsed``."""
        self._refuse()

    def tail(self) -> bytes:
        """Raises ``UploadUsed``."""
        self._refuse()

    def store(self, files: Files, key: str) -> None:
        """Raises ``UploadUsed``."""
        self._refuse()

    def _refuse(self) -> Never:
        message = f"Upload {self.upload.upload_id} started a conversion already; make a new upload for another one."
        raise UploadUsed(message)

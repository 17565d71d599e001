"""Uploads in DynamoDB: who may use which object, once."""

from dataclasses import dataclass

from chalicelib.domain.batches import BatchPlace
from chalicelib.store.conditional import update_if
from chalicelib.store.files import ObjectStat
from chalicelib.store.tables_files import UploadItem
from chalicelib.store.transactions import SOURCE, Claim, Write

TTL_SLACK_S = 3_600
_BATCH = "batch"
FETCHED = "fetched/"
"""Where files lie that came by URL: of these the bucket tells."""


def prefix_of(owner_id: str) -> str:
    """Where the uploads of a user lie."""
    return f"uploads/{owner_id}/"


@dataclass(frozen=True)
class Upload:
    """Room for one file. ``size`` is what was declared, in bytes, and once it was used what came;
    ``expires_at`` epoch seconds, ``etag`` that of the object that was used;
    ``conversion_id`` what it became."""

    upload_id: str
    owner_id: str
    filename: str
    size: int
    expires_at: float
    etag: str | None = None
    conversion_id: str | None = None
    is_fetched: bool = False

    @property
    def place(self) -> BatchPlace | None:
        """The file of a batch that it became."""
        kind, *place = (self.conversion_id or "").split("#")
        return BatchPlace(*place) if kind == _BATCH else None

    @property
    def key(self) -> str:
        """Where its object lies."""
        return (
            f"{FETCHED}{self.owner_id}/{self.upload_id}"
            if self.is_fetched
            else prefix_of(self.owner_id) + self.upload_id
        )


class Uploads:
    """Reads and writes of the table of uploads; they are used inside transactions only."""

    def get(self, upload_id: str) -> Upload | None:
        """The upload, read consistently; expired ones too."""
        try:
            item = UploadItem.get(upload_id, consistent_read=True)
        except UploadItem.DoesNotExist:
            return None
        return Upload(
            upload_id=item.upload_id,
            owner_id=item.owner_id,
            filename=item.filename,
            size=int(item.size),
            expires_at=float(item.expires_at),
            etag=item.etag,
            conversion_id=item.conversion_id,
            is_fetched=bool(item.is_fetched),
        )

    def assign(self, upload: Upload, place: BatchPlace) -> bool:
        """Let an upload be a file of a batch; False when it was used already."""
        taken = UploadItem.conversion_id.set(f"{_BATCH}#{place.batch_id}#{place.file_id}")
        unused = UploadItem.upload_id.exists() & UploadItem.conversion_id.does_not_exist()
        return update_if(UploadItem(upload.upload_id), [taken], unused)

    def release(self, upload: Upload) -> None:
        """Let an upload be unused again, of which nothing came."""
        update_if(UploadItem(upload.upload_id), [UploadItem.conversion_id.remove()], UploadItem.upload_id.exists())

    def create(self, upload: Upload) -> None:
        """Write a new upload."""
        item = UploadItem(
            upload_id=upload.upload_id,
            owner_id=upload.owner_id,
            filename=upload.filename,
            size=upload.size,
            expires_at=upload.expires_at,
            ttl=int(upload.expires_at) + TTL_SLACK_S,
            is_fetched=upload.is_fetched or None,
        )
        item.save(condition=UploadItem.upload_id.does_not_exist())


def claim_upload(upload: Upload, stat: ObjectStat | None) -> Claim:
    """The write by which a conversion uses ``upload``, whose object is that of ``stat``; None: it is on its way."""
    unused = UploadItem.upload_id.exists() & UploadItem.conversion_id.does_not_exist()

    def claim(conversion_id: str) -> Write:
        actions = [UploadItem.conversion_id.set(conversion_id)]
        if stat:
            actions += [UploadItem.etag.set(stat.etag), UploadItem.size.set(stat.size)]
        return Write(SOURCE, UploadItem(upload.upload_id), unused, actions)

    return claim

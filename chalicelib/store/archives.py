"""Zip archives written straight into the bucket, in memory that does not grow with them."""

import time
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any, cast

from botocore.exceptions import ClientError

from chalicelib.domain.archive_names import MemberNames
from chalicelib.store.files import ObjectChanged, is_absent

PART_BYTES = 8 * 1024 * 1024
"""A part of the multipart upload: S3 takes 10,000, so that an archive has at most 80 GB."""

_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Member:
    """A file of an archive: its wanted name, and the key of the object to copy, or the content itself."""

    name: str
    source: str | bytes


class Archives:
    """Archives in the bucket."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client, self._bucket = client, bucket

    def write(self, key: str, members: Iterable[Member]) -> int:
        """Write ``members`` as a zip to ``key``; its size in bytes. ``members`` may be made while it is written.

        Raises ``ObjectChanged`` when a source is gone. Whatever is raised, ``key`` is as it was before.
        """
        upload = _Upload(self._client, self._bucket, key)
        try:
            # Any reader can stream deflated members; stored ones of unknown checksum many refuse.
            with zipfile.ZipFile(cast("IO[bytes]", upload), "w", zipfile.ZIP_DEFLATED) as archive:
                names = MemberNames()
                for member in members:
                    self._add(archive, names.take(member.name), member.source)
            return upload.finish()
        except BaseException:
            upload.abort()
            raise

    def _add(self, archive: zipfile.ZipFile, name: str, source: str | bytes) -> None:
        entry = zipfile.ZipInfo(name, time.gmtime()[:6])
        entry.compress_type = zipfile.ZIP_DEFLATED
        if isinstance(source, bytes):
            archive.writestr(entry, source)
            return
        answer = self._get(source)
        # The size decides about ZIP64 before the first byte.
        entry.file_size = answer["ContentLength"]
        # Results are compressed already: level 0 copies them. Python has no public name for it before 3.13.
        entry._compresslevel = 0  # type: ignore[attr-defined]
        with archive.open(entry, "w") as file:
            for chunk in answer["Body"].iter_chunks(_CHUNK):
                file.write(chunk)

    def _get(self, key: str) -> Any:
        try:
            return self._client.get_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            raise ObjectChanged(key) if is_absent(error) else error from error


class _Upload:
    """A file to write to from front to back, whose bytes go to S3 part by part; a small one in one put."""

    def __init__(self, client: Any, bucket: str, key: str) -> None:
        self._client, self._place = client, {"Bucket": bucket, "Key": key}
        self._buffer = bytearray()
        self._upload: dict[str, str] = {}
        self._parts: list[dict[str, Any]] = []
        self._size = 0

    def write(self, data: bytes) -> int:
        """Take ``data``; sends what makes whole parts."""
        self._buffer += data
        self._size += len(data)
        while len(self._buffer) >= PART_BYTES:
            self._send(PART_BYTES)
        return len(data)

    def flush(self) -> None:
        """Nothing: S3 takes whole parts only."""

    def finish(self) -> int:
        """Put the object in its place; its size in bytes."""
        if not self._upload:
            self._client.put_object(**self._place, Body=bytes(self._buffer), ContentType="application/zip")
            return self._size
        if self._buffer:
            self._send(len(self._buffer))
        self._client.complete_multipart_upload(**self._upload, MultipartUpload={"Parts": self._parts})
        return self._size

    def abort(self) -> None:
        """Drop what was sent; the bucket's lifecycle does it when this fails."""
        if self._upload:
            with suppress(Exception):
                self._client.abort_multipart_upload(**self._upload)

    def _send(self, size: int) -> None:
        if not self._upload:
            begun = self._client.create_multipart_upload(**self._place, ContentType="application/zip")
            self._upload = self._place | {"UploadId": begun["UploadId"]}
        number = len(self._parts) + 1
        with memoryview(self._buffer) as view:
            body = bytes(view[:size])
        del self._buffer[:size]
        answer = self._client.upload_part(**self._upload, PartNumber=number, Body=body)
        self._parts.append({"PartNumber": number, "ETag": answer["ETag"]})

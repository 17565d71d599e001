"""Objects in the bucket: inputs, results, and short-lived URLs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from botocore.exceptions import ClientError

_CHUNK = 1024 * 1024
_ABSENT = {"404", "NoSuchKey", "NotFound"}
_CHANGED = {"412", "PreconditionFailed", "416", "InvalidRange", *_ABSENT}
_UNREADABLE = {"400", "403", "BadRequest", "Forbidden", "AccessDenied", "InvalidObjectState", "InvalidRequest"}


class ObjectChanged(Exception):
    """The object is not the one any more that was looked at: it was replaced, or is gone."""


class ObjectUnreadable(Exception):
    """The object is there, and S3 does not hand it out: it is archived, or encrypted with somebody's own key."""


@dataclass(frozen=True)
class ObjectStat:
    """One version of an object: ``size`` in bytes, ``etag`` without its quotes, ``modified`` in epoch seconds."""

    key: str
    size: int
    etag: str
    modified: float = 0

    @property
    def put_name(self) -> str:
        """Names this very put of it, by what S3 tells in every answer."""
        return f"{self.etag} {self.modified:.3f}"

    @property
    def quoted(self) -> str:
        """The ETag as conditional requests have it (RFC 9110)."""
        return f'"{self.etag}"'


@dataclass(frozen=True)
class PresignedPost:
    """Where and with which form fields a client posts a file straight to the bucket."""

    url: str
    fields: dict[str, str]


class Files:
    """The bucket."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    @property
    def origin(self) -> str:
        """Scheme and host of presigned addresses: where a browser sends and fetches files."""
        scheme, _, rest = self.download_url("any", "any", "text/plain", 1).partition("://")
        return f"{scheme}://{rest.partition('/')[0]}"

    def put(self, key: str, body: bytes, secret: bool = False) -> None:
        """Store ``body``; a ``secret`` one under a key of KMS."""
        extra = {"ServerSideEncryption": "aws:kms"} if secret else {}
        self._client.put_object(Bucket=self._bucket, Key=key, Body=body, **extra)

    def put_file(self, key: str, path: Path, media_type: str) -> None:
        """Store the file at ``path``."""
        with path.open("rb") as body:
            self._client.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType=media_type)

    def get(self, key: str) -> bytes:
        """The whole object: for small ones."""
        body: bytes = self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        return body

    def fetch(self, key: str, path: Path) -> None:
        """Write the object to ``path`` in chunks."""
        body = self._client.get_object(Bucket=self._bucket, Key=key)["Body"]
        with path.open("wb") as file:
            for chunk in body.iter_chunks(_CHUNK):
                file.write(chunk)

    def stat(self, key: str) -> ObjectStat | None:
        """What is under ``key``; None when there is nothing. Raises ``ObjectUnreadable``."""
        try:
            head = self._client.head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if is_absent(error):
                return None
            raise _unreadable(error, key) from error
        return ObjectStat(key, head["ContentLength"], head["ETag"].strip('"'), head["LastModified"].timestamp())

    def part(self, stat: ObjectStat, start: int, length: int) -> bytes:
        """At most ``length`` bytes from ``start`` on. Raises ``ObjectChanged``, ``ObjectUnreadable``."""
        bounds = f"bytes={start}-{start + length - 1}"
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=stat.key, Range=bounds, IfMatch=stat.quoted)
        except ClientError as error:
            raise _changed(error, stat) from error
        body: bytes = answer["Body"].read()
        return body

    def copy(self, stat: ObjectStat, key: str) -> None:
        """Copy the object to ``key`` without its bytes coming here. Raises ``ObjectChanged``, ``ObjectUnreadable``."""
        source = {"Bucket": self._bucket, "Key": stat.key}
        try:
            self._client.copy_object(Bucket=self._bucket, Key=key, CopySource=source, CopySourceIfMatch=stat.quoted)
        except ClientError as error:
            raise _changed(error, stat) from error

    def presigned_post(self, key: str, size: int, lifetime_s: int, media_type: str | None = None) -> PresignedPost:
        """A form that takes one file of 1 to ``size`` bytes to ``key``, and to nowhere else."""
        conditions: list[Any] = [["content-length-range", 1, size]]
        fields = {"Content-Type": media_type} if media_type else {}
        answer = self._client.generate_presigned_post(
            Bucket=self._bucket,
            Key=key,
            Fields=dict(fields),
            Conditions=conditions + [{name: value} for name, value in fields.items()],
            ExpiresIn=lifetime_s,
        )
        return PresignedPost(answer["url"], answer["fields"])

    def upload_url(self, key: str, lifetime_s: int) -> str:
        """A presigned URL which takes one object to ``key``."""
        parameters = {"Bucket": self._bucket, "Key": key}
        url: str = self._client.generate_presigned_url("put_object", Params=parameters, ExpiresIn=lifetime_s)
        return url

    def delete(self, keys: Iterable[str]) -> None:
        """Delete objects; absent ones are no error. At most 1,000."""
        objects = [{"Key": key} for key in keys]
        if objects:
            self._client.delete_objects(Bucket=self._bucket, Delete={"Objects": objects, "Quiet": True})

    def delete_under(self, prefix: str) -> None:
        """Delete every object whose key begins with ``prefix``."""
        for page in self._pages_under(prefix):
            self.delete(page)

    def keys_under(self, prefix: str) -> Iterator[str]:
        """The keys that begin with ``prefix``."""
        return (key for page in self._pages_under(prefix) for key in page)

    def _pages_under(self, prefix: str) -> Iterator[list[str]]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        return ([one["Key"] for one in page.get("Contents", ())] for page in pages)

    def delete_version(self, stat: ObjectStat) -> None:
        """Delete the object that was looked at; one that took its place stays."""
        try:
            self._client.delete_object(Bucket=self._bucket, Key=stat.key, IfMatch=stat.quoted)
        except ClientError as error:
            if _code(error) not in _CHANGED:
                raise

    def download_url(self, key: str, name: str, media_type: str, lifetime_s: int) -> str:
        """A presigned URL which serves the object under its download ``name`` (RFC 6266, any Unicode)."""
        plain = "".join(char if " " <= char <= "~" and char not in '"\\%' else "_" for char in name)
        disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
        parameters = {
            "Bucket": self._bucket,
            "Key": key,
            "ResponseContentDisposition": disposition,
            "ResponseContentType": media_type,
        }
        url: str = self._client.generate_presigned_url("get_object", Params=parameters, ExpiresIn=lifetime_s)
        return url


def is_absent(error: ClientError) -> bool:
    """Whether S3 says that there is no such object."""
    return _code(error) in _ABSENT


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _changed(error: ClientError, stat: ObjectStat) -> Exception:
    """``ObjectChanged`` or ``ObjectUnreadable`` when that is what S3 says, else the error itself."""
    return ObjectChanged(stat.key) if _code(error) in _CHANGED else _unreadable(error, stat.key)


def _unreadable(error: ClientError, key: str) -> Exception:
    code = _code(error)
    return ObjectUnreadable(key, code) if code in _UNREADABLE or code.startswith("KMS.") else error

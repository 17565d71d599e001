"""Objects in the bucket: inputs, results, and short-lived URLs."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

_CHUNK = 1024 * 1024


class Files:
    """The bucket."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

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

    def delete(self, keys: Iterable[str]) -> None:
        """Delete objects; absent ones are no error. At most 1,000."""
        objects = [{"Key": key} for key in keys]
        if objects:
            self._client.delete_objects(Bucket=self._bucket, Delete={"Objects": objects, "Quiet": True})

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

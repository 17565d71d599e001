"""Zip archives in the bucket: whole, and written in bounded memory."""

import io
import os
import tracemalloc
import zipfile
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from chalicelib.services import Service
from chalicelib.store import archives
from chalicelib.store.archives import Archives, Member
from chalicelib.store.files import ObjectChanged
from tests.support.stack import Stack

MIB = 1024 * 1024


@pytest.fixture
def key() -> str:
    """Where the archive goes."""
    return f"archives/{uuid4().hex}.zip"


def unpacked(service: Service, key: str) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(service.store.files.get(key))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_members_come_from_objects_and_from_content_when_both_are_given(service: Service, key: str) -> None:
    service.store.files.put(f"{key}.source", b"a result")
    members = [Member("a.pdf", f"{key}.source"), Member("a.pdf", b"{}"), Member("empty.json", b"")]
    size = service.store.archives.write(key, members)
    assert size == len(service.store.files.get(key))
    assert unpacked(service, key) == {"a.pdf": b"a result", "a (2).pdf": b"{}", "empty.json": b""}


def test_an_archive_without_members_is_an_archive(service: Service, key: str) -> None:
    service.store.archives.write(key, [])
    assert unpacked(service, key) == {}


def test_a_large_archive_goes_up_in_parts_and_comes_back_whole(service: Service, key: str) -> None:
    body = os.urandom(3 * MIB)
    service.store.files.put(f"{key}.source", body)
    size = service.store.archives.write(key, [Member("x.pdf", f"{key}.source")] * 6)
    assert size > 2 * archives.PART_BYTES
    names = ["x.pdf", *(f"x ({number}).pdf" for number in range(2, 7))]
    assert unpacked(service, key) == dict.fromkeys(names, body)


@pytest.mark.parametrize("before", [0, 4], ids=["nothing was sent", "parts were sent"])
def test_nothing_stays_when_a_source_is_gone(service: Service, stack: Stack, key: str, before: int) -> None:
    service.store.files.put(f"{key}.source", os.urandom(3 * MIB))
    members = [Member("x", f"{key}.source")] * before + [Member("y", f"{key}.absent")]
    with pytest.raises(ObjectChanged):
        service.store.archives.write(key, members)
    assert service.store.files.stat(key) is None
    assert "Uploads" not in stack.s3.list_multipart_uploads(Bucket=service.settings.bucket)


class Body:
    """An object's bytes, made while they are read."""

    def __init__(self, size: int) -> None:
        self.size = size

    def iter_chunks(self, size: int) -> Iterator[bytes]:
        for start in range(0, self.size, size):
            yield bytes(min(size, self.size - start))


class Sink:
    """An S3 that serves members of one size, and keeps nothing of what is sent but its length."""

    def __init__(self, member_bytes: int) -> None:
        self.member_bytes = member_bytes
        self.parts: list[int] = []
        self.aborted = False

    def get_object(self, **_: Any) -> dict[str, Any]:
        return {"ContentLength": self.member_bytes, "Body": Body(self.member_bytes)}

    def create_multipart_upload(self, **_: Any) -> dict[str, Any]:
        return {"UploadId": "1"}

    def upload_part(self, Body: bytes, **_: Any) -> dict[str, Any]:  # noqa: N803 - S3's name
        self.parts.append(len(Body))
        return {"ETag": "e"}

    def complete_multipart_upload(self, **_: Any) -> None:
        pass

    def abort_multipart_upload(self, **_: Any) -> None:
        self.aborted = True


def test_memory_stays_bounded_when_members_are_many_times_larger() -> None:
    sink = Sink(10 * MIB)
    tracemalloc.start()
    try:
        size = Archives(sink, "b").write("k", (Member("x.pdf", "source") for _ in range(10)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sum(sink.parts) == size > 100 * MIB
    assert set(sink.parts[:-1]) == {archives.PART_BYTES}
    assert peak < 4 * archives.PART_BYTES, f"{peak / MIB:.0f} MiB"


def test_the_upload_is_dropped_when_s3_refuses_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    sink = Sink(10 * MIB)
    monkeypatch.setattr(sink, "upload_part", broken)
    with pytest.raises(ConnectionError):
        Archives(sink, "b").write("k", [Member("x.pdf", "source")])
    assert sink.aborted


def broken(**_: Any) -> None:
    raise ConnectionError("S3 is away")

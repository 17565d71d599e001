"""Batches: many files converted by one order, or dropped into a folder; what each file has come to."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from chalicelib.domain.errors import Problem


class FileStatus(StrEnum):
    """What a file of a batch has come to."""

    WAITING = "waiting"
    PROCESSING = "processing"
    SUCCESS = "success"
    FAILED = "failed"
    MISSING = "missing"

    @property
    def rank(self) -> int:
        """A conversion takes a file from a lower to a higher one: it waits, is converted, has ended."""
        return {FileStatus.WAITING: 0, FileStatus.PROCESSING: 1}.get(self, 2)


FileCounts = dict[FileStatus, int]


@dataclass(frozen=True)
class BatchPlace:
    """Which file of which batch a conversion is of."""

    batch_id: str
    file_id: str


@dataclass(frozen=True)
class BatchFile:
    """One file. ``source_key`` is where it arrives, ``size`` in bytes, ``counted`` as what the batch has counted it."""

    batch_id: str
    file_id: str
    filename: str
    size: int
    slug: str | None
    source_key: str
    status: FileStatus
    updated_at: str
    counted: FileStatus | None = None
    conversion_id: str | None = None
    problem: Problem | None = None

    @property
    def place(self) -> BatchPlace:
        """Its place."""
        return BatchPlace(self.batch_id, self.file_id)

    @property
    def has_ended(self) -> bool:
        """Whether its end is counted."""
        return self.counted is not None and self.counted.rank == FileStatus.SUCCESS.rank


@dataclass(frozen=True)
class Archive:
    """The zip of a batch's results. ``size`` in bytes; without a ``key`` there was nothing to pack."""

    key: str | None
    size: int
    expires_at: str


@dataclass(frozen=True)
class Batch:
    """One batch. ``slug`` is None for what was dropped into folders on one day; ``deadline`` is epoch seconds,
    by which every file must have arrived; a folder's batch has none and never finishes."""

    batch_id: str
    owner_id: str
    created_at: str
    slug: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    has_secret: bool = False
    deadline: float | None = None
    due_at: float | None = None
    counts: FileCounts = field(default_factory=dict)
    finished_at: str | None = None
    cancelled_at: str | None = None
    archive: Archive | None = None

    @property
    def total(self) -> int:
        """How many files it has."""
        return sum(self.counts.values())

    @property
    def has_ended(self) -> bool:
        """Whether every file has."""
        return all(not count for status, count in self.counts.items() if status.rank < FileStatus.SUCCESS.rank)


def secret_key(batch_id: str) -> str:
    """Where a batch's secret option waits until all of its files have ended."""
    return f"batches/{batch_id}/secret"


def archive_key(batch_id: str) -> str:
    """Where a batch's zip lies."""
    return f"archives/{batch_id}.zip"

"""What the service tells: conversions, batches, ledger entries, and how far something is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Generic, Literal, Self, TypeVar

from convertpro.errors import ConvertProError

T = TypeVar("T")


class _FromJson:
    """Built from a body's object; fields that this release does not know are left out."""

    @classmethod
    def of(cls, body: Mapping[str, Any], **more: Any) -> Self:
        """The value that ``body`` tells of."""
        known = {one.name for one in fields(cls)}  # type: ignore[arg-type]
        return cls(**{name: value for name, value in body.items() if name in known}, **more)


@dataclass(frozen=True)
class Progress:
    """How far something is: pages or files of an engine, bytes of an upload or a download; ``total`` 0 is unknown."""

    phase: Literal["upload", "convert", "download"]
    done: int
    total: int
    unit: str


OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, kw_only=True)
class Conversion(_FromJson):
    """A conversion as its row tells. ``points_charged`` is net; ``remaining_balance`` is none for super users."""

    conversion_id: str
    action: str
    status: Literal["processing", "success", "failed"]
    input_filename: str
    created_at: str
    updated_at: str
    progress: dict[str, Any] | None = None
    output_filename: str | None = None
    output_size: int | None = None
    output_sha256: str | None = None
    download_url: str | None = None
    expires_at: str | None = None
    points_charged: int = 0
    remaining_balance: int | None = None
    warnings: list[str]
    report: dict[str, Any]
    error: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class LedgerEntry(_FromJson):
    """One movement of points; what was spent is negative."""

    id: str
    action: str | None
    amount: int
    status: str
    conversion_id: str | None
    balance_after: int
    note: str | None
    created_by: str
    created_at: str


@dataclass(frozen=True, kw_only=True)
class Batch(_FromJson):
    """A batch: counts by status, and its first files with what each has come to."""

    batch_id: str
    slug: str | None
    total: int
    counts: dict[str, int]
    has_ended: bool
    download_url: str | None
    created_at: str
    expires_at: str | None
    options: dict[str, Any]
    files: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Webhook(_FromJson):
    """An address that is told of ``events``. ``secret`` is shown once, when it is made or rotated."""

    webhook_id: str
    url: str
    events: list[str]
    is_active: bool
    created_at: str
    disabled_at: str | None = None
    secret: str | None = field(default=None, repr=False)
    overlap_ends_at: str | None = None


@dataclass(frozen=True, kw_only=True)
class Delivery(_FromJson):
    """An event on its way to a webhook; ``tries`` hold ``at``, and ``status`` or a ``note``."""

    message_id: str
    type: str
    state: Literal["pending", "delivered", "failed"]
    created_at: str
    next_try_at: str | None
    tries: list[dict[str, Any]]


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some items, newest first; with ``next_cursor`` there are more."""

    items: list[T]
    next_cursor: str | None


@dataclass(frozen=True)
class Outcome:
    """What a file has come to: saved anew, ``unchanged`` since it was saved before, or an ``error``."""

    source: Path
    destination: Path
    conversion: Conversion | None = None
    error: ConvertProError | None = None
    unchanged: bool = False


@dataclass(frozen=True)
class FolderOutcome:
    """What a folder has come to: an outcome for each file, and the files that the target does not take."""

    outcomes: list[Outcome]
    left_alone: list[Path]

    @property
    def failed(self) -> list[Outcome]:
        """The files that were not converted, each with its error."""
        return [one for one in self.outcomes if one.error is not None]


OnOutcome = Callable[[Outcome], None]

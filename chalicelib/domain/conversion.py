"""The conversion's row and its state machine: processing → success or failed, once."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from chalicelib.domain.batches import BatchPlace
from chalicelib.domain.errors import Problem
from chalicelib.domain.users import Role
from chalicelib.domain.versions import ANONYMOUS


class Status(StrEnum):
    """The states a client sees."""

    PROCESSING = "processing"
    SUCCESS = "success"
    FAILED = "failed"


class Lane(StrEnum):
    """On whose time a conversion runs: somebody waits for it, or it is one of many. Each has queues of its own."""

    INTERACTIVE = "interactive"
    BATCH = "batch"


@dataclass(frozen=True)
class LineKey:
    """Names a line: of one user, in one lane."""

    owner_id: str
    lane: Lane

    def __str__(self) -> str:
        return f"{self.owner_id}#{self.lane.value}"

    @classmethod
    def parse(cls, text: str) -> "LineKey":
        """The key that ``text`` is of."""
        owner_id, _, lane = text.rpartition("#")
        return cls(owner_id, Lane(lane))


@dataclass(frozen=True)
class StoredFile:
    """An object in the bucket. ``kind`` is what its bytes say, ``size`` in bytes; ``awaits`` is the upload by URL that
    it comes from, while that one is on its way."""

    key: str
    name: str
    kind: str
    size: int
    awaits: str | None = None


@dataclass(frozen=True)
class Result:
    """What a successful run left behind."""

    file: StoredFile
    sha256: str
    warnings: tuple[str, ...]
    report: dict[str, Any]


@dataclass(frozen=True)
class Lease:
    """Who works on the row, and until when (epoch seconds); nobody else may settle it meanwhile."""

    owner: str | None = None
    until: float = 0
    attempts: int = 0


@dataclass(frozen=True)
class Conversion:
    """One conversion. ``points_charged`` is net, ``balance_after`` the owner's balance after its last movement,
    ``owner_role`` what the owner was at the request, ``place`` the file of a batch that it is of. ``is_waiting``: no
    worker took it yet and it is not known to have been called from its line; ``called_at`` (epoch seconds) is when it
    was, if it had to wait; ``delivers``: its result is put to a URL."""

    conversion_id: str
    owner_id: str
    action: str
    status: Status
    inputs: tuple[StoredFile, ...]
    options: dict[str, Any]
    created_at: str
    updated_at: str
    points_charged: int = 0
    balance_after: int | None = None
    version: str = "v3"
    owner_role: Role = Role.GENERAL
    has_secret: bool = False
    is_waiting: bool = False
    called_at: float | None = None
    progress: dict[str, Any] | None = None
    lease: Lease = field(default_factory=Lease)
    due_at: float = 0
    result: Result | None = None
    problem: Problem | None = None
    expires_at: str | None = None
    deleted: bool = False
    place: BatchPlace | None = None
    delivers: bool = False

    @property
    def awaited(self) -> tuple[str, ...]:
        """The uploads by URL that it waits for; no worker may take it before they have come."""
        return tuple(one.awaits for one in self.inputs if one.awaits)

    @property
    def prefix(self) -> str:
        """Where all objects of this conversion live."""
        return object_prefix(self.conversion_id)

    def result_key(self, attempt: int) -> str:
        """Where an attempt leaves its result: apart, so that a worker that lost its lease overwrites no other's."""
        return f"{self.prefix}out/{attempt}"

    @property
    def lane(self) -> Lane:
        """Files of batches run on their own time."""
        return Lane.BATCH if self.place else Lane.INTERACTIVE

    @property
    def line(self) -> LineKey | None:
        """The line it belongs to. Callers without an account have none: all of them would share it."""
        return None if self.owner_id == ANONYMOUS.user_id else LineKey(self.owner_id, self.lane)

    @property
    def is_open(self) -> bool:
        """Whether the conversion has not ended yet."""
        return self.status is Status.PROCESSING

    def refunded(self, balance_after: int | None) -> "Conversion":
        """The row as it stands after its refund."""
        return replace(self, points_charged=0, balance_after=balance_after)


def object_prefix(conversion_id: str) -> str:
    """The bucket prefix of a conversion's objects."""
    return f"conversions/{conversion_id}/"

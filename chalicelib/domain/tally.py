"""What is counted of a conversion that ended, and which counters it adds to."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.users import Role

TOTAL = "total"
"""In place of the day: the bucket of all time."""


class CounterKey(NamedTuple):
    """A counter: of whom (a user's id, or everybody of a role), and of what (day or all time, and action)."""

    scope: str
    bucket: str


@dataclass(frozen=True)
class Counts:
    """Sums over conversions that ended. ``points`` is net of refunds; latency is from the request to the end."""

    requests: int = 0
    succeeded: int = 0
    failed: int = 0
    points: int = 0
    latency_ms: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))

    @property
    def success_rate(self) -> float | None:
        """Share of successes, 0 to 1; None when nothing ended."""
        return round(self.succeeded / self.requests, 4) if self.requests else None

    @property
    def average_latency_ms(self) -> int | None:
        """Milliseconds from request to end; None when nothing ended."""
        return round(self.latency_ms / self.requests) if self.requests else None


@dataclass(frozen=True)
class Ended:
    """A conversion that ended, as far as it is counted; all of it is final. Times are RFC 3339."""

    conversion_id: str
    owner_id: str
    owner_role: Role
    action: str
    succeeded: bool
    points: int
    created_at: str
    ended_at: str

    @property
    def day(self) -> str:
        """The day that it counts for: of the request, in UTC."""
        return self.created_at[:10]

    @property
    def ended_s(self) -> float:
        """When it ended, in epoch seconds."""
        return datetime.fromisoformat(self.ended_at).timestamp()

    @property
    def keys(self) -> tuple[CounterKey, ...]:
        """The counters that it adds to."""
        scopes = (self.owner_id, scope_of_all(self.owner_role))
        return tuple(CounterKey(scope, bucket_of(when, self.action)) for scope in scopes for when in (self.day, TOTAL))

    @property
    def counts(self) -> Counts:
        """What it adds to each of them."""
        latency = datetime.fromisoformat(self.ended_at) - datetime.fromisoformat(self.created_at)
        latency_ms = max(0, round(latency.total_seconds() * 1000))
        return Counts(1, int(self.succeeded), int(not self.succeeded), self.points, latency_ms)


def scope_of_all(role: Role) -> str:
    """The scope of everybody who had ``role`` at the request: by role, since admins don't see all."""
    return f"all#{role.value}"


def bucket_of(when: str, action: str) -> str:
    """The bucket of a day (``2026-03-02``), or of all time, and an action."""
    return f"{when}#{action}"


def sums(rows: Iterable[Ended]) -> dict[CounterKey, Counts]:
    """What ``rows``, each counted once, add to every counter."""
    found: dict[CounterKey, Counts] = {}
    for row in rows:
        for key in row.keys:
            found[key] = found.get(key, Counts()) + row.counts
    return found

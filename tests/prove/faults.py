"""What goes wrong at the calls of one part: it is killed before or after one, or some of them meet trouble."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import TypeVar

from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

Answer = TypeVar("Answer")
ENDPOINT = "http://aws.invalid"


class Killed(BaseException):
    """The process of this part is gone: nothing in it runs any more."""


class Trouble(StrEnum):
    """What a call can meet."""

    CONFLICT = "transaction conflict"
    THROTTLED = "throttled"
    OVER_CAPACITY = "throughput exceeded"
    BROKEN = "internal server error"
    UNREACHABLE = "connect time-out"
    UNANSWERED = "read time-out, nothing done"
    LOST_ANSWER = "answer lost, all done"


CODES = {
    Trouble.CONFLICT: "TransactionConflictException",
    Trouble.THROTTLED: "ThrottlingException",
    Trouble.OVER_CAPACITY: "ProvisionedThroughputExceededException",
    Trouble.BROKEN: "InternalServerError",
}
_KILLABLE_CALLS = 16
_TROUBLED_CALLS = 10
_BURSTS = (1, 1, 1, 2, 3, 4, 5, 8, 40)
"""Up to 3 in a row botocore mends, more reach the code, and 40 outlast every budget."""


@dataclass(frozen=True)
class Fate:
    """At which of its calls, counted from 0, a part is killed, and at which ones it meets ``trouble``.

    Only calls whose label begins with ``only`` are counted.
    """

    killed_at: int | None = None
    killed_after: bool = False
    trouble: Trouble | None = None
    troubled_from: int = 0
    troubled_calls: int = 0
    only: str = ""

    @classmethod
    def draw(cls, dice: Random, kills: float, troubles: float) -> "Fate":
        """A fate: killed with the probability ``kills``, troubled with ``troubles``."""
        killed_at = dice.randrange(_KILLABLE_CALLS) if dice.random() < kills else None
        trouble = dice.choice(list(Trouble)) if dice.random() < troubles else None
        return cls(killed_at, dice.random() < 0.5, trouble, dice.randrange(_TROUBLED_CALLS), dice.choice(_BURSTS))

    def trouble_at(self, call: int) -> Trouble | None:
        """What the call meets."""
        troubled = self.troubled_from <= call < self.troubled_from + self.troubled_calls
        return self.trouble if troubled else None


class Passage:
    """Every call of one part goes through here, and meets its fate. ``met`` counts what happened."""

    def __init__(self, fate: Fate, met: Counter[str], pause: Callable[[], None]) -> None:
        self.calls = 0
        self.story: list[str] = []
        self._fate = fate
        self._met = met
        self._pause = pause
        self._is_dead = False

    def cross(
        self, label: str, call: Callable[[], Answer], refuse: Callable[[Trouble], Answer | Exception | None]
    ) -> Answer:
        """Make ``call``, or meet fate. ``refuse`` says what is answered or raised then; None: it can't happen here."""
        if self._is_dead:
            raise Killed
        self._pause()
        if not label.startswith(self._fate.only):
            return call()
        at = self.calls
        self.calls += 1
        if self._fate.killed_at == at and not self._fate.killed_after:
            self._die(f"killed before {label}")
        trouble = self._fate.trouble_at(at)
        if trouble and trouble is not Trouble.LOST_ANSWER:
            refusal = refuse(trouble)
            if refusal is not None:
                self.note(f"{label}: {trouble}", trouble)
                if isinstance(refusal, Exception):
                    raise refusal
                return refusal
        answer = call()
        self.story.append(label)
        if self._fate.killed_at == at:
            self._die(f"killed after {label}")
        if trouble is Trouble.LOST_ANSWER:
            self.note(f"{label}: {trouble}", trouble)
            raise ReadTimeoutError(endpoint_url=ENDPOINT)
        return answer

    def note(self, what: str, kind: str) -> None:
        """Tell what happened, and count its kind."""
        self.story.append(what)
        self._met[kind] += 1

    def _die(self, last: str) -> None:
        self._is_dead = True
        self.note(last, "killed after a call" if self._fate.killed_after else "killed before a call")
        raise Killed


def timed_out(trouble: Trouble) -> Exception | None:
    """What botocore raises when no answer comes; None when one does."""
    if trouble is Trouble.UNREACHABLE:
        return ConnectTimeoutError(endpoint_url=ENDPOINT)
    return ReadTimeoutError(endpoint_url=ENDPOINT) if trouble is Trouble.UNANSWERED else None


def refusal_of(trouble: Trouble, operation: str) -> Exception | None:
    """What botocore raises when a call of the bucket or of a queue meets ``trouble``; there are no conflicts there."""
    if trouble in CODES and trouble is not Trouble.CONFLICT:
        return ClientError({"Error": {"Code": CODES[trouble], "Message": trouble}}, operation)
    return timed_out(trouble)

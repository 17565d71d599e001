"""The ways in which a run can prove the product wrong."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What is counted; the first six are what a client would notice first."""

    DOUBLE_CHARGE = "double charges"
    LOST_CONVERSION = "lost conversions"
    LOST_FILE = "lost files"
    STALE_RESULT = "results of another object"
    NEGATIVE_BALANCE = "negative balances"
    STUCK = "stuck"
    WRONG_REFUND = "wrong refunds"
    UNBALANCED = "ledgers that do not add up"
    WITHOUT_CAUSE = "entries without their cause's key"
    WITHOUT_LEASE = "settled without the lease"
    KEY_REUSED = "keys that made two"
    BROKEN_WORD = "answers that were not true"
    MISCOUNTED = "wrong counters"
    OVERTAKEN = "lines that admitted too many"
    TOO_BIG = "rows too big"
    STRAY_OBJECT = "stray objects"
    UNHEALTHY = "the doctor's findings"
    MODEL = "differences from the model"
    UNEXPECTED = "unexpected errors"


@dataclass(frozen=True)
class Violation:
    """One proof against the product."""

    kind: Kind
    what: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.what}"

"""Commits DynamoDB transactions: conflicts and throttling are retried, conditions are answers."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pynamodb.connection import Connection
from pynamodb.exceptions import PynamoDBException, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from chalicelib.domain.errors import Unavailable
from chalicelib.store.conditional import error_code

RETRY_BUDGET_S = 8.0
CONDITION_FAILED = "ConditionalCheckFailed"
_RETRYABLE_REASONS = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}
_RETRYABLE_CODES = {
    "TransactionConflictException",
    "TransactionInProgressException",
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "InternalServerError",
}


@dataclass(frozen=True)
class Write:
    """One action of a transaction; ``label`` tells its failed condition.

    With ``actions`` it updates the item of ``item``'s key, with ``check_key`` (the hash key) it only checks,
    and ``deletes`` says that the item goes.
    """

    label: str
    item: Model
    condition: Condition | None = None
    actions: Sequence[Action] = ()
    check_key: str | None = None
    deletes: bool = False

    @property
    def rank(self) -> int:
        """Where PynamoDB sends it: condition checks, deletes, puts, updates; reasons come in that order."""
        return 0 if self.check_key else 1 if self.deletes else 3 if self.actions else 2

    def add_to(self, transaction: TransactWrite) -> None:
        """Put this action into ``transaction``."""
        if self.check_key:
            transaction.condition_check(type(self.item), self.check_key, condition=self.condition)
        elif self.deletes:
            transaction.delete(self.item, condition=self.condition)
        elif self.actions:
            transaction.update(self.item, actions=list(self.actions), condition=self.condition)
        else:
            transaction.save(self.item, condition=self.condition)


Claim = Callable[[str], Write]
"""The write, labelled ``SOURCE``, by which a conversion of this id takes what it is made of: nothing is taken twice."""

SOURCE = "source"


class ConditionFailed(Exception):
    """The labels whose conditions did not hold. Nothing was written."""

    def __init__(self, failed: frozenset[str]) -> None:
        super().__init__(", ".join(sorted(failed)))
        self.failed = failed


class Transactor:
    """Runs transactions on one connection."""

    def __init__(self, connection: Connection, sleep: Callable[[float], None] = time.sleep) -> None:
        self._connection = connection
        self._sleep = sleep

    def commit(self, writes: Sequence[Write], token: str | None = None) -> None:
        """Commit ``writes`` together or not at all.

        ``token`` (at most 36 characters) makes a repeat after a lost response harmless for 10 minutes; the items' own
        keys do so for ever. Raises ``ConditionFailed``, or ``Unavailable`` when conflicts outlast the budget.
        """
        ordered = sorted(writes, key=lambda write: write.rank)
        deadline = time.monotonic() + RETRY_BUDGET_S
        attempt = 0
        while True:
            try:
                with TransactWrite(connection=self._connection, client_request_token=token) as transaction:
                    for write in ordered:
                        write.add_to(transaction)
                return
            except TransactWriteError as error:
                _raise_if_final(error, ordered, time.monotonic() > deadline)
            self.pause(attempt)
            attempt += 1

    def pause(self, attempt: int) -> None:
        """Wait with full jitter, 10 ms doubled with each attempt and at most 0.5 s, before a contended retry."""
        self._sleep(random.uniform(0.001, min(0.5, 0.01 * 2**attempt)))  # noqa: S311 - jitter, not a secret


def _raise_if_final(error: TransactWriteError, ordered: Sequence[Write], out_of_time: bool) -> None:
    reasons = zip(ordered, error.cancellation_reasons, strict=False)
    failed = frozenset(write.label for write, reason in reasons if reason and reason.code == CONDITION_FAILED)
    if failed:
        raise ConditionFailed(failed) from error
    if out_of_time or not _is_retryable(error):
        raise Unavailable("The ledger is busy; nothing was charged. Try again in a moment.") from error


def _is_retryable(error: PynamoDBException) -> bool:
    code = error_code(error)
    if code == "TransactionCanceledException":
        reasons: list[Any] = getattr(error, "cancellation_reasons", [])
        return all(reason is None or reason.code in _RETRYABLE_REASONS for reason in reasons)
    return code is None or code in _RETRYABLE_CODES

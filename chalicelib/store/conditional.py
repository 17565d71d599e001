"""Conditional updates of one item, and the codes of DynamoDB's refusals."""

import random
import time
from collections.abc import Sequence

from pynamodb.exceptions import PynamoDBException, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.models import Model

CONFLICTS_TRIED = 6


def update_if(item: Model, actions: Sequence[Action], condition: Condition) -> bool:
    """Update ``item`` (which then holds its new values) if ``condition`` holds; whether it did.

    Refused because a transaction holds the item, it is tried again: that one takes milliseconds.
    """
    for attempt in range(CONFLICTS_TRIED):
        try:
            item.update(actions=list(actions), condition=condition)
        except UpdateError as error:
            if error_code(error) == "ConditionalCheckFailedException":
                return False
            if error_code(error) != "TransactionConflictException" or attempt == CONFLICTS_TRIED - 1:
                raise
            time.sleep(random.uniform(0.001, 0.01 * 2**attempt))  # noqa: S311 - jitter, not a secret
        else:
            break
    return True


def error_code(error: PynamoDBException) -> str | None:
    """DynamoDB's error code; None when no answer came. PynamoDB's own property raises on a time-out."""
    response = getattr(error.cause, "response", None) or {}
    code: str | None = response.get("Error", {}).get("Code")
    return code

"""Conditional updates of one item, and the codes of DynamoDB's refusals."""

from collections.abc import Sequence

from pynamodb.exceptions import PynamoDBException, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.models import Model


def update_if(item: Model, actions: Sequence[Action], condition: Condition) -> bool:
    """Update ``item`` (which then holds its new values) if ``condition`` holds; whether it did."""
    try:
        item.update(actions=list(actions), condition=condition)
    except UpdateError as error:
        if error_code(error) == "ConditionalCheckFailedException":
            return False
        raise
    return True


def error_code(error: PynamoDBException) -> str | None:
    """DynamoDB's error code; None when no answer came. PynamoDB's own property raises on a time-out."""
    response = getattr(error.cause, "response", None) or {}
    code: str | None = response.get("Error", {}).get("Code")
    return code

"""What schemathesis must know beyond the description."""

import os
from typing import Any

import schemathesis

CALLER = "SCHEMATHESIS_CALLER"
"""The variable that holds the id of the account which calls."""


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: dict[str, Any]) -> None:
    """Keep the calling account as it is, and send no cursor where all else is right: a good one is signed."""
    if (case.path_parameters or {}).get("user_id") == os.environ[CALLER]:
        case.path_parameters["user_id"] = "absent"
    generated = case.meta
    if generated and generated.generation.mode.is_positive and case.query:
        case.query.pop("cursor", None)

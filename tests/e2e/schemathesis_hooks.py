"""What schemathesis must know beyond the description: what a schema can't say of data that is right."""

import os
from typing import Any

import schemathesis

CALLER = "SCHEMATHESIS_CALLER"
"""The variable that holds the id of the account which calls: a super user."""


NOWHERE = "http://127.0.0.1:9/"


def _in_the_future(body: dict[str, Any]) -> None:
    """A key does not expire before it is made."""
    if body.get("expires_at"):
        body["expires_at"] = "2099-12-31T23:59:59Z"


def _each_once(body: dict[str, Any]) -> None:
    """No action is decided twice."""
    body["permissions"] = list({one["action"]: one for one in body["permissions"]}.values())


def _not_to_oneself(body: dict[str, Any]) -> None:
    """Nothing can be given to a super user."""
    if body["user_id"] == os.environ[CALLER]:
        body["user_id"] = "absent"


def _to_nowhere(body: dict[str, Any]) -> None:
    """A URL is one that can be meant."""
    if body.get("url") is not None:
        body["url"] = NOWHERE
        body.pop("headers", None)


_MADE_RIGHT = {
    "POST /api/v3/webhooks": _to_nowhere,
    "POST /api/v3/uploads": _to_nowhere,
    "POST /api/v2/auth/api-keys": _in_the_future,
    "PUT /api/v3/permissions/users/{user_id}/permissions": _each_once,
    "POST /api/v3/points/topup": _not_to_oneself,
}


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: dict[str, Any]) -> None:
    """Keep the calling account as it is; send no cursor where all else is right, for a good one is signed."""
    if (case.path_parameters or {}).get("user_id") == os.environ[CALLER]:
        case.path_parameters["user_id"] = "absent"
    if not (case.meta and case.meta.generation.mode.is_positive):
        return
    if case.query:
        case.query.pop("cursor", None)
    if isinstance(case.body, dict) and case.operation.label in _MADE_RIGHT:
        _MADE_RIGHT[case.operation.label](case.body)

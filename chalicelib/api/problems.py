"""The answer to a request that was refused: an RFC 9457 problem, its status and its headers."""

from typing import Any

from chalicelib.domain import errors
from chalicelib.domain.errors import ConvertProError
from chalicelib.domain.problems import problem_type, status_of

MEDIA_TYPE = "application/problem+json"
_RETRY_AFTER_S = {503: 5}


def render(error: ConvertProError, base_url: str, instance: str) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Status, body and headers of the answer to a request at ``instance`` (an absolute URL)."""
    status = status_of(type(error))
    body = {
        "type": problem_type(base_url, error.code),
        "title": error.title,
        "status": status,
        "detail": error.detail,
        "instance": instance,
    }
    headers = {}
    if isinstance(error, errors.InvalidRequest) and error.errors:
        body["errors"] = [{"loc": list(one.loc), "msg": one.msg, "type": one.type} for one in error.errors]
    retry_after_s = error.extras.pop("retry_after_s", _RETRY_AFTER_S.get(status))
    if retry_after_s is not None:
        headers["Retry-After"] = str(retry_after_s)
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return status, body | error.extras, headers

"""Errors as RFC 9457 problems: the only place where HTTP status codes are decided."""

from typing import Any

from chalicelib.domain import errors
from chalicelib.domain.errors import ConvertProError, Problem

MEDIA_TYPE = "application/problem+json"

_STATUS: dict[type[ConvertProError], int] = {
    errors.Unauthenticated: 401,
    errors.InsufficientPoints: 402,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.MethodNotAllowed: 405,
    errors.Conflict: 409,
    errors.Gone: 410,
    errors.LengthRequired: 411,
    errors.PayloadTooLarge: 413,
    errors.UnsupportedMediaType: 415,
    errors.InvalidRequest: 422,
    errors.DocumentRefused: 422,
    errors.TooManyRequests: 429,
    errors.Unavailable: 503,
    errors.ConversionInterrupted: 503,
    errors.ServiceFailure: 500,
}
_RETRY_AFTER_S = {503: 5}
CLIENT_FAULT_STATUS, OUR_FAULT_STATUS = 422, 503


def status_of(error: type[ConvertProError]) -> int:
    """The status code of an error's nearest named ancestor."""
    return next((_STATUS[cls] for cls in error.__mro__ if cls in _STATUS), 500)


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


def render_stored(problem: Problem, base_url: str) -> dict[str, Any]:
    """A problem that a conversion ended with, as its row's ``error``."""
    return {
        "type": problem_type(base_url, problem.code),
        "title": problem.title,
        "status": stored_status(problem),
        "detail": problem.detail,
    }


def stored_status(problem: Problem) -> int:
    """The status code of a stored problem: the client's fault, or ours."""
    return CLIENT_FAULT_STATUS if problem.client_fault else OUR_FAULT_STATUS


def problem_type(base_url: str, code: str) -> str:
    """The URI that names a kind of problem; clients compare its last segment."""
    return f"{base_url}/problems/{code}"

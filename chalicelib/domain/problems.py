"""Errors as RFC 9457 problem bodies: the only place where HTTP status codes are decided."""

from typing import Any

from chalicelib.domain import errors
from chalicelib.domain.errors import ConvertProError, Problem

_STATUS: dict[type[ConvertProError], int] = {
    errors.Unauthenticated: 401,
    errors.InsufficientPoints: 402,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.MethodNotAllowed: 405,
    errors.Conflict: 409,
    errors.Cancelled: 409,
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
_OUR_FAULT_STATUS, _CLIENT_FAULT_STATUS = 503, 422
_STORED_STATUS = {one.code: status for one, status in _STATUS.items() if not issubclass(one, errors.ServiceFailure)}


def status_of(error: type[ConvertProError]) -> int:
    """The status code of an error's nearest named ancestor."""
    return next((_STATUS[cls] for cls in error.__mro__ if cls in _STATUS), 500)


def render_stored(problem: Problem, base_url: str) -> dict[str, Any]:
    """A problem that a conversion ended with, as its row's ``error``."""
    return {
        "type": problem_type(base_url, problem.code),
        "title": problem.title,
        "status": _stored_status(problem),
        "detail": problem.detail,
    }


def _stored_status(problem: Problem) -> int:
    """Whatever was ours is over, and worth another try; a document that was refused is 422."""
    if not problem.client_fault:
        return _OUR_FAULT_STATUS
    return _STORED_STATUS.get(problem.code, _CLIENT_FAULT_STATUS)


def problem_type(base_url: str, code: str) -> str:
    """The URI that names a kind of problem; clients compare its last segment."""
    return f"{base_url}/problems/{code}"

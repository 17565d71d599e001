"""Answers a request by its endpoint: who calls and may, what the handler says, and every refusal as a problem."""

import json
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from chalice.app import Response
from pydantic import BaseModel, TypeAdapter

from chalicelib.api import cors, problems, rate_limit
from chalicelib.api.access import Access, require
from chalicelib.api.call import Call, Reply
from chalicelib.api.endpoint import Answer, Endpoint
from chalicelib.api.schemas.base import NoQuery
from chalicelib.conversions import BY_SLUG
from chalicelib.domain.errors import (
    ConvertProError,
    Forbidden,
    MethodNotAllowed,
    NotFound,
    ServiceFailure,
    Unauthenticated,
)
from chalicelib.services import api_keys, rates, sessions
from chalicelib.services.charge import require_permitted

if TYPE_CHECKING:
    from chalicelib.api.application import Application

DEPRECATED_SINCE = "@1767225600"
"""RFC 9745: 2026-01-01, when v3 took over."""

_UNKNOWN_CONVERSION = ("POST", "/api/v3/conversions/{conversion_id}")
"""Where a conversion that is none ends: at the route of what became of one, which has no such method."""

_log = logging.getLogger(__name__)


def view(app: "Application", endpoint: Endpoint) -> Callable[..., Response]:
    """The Chalice view of ``endpoint``: authenticate, authorise, handle, answer."""

    def respond(**_path: str) -> Response:
        call = Call(app.current_request, app.service)
        response = answered(call)
        if endpoint.successor:
            response.headers["Deprecation"] = DEPRECATED_SINCE
            response.headers["Link"] = f'<{call.base_url}{endpoint.successor}>; rel="successor-version"'
        return response

    def answered(call: Call) -> Response:
        try:
            answer = _handle(call, endpoint)
        except ConvertProError as error:
            return _refuse(call, error)
        except Exception:  # noqa: BLE001 - the last resort: a client gets a problem, the log the cause
            _log.exception("unhandled", extra={"route": call.route})
            return _refuse(call, _crashed(call))
        return _respond(call, answer, endpoint.is_private)

    return respond


def _handle(call: Call, endpoint: Endpoint) -> Answer:
    if endpoint.access is not Access.PUBLIC:
        _authenticate(call, endpoint)
        if endpoint.is_rate_limited:
            call.quota = rates.count(call.service, call.caller)
            rates.require(call.quota)
        require(endpoint.access, call.caller)
        _require_permission(call, endpoint)
        call.stopwatch.lap("auth")
    if endpoint.query is NoQuery:
        call.query(NoQuery)
    return endpoint.handler(call)


def _authenticate(call: Call, endpoint: Endpoint) -> None:
    token = _bearer_token(call)
    if not token.startswith(api_keys.PREFIX):
        call.caller = sessions.authenticate(call.service, token)
        return
    call.caller, call.key = api_keys.authenticate(call.service, token)
    if not endpoint.open_to_keys:
        raise Forbidden("An API key may not do this; log in and use the access token.")


def _require_permission(call: Call, endpoint: Endpoint) -> None:
    if endpoint.conversion:
        require_permitted(call.caller, endpoint.conversion.action)
        api_keys.require_in_scope(call.key, endpoint.conversion.action)


def _bearer_token(call: Call) -> str:
    scheme, _, token = (call.header("authorization") or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("Send a token: Authorization: Bearer <token>.")
    return token.strip()


def _respond(call: Call, answer: Answer, is_private: bool) -> Response:
    reply = answer if isinstance(answer, Reply) else Reply(answer)
    if reply.problem:
        body, media_type = json.dumps(reply.problem), problems.MEDIA_TYPE
    else:
        body, media_type = _text(reply.body), "application/json"
    headers = _headers(call, is_private, media_type if body else None)
    headers.update(reply.headers)
    return Response(body, headers=headers, status_code=reply.status)


def _text(body: Any) -> str:
    if body is None:
        return ""
    if isinstance(body, str):
        return body
    if isinstance(body, BaseModel):
        return body.model_dump_json(by_alias=True)
    return TypeAdapter(list[Any]).dump_json(list(body)).decode()


def _refuse(call: Call, error: ConvertProError) -> Response:
    if error.__cause__:
        extra = {"code": error.code}
        _log.info("refused: %s", type(error.__cause__).__name__, extra=extra)
    status, body, extra_headers = problems.render(error, call.base_url, call.url)
    headers = _headers(call, True, problems.MEDIA_TYPE)
    headers.update(extra_headers)
    return Response(json.dumps(body), headers=headers, status_code=status)


def _headers(call: Call, is_private: bool, media_type: str | None) -> dict[str, str | list[str]]:
    headers: dict[str, str | list[str]] = {"X-Request-Id": call.request_id, "X-Content-Type-Options": "nosniff"}
    if call.stopwatch.laps:
        headers["Server-Timing"] = call.stopwatch.server_timing()
    headers.update(cors.answer_headers(call.service.settings, call.header("origin")))
    headers.update(rate_limit.headers(call.quota))
    if is_private:
        headers["Cache-Control"] = "no-store"
    if media_type:
        headers["Content-Type"] = media_type
    return headers


def preflight(app: "Application", methods: list[str]) -> Callable[..., Response]:
    """Answers the browser's question whether a page of another origin may call."""

    def respond(**_path: str) -> Response:
        call = Call(app.current_request, app.service)
        if cors.allowed_origin(call.service.settings, call.header("origin")) is None:
            response = _refuse(call, MethodNotAllowed("OPTIONS is not possible here; Allow names what is."))
            response.headers["Allow"] = ", ".join(methods)
            return response
        headers = _headers(call, True, None)
        headers.update(cors.preflight_headers(methods))
        return Response("", headers=headers, status_code=204)

    return respond


def nothing_here(app: "Application") -> Callable[..., Response]:
    """Answers for every path without a route."""

    def respond(**_path: str) -> Response:
        call = Call(app.current_request, app.service)
        return _refuse(call, NotFound("There is nothing at this address; see /openapi.json for what there is."))

    return respond


def refused_by_chalice(call: Call, response: dict[str, Any]) -> Response:
    """The problem in place of an answer of Chalice's own: above all, of a method without a route."""
    answer = _refuse(call, _framework_error(call, response["statusCode"]))
    allow = (response.get("headers") or {}).get("Allow")
    answer.headers.update({"Allow": allow} if allow else {})
    return answer


def _crashed(call: Call) -> ServiceFailure:
    return ServiceFailure(f"Something broke on our side. Try again; if it stays, report request {call.request_id}.")


def _framework_error(call: Call, status: int) -> ConvertProError:
    if status == 405 and (call.method, call.route) == _UNKNOWN_CONVERSION:
        return NotFound(f"There is no such conversion; there are {', '.join(BY_SLUG)}.")
    if status == 405:
        return MethodNotAllowed(f"{call.method} is not possible here; Allow names what is.")
    return _crashed(call)

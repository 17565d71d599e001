"""The OpenAPI description of answers: what a route returns, what it can refuse, with which headers."""

from typing import Any

from pydantic import BaseModel, TypeAdapter

from chalicelib.api import problems, rate_limit
from chalicelib.api.access import Access
from chalicelib.api.endpoint import Endpoint, Returns
from chalicelib.api.openapi_examples import example_of, problem_example, under_way
from chalicelib.api.openapi_forms import BINARY
from chalicelib.api.schemas.base import ProblemOut
from chalicelib.domain import errors
from chalicelib.domain.errors import ConvertProError
from chalicelib.domain.problems import status_of

_CORS = ("Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "Vary")
_ALWAYS = ("X-Request-Id", "X-Content-Type-Options")
_HEADERS: dict[str, tuple[str, str]] = {
    "X-Request-Id": ("The request's id; it is in every log line.", "string"),
    "X-Content-Type-Options": ("nosniff.", "string"),
    "Cache-Control": ("no-store on anything private.", "string"),
    "Server-Timing": ("Milliseconds of each step (W3C Server Timing).", "string"),
    "Access-Control-Allow-Origin": ("The asking page's origin, where the deployment lets it in.", "string"),
    "Access-Control-Expose-Headers": ("The headers that such a page may read.", "string"),
    "Vary": ("Origin, where the deployment lets pages of other origins in.", "string"),
    "Location": ("Where to go on, an absolute URL.", "string"),
    "Retry-After": ("Seconds until another try makes sense.", "integer"),
    "X-Idempotent-Replay": ("true when the answer is that of an earlier request with the same key.", "string"),
    "Preference-Applied": ("What of Prefer was honoured (RFC 7240).", "string"),
    "Link": ("The next page (rel=next), or what takes a deprecated route's place (rel=successor-version).", "string"),
    "Deprecation": ("Since when the route is deprecated (RFC 9745).", "string"),
    "RateLimit-Policy": (
        'How many requests (q) a user may send in how many seconds (w): "default";q=1200;w=60.',
        "string",
    ),
    "RateLimit": ('How many are left (r), and the seconds until all are again (t): "default";r=299;t=60.', "string"),
    "Allow": ("The methods that are possible at this address.", "string"),
    "WWW-Authenticate": ("Bearer. The gateway renames it on a deployed stage.", "string"),
    "Set-Cookie": ("The session's cookie, which no script can read; empty when it ends.", "string"),
    "Referrer-Policy": ("no-referrer.", "string"),
    "ETag": ("The version of the file.", "string"),
    "Content-Security-Policy": ("What the page may load, and from where.", "string"),
}
_OF_STATUS = {401: ("WWW-Authenticate",), 405: ("Allow",), 429: ("Retry-After",), 503: ("Retry-After",)}
"""The headers that a refusal has beside those of every answer."""

_EXAMPLES = {
    "application/json": {"openapi": "3.1.0"},
    "text/html": "<!doctype html>",
    "text/css": "body { margin: 0 }",
    "text/plain": "# ConvertPro",
}
"""Of bodies that have no model."""

_FILE = "application/octet-stream"

Definitions = dict[str, Any]
References = dict[Any, dict[str, Any]]


def header_components() -> dict[str, Any]:
    """Every header that answers have, by name."""
    return {
        name: {"description": description, "required": name in _ALWAYS, "schema": {"type": kind}}
        for name, (description, kind) in _HEADERS.items()
    }


def item_model(model: Any) -> type[BaseModel] | None:
    """The model of a body, or of a list's items; None when there is no model."""
    inner = getattr(model, "__args__", (model,))[0]
    return inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None


def responses(endpoint: Endpoint, references: References, definitions: Definitions) -> dict[str, Any]:
    """The answers of a route by status."""
    found = {str(one.status): _success(endpoint, one, references, definitions) for one in endpoint.returns}
    by_status: dict[int, list[type[ConvertProError]]] = {}
    for error in _refusals(endpoint):
        by_status.setdefault(status_of(error), []).append(error)
    for status in sorted(by_status):
        found[str(status)] = _problem(endpoint, status, by_status[status], references)
    return found


def _success(endpoint: Endpoint, returns: Returns, references: References, definitions: Definitions) -> dict[str, Any]:
    response: dict[str, Any] = {
        "description": returns.description,
        "headers": _headers(*_common(endpoint), *returns.headers),
    }
    # First of all, since generators take the first that they find.
    content = {_FILE: {"schema": BINARY}} if returns.or_file else {}
    if returns.model is not None:
        schema = _schema_of(returns.model, references)
        body = {"schema": schema, "example": _example(returns, schema, definitions)}
        text = {media_type: {"schema": {"type": "string"}} for media_type in returns.or_text}
        content |= {returns.media_type: body} | text
    return response | ({"content": content} if content else {})


def _example(returns: Returns, schema: dict[str, Any], definitions: Definitions) -> Any:
    if not item_model(returns.model):
        return _EXAMPLES[returns.media_type]
    example = example_of(schema, definitions)
    return under_way(example) if returns.status == 202 else example


def _common(endpoint: Endpoint) -> tuple[str, ...]:
    """The headers of all answers of a route."""
    timed = () if endpoint.access is Access.PUBLIC else ("Server-Timing",)
    deprecated = ("Deprecation", "Link") if endpoint.successor else ()
    limited = rate_limit.HEADERS if endpoint.is_rate_limited else ()
    return (*_ALWAYS, "Cache-Control", *timed, *_CORS, *deprecated, *limited)


def _schema_of(model: Any, references: References) -> dict[str, Any]:
    item = item_model(model)
    if item is None:
        return TypeAdapter(model).json_schema()
    return references[item] if item is model else {"type": "array", "items": references[item]}


def _refusals(endpoint: Endpoint) -> list[type[ConvertProError]]:
    refusals: list[type[ConvertProError]] = []
    if endpoint.access is not Access.PUBLIC:
        refusals.append(errors.Unauthenticated)
        if endpoint.access is not Access.USER or endpoint.conversion or not endpoint.open_to_keys:
            refusals.append(errors.Forbidden)
    if endpoint.body or endpoint.conversion:
        refusals += [errors.UnsupportedMediaType, errors.LengthRequired, errors.PayloadTooLarge]
    refusals += [errors.TooManyRequests] if endpoint.is_rate_limited else []
    refusals += [errors.InvalidRequest, errors.ServiceFailure]
    refusals += [errors.Unavailable] if endpoint.method != "GET" else []
    return list(dict.fromkeys([*refusals, *endpoint.may_refuse]))


def _problem(
    endpoint: Endpoint, status: int, kinds: list[type[ConvertProError]], references: References
) -> dict[str, Any]:
    own = list(_OF_STATUS.get(status, ()))
    own += ["X-Idempotent-Replay", "Preference-Applied"] if "Prefer" in endpoint.request_headers else []
    codes = sorted({code for kind in kinds for code in _codes(kind)})
    content = {"schema": references[ProblemOut], "examples": {kind.code: _problem_example(kind) for kind in kinds}}
    return {
        "description": f"{' or '.join(kind.title for kind in kinds)}. Last segment of type: {', '.join(codes)}.",
        "headers": _headers(*_common(endpoint), *own),
        "content": {problems.MEDIA_TYPE: content},
    }


def _problem_example(kind: type[ConvertProError]) -> dict[str, Any]:
    return {"summary": kind.title, "value": problem_example(kind)}


def _codes(kind: type[ConvertProError]) -> list[str]:
    inner = kind.__subclasses__() if kind in (errors.DocumentRefused, errors.InvalidRequest) else []
    return [kind.code, *(one.code for one in inner)]


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}

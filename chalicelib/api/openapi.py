"""Generates the OpenAPI 3.1 description from the declared routes, and finds drift from a file."""

import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import models_json_schema

from chalicelib.api import problems
from chalicelib.api.access import Access
from chalicelib.api.endpoint import Endpoint, Returns
from chalicelib.api.multipart import FILE_FIELD, MEDIA_TYPE
from chalicelib.api.routes import ENDPOINTS
from chalicelib.api.schemas.base import NoQuery, ProblemOut
from chalicelib.conversions.spec import ConversionSpec
from chalicelib.domain import errors
from chalicelib.domain.errors import ConvertProError

API_VERSION = "3.0.0"
_REF = "#/components/schemas/{model}"
_HEADERS: dict[str, tuple[str, str]] = {
    "X-Request-Id": ("The request's id; it is in every log line.", "string"),
    "Location": ("Where to go on, an absolute URL.", "string"),
    "Retry-After": ("Seconds until another try makes sense.", "integer"),
    "X-Idempotent-Replay": ("true when the answer is that of an earlier request with the same key.", "string"),
    "Preference-Applied": ("What of Prefer was honoured (RFC 7240).", "string"),
    "Link": ("The next page (rel=next), or what takes a deprecated route's place (rel=successor-version).", "string"),
    "Deprecation": ("Since when the route is deprecated (RFC 9745).", "string"),
    "WWW-Authenticate": ("Bearer. The gateway renames it on a deployed stage.", "string"),
    "Allow": ("The methods that are possible.", "string"),
}
_REQUEST_HEADERS = {
    "Idempotency-Key": ("1 to 255 visible ASCII characters; a repeat with the same key is not charged again.", 255),
    "Prefer": ("wait=N (at most 25 s) or respond-async (RFC 7240).", 200),
}


@cache
def document() -> dict[str, Any]:
    """The description, without a server's address."""
    schemas, references = _component_schemas()
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in ENDPOINTS:
        operation = _operation(endpoint, references)
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "ConvertPro",
            "version": API_VERSION,
            "description": "File conversion with accounts, permissions and an exact points ledger.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "tags": [{"name": name} for name in dict.fromkeys(endpoint.tag for endpoint in ENDPOINTS)],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "headers": {name: _header(*about) for name, about in _HEADERS.items()},
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def document_text(base_url: str | None = None) -> str:
    """The description as JSON, with ``base_url`` as its server."""
    servers = {"servers": [{"url": base_url}]} if base_url else {}
    return json.dumps(document() | servers, indent=2, ensure_ascii=False) + "\n"


def _models() -> list[tuple[type[BaseModel], str]]:
    found: dict[tuple[type[BaseModel], str], None] = {(ProblemOut, "serialization"): None}
    for endpoint in ENDPOINTS:
        if endpoint.body:
            found[endpoint.body, "validation"] = None
        for returns in endpoint.returns:
            model = _item_model(returns.model)
            if model:
                found[model, "serialization"] = None
    return list(found)


def _item_model(model: Any) -> type[BaseModel] | None:
    inner = getattr(model, "__args__", (model,))[0]
    return inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None


def _component_schemas() -> tuple[dict[str, Any], dict[Any, dict[str, Any]]]:
    references, definitions = models_json_schema(_models(), ref_template=_REF)  # type: ignore[arg-type]
    schemas: dict[str, Any] = definitions["$defs"]
    return schemas, {model: reference for (model, _), reference in references.items()}


def _operation(endpoint: Endpoint, references: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _operation_id(endpoint),
        "tags": [endpoint.tag],
        "summary": endpoint.summary,
        "description": f"For {endpoint.access.value}.",
        "parameters": _path_parameters(endpoint) + _query_parameters(endpoint) + _header_parameters(endpoint),
        "responses": _responses(endpoint, references),
        "deprecated": endpoint.successor is not None,
        "security": [] if endpoint.access is Access.PUBLIC else [{"bearer": []}],
    }
    if endpoint.body:
        content = {"application/json": {"schema": references[endpoint.body]}}
        operation["requestBody"] = {"required": True, "content": content}
    elif endpoint.conversion:
        content = {MEDIA_TYPE: {"schema": _form_schema(endpoint.conversion)}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _operation_id(endpoint: Endpoint) -> str:
    words = endpoint.path.removeprefix("/api/").replace("{", "by-").replace("}", "").replace(".", "-")
    return f"{endpoint.method.lower()}-{words.strip('/').replace('/', '-').replace('_', '-')}"


def _form_schema(spec: ConversionSpec) -> dict[str, Any]:
    """The multipart body of a conversion: its file or files, and its options as fields."""
    schema = spec.options.model_json_schema(ref_template=_REF)
    binary = {"type": "string", "contentMediaType": "application/octet-stream"}
    kinds = ", ".join(spec.accepts)
    file = {"type": "array", "items": binary, "minItems": 1} if spec.many else binary
    properties = {FILE_FIELD: file | {"description": f"Accepts {kinds}, by content."}} | schema.get("properties", {})
    required = [FILE_FIELD, *schema.get("required", [])]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _path_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    names = [part[1:-1] for part in endpoint.path.split("/") if part.startswith("{")]
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _query_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    if endpoint.query is NoQuery:
        return []
    schema = endpoint.query.model_json_schema(by_alias=True, ref_template=_REF)
    definitions = schema.get("$defs", {})
    return [
        {"name": name, "in": "query", "required": False, "schema": _inlined(one, definitions)}
        for name, one in schema["properties"].items()
    ]


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:
    """``schema`` with its references to ``definitions`` written out."""
    if isinstance(schema, list):
        return [_inlined(one, definitions) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    return {name: _inlined(one, definitions) for name, one in schema.items()}


def _header_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "header",
            "required": False,
            "description": _REQUEST_HEADERS[name][0],
            "schema": {"type": "string", "minLength": 1, "maxLength": _REQUEST_HEADERS[name][1]},
        }
        for name in endpoint.request_headers
    ]


def _responses(endpoint: Endpoint, references: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    always = ("X-Request-Id", *(("Deprecation", "Link") if endpoint.successor else ()))
    responses = {str(one.status): _success(one, always, references) for one in endpoint.returns}
    by_status: dict[int, list[type[ConvertProError]]] = {}
    for error in _refusals(endpoint):
        by_status.setdefault(problems.status_of(error), []).append(error)
    for status in sorted(by_status):
        responses[str(status)] = _problem(status, by_status[status], always, references)
    return responses


def _success(returns: Returns, always: tuple[str, ...], references: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    response: dict[str, Any] = {
        "description": returns.description,
        "headers": _headers(*always, *returns.headers),
    }
    if returns.model is not None:
        text = {media_type: {"schema": {"type": "string"}} for media_type in returns.or_text}
        response["content"] = {returns.media_type: {"schema": _schema_of(returns.model, references)}} | text
    return response


def _schema_of(model: Any, references: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    item = _item_model(model)
    if item is None:
        return TypeAdapter(model).json_schema()
    return references[item] if item is model else {"type": "array", "items": references[item]}


def _refusals(endpoint: Endpoint) -> list[type[ConvertProError]]:
    refusals: list[type[ConvertProError]] = []
    if endpoint.access is not Access.PUBLIC:
        refusals.append(errors.Unauthenticated)
    if endpoint.access not in (Access.PUBLIC, Access.USER) or endpoint.conversion:
        refusals.append(errors.Forbidden)
    if endpoint.body or endpoint.conversion:
        refusals += [errors.UnsupportedMediaType, errors.LengthRequired]
    refusals += [errors.InvalidRequest, errors.ServiceFailure]
    return list(dict.fromkeys([*refusals, *endpoint.may_refuse]))


def _problem(
    status: int, kinds: list[type[ConvertProError]], always: tuple[str, ...], references: dict[Any, dict[str, Any]]
) -> dict[str, Any]:
    names = [*always] + (["WWW-Authenticate"] if status == 401 else [])
    names += ["Retry-After"] if status in (429, 503) else []
    codes = sorted({code for kind in kinds for code in _codes(kind)})
    return {
        "description": f"{' or '.join(kind.title for kind in kinds)}. Last segment of type: {', '.join(codes)}.",
        "headers": _headers(*names),
        "content": {problems.MEDIA_TYPE: {"schema": references[ProblemOut]}},
    }


def _codes(kind: type[ConvertProError]) -> list[str]:
    inner = kind.__subclasses__() if kind is errors.DocumentRefused else []
    return [kind.code, *(one.code for one in inner)]


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _header(description: str, kind: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": kind}}


def main(arguments: list[str]) -> int:
    """``--check FILE`` or ``--write FILE``; the exit code."""
    mode, path = arguments[0], Path(arguments[1])
    if mode == "--write":
        path.write_text(document_text())
    elif path.read_text() != document_text():
        sys.stderr.write(f"{path} is not what the code says; run make openapi and look at the difference.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

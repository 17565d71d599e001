"""Makes the OpenAPI 3.1 description of declared routes."""

import json
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from chalicelib.api.access import Access
from chalicelib.api.endpoint import Endpoint
from chalicelib.api.openapi_answers import Definitions, References, header_components, item_model, responses
from chalicelib.api.openapi_examples import BASE_URL, example_of
from chalicelib.api.openapi_forms import form_components, form_content
from chalicelib.api.openapi_names import TAGS, operation_id
from chalicelib.api.schemas.base import NoQuery, ProblemOut
from chalicelib.api.session_cookie import SESSION_COOKIE
from chalicelib.conversions.spec import ConversionSpec

API_VERSION = "3.0.0"
LOCAL_URL = "http://127.0.0.1:8000"
_REF = "#/components/schemas/{model}"
_REQUEST_HEADERS: dict[str, tuple[str, int | None]] = {
    "Idempotency-Key": ("1 to 255 visible ASCII characters; a repeat with the same key is not charged again.", 255),
    "Prefer": ("wait=N (at most 25 s) or respond-async (RFC 7240).", None),
}


def describe(endpoints: tuple[Endpoint, ...]) -> dict[str, Any]:
    """The description of ``endpoints``, without a server's address."""
    schemas, references = _component_schemas(endpoints)
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        operation = _operation(endpoint, references, schemas)
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "ConvertPro",
            "version": API_VERSION,
            "description": "File conversion with accounts, permissions and an exact points ledger.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": LOCAL_URL, "description": "This service as make run starts it."}],
        "tags": [{"name": name, "description": TAGS[name]} for name in dict.fromkeys(one.tag for one in endpoints)],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "headers": header_components(),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "session": {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE},
            },
        },
    }


def text_of(document: dict[str, Any], base_url: str | None = None) -> str:
    """``document`` as JSON, with ``base_url`` as its server and in its examples."""
    servers = {"servers": [{"url": base_url, "description": "This service."}]} if base_url else {}
    text = json.dumps(document | servers, indent=2, ensure_ascii=False) + "\n"
    return text.replace(BASE_URL, base_url) if base_url else text


def _models(endpoints: tuple[Endpoint, ...]) -> list[tuple[type[BaseModel], str]]:
    found: dict[tuple[type[BaseModel], str], None] = {(ProblemOut, "serialization"): None}
    for endpoint in endpoints:
        if endpoint.body:
            found[endpoint.body, "validation"] = None
        for returns in endpoint.returns:
            model = item_model(returns.model)
            if model:
                found[model, "serialization"] = None
    return list(found)


def _component_schemas(endpoints: tuple[Endpoint, ...]) -> tuple[Definitions, References]:
    references, definitions = models_json_schema(_models(endpoints), ref_template=_REF)  # type: ignore[arg-type]
    schemas: dict[str, Any] = definitions["$defs"] | form_components(endpoints, _REF)
    return schemas, {model: reference for (model, _), reference in references.items()}


def _operation(endpoint: Endpoint, references: References, definitions: Definitions) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": operation_id(endpoint),
        "tags": [endpoint.tag],
        "summary": endpoint.summary,
        "description": _description(endpoint),
        "parameters": _path_parameters(endpoint) + _query_parameters(endpoint) + _header_parameters(endpoint),
        "responses": responses(endpoint, references, definitions),
        "deprecated": endpoint.successor is not None,
        "security": _security(endpoint),
    }
    if endpoint.body:
        schema = references[endpoint.body]
        content = {"application/json": {"schema": schema, "example": example_of(schema, definitions)}}
        operation["requestBody"] = {"required": True, "content": content}
    elif endpoint.conversion:
        content = form_content(endpoint, endpoint.conversion, _REF, definitions)
        operation["requestBody"] = {"required": True, "content": content}
    if endpoint.conversion and _takes_files(endpoint):
        operation["x-conversion"] = _conversion(endpoint.conversion)
    return operation


def _takes_files(endpoint: Endpoint) -> bool:
    return endpoint.conversion is not None and not endpoint.successor and not endpoint.by_upload


def _description(endpoint: Endpoint) -> str:
    """Who may call, and what no schema says: generated clients have one body for each operation."""
    for_whom = f"For {endpoint.access.value}."
    if not _takes_files(endpoint):
        return for_whom
    return f"{for_whom} {endpoint.path} takes the JSON of {endpoint.path}/by-upload as well."


def _security(endpoint: Endpoint) -> list[dict[str, list[str]]]:
    if endpoint.by_cookie:
        return [{"session": []}]
    return [] if endpoint.access is Access.PUBLIC else [{"bearer": []}]


def _conversion(spec: ConversionSpec) -> dict[str, Any]:
    """What a client that shows conversions needs to know of one, and what no schema says."""
    return {
        "slug": spec.slug,
        "action": spec.action,
        "label": spec.label,
        "accepts": list(spec.accepts),
        "produces": list(spec.output_kinds),
        "many": spec.many,
        "options": list(spec.options.model_fields),
    }


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
            "schema": {"type": "string"} | _bounds(_REQUEST_HEADERS[name][1]),
        }
        for name in endpoint.request_headers
    ]


def _bounds(characters: int | None) -> dict[str, int]:
    """None: whatever is sent is taken, as RFC 7240 wants it of preferences that nobody knows."""
    return {} if characters is None else {"minLength": 1, "maxLength": characters}

"""Generates the OpenAPI 3.1 description from the declared routes, and finds drift from a file."""

import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from chalicelib.api.access import Access
from chalicelib.api.endpoint import Endpoint
from chalicelib.api.multipart import FILE_FIELD, MEDIA_TYPE
from chalicelib.api.openapi_answers import Definitions, References, header_components, item_model, responses
from chalicelib.api.openapi_examples import BASE_URL, example_of
from chalicelib.api.routes import ENDPOINTS
from chalicelib.api.schemas.base import NoQuery, ProblemOut
from chalicelib.api.submissions import JSON
from chalicelib.conversions.spec import ConversionSpec
from chalicelib.services.uploads import MOST_AT_ONCE

API_VERSION = "3.0.0"
_REF = "#/components/schemas/{model}"
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
        "tags": [{"name": name} for name in dict.fromkeys(endpoint.tag for endpoint in ENDPOINTS)],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "headers": header_components(),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def document_text(base_url: str | None = None) -> str:
    """The description as JSON, with ``base_url`` as its server and in its examples."""
    servers = {"servers": [{"url": base_url}]} if base_url else {}
    text = json.dumps(document() | servers, indent=2, ensure_ascii=False) + "\n"
    return text.replace(BASE_URL, base_url) if base_url else text


def _models() -> list[tuple[type[BaseModel], str]]:
    found: dict[tuple[type[BaseModel], str], None] = {(ProblemOut, "serialization"): None}
    for endpoint in ENDPOINTS:
        if endpoint.body:
            found[endpoint.body, "validation"] = None
        for returns in endpoint.returns:
            model = item_model(returns.model)
            if model:
                found[model, "serialization"] = None
    return list(found)


def _component_schemas() -> tuple[Definitions, References]:
    references, definitions = models_json_schema(_models(), ref_template=_REF)  # type: ignore[arg-type]
    schemas: dict[str, Any] = definitions["$defs"]
    return schemas, {model: reference for (model, _), reference in references.items()}


def _operation(endpoint: Endpoint, references: References, definitions: Definitions) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _operation_id(endpoint),
        "tags": [endpoint.tag],
        "summary": endpoint.summary,
        "description": f"For {endpoint.access.value}.",
        "parameters": _path_parameters(endpoint) + _query_parameters(endpoint) + _header_parameters(endpoint),
        "responses": responses(endpoint, references, definitions),
        "deprecated": endpoint.successor is not None,
        "security": [] if endpoint.access is Access.PUBLIC else [{"bearer": []}],
    }
    if endpoint.body:
        schema = references[endpoint.body]
        content = {"application/json": {"schema": schema, "example": example_of(schema, definitions)}}
        operation["requestBody"] = {"required": True, "content": content}
    elif endpoint.conversion:
        content = {MEDIA_TYPE: {"schema": _form_schema(endpoint.conversion)}}
        if not endpoint.successor:
            content[JSON] = _uploads_content(endpoint.conversion)
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
    fields = {name: _form_field(one) for name, one in schema.get("properties", {}).items()}
    properties = {FILE_FIELD: file | {"description": f"Accepts {kinds}, by content."}} | fields
    required = [FILE_FIELD, *schema.get("required", [])]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _form_field(schema: dict[str, Any]) -> dict[str, Any]:
    """An option as a form's field, which knows no null: one that is left out is not sent."""
    if schema.get("default", ...) is not None:
        return schema
    value: dict[str, Any] = next(one for one in schema["anyOf"] if one.get("type") != "null")
    return value | {name: one for name, one in schema.items() if name not in ("anyOf", "default")}


def _uploads_content(spec: ConversionSpec) -> dict[str, Any]:
    """The JSON body of a conversion: the ids of uploads, and its options as fields."""
    schema = spec.options.model_json_schema(ref_template=_REF)
    one = {"type": "string", "description": "Of POST /api/v3/uploads; it starts one conversion."}
    ids: dict[str, Any] = {"upload_id": one}
    if spec.many:
        ids["upload_ids"] = {
            "type": "array",
            "items": one,
            "minItems": 1,
            "maxItems": MOST_AT_ONCE,
            "uniqueItems": True,
        }
    required = {"required": schema["required"]} if schema.get("required") else {}
    properties = ids | schema.get("properties", {})
    shown = [name for name in ("upload_id", "pages") if name in properties]
    return {
        "schema": {
            "type": "object",
            "properties": properties,
            "additionalProperties": False,
            "oneOf": [{"required": [name]} for name in ids],
            **required,
        },
        "example": {name: example_of(properties[name], {}, name) for name in shown},
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
            "schema": {"type": "string", "minLength": 1, "maxLength": _REQUEST_HEADERS[name][1]},
        }
        for name in endpoint.request_headers
    ]


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

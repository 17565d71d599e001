"""The bodies of conversions in the description: a form with files, or the ids of uploads, each a type of its own."""

from typing import Any

from chalicelib.api.endpoint import Endpoint
from chalicelib.api.multipart import FILE_FIELD, MEDIA_TYPE
from chalicelib.api.openapi_examples import BASE_URL, example_of
from chalicelib.api.openapi_names import body_name
from chalicelib.api.submissions import JSON
from chalicelib.conversions.spec import ConversionSpec
from chalicelib.outbound.addresses import LONGEST_URL
from chalicelib.services.uploads import MOST_AT_ONCE

BINARY = {"type": "string", "format": "binary", "contentMediaType": "application/octet-stream"}
"""A file, in the words of OpenAPI 3.1, and in those of 3.0 that generators look for."""


_DELIVER = "A presigned address that the result is put to; what became of it stands in report.delivery."
_DELIVER_TO = {
    "type": "object",
    "description": _DELIVER,
    "properties": {"url": {"type": "string", "format": "uri", "minLength": 1, "maxLength": LONGEST_URL}},
    "required": ["url"],
    "additionalProperties": False,
}
_DELIVER_FIELD = {
    "type": "string",
    "description": f'{_DELIVER} JSON: {{"url": …}}.',
    "contentMediaType": "application/json",
    "examples": [f'{{"url": "{BASE_URL}/files/report.docx?X-Amz-Signature=…"}}'],
}


def form_components(endpoints: tuple[Endpoint, ...], ref_template: str) -> dict[str, Any]:
    """The schemas of every conversion's bodies, by name."""
    specs = {one.conversion.slug: one.conversion for one in endpoints if one.conversion}
    found = {}
    for spec in specs.values():
        options = spec.options.model_json_schema(ref_template=ref_template)
        found[body_name(spec, "Form")] = _form(spec, options, {"deliver_to": _DELIVER_FIELD})
        found[body_name(spec, "LegacyForm")] = _form(spec, options, {})
        found[body_name(spec, "Uploads")] = _uploads(spec, options)
    return found


def form_content(endpoint: Endpoint, spec: ConversionSpec, ref: str, schemas: dict[str, Any]) -> dict[str, Any]:
    """What a conversion's route takes, by media type. ``ref``: the template of references."""
    if not endpoint.by_upload:
        form = body_name(spec, "LegacyForm" if endpoint.successor else "Form")
        return {MEDIA_TYPE: {"schema": {"$ref": ref.format(model=form)}}}
    name = body_name(spec, "Uploads")
    properties = schemas[name]["properties"]
    shown = [one for one in ("upload_id", "pages") if one in properties]
    example = {one: example_of(properties[one], {}, one) for one in shown}
    return {JSON: {"schema": {"$ref": ref.format(model=name)}, "example": example}}


def _form(spec: ConversionSpec, options: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """The multipart body of a conversion: its file or files, and its options as fields; ``more`` fields beside them."""
    kinds = ", ".join(spec.accepts)
    file: dict[str, Any] = {"type": "array", "items": BINARY, "minItems": 1} if spec.many else dict(BINARY)
    fields = {name: _field(one) for name, one in options.get("properties", {}).items()}
    return {
        "title": body_name(spec, "Form" if more else "LegacyForm"),
        "description": f"{spec.label}: the file and the options.",
        "type": "object",
        "properties": {FILE_FIELD: file | {"description": f"Accepts {kinds}, by content."}} | fields | more,
        "required": [FILE_FIELD, *options.get("required", [])],
        "additionalProperties": False,
    }


def _field(schema: dict[str, Any]) -> dict[str, Any]:
    """An option as a form's field, which knows no null: one that is left out is not sent."""
    if schema.get("default", ...) is not None:
        return schema
    value: dict[str, Any] = next(one for one in schema["anyOf"] if one.get("type") != "null")
    return value | {name: one for name, one in schema.items() if name not in ("anyOf", "default")}


def _uploads(spec: ConversionSpec, options: dict[str, Any]) -> dict[str, Any]:
    """The JSON body of a conversion: the ids of uploads, and its options as fields."""
    one = {"type": "string", "description": "Of POST /api/v3/uploads; it starts one conversion."}
    ids: dict[str, Any] = {"upload_id": one}
    choice: dict[str, Any] = {"required": ["upload_id", *options.get("required", [])]}
    if spec.many:
        bounds = {"minItems": 1, "maxItems": MOST_AT_ONCE, "uniqueItems": True}
        ids["upload_ids"] = {"type": "array", "items": one} | bounds
        # One of the two; a plain oneOf of required names has no type, and generators stumble over it.
        choice = {
            "if": {"required": ["upload_id"], "properties": {"upload_id": one}},
            "then": {"not": {"required": ["upload_ids"], "properties": {"upload_ids": {}}}},
            "else": {"required": ["upload_ids"], "properties": {"upload_ids": {"type": "array"}}},
        }
    return {
        "title": body_name(spec, "Uploads"),
        "description": f"{spec.label}: what was uploaded before, and the options.",
        "type": "object",
        "properties": ids | options.get("properties", {}) | {"deliver_to": _DELIVER_TO},
        "additionalProperties": False,
        **choice,
    }

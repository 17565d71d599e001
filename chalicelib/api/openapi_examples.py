"""Examples for the OpenAPI description: composed from the schemas, so that every body has one that fits it."""

from typing import Any

from chalicelib.domain import errors, problems
from chalicelib.domain.errors import ConvertProError

BASE_URL = "https://convert.example.com"
"""Of all URLs in the examples; a service puts its own there when it serves the description."""

_ID = "01JZ4T6M3WQ8V2X7N5K9R1B0CD"
_VALUES: dict[str, Any] = {
    "access_token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMUoifQ.c2lnbmF0dXJl",
    "refresh_token": "eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiIwMUoifQ.c2lnbmF0dXJl",
    "address": "203.0.113.7",
    "action": "pdf_to_docs",
    "actions": "pdf_to_docs",
    "active": 11,
    "amount": 100,
    "available_points": 27,
    "average_latency_ms": 2_100,
    "balance": 27,
    "balance_after": 27,
    "build": "2026-06-01.1",
    "created_by": _ID,
    "current_password": "password123",
    "days": 30,
    "download_url": f"{BASE_URL}/api/v3/conversions/{_ID}/download",
    "email": "user@example.com",
    "error": None,
    "errors": None,
    "expires_in": 1_800,
    "failed": 2,
    "file_size": 48_213,
    "filename": f"{_ID}-8c1f6a0d52e94b7733d0c8be1f2a6d45.docx",
    "flat_cost_per_request": 3,
    "input_filename": "report.pdf",
    "instance": f"{BASE_URL}/api/v3/conversions/pdf-to-word",
    "key": f"cp_{_ID}_3q2-7wAbCdEfGhIjKlMnOpQrStUvWxYz0123456789",
    "label": "PDF to Word",
    "limit": 50,
    "message": "The document was converted.",
    "method": "POST",
    "name": "Nightly reports",
    "new_password": "correct horse battery",
    "next_cursor": None,
    "note": "For the pilot.",
    "original_name": "report.pdf",
    "output_filename": "report.docx",
    "output_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "output_size": 48_213,
    "password": "password123",
    "points": 3,
    "points_charged": 3,
    "prefix": f"cp_{_ID[:9]}",
    "progress": None,
    "remaining_balance": 27,
    "report": {"engine": "word", "engine_version": "2.0", "pages_in": 4, "pages_out": 4, "milliseconds": 1_840},
    "requests": 40,
    "required": 3,
    "role": "general_user",
    "route": "/api/v3/conversions/pdf-to-word",
    "status": "success",
    "success": 38,
    "success_rate": 0.95,
    "total": 12,
    "total_refunded": 6,
    "total_corrected": 0,
    "total_spent": 129,
    "total_topup": 120,
    "updated_by": _ID,
    "url": f"{BASE_URL}/files/report.docx?X-Amz-Signature=…",
    "username": "ada",
    "warnings": "Page 2 has no text layer; it is kept as a picture.",
}
"""By the name of a property, or of the list it is in, for those whose schema has no example of its own."""

_MOMENTS = {"date-time": "2026-06-01T09:30:00Z", "date": "2026-06-01"}
_OF_TYPE: dict[str, Any] = {"string": "text", "integer": 1, "number": 0.97, "boolean": True, "object": {}, "null": None}
_TYPES = {"array": list, "string": str, "integer": int, "boolean": bool, "object": dict, "null": type(None)}
_DETAILS: dict[type[ConvertProError], str] = {
    errors.Unauthenticated: "Send a token: Authorization: Bearer <token>.",
    errors.InsufficientPoints: "This costs 3 points; you have 1. Ask an admin for more.",
    errors.Forbidden: "This is for admin and super users; your role is general_user.",
    errors.NotFound: "There is no such conversion.",
    errors.MethodNotAllowed: "DELETE is not possible here; Allow names what is.",
    errors.Conflict: "The conversion is still under way; wait for its end.",
    errors.Gone: "The file has been deleted; convert the document again.",
    errors.LengthRequired: "Send a Content-Length; chunked bodies are not supported.",
    errors.PayloadTooLarge: "A file may have 50 MB; this one is larger.",
    errors.UnsupportedMediaType: "Send the document as multipart/form-data, in a part named file.",
    errors.InvalidRequest: "pagez: is not a known field; check its spelling.",
    errors.DocumentRefused: "The PDF is encrypted; send its password in the field password.",
    errors.TooManyRequests: "Too many failed log-ins; wait before the next try.",
    errors.Unavailable: "The service is busy; try again.",
    errors.ServiceFailure: "Something broke on our side. Try again; if it stays, report the request's id.",
}
_EXTRAS: dict[type[ConvertProError], dict[str, Any]] = {
    errors.InsufficientPoints: {"balance": 1, "required": 3},
    errors.InvalidRequest: {
        "errors": [
            {
                "loc": ["body", "pagez"],
                "msg": "is not a known field; check its spelling",
                "type": "extra_forbidden",
            }
        ]
    },
}

_UNDER_WAY: dict[str, Any] = {
    "status": "processing",
    "progress": {"done": 2, "total": 4, "unit": "pages"},
    "limit": 50,
    "message": "The conversion is under way.",
    **dict.fromkeys(("output_filename", "output_size", "output_sha256", "expires_at")),
    "warnings": [],
    "report": {},
}


def example_of(schema: dict[str, Any], definitions: dict[str, Any], name: str = "") -> Any:
    """A value that fits ``schema``, whose references point into ``definitions``; ``name``: of the property it is."""
    if "$ref" in schema:
        referred = definitions[schema["$ref"].rpartition("/")[2]]
        return example_of(referred, definitions, name)
    if schema.get("examples"):
        return schema["examples"][0]
    if "const" in schema:
        return schema["const"]
    if "properties" in schema:
        return {one: example_of(about, definitions, one) for one, about in schema["properties"].items()}
    return _leaf(schema, definitions, name)


def _leaf(schema: dict[str, Any], definitions: dict[str, Any], name: str) -> Any:
    if written := _moment(schema):
        return written
    if "enum" in schema:
        return _VALUES[name] if _VALUES.get(name) in schema["enum"] else schema["enum"][0]
    if name in _VALUES and _fits(schema, _VALUES[name]):
        return _VALUES[name]
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], definitions, name)
    return [example_of(schema["items"], definitions, name)] if "items" in schema else _plain(schema, name)


def _plain(schema: dict[str, Any], name: str) -> Any:
    return _ID if name == "id" or name.endswith("_id") else _OF_TYPE.get(str(schema.get("type")))


def _moment(schema: dict[str, Any]) -> str | None:
    formats = {one.get("format") for one in [schema, *schema.get("anyOf", [])]}
    return next((value for form, value in _MOMENTS.items() if form in formats), None)


def _fits(schema: dict[str, Any], value: Any) -> bool:
    """Whether a named value is of the type of this property, which another may share its name with."""
    kinds = [_TYPES.get(str(one.get("type")), object) for one in schema.get("anyOf", [schema])]
    return any(isinstance(value, kind) for kind in kinds)


def under_way(example: dict[str, Any]) -> dict[str, Any]:
    """The example of a conversion that has ended, as it was before."""
    if "upload_id" in example:
        return example | {"status": "fetching", "conversion_id": None}
    known = {name: value for name, value in _UNDER_WAY.items() if name in example}
    return example | known | ({"download_url": None} if "progress" in example else {})


def problem_example(kind: type[ConvertProError]) -> dict[str, Any]:
    """The body of a refusal of ``kind``."""
    known = next((one for one in kind.__mro__ if one in _DETAILS), errors.ServiceFailure)
    return {
        "type": problems.problem_type(BASE_URL, kind.code),
        "title": kind.title,
        "status": problems.status_of(kind),
        "detail": _DETAILS[known],
        "instance": _VALUES["instance"],
        **_EXTRAS.get(kind, {}),
    }

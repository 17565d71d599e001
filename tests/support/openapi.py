"""Holds every answer against what the OpenAPI description says of it: status, headers, media type and schema."""

import copy
from functools import cached_property
from typing import Any

import httpx
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]

PROBLEM = "application/problem+json"
_GENERAL = {"content-type", "content-length", "cache-control", "x-content-type-options", "server-timing", "vary"}
_GENERAL |= {"access-control-allow-origin", "access-control-expose-headers", "content-security-policy"}
"""Headers of every answer or of none, whatever its route and status."""


class Description:
    """An OpenAPI document as a judge of answers. Headers that it does not document are collected, for one verdict."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self.undocumented_headers: set[str] = set()

    def judge(self, method: str, path: str, answer: httpx.Response) -> None:
        """Assert that ``answer`` to ``method`` on the route ``path`` is documented, and as documented."""
        _require_general_headers(answer)
        operation = self._document["paths"].get(path, {}).get(method.lower())
        if method == "OPTIONS" and answer.is_success:
            return
        if operation is None:
            assert answer.status_code in (404, 405), f"{method} {path} is not documented"
            self._require_schema(self._problem, answer.json())
            return
        response = operation["responses"].get(str(answer.status_code))
        assert response, f"{method} {path} documents no {answer.status_code}: {answer.text}"
        silent = {name.lower() for name in answer.headers} - {name.lower() for name in response.get("headers", {})}
        self.undocumented_headers |= {f"{answer.status_code} of {method} {path}: {name}" for name in silent - _GENERAL}
        self._judge_body(response.get("content"), answer)

    def _judge_body(self, content: dict[str, Any] | None, answer: httpx.Response) -> None:
        if not content:
            assert answer.content == b""
            return
        media_type = answer.headers["content-type"].partition(";")[0]
        assert media_type in content
        if media_type.endswith("json"):
            self._require_schema(content[media_type]["schema"], answer.json())

    @property
    def _problem(self) -> dict[str, Any]:
        return {"$ref": "#/components/schemas/ProblemOut"}

    def _require_schema(self, schema: dict[str, Any], body: Any) -> None:
        validator = Draft202012Validator(
            _closed(schema) | {"components": self._components}, format_checker=FormatChecker()
        )
        faults = [f"{one.json_path}: {one.message}" for one in validator.iter_errors(body)]
        assert not faults, faults

    @cached_property
    def _components(self) -> Any:
        return _closed(self._document["components"])


def _closed(schema: Any) -> Any:
    """``schema``, in which objects have no other properties than those it names: all that is sent is documented."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return copy.copy(schema)
    closed = {name: _closed(one) for name, one in schema.items()}
    if "properties" in closed and closed.get("type") == "object":
        closed.setdefault("additionalProperties", False)
    return closed


def _require_general_headers(answer: httpx.Response) -> None:
    assert answer.headers["X-Request-Id"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    if answer.status_code >= 400:
        assert answer.headers["Content-Type"] == PROBLEM
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.json()["status"] == answer.status_code
    if answer.status_code == 401:
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    if answer.status_code == 429:
        assert int(answer.headers["Retry-After"]) > 0

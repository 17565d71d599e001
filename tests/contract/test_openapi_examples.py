"""The examples of the description fit what they are examples of."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]

from chalicelib.api.openapi import document

JSON = ("application/json", "application/problem+json")


def _contents() -> list[tuple[str, dict[str, Any]]]:
    found = []
    for path, item in document()["paths"].items():
        for method, operation in item.items():
            bodies = {"request": operation.get("requestBody", {})} | operation["responses"]
            for where, body in bodies.items():
                for media_type, content in body.get("content", {}).items():
                    if media_type in JSON:
                        found.append((f"{method.upper()} {path} {where}", content))
    return found


CONTENTS = _contents()


@pytest.mark.parametrize(("name", "content"), CONTENTS, ids=[name for name, _ in CONTENTS])
def test_a_body_has_examples_which_its_schema_allows(name: str, content: dict[str, Any]) -> None:
    examples = [one["value"] for one in content.get("examples", {}).values()] or [content["example"]]
    schema = content["schema"] | {"components": document()["components"]}
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    assert [f"{one.json_path}: {one.message}" for example in examples for one in validator.iter_errors(example)] == []

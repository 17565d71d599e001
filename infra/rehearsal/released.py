"""Holds a template's stateful resources to those of the last release: nothing that keeps data may be replaced.

CloudFormation replaces a resource when a property that can only be given at its creation changes: a table would begin
anew, empty, beside the old one. And DynamoDB takes one new index of a table an update.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER  # type: ignore[import-untyped]

from infra.template import ROOT

FILE = ROOT / "infra" / "released" / "stateful.json"
REGION = "us-east-1"
"""Whose resource schemas are asked; they are AWS's own, in cfn-lint."""

TABLE = "AWS::DynamoDB::Table"
_ONLY_AT_CREATION = {TABLE: ("LocalSecondaryIndexes", "StreamSpecification")}
"""Beyond the schemas' own: an index of this kind is made with its table; another stream loses what was not read yet."""


def stateful(expansion: Mapping[str, Any]) -> dict[str, Any]:
    """Type and properties of each resource that outlives its stack, by logical id."""
    return {
        name: {"Type": one["Type"], "Properties": one["Properties"]}
        for name, one in expansion["Resources"].items()
        if str(one.get("DeletionPolicy", "")).startswith("Retain")
    }


def write(expansion: Mapping[str, Any]) -> None:
    """Make this the last release."""
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(stateful(expansion), indent=1, sort_keys=True) + "\n")


def read() -> dict[str, Any]:
    """The last release."""
    released: dict[str, Any] = json.loads(FILE.read_text())
    return released


def differences(released: Mapping[str, Any], expansion: Mapping[str, Any]) -> Iterator[str]:
    """What an update from the release would lose or be refused for."""
    now = stateful(expansion)
    for name, before in released.items():
        after = now.get(name)
        if after is None:
            yield f"{name} was released and is gone: its data would stay behind, in nobody's hands"
        elif after["Type"] != before["Type"]:
            yield f"{name} was a {before['Type']}"
        else:
            yield from _replacing(name, before, after)
            if before["Type"] == TABLE:
                yield from _of_table(name, before["Properties"], after["Properties"])


def _replacing(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for one in (*_create_only(before["Type"]), *_ONLY_AT_CREATION.get(before["Type"], ())):
        if before["Properties"].get(one) != after["Properties"].get(one):
            yield f"{name}: {one} changed, which replaces it or loses what it holds"


@cache
def _create_only(kind: str) -> tuple[str, ...]:
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, kind).schema
    pointers = [*schema.get("createOnlyProperties", []), *schema.get("conditionalCreateOnlyProperties", [])]
    return tuple(pointer.split("/")[2] for pointer in pointers)


def _of_table(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    types = {one["AttributeName"]: one["AttributeType"] for one in after["AttributeDefinitions"]}
    for one in before["AttributeDefinitions"]:
        if types.get(one["AttributeName"], one["AttributeType"]) != one["AttributeType"]:
            yield f"{name}: {one['AttributeName']} is of another type"
    indexes = {one["IndexName"]: one for one in after.get("GlobalSecondaryIndexes", [])}
    known = {one["IndexName"]: one for one in before.get("GlobalSecondaryIndexes", [])}
    for index, one in known.items():
        if index not in indexes:
            yield f"{name}: the index {index} is gone; what runs during the update still reads it"
        elif indexes[index] != one:
            yield f"{name}: the index {index} changed; give the new one another name"
    added = sorted(indexes.keys() - known.keys())
    if len(added) > 1:
        yield f"{name}: {' and '.join(added)} are new; DynamoDB takes one new index an update"

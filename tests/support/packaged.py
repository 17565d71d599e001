"""Looks into a packaged template: resources by type, and what roles may do."""

import json
from collections.abc import Iterator
from typing import Any

FUNCTION = "AWS::Serverless::Function"


def of_type(resources: dict[str, dict[str, Any]], kind: str) -> dict[str, dict[str, Any]]:
    return {name: one["Properties"] for name, one in resources.items() if one["Type"] == kind}


def statements(resources: dict[str, dict[str, Any]], role: str) -> Iterator[dict[str, Any]]:
    """Every statement that a role is allowed, its managed policies' too."""
    properties = resources[role]["Properties"]
    documents = [one["PolicyDocument"] for one in properties["Policies"]]
    for managed in properties.get("ManagedPolicyArns", []):
        documents.append(resources[managed["Ref"]]["Properties"]["PolicyDocument"])
    for document in documents:
        yield from (one for one in document["Statement"] if one["Effect"] == "Allow")


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def allowed(resources: dict[str, dict[str, Any]], role: str, target: str) -> set[str]:
    """The actions which ``role`` may take on the resource with the logical id ``target``."""
    return {
        action
        for one in statements(resources, role)
        if any(target in json.dumps(resource) for resource in listed(one["Resource"]))
        for action in listed(one["Action"])
    }


def roles(resources: dict[str, dict[str, Any]]) -> set[str]:
    return {one["Role"]["Fn::GetAtt"][0] for one in of_type(resources, FUNCTION).values()}

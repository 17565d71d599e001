"""Reads infra/template.yaml, and resolves what stands in it for an account that is not AWS."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = ROOT / "infra" / "template.yaml"


class _Loader(yaml.SafeLoader):
    """SafeLoader that knows CloudFormation's short forms."""


def _intrinsic(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _intrinsic)


def load(path: Path = TEMPLATE) -> dict[str, Any]:
    """The template with its intrinsics in their long form."""
    template: dict[str, Any] = yaml.load(path.read_text(), Loader=_Loader)
    return template


def resources(template: Mapping[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    """Properties of each resource of ``kind`` ("AWS::SQS::Queue"), by logical id."""
    return {
        name: resource.get("Properties", {})
        for name, resource in template["Resources"].items()
        if resource.get("Type") == kind
    }


def environment(template: Mapping[str, Any], physical: Mapping[str, str]) -> dict[str, str]:
    """The functions' environment: parameters by their defaults, resources by their ``physical`` ids or ARNs.

    An ARN goes by ``InboxRole.Arn``. What refers to a resource that ``physical`` lacks is left out.
    """
    defaults = {name: str(one.get("Default", "")) for name, one in template["Parameters"].items()}
    known = defaults | dict(physical)
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    resolved = {
        name: known.get(_referred(value)) if isinstance(value, dict) else str(value)
        for name, value in variables.items()
    }
    return {name: value for name, value in resolved.items() if value is not None}


def _referred(intrinsic: Mapping[str, Any]) -> str:
    """``UsersTable`` of a Ref to it, ``InboxRole.Arn`` of a GetAtt."""
    return str(intrinsic["Ref"]) if "Ref" in intrinsic else ".".join(intrinsic["Fn::GetAtt"])

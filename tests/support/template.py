"""What ``infra/template.yaml`` declares: tables as arguments of ``create_table``, names, the environment."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

TEMPLATE = Path(__file__).parents[2] / "infra" / "template.yaml"
_PROPERTIES = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "LocalSecondaryIndexes", "BillingMode")


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's tags as plain values."""


def _plain(loader: yaml.Loader, _suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.MappingNode)
    return loader.construct_mapping(node, deep=True)


_Loader.add_multi_constructor("!", _plain)


def names(kind: str) -> list[str]:
    """Logical names of the resources of a ``Type``."""
    return [name for name, resource in _template()["Resources"].items() if resource.get("Type") == kind]


def environment() -> dict[str, str]:
    """The functions' environment: values, or the logical names of what they refer to; of a choice, its first half."""
    variables: dict[str, str | list[str]] = _template()["Globals"]["Function"]["Environment"]["Variables"]
    return {name: str(value[1] if isinstance(value, list) else value) for name, value in variables.items()}


def tables() -> dict[str, dict[str, Any]]:
    """``create_table``'s arguments by logical name, without ``TableName``."""
    return {name: _table(_template()["Resources"][name]["Properties"]) for name in names("AWS::DynamoDB::Table")}


@cache
def _template() -> dict[str, Any]:
    template: dict[str, Any] = yaml.load(TEMPLATE.read_text(), Loader=_Loader)
    return template


def _table(properties: dict[str, Any]) -> dict[str, Any]:
    return {key: properties[key] for key in _PROPERTIES if key in properties}

"""Reads infra/template.yaml, and resolves what stands in it for an account that is not AWS."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = ROOT / "infra" / "template.yaml"
_SUBSTITUTED = re.compile(r"\$\{([\w.:]+)\}")


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


def environment(
    template: Mapping[str, Any], physical: Mapping[str, str], parameters: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The functions' environment: ``parameters``, else their defaults; resources by their ``physical`` ids or ARNs.

    An ARN goes by ``InboxRole.Arn``. What refers to a resource that ``physical`` lacks is left out.
    """
    defaults = {name: str(one.get("Default", "")) for name, one in template["Parameters"].items()}
    known = defaults | dict(parameters or {}) | dict(physical)
    resolver = Resolver(template.get("Conditions", {}), known)
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    resolved = {name: resolver.value(value) for name, value in variables.items()}
    return {name: value for name, value in resolved.items() if value is not None}


class Resolver:
    """What CloudFormation would put in the place of an intrinsic function, as far as the template uses them."""

    def __init__(self, conditions: Mapping[str, Any], known: Mapping[str, str]) -> None:
        """``known``: values of parameters and resources, ARNs and other attributes as ``InboxRole.Arn``."""
        self._conditions, self._known = conditions, known

    def value(self, written: Any) -> str | None:
        """The value as text; None when it refers to something that is not known."""
        if not isinstance(written, dict):
            return str(written)
        ((function, argument),) = written.items()
        match function:
            case "Ref":
                return self._known.get(argument)
            case "Fn::GetAtt":
                return self._known.get(".".join(argument))
            case "Fn::If":
                return self.value(argument[1] if self.holds({"Condition": argument[0]}) else argument[2])
            case "Fn::Sub":
                return self._substituted(argument)
        raise ValueError(f"{function} is not resolved here")

    def holds(self, condition: Mapping[str, Any]) -> bool:
        """Whether a condition of the template is met."""
        ((function, argument),) = condition.items()
        match function:
            case "Condition":
                return self.holds(self._conditions[argument])
            case "Fn::Not":
                return not self.holds(argument[0])
            case "Fn::Equals":
                return self.value(argument[0]) == self.value(argument[1])
        raise ValueError(f"{function} is not resolved here")

    def _substituted(self, argument: Any) -> str | None:
        text, own = (argument, {}) if isinstance(argument, str) else argument
        values = {name: self.value(value) for name, value in own.items()}
        named = [values.get(name, self._known.get(name)) for name in _SUBSTITUTED.findall(text)]
        if None in named:
            return None
        filled = iter(named)
        return _SUBSTITUTED.sub(lambda _: str(next(filled)), text)

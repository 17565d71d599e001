"""Lets moto answer with DynamoDB's attribute values as it holds them, instead of asking each for all ten types.

moto 5.2.5 looks for every type of a value under several spellings; that is half the time of most DynamoDB calls.
"""

from typing import Any

from moto.core.serialize import BaseJSONSerializer

_BINARY = {"B", "BS"}
"""These moto holds otherwise than it sends them."""


def send_attribute_values_as_they_are() -> None:
    """Replace the method of moto's serialiser."""
    original = BaseJSONSerializer._serialize_type_structure
    if hasattr(original, "original"):
        return

    def serialize_structure(self: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if key and shape.name == "AttributeValue" and _is_as_sent(value):
            serialized[key] = value
        else:
            original(self, serialized, value, shape, key)

    serialize_structure.original = original  # type: ignore[attr-defined]
    BaseJSONSerializer._serialize_type_structure = serialize_structure  # type: ignore[method-assign]


def _is_as_sent(value: Any) -> bool:
    """Whether ``value`` is an attribute value of one type, whose nested values are such too."""
    if type(value) is not dict or len(value) != 1:
        return False
    ((kind, content),) = value.items()
    if kind == "M":
        return all(map(_is_as_sent, content.values()))
    if kind == "L":
        return all(map(_is_as_sent, content))
    return kind not in _BINARY

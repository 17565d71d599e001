"""What is wrong with a field, in a sentence of ours: pydantic's speak of Python, not of what was sent."""

from collections.abc import Callable
from typing import Any

from pydantic_core import ErrorDetails

_PLAIN = {
    "missing": "is missing",
    "extra_forbidden": "is not a known field; check its spelling",
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "json_invalid": "is not valid JSON",
    "datetime_parsing": "must be a moment as RFC 3339 writes it, such as 2026-05-31T12:00:00Z",
    "datetime_from_date_parsing": "must be a moment as RFC 3339 writes it, such as 2026-05-31T12:00:00Z",
    "datetime_type": "must be a moment as RFC 3339 writes it, such as 2026-05-31T12:00:00Z",
}


def _counted(context: dict[str, Any], number: int) -> str:
    unit = "item" if context.get("field_type") in ("List", "Tuple", "Set") else "character"
    return f"{number:,} {unit}{'s' * (number != 1)}"


_WITH_BOUNDS: dict[str, Callable[[dict[str, Any]], str]] = {
    "string_too_short": lambda context: f"must have at least {_counted(context, context['min_length'])}",
    "too_short": lambda context: f"must have at least {_counted(context, context['min_length'])}",
    "string_too_long": lambda context: f"may have at most {_counted(context, context['max_length'])}",
    "too_long": lambda context: f"may have at most {_counted(context, context['max_length'])}",
    "string_pattern_mismatch": lambda context: f"has not the form that is asked for: {context['pattern']}",
    "greater_than_equal": lambda context: f"must be at least {context['ge']:,}",
    "less_than_equal": lambda context: f"may be at most {context['le']:,}",
    "greater_than": lambda context: f"must be more than {context['gt']:,}",
    "less_than": lambda context: f"must be less than {context['lt']:,}",
    "enum": lambda context: f"must be {context['expected']}",
    "literal_error": lambda context: f"must be {context['expected']}",
}


def sentence(found: ErrorDetails) -> str:
    """The sentence on one of pydantic's findings; its own where we have no better one."""
    plain = _PLAIN.get(found["type"])
    if plain:
        return plain
    bounded = _WITH_BOUNDS.get(found["type"])
    return bounded(found.get("ctx", {})) if bounded else found["msg"].removeprefix("Value error, ")

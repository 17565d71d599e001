"""JSON from strangers, read strictly: what RFC 8259 leaves open, or a database can't keep, is refused."""

import json
import re
from typing import Any

DEEPEST = 32
MOST_MEMBERS = 5_000
"""Of all objects and arrays together: a batch of 1,000 files has 3,000."""

LONGEST_NUMBER = 40
"""Characters; Python's integers of thousands of digits take long to read, and no field has such ones."""


class BadJson(Exception):
    """What is wrong with it, as the end of a sentence: "is not valid JSON"."""


def loads(body: bytes) -> Any:
    """The value. Raises ``BadJson`` also for nesting, lone surrogates, NaN, duplicate keys and floods of members."""
    _require_shallow(body)
    counter = _Members()
    try:
        value = json.loads(
            body.decode(),
            object_pairs_hook=counter.to_object,
            parse_constant=_refuse_constant,
            parse_int=_whole,
            parse_float=_fraction,
        )
    except BadJson:
        raise
    except (ValueError, RecursionError) as error:
        raise BadJson("is not valid JSON") from error
    _require_sound(value)
    return value


class _Members:
    """Counts the members of all objects."""

    def __init__(self) -> None:
        self._seen = 0

    def to_object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        self._seen += len(pairs)
        if self._seen > MOST_MEMBERS:
            raise BadJson(f"has more than {MOST_MEMBERS:,} members")
        made = dict(pairs)
        if len(made) < len(pairs):
            raise BadJson("names a member twice")
        return made


def _require_shallow(body: bytes) -> None:
    """Before a parser that recurses sees it. The brackets that open or close outside of strings are counted."""
    depth = 0
    for found in _BRACKETS.finditer(body):
        if found.lastgroup == "opens":
            depth += 1
            if depth > DEEPEST:
                raise BadJson(f"is nested more than {DEEPEST} levels deep")
        elif found.lastgroup == "closes":
            depth -= 1


_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.?)*+"?|(?P<opens>[\[{])|(?P<closes>[\]}])', re.DOTALL)
"""Strings are skipped whole, one without an end too: looked for again from each of its quotes, it would take hours."""


def _require_sound(value: Any) -> None:
    """Every string can be written as UTF-8, and no array is a flood."""
    queue, members = [value], 0
    while queue:
        one = queue.pop()
        if isinstance(one, str):
            _require_unicode(one)
        elif isinstance(one, dict):
            queue += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            members += len(one)
            queue += one
    if members > MOST_MEMBERS:
        raise BadJson(f"has more than {MOST_MEMBERS:,} members")


def _require_unicode(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadJson("holds half of a surrogate pair, which is no Unicode") from error


def _refuse_constant(name: str) -> None:
    raise BadJson(f"holds {name}, which is no JSON")


def _whole(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise BadJson(f"holds a number of more than {LONGEST_NUMBER} characters")
    return int(text)


def _fraction(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise BadJson("holds a number that is too large")
    return value

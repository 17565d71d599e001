"""What happened and what to do, for each kind of problem: where its ``type`` leads."""

import json
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from chalicelib.domain.errors import ConvertProError
from chalicelib.domain.problems import status_of

_FOLDER = Path(__file__).parent
_UNTOLD = "detail tells what is wrong."


def codes() -> dict[str, type[ConvertProError]]:
    """Every kind of problem by its code."""
    return {kind.code: kind for kind in _kinds(ConvertProError)}


def advice(code: str) -> str:
    """What to do about a problem."""
    return _advice().get(code, _UNTOLD)


def page(code: str, root: str) -> str | None:
    """The page of a problem, whose links begin with ``root``; None when there is no such problem."""
    kind = codes().get(code)
    if kind is None:
        return None
    return Template((_FOLDER / "problem.html").read_text()).substitute(
        root=escape(root),
        title=escape(kind.title),
        code=escape(code),
        status=status_of(kind),
        advice=escape(advice(code)),
    )


@cache
def _advice() -> dict[str, str]:
    read: dict[str, str] = json.loads((_FOLDER / "advice.json").read_text())
    return read


def _kinds(kind: type[ConvertProError]) -> Iterator[type[ConvertProError]]:
    for one in kind.__subclasses__():
        yield from (one, *_kinds(one))

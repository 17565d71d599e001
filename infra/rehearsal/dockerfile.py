"""Reads a Dockerfile: of its instructions those that the project's own two use, and any other is an error."""

import fnmatch
import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_HANDLED = {"ARG", "FROM", "RUN", "COPY", "WORKDIR", "ENV", "ENTRYPOINT", "CMD"}


class NotUnderstood(Exception):
    """The Dockerfile holds what this reader does not know."""


@dataclass(frozen=True)
class Instruction:
    """``RUN`` and what stands behind it."""

    name: str
    text: str


@dataclass
class Stage:
    """What lies between two FROMs: on which image or stage it is built, and the instructions."""

    base: str
    name: str
    instructions: list[Instruction] = field(default_factory=list)


def stages(text: str) -> list[Stage]:
    """The stages of a Dockerfile, in order; the last one is the image. Raises ``NotUnderstood``."""
    arguments: dict[str, str] = {}
    found: list[Stage] = []
    for one in _instructions(text):
        if one.name == "ARG":
            name, _, value = one.text.partition("=")
            arguments[name] = value
        elif one.name == "FROM":
            words = _substituted(one.text, arguments).split()
            found.append(Stage(words[0], words[2] if len(words) == 3 else str(len(found))))
        elif not found:
            raise NotUnderstood(f"{one.name} stands before FROM")
        else:
            found[-1].instructions.append(one)
    return found


def copied(text: str) -> tuple[str | None, list[str], str]:
    """The stage that a COPY takes from (None: the project), its sources and its target."""
    words = shlex.split(text)
    stage = words.pop(0).removeprefix("--from=") if words[0].startswith("--from=") else None
    if any(word.startswith("--") for word in words):
        raise NotUnderstood(f"COPY {text}")
    return stage, words[:-1], words[-1]


def variables(text: str) -> dict[str, str]:
    """What an ENV sets."""
    return dict(word.split("=", 1) for word in shlex.split(text))


def command(text: str) -> list[str]:
    """The words of an ENTRYPOINT or CMD; the shell's form is none of ours."""
    try:
        words = json.loads(text)
    except ValueError as error:
        raise NotUnderstood(f"not a list of words: {text}") from error
    return [str(word) for word in words]


def is_sent(ignore: str, source: str) -> bool:
    """Whether a .dockerignore, which leaves all out but what it names, sends ``source`` to the builder."""
    return any(fnmatch.fnmatch(source, line[1:]) for line in ignore.split() if line.startswith("!"))


def _instructions(text: str) -> Iterator[Instruction]:
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    for line in _joined(lines):
        name, _, rest = line.partition(" ")
        if name not in _HANDLED:
            raise NotUnderstood(f"{name} is not understood: {line[:80]}")
        yield Instruction(name, rest.strip())


def _joined(lines: list[str]) -> Iterator[str]:
    whole = ""
    for line in lines:
        whole += line
        if whole.endswith("\\"):
            whole = whole[:-1]
            continue
        yield whole
        whole = ""


def _substituted(text: str, arguments: Mapping[str, str]) -> str:
    return re.sub(r"\$\{(\w+)\}", lambda found: arguments[found[1]], text)

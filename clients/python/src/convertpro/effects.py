"""What a flow may ask for: flows are generators without any input or output, which a driver runs, blocking or not."""

import json
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

T = TypeVar("T")

OnBytes = Callable[[int, int], None]
"""Called with bytes done and bytes in all."""


@dataclass(frozen=True)
class Call:
    """One HTTP request, answered by an ``Answer``.

    ``files`` are sent as parts named ``file``, in order, after the fields of ``form``. With ``save_to`` the body of a
    successful answer goes to that file. ``on_bytes`` hears of what is sent, or with ``save_to`` of what arrives.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] | None = None
    json: Any = None
    form: Mapping[str, str] | None = None
    files: Sequence[Path] = ()
    save_to: Path | None = None
    on_bytes: OnBytes | None = None
    timeout_s: float | None = None


@dataclass(frozen=True)
class Answer:
    """What came back; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body's object; empty for what is none."""
        try:
            read = json.loads(self.body)
        except ValueError:
            return {}
        return read if isinstance(read, dict) else {}


@dataclass(frozen=True)
class Sleep:
    """Wait for some seconds."""

    seconds: float


@dataclass(frozen=True)
class Work:
    """Run something that takes a while, such as a digest of a file; its value comes back."""

    function: Callable[[], Any]


@dataclass(frozen=True)
class Exclusive:
    """Run a flow while no other exclusive flow of the same client runs; its value comes back."""

    flow: "Flow[Any]"


@dataclass(frozen=True)
class Together:
    """Run flows at once, at most ``jobs`` of them; their values come back, in order."""

    flows: Sequence["Flow[Any]"]
    jobs: int


Effect: TypeAlias = Call | Sleep | Work | Exclusive | Together
Flow: TypeAlias = Generator[Effect, Any, T]

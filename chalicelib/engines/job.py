"""What a worker hands to an engine and what it gets back; crosses a process boundary as JSON."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

Progress = Callable[[int, int, str], None]
"""Called by an engine that counts: (done, total, unit), unit being "pages" or "files"."""


@dataclass(frozen=True)
class InputFile:
    """A private copy of one input. ``kind`` is what its bytes say: a name of ``domain.filekinds`` ("pdf", …)."""

    path: Path
    name: str
    kind: str


@dataclass(frozen=True)
class Limits:
    """Ceilings of one engine run; the defaults are those of ``settings.py``. The worker enforces the time.

    ``timeout_s`` is on the clock, ``cpu_s`` processor time over all cores, ``page_cpu_s`` what each page adds to it.
    """

    timeout_s: float = 240
    cpu_s: float = 120
    page_cpu_s: float = 0.25
    memory_bytes: int = 2 * 1024**3
    output_bytes: int = 500 * 1024**2
    pdf_pages: int = 2_000
    image_pixels: int = 100_000_000
    image_frames: int = 500
    zip_entries: int = 10_000
    zip_bytes: int = 1024**3
    zip_ratio: int = 200


@dataclass(frozen=True)
class Job:
    """One engine run: read ``inputs``, write exactly one file to ``output``, use ``workdir`` for anything else.

    ``options`` are validated already and hold JSON values only; a secret never stands in them: ``password`` does.
    """

    action: str
    inputs: tuple[InputFile, ...]
    output: Path
    workdir: Path
    options: dict[str, Any] = field(default_factory=dict)
    password: str | None = field(default=None, repr=False)
    limits: Limits = field(default_factory=Limits)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, for the engine's process."""
        data = asdict(self)
        data["output"], data["workdir"] = str(self.output), str(self.workdir)
        data["inputs"] = [asdict(one) | {"path": str(one.path)} for one in self.inputs]
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Job":
        """The inverse of :meth:`to_json`."""
        return cls(
            action=data["action"],
            inputs=tuple(InputFile(Path(one["path"]), one["name"], one["kind"]) for one in data["inputs"]),
            output=Path(data["output"]),
            workdir=Path(data["workdir"]),
            options=data["options"],
            password=data["password"],
            limits=Limits(**data["limits"]),
        )


@dataclass(frozen=True)
class Outcome:
    """What an engine says of a result it wrote: the truth about its fidelity.

    ``warnings`` are sentences for a person: each page, table, image or row that is not faithfully there, by name.
    ``report`` always has ``engine``, ``engine_version`` and, where pages exist, ``pages_in`` and ``pages_out``.
    """

    warnings: tuple[str, ...] = ()
    report: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"warnings": list(self.warnings), "report": self.report}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Outcome":
        """The inverse of :meth:`to_json`."""
        return cls(tuple(data["warnings"]), data["report"])

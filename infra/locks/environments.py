"""The environments of the functions on AWS, and what is asked for in each."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ROOT / "infra" / "locks"
NOT_ON_LAMBDA = ("chalice",)
"""Chalice adds the two files of itself that run on Lambda; its command line and that one's dependencies stay out."""

_IMAGES = "infra/images"


@dataclass(frozen=True)
class Environment:
    """``requirements`` are paths from the project's root; ``complete``: they name every package, and pip adds none."""

    name: str
    requirements: tuple[str, ...]
    complete: bool = False

    @property
    def lock(self) -> Path:
        """The list with hashes."""
        return LOCKS / f"{self.name}.txt"

    def wanted(self) -> list[str]:
        """The lines that pip reads, without what is not for Lambda."""
        lines = [line for one in self.requirements for line in (ROOT / one).read_text().splitlines()]
        asked = [line for line in lines if line.strip() and not line.startswith("#")]
        return [line for line in asked if line.split("==")[0].strip() not in NOT_ON_LAMBDA]

    def digest(self) -> str:
        """Of what is asked for: a lock that names another one is out of date."""
        return hashlib.sha256("\n".join([str(self.complete), *self.wanted()]).encode()).hexdigest()

    def is_locked(self) -> bool:
        """Whether the lock was made of these very requirements."""
        return self.lock.is_file() and f"# {self.digest()}" in self.lock.read_text().splitlines()

    def pip_options(self, scratch: str) -> list[str]:
        """What to resolve."""
        file = Path(scratch, "wanted.txt")
        file.write_text("\n".join(self.wanted()))
        return [*(["--no-deps"] if self.complete else []), "--requirement", str(file)]


ENVIRONMENTS = {
    one.name: one
    for one in (
        Environment("api", ("requirements.txt",)),
        Environment("light", ("layers/light/requirements.txt",), complete=True),
        Environment("worker", ("requirements.txt", f"{_IMAGES}/requirements-lambda.txt")),
        Environment("tables", (f"{_IMAGES}/documents/requirements-tables.txt",), complete=True),
        Environment("ocr", (f"{_IMAGES}/documents/requirements-ocr.txt",), complete=True),
        Environment("background", (f"{_IMAGES}/background/requirements.txt",), complete=True),
    )
}

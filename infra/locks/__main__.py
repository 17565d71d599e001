"""Writes the lists beside it: `python -m infra.locks [NAME…]`.

pip resolves each environment's requirements for Lambda's Python and glibc, whatever runs here, and installs nothing.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from infra import wheels
from infra.locks.environments import ENVIRONMENTS, Environment


def resolve(environment: Environment) -> list[str]:
    """A line for each package: name, version and the sha256 of its wheel."""
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch, "report.json")
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
        command += ["--report", str(report), "--target", scratch, *wheels.OPTIONS, *environment.pip_options(scratch)]
        subprocess.run(command, stdin=subprocess.DEVNULL, check=True)
        found = json.loads(report.read_text())["install"]
    return sorted(
        f"{one['metadata']['name']}=={one['metadata']['version']} "
        f"--hash=sha256:{one['download_info']['archive_info']['hashes']['sha256']}"
        for one in found
    )


def main(names: list[str]) -> None:
    """Write the lists that are named, else all."""
    for name, environment in ENVIRONMENTS.items():
        if not names or name in names:
            head = f"# Made by `make locks`, of: {' '.join(environment.requirements)}\n# {environment.digest()}\n"
            environment.lock.write_text(head + "\n".join(resolve(environment)) + "\n")
            print(environment.lock)


if __name__ == "__main__":
    main(sys.argv[1:])

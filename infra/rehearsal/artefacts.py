"""What Lambda runs, from what `make package` and the Dockerfiles make: layers of files and how each function starts."""

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from infra import lambda_python, wheels
from infra.locks.environments import ENVIRONMENTS
from infra.rehearsal import images
from infra.rehearsal.images import EMULATOR, HOME, Image
from infra.template import ROOT

EMULATOR_MODULE = (
    "github.com/aws/aws-lambda-runtime-interface-emulator/cmd/aws-lambda-rie@v0.0.0-20261030222936-bef5c4ba774d"
)
PACKAGE = ROOT / "build" / "package"
IMAGES = {"DocumentsFunction": "documents", "BackgroundFunction": "background"}
_RUNTIME_PACKAGES = ("python3", "ca-certificates")
_LIBRARIES = "/var/runtime"


@dataclass(frozen=True)
class Artefact:
    """Layers (the lowest first), the command, what the image or runtime sets, and bytes that count for its limit."""

    layers: tuple[Path, ...]
    command: tuple[str, ...]
    environment: Mapping[str, str]
    size: int


def of_function(name: str, properties: Mapping[str, Any]) -> Artefact:
    """The artefact of a function of the expansion."""
    if properties.get("PackageType") == "Image":
        image = images.build(IMAGES[name])
        command = (*image.entrypoint, *properties["ImageConfig"]["Command"])
        return Artefact(image.layers, command, image.environment, image.size)
    code = _unpacked(PACKAGE / "deployment.zip", "var/task")
    layers = (*runtime().layers, code)
    counted = [code]
    if properties.get("Layers"):
        counted.append(_unpacked(PACKAGE / "light-layer.zip", "opt"))
        layers = (*layers, counted[-1])
    command = (f"/var/lang/bin/python{wheels.RUNTIME}", "-m", "awslambdaric", properties["Handler"])
    paths = {"PATH": f"/var/lang/bin:{images.PATH}", "PYTHONPATH": _LIBRARIES, "LD_LIBRARY_PATH": "/var/lang/lib"}
    return Artefact(layers, command, paths, sum(map(_size, counted)))


def emulator() -> Path:
    """AWS's runtime interface emulator, built once."""
    if not EMULATOR.exists():
        environment = {**os.environ, "GOBIN": str(EMULATOR.parent), "CGO_ENABLED": "0"}
        subprocess.run(["go", "install", EMULATOR_MODULE], env=environment, check=True)
    return EMULATOR


def has_bytecode(archive: str) -> bool:
    """Whether an archive of the package was compiled by Lambda's Python."""
    with zipfile.ZipFile(PACKAGE / archive) as opened:
        return any(name.endswith(f".cpython-{wheels.RUNTIME.replace('.', '')}.pyc") for name in opened.namelist())


@cache
def runtime() -> Image:
    """Lambda's own Python and its runtime client, where Lambda has them; the Python is Debian's of the same minor."""
    base = images.base("debian:trixie-slim", _RUNTIME_PACKAGES)
    if not lambda_python.REHEARSED.is_symlink():
        lambda_python.REHEARSED.symlink_to(base.layers[0])
    layer = HOME / "runtime"
    lock = ENVIRONMENTS["worker"].lock
    stamp = layer.with_suffix(".stamp")
    if not stamp.exists() or stamp.read_text() != lock.read_text():
        shutil.rmtree(layer, ignore_errors=True)
        program = layer / "var" / "lang" / "bin" / f"python{wheels.RUNTIME}"
        program.parent.mkdir(parents=True)
        program.symlink_to(f"/usr/bin/python{wheels.RUNTIME}")
        _install_runtime_client(layer / _LIBRARIES.lstrip("/"), lock.read_text())
        stamp.write_text(lock.read_text())
    return Image((*base.layers, layer))


def _install_runtime_client(target: Path, lock: str) -> None:
    """awslambdaric and what it needs beyond what the functions bring."""
    wanted = [line for line in lock.splitlines() if line.startswith(("awslambdaric", "simplejson", "snapshot"))]
    listed = HOME / "runtime.txt"
    listed.write_text("\n".join(wanted))
    options = ["--quiet", "--no-deps", "--require-hashes", "--target", str(target), "--requirement", str(listed)]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, *wheels.OPTIONS], check=True)
    found = lambda_python.find()
    if found:
        found.compile(target)


@cache
def _unpacked(archive: Path, place: str) -> Path:
    """The archive's content as a layer."""
    layer = HOME / "functions" / archive.stem
    shutil.rmtree(layer, ignore_errors=True)
    with zipfile.ZipFile(archive) as opened:
        for member in opened.infolist():
            path = Path(opened.extract(member, layer / place))
            mode = member.external_attr >> 16
            if mode:
                path.chmod(mode & 0o7777 or 0o644)
    return layer


def _size(folder: Path) -> int:
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())

"""Builds what is deployed: `python -m infra.package` leaves build/package/ with one template and its archives.

Chalice packages a copy of the project in which the dependencies lie in ``vendor/``, its documented place for what it
must not resolve itself: they are wheels for Lambda's Python and glibc, whatever runs here.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from chalicelib.store.connection import SERVICES
from infra import lambda_python, wheels
from infra.locks.environments import ENVIRONMENTS
from infra.template import ROOT, TEMPLATE

BUILD = ROOT / "build"
PACKAGE = BUILD / "package"
CODE = ("app.py", "chalicelib", ".chalice/config.json")

ZIP_LIMIT = 50 * 1024**2
UNZIPPED_LIMIT = 250 * 1024**2
MB = 1024**2
"""Lambda's: an uploaded archive, and a function with its layers."""


LAYER_PYTHON = f"""#!/bin/sh
PYTHONPATH="$PYTHONPATH:/opt/light/lib" exec /var/lang/bin/python{wheels.RUNTIME} "$@"
"""
"""The layer is an environment like those of the images: /opt/light/bin/python, with its libraries beside it."""


class TooLarge(Exception):
    """An archive exceeds what Lambda takes."""


def merged_template(stage_dir: Path, output: Path) -> Path:
    """Have Chalice package the project in ``stage_dir`` and merge infra/template.yaml; returns the template's path."""
    environment = {
        **os.environ,
        "AWS_DEFAULT_REGION": os.environ.get("AWS_DEFAULT_REGION", "us-east-1"),
    }
    command = ["package", "--stage", "prod", "--merge-template", str(TEMPLATE), str(output)]
    shutil.rmtree(stage_dir / ".chalice" / "deployments", ignore_errors=True)
    _run([_tool("chalice"), *command], cwd=stage_dir, env=environment)
    return output / "sam.yaml"


def stage(stage_dir: Path) -> Path:
    """A copy of the code alone: what Chalice needs, and nothing that it would resolve."""
    for name in CODE:
        target = stage_dir / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        else:
            shutil.copy2(ROOT / name, target)
    return stage_dir


def vendor(stage_dir: Path) -> None:
    """Install what the API's list locks, as wheels for Lambda, into ``vendor/``; again only when something changed."""
    target = stage_dir / "vendor"
    _environment("api", target)
    # botocore describes four hundred services and lists them all for each client that it makes.
    for service in (target / "botocore" / "data").iterdir():
        if service.is_dir() and service.name not in SERVICES:
            shutil.rmtree(service)


def layer(output: Path) -> None:
    """Build the light worker's layer; again only when something changed."""
    content = output.with_suffix("") / "content"
    if _environment("light", content / "light" / "lib") or not output.exists():
        python = content / "light" / "bin" / "python"
        python.parent.mkdir(exist_ok=True)
        python.write_text(LAYER_PYTHON)
        python.chmod(0o755)
        shutil.make_archive(str(output.with_suffix("")), "zip", content)


def _environment(name: str, target: Path) -> bool:
    """Fill ``target`` with what the list ``name`` locks and bytecode of Lambda's Python; whether it was to do."""
    lock, python = ENVIRONMENTS[name].lock, lambda_python.find()
    made_by = python.version() if python else "no bytecode"
    version = hashlib.sha256(
        f"{lock.read_text()}{wheels.OPTIONS}{LAYER_PYTHON}{SERVICES}{made_by}".encode()
    ).hexdigest()
    stamp = target.with_suffix(".stamp")
    if stamp.exists() and stamp.read_text() == version:
        return False
    shutil.rmtree(target, ignore_errors=True)
    options = ["--quiet", "--disable-pip-version-check", "--no-compile", "--no-deps", "--require-hashes"]
    pip = [sys.executable, "-m", "pip", "install", *options, *wheels.OPTIONS]
    _run([*pip, "--target", str(target), "--requirement", str(lock)])
    if python:
        python.compile(target)
    stamp.write_text(version)
    return True


def sizes(api: Path, light_layer: Path) -> str:
    """What the archives weigh, for a person. Raises ``TooLarge`` beyond Lambda's limits."""
    lines, unzipped = [], 0
    for archive in (api, light_layer):
        with zipfile.ZipFile(archive) as opened:
            content = sum(member.file_size for member in opened.infolist())
        unzipped += content
        lines.append(f"  {archive.name}: {archive.stat().st_size / MB:.1f} MB, {content / MB:.1f} MB unzipped")
        if archive.stat().st_size > ZIP_LIMIT:
            raise TooLarge(f"{archive} has more than {ZIP_LIMIT / MB:.0f} MB")
    if unzipped > UNZIPPED_LIMIT:
        raise TooLarge(f"The light function has {unzipped / MB:.0f} MB with its layer; {UNZIPPED_LIMIT / MB:.0f} fit")
    return "\n".join(lines)


def main() -> None:
    """Build everything, and lint the template that comes out."""
    stage_dir, python = stage(BUILD / "stage"), lambda_python.find()
    vendor(stage_dir)
    if python:
        python.compile(stage_dir / "chalicelib")
        print(f"Bytecode by Python {python.version()}.")
    else:
        print(lambda_python.ADVICE)
    template = merged_template(stage_dir, PACKAGE)
    layer(BUILD / "light-layer.zip")
    light_layer = Path(shutil.copy2(BUILD / "light-layer.zip", PACKAGE))
    _run([_tool("cfn-lint"), str(template)])
    print(f"{template}\n{sizes(PACKAGE / 'deployment.zip', light_layer)}")


def _tool(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def _run(command: list[str], cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    subprocess.run(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, check=True)


if __name__ == "__main__":
    main()

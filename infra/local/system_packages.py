"""The Debian packages that the service needs on one's own machine, and which of them are missing. Stdlib only."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

OFFICE = tuple((f"libreoffice-{part}-nogui", f"libreoffice-{part}") for part in ("writer", "calc", "draw", "impress"))
"""Without a desktop; where the desktop's LibreOffice is installed its own packages are taken, which exclude these."""

_FONTS = (
    ("fonts-liberation2", "fonts-liberation"),
    ("fonts-crosextra-carlito",),
    ("fonts-crosextra-caladea",),
    ("fonts-dejavu",),
    ("fonts-noto-core",),
    ("fonts-noto-cjk",),
    ("fonts-noto-color-emoji",),
    ("fonts-urw-base35",),
    ("fonts-arphic-uming",),
    ("fonts-ipafont-mincho",),
    ("fonts-wine",),
)
_OCR = tuple(
    (f"tesseract-ocr-{pack}",) for pack in ("ara", "ell", "fas", "heb", "hin", "kor", "osd", "rus", "tha", "ukr", "vie")
)
"""Scripts that the other engine for scans does not read; each brings Tesseract itself."""

RUN = (*OFFICE, ("python3-uno",), *_FONTS, *_OCR)
TEST = (
    ("poppler-utils",),
    ("qpdf",),
    ("chromium", "chromium-browser"),
    ("chromium-driver", "chromium-chromedriver"),
)

UNO_PYTHON = Path("/usr/bin/python3")
"""The interpreter that LibreOffice's UNO bindings are made for."""


def missing(purpose: str) -> list[str]:
    """Names of the packages to install for ``run`` or ``test``. Elsewhere than on Debian: judged by the commands."""
    wanted = [*RUN, *(TEST if purpose == "test" else ())]
    if shutil.which("dpkg-query") is None:
        return _missing_commands(purpose)
    there = installed()
    desktop = "libreoffice-core" in there
    absent = [names for names in wanted if there.keys().isdisjoint(names)]
    packages = [names[-1] if desktop or not _exists(names[0]) else names[0] for names in absent]
    return packages + _missing_tools(purpose)


def _missing_tools(purpose: str) -> list[str]:
    """What may well be there without its package: Python's own venv, Java, Maven, npm."""
    tools = []
    if importlib.util.find_spec("ensurepip") is None:
        tools.append(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
    if purpose == "test":
        tools += [] if shutil.which("java") else ["default-jre-headless"]
        tools += [] if shutil.which("mvn") else ["maven"]
        tools += [] if shutil.which("npm") else ["npm"]
    return tools


def _missing_commands(purpose: str) -> list[str]:
    commands = {"soffice": "libreoffice", "tesseract": "tesseract"}
    if purpose == "test":
        commands |= {"pdftotext": "poppler-utils", "qpdf": "qpdf", "java": "java", "mvn": "maven", "npm": "npm"}
        commands |= {"chromium": "chromium", "chromedriver": "chromedriver"}
    absent = [package for command, package in commands.items() if shutil.which(command) is None]
    return absent if _has_uno() else [*absent, "python3-uno"]


def _has_uno() -> bool:
    if not UNO_PYTHON.exists():
        return False
    return subprocess.run([UNO_PYTHON, "-c", "import uno"], capture_output=True, check=False).returncode == 0


def installed() -> dict[str, str]:
    """The versions of the installed packages by their names; none elsewhere than on Debian."""
    if shutil.which("dpkg-query") is None:
        return {}
    query = ["dpkg-query", "--show", "--showformat", "${db:Status-Status} ${Package} ${Version}\n"]
    output = subprocess.run(query, capture_output=True, text=True, check=False).stdout
    rows = (line.split(" ") for line in output.splitlines())
    return {row[1]: row[2] for row in rows if row[0] == "installed"}


def _exists(package: str) -> bool:
    """Whether this release has the package; before the first `apt-get update` all are taken to exist."""
    if not any(Path("/var/lib/apt/lists").glob("*Packages*")):
        return True
    return subprocess.run(["apt-cache", "show", package], capture_output=True, check=False).returncode == 0

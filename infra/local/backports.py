"""Debian's backports, where a release's newest LibreOffice is, by the machine's own sources. Stdlib only."""

import os
import platform
import subprocess
from pathlib import Path

RELEASES = frozenset({"bookworm", "trixie"})
"""Debian 12 and 13, whose backports have a newer LibreOffice (25.2 and 26.8 in November 2026)."""

SOURCE = Path("/etc/apt/sources.list.d/convertpro-backports.sources")
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_FIELDS = "$(REPO_URI)|$(CODENAME)|$(RELEASE)|$(COMPONENT)|$(ORIGIN)|$(CREATED_BY)"


def wanted_suite(installed: dict[str, str]) -> str | None:
    """The suite to take LibreOffice from, by the versions of what is ``installed``; ``None`` to take the release's own.

    ``LIBREOFFICE=system`` leaves a machine's LibreOffice as it is, and so does a desktop's, which others use.
    """
    codename = _codename()
    if codename not in RELEASES or os.environ.get("LIBREOFFICE") == "system" or "libreoffice-core" in installed:
        return None
    newer = all("~bpo" in installed.get(name, "") for name in ("libreoffice-core-nogui", "python3-uno"))
    return None if newer else f"{codename}-backports"


def is_configured(suite: str) -> bool:
    """Whether apt knows the suite already."""
    return any(suite in (row[1], row[2]) for row in _targets())


def source_text(suite: str) -> str | None:
    """An entry for ``suite`` at the mirror which the machine takes its release from; ``None`` when there is none."""
    release = suite.removesuffix("-backports")
    for address, codename, archive, component, origin, _ in _targets():
        if component == "main" and release in (codename, archive) and origin in ("Debian", ""):
            lines = ["Types: deb", f"URIs: {address}", f"Suites: {suite}", "Components: main"]
            lines += [f"Signed-By: {_KEYRING}"] if _KEYRING.exists() else []
            return "\n".join(lines) + "\n"
    return None


def _codename() -> str:
    try:
        return platform.freedesktop_os_release().get("VERSION_CODENAME", "")
    except OSError:
        return ""


def _targets() -> list[list[str]]:
    """What apt fetches lists of packages from: address, codename, archive, component, origin, kind."""
    command = ["apt-get", "indextargets", "--format", _FIELDS]
    output = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    rows = (["" if "$(" in part else part for part in line.split("|")] for line in output.splitlines())
    return [row for row in rows if len(row) == 6 and row[5] == "Packages"]

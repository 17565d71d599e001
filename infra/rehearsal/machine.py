"""What this machine lends to a build, and no image keeps: its mirrors, resolver, certificates and proxies."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

DEBIAN = "http://deb.debian.org/debian"
_TRUST = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
_REGISTRIES = ("PIP_INDEX_URL", "PIP_DEFAULT_TIMEOUT", "NPM_CONFIG_REGISTRY")
_PROXIES = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
_TOOLS = ("mmdebstrap", "unshare", "mount", "mkfs.ext4", "go")


def missing_tools() -> list[str]:
    """What a rehearsal needs and this machine lacks."""
    lacking = [] if os.geteuid() == 0 else ["root's rights"]
    return lacking + [name for name in _TOOLS if shutil.which(name) is None]


def facts() -> dict[str, str | int]:
    """What figures depend on, of this machine: processor, cores, memory, the day."""
    found = re.findall(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    processor = " ".join(found[0].split()) if found else "unknown"
    day = datetime.now(UTC).date().isoformat()
    return {"processor": processor, "cores": os.cpu_count() or 1, "memory_gb": round(memory), "day": day}


def debian_mirror() -> str:
    """Where this machine's apt gets Debian from, else deb.debian.org."""
    if shutil.which("apt-get"):
        query = ["apt-get", "indextargets", "--format", "$(REPO_URI) $(ORIGIN)"]
        listed = subprocess.run(query, capture_output=True, text=True, check=False).stdout
        for line in listed.splitlines():
            uri, _, origin = line.partition(" ")
            if origin == "Debian" and uri.rstrip("/").endswith("/debian"):
                return uri.rstrip("/")
    return DEBIAN


def localised(command: str) -> str:
    """A RUN's command with this machine's mirror for Debian's."""
    return re.sub(re.escape(DEBIAN) + r"(?=[\s'\"])", debian_mirror(), command)


def lent_variables() -> dict[str, str]:
    """What this machine's programs need to reach and to trust their mirrors, pip and npm above all."""
    return {name: os.environ[name] for name in (*_TRUST, *_REGISTRIES, *_PROXIES) if name in os.environ}


@contextmanager
def lent(root: Path) -> Iterator[dict[str, str]]:
    """Mount what a build in ``root`` needs of this machine, for as long as it lasts; the variables that go with it."""
    variables = lent_variables()
    mounted: list[Path] = []
    try:
        mounted.append(_mounted(root / "proc", "-t", "proc", "proc"))
        mounted.append(_mounted(root / "dev", "--bind", "/dev"))
        mounted.append(_mounted(root / "run", "-t", "tmpfs", "tmpfs"))
        resolver = root / "etc" / "resolv.conf"
        resolver.touch()
        mounted.append(_mounted(resolver, "--bind", os.path.realpath("/etc/resolv.conf")))
        for name, value in variables.items():
            if value.startswith("/") and Path(value).is_file():
                copy = shutil.copy(value, root / "run" / name)
                variables[name] = f"/run/{Path(copy).name}"
        yield variables
    finally:
        for path in reversed(mounted):
            subprocess.run(["umount", path], check=True)


def _mounted(target: Path, *how: str) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", *how, target], check=True)
    return target

"""The environment of the local processes: the template's, resolved against moto, and what AWS would supply."""

import os
import secrets
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from infra.template import ROOT

STATE = ROOT / ".local"
REGION = "us-east-1"
ACCOUNT_VARIABLES = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}
_FOREIGN = ("AWS_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")


def inherited() -> dict[str, str]:
    """This process's environment less what would lead a child to a real account, a proxy or other modules."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(_FOREIGN)}
    return kept | {"PYTHONUNBUFFERED": "1"}


def local_environment(declared: Mapping[str, str], endpoint: str, port: int) -> dict[str, str]:
    """What a process of the local service gets. ``declared`` is the template's environment.

    Variables which the caller's own environment sets (``LOG_LEVEL=DEBUG make run``) win over the template's.
    """
    own = inherited()
    # A worker stays free for others, whatever one user sends.
    fewer = {"MAX_ACTIVE_PER_USER": str(documents_workers() - 1)} if "MAX_ACTIVE_PER_USER" in declared else {}
    chosen = {name: own.get(name) or value for name, value in (dict(declared) | fewer).items()}
    return (
        own
        | chosen
        | ACCOUNT_VARIABLES
        | {
            "AWS_ENDPOINT_URL": endpoint,
            "STAGE": "local",
            "JWT_SECRET": signing_secret(STATE / "jwt-secret"),
            "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
            # A receiver or a file's server of one's own, on this machine: never so on a deployed stage.
            "OUTBOUND_HTTP": "true",
            "OUTBOUND_LOOPBACK": "true",
            "ENGINES_HOME": str(ROOT / ".engines"),
            "MODELS_HOME": str(ROOT / ".models"),
            "NUMBA_CACHE_DIR": str(ROOT / ".models" / "numba"),
            "BUILD": f"{chosen.get('BUILD') or 'development'}, {_office()}",
        }
    )


@cache
def _office() -> str:
    """Which LibreOffice this machine has: it may be older than the one in the image."""
    program = shutil.which("soffice")
    if program is None:
        return "no LibreOffice"
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout.split()
    return " ".join(told[:2]) or "LibreOffice"


def documents_workers() -> int:
    """How many documents are worked on at a time: one for each core, and one to spare."""
    return max(2, min(4, os.cpu_count() or 2)) + 1


def signing_secret(path: Path) -> str:
    """The secret that signs tokens here, made once and readable by its owner only."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    secret = secrets.token_urlsafe(48)
    with os.fdopen(descriptor, "w") as file:
        file.write(secret)
    return secret

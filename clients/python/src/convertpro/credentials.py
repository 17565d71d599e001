"""Where the command finds its service and its key: the environment, or a file that only its owner reads."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

URL, KEY = "CONVERTPRO_URL", "CONVERTPRO_API_KEY"


@dataclass(frozen=True)
class Credentials:
    """A service and a key of one of its users."""

    base_url: str
    api_key: str = field(repr=False)


def folder(variable: str, fallback: str) -> Path:
    """The command's folder below an XDG base directory; a relative one counts for nothing, as the standard says."""
    named = Path(os.environ.get(variable, ""))
    return (named if named.is_absolute() else Path.home() / fallback) / "convertpro"


def path() -> Path:
    """The file of credentials."""
    return folder("XDG_CONFIG_HOME", ".config") / "credentials.json"


def save(credentials: Credentials) -> Path:
    """Write the file, whole or not at all, with mode 0600 from its beginning."""
    target = path()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(credentials), file)
    partial.replace(target)
    return target


def load() -> Credentials | None:
    """What the environment or the file names, if both an address and a key are known.

    A key of the environment goes to the environment's address only: the file's may be another service's.
    """
    url, key = os.environ.get(URL), os.environ.get(KEY)
    if url or key:
        return Credentials(url, key) if url and key else None
    try:
        body = json.loads(path().read_text())
        return Credentials(str(body["base_url"]), str(body["api_key"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None

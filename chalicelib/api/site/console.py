"""The console's files, as `make` built them from console/: its page, and what the page loads."""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path

FOLDER = Path(__file__).parent / "console"
_MEDIA_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css"}
_VERSIONED = re.compile(r"-[\w-]{8}\.\w+$")
_OWN_LINK = re.compile(r'(src|href)="\./')


@dataclass(frozen=True)
class File:
    """A file, its media type and the version that a browser may hold."""

    text: str
    media_type: str
    etag: str
    is_for_good: bool
    """Whether its name tells its version, so that no other will ever be under it."""


def page(root: str) -> File | None:
    """The console's page, whose links begin with ``root``; None where it was not built."""
    text = _texts().get("index.html")
    if text is None:
        return None
    linked = _OWN_LINK.sub(rf'\1="{escape(root)}app/', text).replace("__ROOT__", escape(root))
    return _file("index.html", linked, "text/html")


def asset(name: str) -> File | None:
    """A file that the page loads; None when there is no such one."""
    media_type = _MEDIA_TYPES.get(Path(name).suffix)
    text = _texts().get(name)
    return _file(name, text, media_type) if text is not None and media_type else None


def _texts() -> dict[str, str]:
    """All files by name: whatever a path says, no other is read."""
    return _read(FOLDER.stat().st_mtime_ns) if FOLDER.is_dir() else {}


@lru_cache(maxsize=1)
def _read(_built_ns: int) -> dict[str, str]:
    return {one.name: one.read_text() for one in FOLDER.glob("*.*") if one.is_file() and one.name[0] != "."}


def _file(name: str, text: str, media_type: str) -> File:
    etag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    return File(text, media_type, etag, _VERSIONED.search(name) is not None)

"""Names of an archive's members: safe wherever it is unpacked, and each there once."""

from collections import defaultdict

from chalicelib.domain.filekinds import safe_name

_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
"""Windows takes these for devices, whatever their extension."""


class MemberNames:
    """Hands out names; two that differ in case only are one name on many systems."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._numbers: defaultdict[str, int] = defaultdict(lambda: 2)

    def take(self, name: str) -> str:
        """``name`` made safe, its folders kept; ``name (2).ext`` when it was taken already."""
        wanted = "/".join(_safe(part) for part in name.replace("\\", "/").split("/") if part.strip(" .")) or "file"
        free = wanted
        while free.casefold() in self._taken:
            number = self._numbers[wanted.casefold()]
            self._numbers[wanted.casefold()] = number + 1
            free = _numbered(wanted, number)
        self._taken.add(free.casefold())
        return free


def _safe(part: str) -> str:
    safe = safe_name(part, "file")
    return f"_{safe}" if safe.partition(".")[0].rstrip().lower() in _DEVICES else safe


def _numbered(name: str, number: int) -> str:
    folder, slash, file = name.rpartition("/")
    stem, dot, extension = file.rpartition(".")
    if not stem:
        stem, dot, extension = file, "", ""
    return f"{folder}{slash}{stem} ({number}){dot}{extension}"

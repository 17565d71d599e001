"""The folders that agents may read and write, by name: nothing outside of them, not even through a link."""

from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

from convertpro.errors import AlreadyThere, ConvertProError


class PathRefused(ConvertProError):
    """A path leads out of the folders that an agent may use, or to no file."""


class Roots:
    """Named folders. Paths are written ``name/below/file.pdf``."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._folders = {name: folder.resolve(strict=True) for name, folder in folders.items()}

    @property
    def names(self) -> list[str]:
        """The names, in order."""
        return sorted(self._folders)

    def source(self, path: str) -> Path:
        """A file to read, all links followed. Raises ``PathRefused``."""
        found = self._inside(path)
        if not found.is_file():
            raise PathRefused(f"There is no file {path}.")
        return found

    def target(self, path: str, *, overwrite: bool) -> Path:
        """Where to write. Raises ``PathRefused``, and ``AlreadyThere`` without ``overwrite``."""
        found = self._inside(path)
        if found.is_dir() or found in self._folders.values():
            raise PathRefused(f"{path} is a folder; name a file in it.")
        if found.exists() and not overwrite:
            raise AlreadyThere(f"{path} is there already.")
        if not found.parent.is_dir():
            raise PathRefused(f"There is no folder for {path}.")
        return found

    def name_of(self, path: Path) -> str:
        """A path of a root as agents write it."""
        name, folder = next(one for one in self._folders.items() if path.is_relative_to(one[1]))
        return f"{name}/{path.relative_to(folder).as_posix()}"

    def _inside(self, path: str) -> Path:
        name, _, below = path.partition("/")
        folder = self._folders.get(name)
        if folder is None or "\0" in path:
            raise PathRefused(f"Paths begin with one of {', '.join(self.names)} and a slash; this is {path!r}.")
        try:
            found = (folder / below).resolve()
        except (OSError, RuntimeError) as failure:
            raise PathRefused(f"{path!r} leads nowhere.") from failure
        if not found.is_relative_to(folder):
            raise PathRefused(f"{path!r} leads out of {name}.")
        return found


def partial_of(target: Path) -> Path:
    """A new name beside a target, for what has not arrived yet."""
    return target.with_name(f".{target.name}.{uuid4().hex[:8]}.part")


def put(partial: Path, target: Path, *, overwrite: bool) -> None:
    """Into its place; without ``overwrite`` by a link, which replaces nothing. Raises ``AlreadyThere``."""
    if overwrite:
        partial.replace(target)
        return
    try:
        target.hardlink_to(partial)
    except FileExistsError as failure:
        raise AlreadyThere(f"{target.name} is there already.") from failure

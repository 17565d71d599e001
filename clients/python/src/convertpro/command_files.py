"""What the command's files and folders come to: which results, where, and nothing of anybody else's replaced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from convertpro import credentials
from convertpro.errors import Unsupported
from convertpro.folders import Item, files_of, is_foreign, plan
from convertpro.formats import slug_of, takes
from convertpro.journal import NAME, Journal


@dataclass(frozen=True)
class Wanted:
    """The files to convert, and those of folders that the target does not take."""

    items: list[Item]
    left_alone: list[Path]


def wanted(paths: Sequence[Path], to: str, options: Mapping[str, Any], output: Path | None) -> Wanted:
    """Files named one by one, and all of a folder that the target takes; results lie beside them, or below ``output``.

    Raises ``Unsupported`` for a target that there is not, a named file that can't become it, and results that meet.
    """
    slug_of(Path("any.docx"), to, options)
    placed: dict[Path, Path] = {}
    left_alone = []
    for path in paths:
        if not path.is_dir():
            slug_of(path, to, options)
            placed.setdefault(path, output or path.parent)
            continue
        for source in _below(path, output):
            if takes(source, to, options):
                placed.setdefault(source, output / source.relative_to(path).parent if output else source.parent)
            else:
                left_alone.append(source)
    items = plan(placed.items(), to, options)
    _refuse_meetings(items)
    return Wanted(items, left_alone)


def _below(folder: Path, output: Path | None) -> list[Path]:
    """A folder's files, without the results of an earlier run that lie in it."""
    inside = output.absolute() if output else None
    if inside == folder.absolute():
        inside = None
    return [path for path in files_of(folder) if inside is None or inside not in path.absolute().parents]


def _refuse_meetings(items: Sequence[Item]) -> None:
    taken: dict[str, Path] = {}
    for item in items:
        other = taken.setdefault(str(item.destination.absolute()).lower(), item.source)
        if other != item.source:
            raise Unsupported(f"{other} and {item.source} would both become {item.destination}.")


def journal_of(output: Path | None) -> Journal:
    """What was begun: beside the results when they have a folder of their own, else with the user's state."""
    beside = output / NAME if output else credentials.folder("XDG_STATE_HOME", ".local/state") / "state.jsonl"
    return Journal(beside)


def not_ours(items: Sequence[Item], journal: Journal) -> list[Path]:
    """Files where results would go that no run has made, or that were changed since."""
    return [one.destination for one in items if is_foreign(one.destination, journal)]

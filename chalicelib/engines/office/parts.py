"""Rewrites parts of a zipped document in its place, before anything else reads it."""

import re
import shutil
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

Rewriting = Callable[[bytes], bytes]

_PART_BYTES = 1 << 27
"""Of a larger part nothing is rewritten: it would be held in memory several times."""

_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError)


def rewrite_parts(path: Path, rewriting_of: Callable[[str], Rewriting | None]) -> None:
    """Give each part to the rewriting that ``rewriting_of`` its name returns; what needs none is not touched.

    What is damaged is left for LibreOffice to judge.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            changed = dict(_changed(archive, rewriting_of))
            if changed:
                _write(archive, changed, path.with_name("rewritten"))
    except _DAMAGED:
        path.with_name("rewritten").unlink(missing_ok=True)
        return
    if changed:
        path.with_name("rewritten").replace(path)


def read_part(path: Path, name: str) -> bytes:
    """A part's content; nothing when there is none, or none that can be read."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name) as part:
            return part.read(_PART_BYTES)
    except (KeyError, *_DAMAGED):
        return b""


def count_in_parts(path: Path, names: re.Pattern[str], markup: bytes) -> int:
    """How often ``markup`` stands in the parts whose names match."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [one for one in archive.infolist() if names.fullmatch(one.filename)]
            return sum(archive.read(one).count(markup) for one in entries if one.file_size <= _PART_BYTES)
    except _DAMAGED:
        return 0


def _changed(archive: zipfile.ZipFile, rewriting_of: Callable[[str], Rewriting | None]) -> "list[tuple[str, bytes]]":
    found = []
    for entry in archive.infolist():
        rewriting = rewriting_of(entry.filename)
        if rewriting is None or entry.file_size > _PART_BYTES:
            continue
        before = archive.read(entry)
        after = rewriting(before)
        if after != before:
            found.append((entry.filename, after))
    return found


def _write(archive: zipfile.ZipFile, changed: dict[str, bytes], target: Path) -> None:
    """Stored, not packed: it is read once more, and at once."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as copy:
        for entry in archive.infolist():
            with copy.open(entry.filename, "w", force_zip64=True) as written:
                if entry.filename in changed:
                    written.write(changed[entry.filename])
                else:
                    with archive.open(entry) as part:
                        shutil.copyfileobj(part, written)

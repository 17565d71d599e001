"""What a caller asks for in the client's words, made into flows: said once for the blocking client and the other."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import unquote, urlsplit

from convertpro import batches, conversions, folders, formats
from convertpro.conversions import Order, Remote
from convertpro.effects import Flow
from convertpro.errors import Unsupported
from convertpro.folders import Run
from convertpro.journal import NAME, Journal
from convertpro.models import Batch, Conversion, FolderOutcome, OnOutcome
from convertpro.requests import Session

FilePath: TypeAlias = str | os.PathLike[str]
Files: TypeAlias = FilePath | Sequence[FilePath]


def convert(
    session: Session,
    files: Files,
    to: str,
    options: Mapping[str, Any],
    key: str | None,
    **more: Any,
) -> Flow[Conversion]:
    """One conversion, followed to its end; ``more`` of its ``Order``."""
    paths = paths_of(files)
    slug = formats.slug_of(paths[0], to, options)
    named = more | ({"key": key} if key else {})
    return (yield from conversions.convert(session, Order(slug, paths, options, **named)))


def convert_url(session: Session, remote: Remote, to: str, options: Mapping[str, Any], **more: Any) -> Flow[Conversion]:
    """One conversion of what the service fetches itself; its name, or the URL's, tells what can become of it."""
    name = remote.filename or unquote(urlsplit(remote.url).path).rpartition("/")[2]
    slug = formats.slug_of(Path(name), to, options)
    return (yield from conversions.convert(session, Order(slug, [], options, remote=remote, **more)))


def convert_folder(
    session: Session,
    source: FilePath,
    destination: FilePath,
    to: str,
    options: Mapping[str, Any],
    jobs: int,
    overwrite: bool,
    on_outcome: OnOutcome | None,
) -> Flow[FolderOutcome]:
    """A folder, with a journal beside its results."""
    run = Run(Journal(Path(destination) / NAME), jobs, overwrite=overwrite, on_outcome=on_outcome)
    return (yield from folders.convert_folder(session, Path(source), Path(destination), to, options, run))


def create_batch(session: Session, files: Files, to: str, options: Mapping[str, Any]) -> Flow[Batch]:
    """A batch of files that are all converted in the same way. Raises ``Unsupported`` where they can't be."""
    paths = paths_of(files)
    slugs = {formats.slug_of(path, to, options) for path in paths}
    if len(slugs) != 1:
        raise Unsupported(f"A batch converts all files in the same way; these need {', '.join(sorted(slugs))}.")
    return (yield from batches.create(session, paths, slugs.pop(), options))


def paths_of(files: Files) -> list[Path]:
    """One file or several, as paths. Raises ``ValueError`` for none."""
    paths = [Path(files)] if isinstance(files, (str, os.PathLike)) else [Path(one) for one in files]
    if not paths:
        raise ValueError("Name a file at least.")
    return paths

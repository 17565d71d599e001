"""Many files, each a conversion, some at a time: what a kill interrupts goes on where it was, charged once."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from convertpro import conversions
from convertpro.conversions import Order
from convertpro.effects import Flow, Together, Work
from convertpro.errors import AlreadyThere, ConvertProError, Gone, NotFound, ServiceFailure, Unauthenticated
from convertpro.formats import extension_of, slug_of, takes
from convertpro.journal import Entry, Journal
from convertpro.models import Conversion, FolderOutcome, OnOutcome, OnProgress, Outcome
from convertpro.requests import Session

JOBS = 4
"""The service works on ten conversions of a user at a time; the rest would wait in line."""


@dataclass(frozen=True)
class Item:
    """A file, where its result goes, and how it is to be converted."""

    source: Path
    destination: Path
    slug: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Run:
    """What all files of a run share. ``again``: convert anew what was converted before, at its cost.

    ``overwrite``: replace files, too, that no run has made.
    """

    journal: Journal
    jobs: int = JOBS
    again: str = ""
    overwrite: bool = False
    on_outcome: OnOutcome | None = None
    on_progress: Mapping[Path, OnProgress] = field(default_factory=dict)


def files_of(folder: Path) -> list[Path]:
    """The files below a folder, in order, without hidden ones and Office's locks."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [path for path in found if not any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)]


def plan(sources: Iterable[tuple[Path, Path]], to: str, options: Mapping[str, Any]) -> list[Item]:
    """An item for each file and the folder of its result. Two that would meet keep their whole names.

    Raises ``Unsupported`` for a file that no conversion leads from.
    """
    wanted = []
    for source, folder in sources:
        slug = slug_of(source, to, options)
        wanted.append(Item(source, folder / f"{source.stem}.{extension_of(slug, options)}", slug, options))
    # Names that differ in case only meet on some systems.
    meeting = Counter(str(item.destination).lower() for item in wanted)
    return [_apart(item) if meeting[str(item.destination).lower()] > 1 or _is_source(item) else item for item in wanted]


def _is_source(item: Item) -> bool:
    return item.destination.absolute() == item.source.absolute()


def _apart(item: Item) -> Item:
    return replace(item, destination=item.destination.with_name(f"{item.source.name}{item.destination.suffix}"))


def convert_folder(
    session: Session, source: Path, destination: Path, to: str, options: Mapping[str, Any], run: Run
) -> Flow[FolderOutcome]:
    """Every file below ``source`` that the target takes, its result at the same place below ``destination``."""
    found = yield Work(lambda: files_of(source))
    inside = destination.absolute()
    found = [path for path in found if inside == source.absolute() or inside not in path.absolute().parents]
    meant = [path for path in found if takes(path, to, options)]
    items = plan([(path, destination / path.relative_to(source).parent) for path in meant], to, options)
    outcomes = yield from convert_items(session, items, run)
    return FolderOutcome(outcomes, [path for path in found if path not in set(meant)])


def convert_items(session: Session, items: Sequence[Item], run: Run) -> Flow[list[Outcome]]:
    """An outcome for each item, in order. Raises only what no other file can fare better with: a bad log-in."""
    outcomes: list[Outcome] = yield Together([_item(session, item, run) for item in items], run.jobs)
    return outcomes


def _item(session: Session, item: Item, run: Run) -> Flow[Outcome]:
    try:
        outcome = yield from _converted(session, item, run)
    except Unauthenticated:
        raise
    except ConvertProError as error:
        outcome = Outcome(item.source, item.destination, error=error)
    except OSError as error:
        outcome = Outcome(item.source, item.destination, error=ConvertProError(str(error)))
    if run.on_outcome is not None:
        run.on_outcome(outcome)
    return outcome


def _converted(session: Session, item: Item, run: Run) -> Flow[Outcome]:
    key = yield Work(lambda: conversions.key_of(item.slug, [item.source], item.options) + run.again)
    entry = run.journal.entry(key, item.destination)
    if (yield Work(lambda: _is_saved(item.destination, entry))):
        return Outcome(item.source, item.destination, unchanged=True)
    yield Work(lambda: _require_ours(item.destination, run))
    try:
        conversion = yield from _carried_through(session, item, run, entry)
    except (Gone, NotFound):
        # Deleted or expired before it was fetched: it must be made anew, under a key of its own.
        entry = Entry(entry.key, entry.destination, round=entry.round + 1)
        conversion = yield from _carried_through(session, item, run, entry)
    return Outcome(item.source, item.destination, conversion)


def is_foreign(path: Path, journal: Journal) -> bool:
    """Whether something is there that no run has made, or that was changed since."""
    return path.exists() and not (path.is_file() and journal.made(path, conversions.digest_of(path)))


def _require_ours(destination: Path, run: Run) -> None:
    if not run.overwrite and is_foreign(destination, run.journal):
        raise AlreadyThere(f"{destination} is there already, and not by an earlier run.")


def _put(partial: Path, target: Path, run: Run) -> None:
    """Into its place, which may have been taken meanwhile; a link, unlike a rename, replaces nothing."""
    if not run.overwrite and not target.exists():
        try:
            target.hardlink_to(partial)
        except FileExistsError:
            pass
        except OSError:
            # A file system without links.
            partial.replace(target)
            return
        else:
            return
    _require_ours(target, run)
    partial.replace(target)


def _is_saved(destination: Path, entry: Entry) -> bool:
    return (
        entry.saved_sha256 is not None
        and destination.is_file()
        and conversions.digest_of(destination) == entry.saved_sha256
    )


def _carried_through(session: Session, item: Item, run: Run, entry: Entry) -> Flow[Conversion]:
    told = run.on_progress.get(item.source)
    run.journal.write(entry)

    def keep(started: Conversion) -> None:
        run.journal.write(replace(entry, conversion_id=started.conversion_id))

    conversion = (yield from _known(session, entry, told)) or (
        yield from conversions.convert(
            session, Order(item.slug, [item.source], item.options, entry.order_key, on_progress=told), keep
        )
    )
    item.destination.parent.mkdir(parents=True, exist_ok=True)

    def put(partial: Path, target: Path, sha256: str) -> None:
        _require_ours(target, run)
        # Said before it is done: after a kill between the two, the file that is there is known for a run's own.
        run.journal.write(replace(entry, conversion_id=conversion.conversion_id, saved_sha256=sha256))
        _put(partial, target, run)

    yield from conversions.download(session, conversion, item.destination, told, put)
    return conversion


def _known(session: Session, entry: Entry, told: OnProgress | None) -> Flow[Conversion | None]:
    """The conversion that an earlier run began, unless it failed on the service's side."""
    if entry.conversion_id is None:
        return None
    try:
        begun = yield from conversions.get(session, entry.conversion_id)
        return (yield from conversions.follow(session, begun, None, told))
    except ServiceFailure:
        return None

"""What the command shows: bars while files are under way, a line for each that has ended, and the same as JSON."""

import json
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table
from rich.text import Text

from convertpro import models
from convertpro.errors import ConvertProError, Problem
from convertpro.models import Conversion, OnProgress, Outcome

NAME_WIDTH = 40
_PHASES = {"upload": "sending", "convert": "converting", "download": "fetching"}


class Bars:
    """A bar for the whole run and one for each file under way, from any number of threads; none without a terminal.

    With ``as_json`` they go to the error stream, and no lines stand between them.
    """

    def __init__(self, total: int, *, as_json: bool) -> None:
        self._console = Console(stderr=as_json)
        columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
        self._shown = Progress(*columns, console=self._console, transient=True, disable=not self._console.is_terminal)
        self._silent = as_json
        self._all = self._shown.add_task("files", total=total)
        self._lock = threading.Lock()
        self._tasks: dict[Path, TaskID] = {}

    def __enter__(self) -> Self:
        self._shown.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._shown.stop()

    def of(self, source: Path) -> OnProgress:
        """What moves a file's bar."""

        def told(progress: models.Progress) -> None:
            label = f"  {shortened(source.name)} {_PHASES[progress.phase]}"
            with self._lock:
                if source not in self._tasks:
                    self._tasks[source] = self._shown.add_task(label)
                task = self._tasks[source]
            self._shown.update(task, description=label, completed=progress.done, total=progress.total or None)

        return told

    def ended(self, outcome: Outcome) -> None:
        """Take a file's bar away, and say what it has come to."""
        with self._lock:
            task = self._tasks.pop(outcome.source, None)
        if task is not None:
            self._shown.remove_task(task)
        self._shown.advance(self._all)
        if not self._silent:
            # As one text: a name may hold what rich takes for markup.
            self._console.print(Text(line_of(outcome)), soft_wrap=True)


def shortened(name: str) -> str:
    """A name that leaves a bar room."""
    return name if len(name) <= NAME_WIDTH else f"{name[: NAME_WIDTH - 1]}…"


def line_of(outcome: Outcome) -> str:
    """A file's end in a line, and a line for each warning."""
    if outcome.error is not None:
        return f"{outcome.source}: {outcome.error}"
    if outcome.conversion is None:
        return f"{outcome.source} → {outcome.destination} (done before)"
    warnings = "".join(f"\n  {one}" for one in outcome.conversion.warnings)
    return f"{outcome.source} → {outcome.destination} ({outcome.conversion.points_charged} points){warnings}"


def teller(*, as_json: bool) -> Callable[[Outcome, bool], None]:
    """What prints a line for each file that has ended, at once; a file that is done already is not worth one."""

    def tell(outcome: Outcome, is_tried_again: bool) -> None:
        if outcome.unchanged:
            return
        later = "; it is tried again" if is_tried_again else ""
        text = json.dumps(_file(outcome), ensure_ascii=False) if as_json else line_of(outcome) + later
        print(text, flush=True)  # noqa: T201 - what the command is for

    return tell


def told(outcomes: Sequence[Outcome], left_alone: Iterable[Path]) -> dict[str, Any]:
    """A run as JSON has it."""
    return {"files": [_file(one) for one in outcomes], "left_alone": [str(path) for path in left_alone]}


def _file(outcome: Outcome) -> dict[str, Any]:
    done, error = outcome.conversion, outcome.error
    return {
        "source": str(outcome.source),
        "destination": None if error else str(outcome.destination),
        "status": "failed" if error else "unchanged" if outcome.unchanged else "converted",
        "conversion_id": done.conversion_id if done else error.conversion_id if isinstance(error, Problem) else None,
        "points_charged": done.points_charged if done else 0,
        "warnings": done.warnings if done else [],
        "error": _error(error),
    }


def _error(error: ConvertProError | None) -> dict[str, str] | None:
    if error is None:
        return None
    return {"name": error.name if isinstance(error, Problem) else type(error).__name__, "detail": str(error)}


def table(conversions: Iterable[Conversion]) -> None:
    """Conversions, a row each."""
    shown = Table(box=None)
    for name in ("created", "status", "action", "points", "file"):
        shown.add_column(name, justify="right" if name == "points" else "left", overflow="fold")
    for one in conversions:
        row = (one.created_at, one.status, one.action, str(one.points_charged), one.input_filename)
        shown.add_row(*map(Text, row))
    Console().print(shown)


def as_json(value: Any) -> str:
    """JSON that people can read, too."""
    return json.dumps(value, indent=2, ensure_ascii=False)

"""An engine that does what its document says: convert, refuse, crash, break, write nothing, take long, or hang."""

import hashlib
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

from chalicelib.domain.errors import CorruptDocument, EngineCrashed
from chalicelib.engines.job import Job, Outcome, Progress
from chalicelib.engines.process import Cancelled
from chalicelib.services.heartbeat import Heartbeat
from tests.prove.stand_ins import Crossing
from tests.prove.timeline import Timeline
from tests.support.fakes import PDF

TEMPERS = (
    *["good"] * 6,
    *["slow"] * 2,
    *["wordy"] * 2,
    *["stalled"] * 3,
    *["stalled-refused"] * 2,
    *["refused"] * 2,
    *("crash", "crash-once", "broken", "broken-once", "empty"),
)
_PAGES = 4


def document(temper: str, number: int) -> bytes:
    """A PDF that makes the engine behave so; no two have the same bytes."""
    return PDF + f"%{temper}:{number}\n".encode()


def result_of(body: bytes) -> bytes:
    """What the engine makes of a document: no two make the same."""
    return PDF + f"%of {hashlib.md5(body).hexdigest()}\n".encode()


class SteppedHeartbeat(Heartbeat):
    """Beats when the engine reports, in its turn, instead of on a thread by the wall clock."""

    def __enter__(self) -> "SteppedHeartbeat":
        return self

    def __exit__(self, *_: object) -> None:
        """There is no thread to end."""

    def report(self, done: int, total: int, unit: str) -> None:
        """Take note of the progress, and renew the lease."""
        super().report(done, total, unit)
        self._renew(self._progress)


class Engines:
    """All engines in one. ``runs`` counts by document."""

    def __init__(self, timeline: Timeline, crossing: Crossing) -> None:
        self.runs: Counter[bytes] = Counter()
        self._timeline = timeline
        self._crossing = crossing
        self._behaviours: dict[str, Callable[[Job, Progress, threading.Event], None]] = {
            "slow": self._work_slowly,
            "stalled": self._stall,
            "stalled-refused": self._stall,
        }

    def run(self, _engine: str, job: Job, on_progress: Progress, cancelled: threading.Event) -> Outcome:
        """Behave as the document says; raises what an engine can raise."""
        body = job.inputs[0].path.read_bytes()
        temper = body.rpartition(b"%")[2].partition(b":")[0].decode()
        self.runs[body] += 1
        self._crossing.make(f"engine {temper}", lambda: None)
        if behaviour := self._behaviours.get(temper):
            behaviour(job, on_progress, cancelled)
        if error := _error(temper, self.runs[body]):
            raise error
        if temper != "empty":
            job.output.write_bytes(result_of(body))
        return Outcome(*_account(temper))

    def _work_slowly(self, _job: Job, on_progress: Progress, cancelled: threading.Event) -> None:
        for page in range(1, _PAGES + 1):
            self._timeline.sleep(9)
            on_progress(page, _PAGES, "pages")
            if cancelled.is_set():
                raise Cancelled

    def _stall(self, _job: Job, _on_progress: Progress, _cancelled: threading.Event) -> None:
        """Outlive the lease without a beat, and not be told that it was lost."""
        self._timeline.sleep(45)
        self._crossing.make("engine stalls on", lambda: None)


def _account(temper: str) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Warnings and report: of some documents far more than a row holds."""
    much = 800 if temper == "wordy" else 1
    sheets = [f"表{number}の名前はとても長い" * 10 for number in range(much)]
    return tuple(sheets), {"engine": "scripted", "engine_version": "1", "hidden_sheets": sheets}


def _error(temper: str, run: int) -> Exception | None:
    errors: dict[str, Any] = {
        "refused": CorruptDocument("This document is damaged."),
        "stalled-refused": CorruptDocument("This document is damaged."),
        "crash": EngineCrashed("The engine's process died."),
        "crash-once": EngineCrashed("The engine's process died.") if run == 1 else None,
        "broken": OSError("disk full"),
        "broken-once": OSError("disk full") if run == 1 else None,
    }
    error: Exception | None = errors.get(temper)
    return error

"""Serves conversions by a warm LibreOffice: JSON lines on stdin and stdout, as ``host.py`` describes them.

``python3 -m chalicelib.engines.libreoffice.server --soffice /usr/bin/soffice``, run by the Python that has
``uno``. soffice is a child in the same process group and dies with this process.
"""

import argparse
import json
import os
import select
import sys
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from chalicelib.domain.errors import ConversionFailed, ConvertProError, CorruptDocument
from chalicelib.engines import jail
from chalicelib.engines.job import Job, Outcome
from chalicelib.engines.libreoffice.calc import excel_to_pdf
from chalicelib.engines.libreoffice.ceilings import Ceilings
from chalicelib.engines.libreoffice.exchange import exchanged
from chalicelib.engines.libreoffice.impress import pptx_to_pdf
from chalicelib.engines.libreoffice.listener import LibreOfficeError, Listener, ListenerDied
from chalicelib.engines.libreoffice.standstill import PATIENCE_S
from chalicelib.engines.libreoffice.warmup import warm_up
from chalicelib.engines.libreoffice.writer import docx_to_pdf
from chalicelib.engines.office.extent import check_extent
from chalicelib.engines.office.files import check_container

Message = dict[str, Any]

ACTIONS: dict[str, Callable[[Listener, Job], Outcome]] = {
    "docx_to_pdf": docx_to_pdf,
    "excel_to_pdf": excel_to_pdf,
    "pptx_to_pdf": pptx_to_pdf,
}

_RECYCLE_AFTER = 200
"""Over 300 conversions of 74 small documents soffice grew from 155 to 315 MB, most of it in the first 74."""

_AT_ONCE_S = 0.05
"""Within which a job is there that soffice was started for: a cold function has one, and no time to warm up."""

_CAUSE_LINES = 12
_CAUSE_CHARACTERS = 500
_STRAIN_WARNING = ("The conversion came near its memory limit: check that no picture is missing.",)


class Server:
    """One soffice at a time, replaced after ``recycle_after`` jobs and after its death."""

    def __init__(self, start: Callable[[], Listener], recycle_after: int) -> None:
        self._start = start
        self._recycle_after = recycle_after
        self._jobs = 0
        self._is_warm = False
        # Known by a call that failed: that the process ended may be told a moment later.
        self._is_dead = False
        self._listener = self._started()

    @property
    def version(self) -> str:
        """Of the installed LibreOffice."""
        return self._listener.version

    def answer(self, data: Message) -> Message:
        """The last message on one job."""
        try:
            return {"outcome": self._convert(Job.from_json(data)).to_json()}
        except ListenerDied as error:
            self._is_dead = True
            return {"crashed": str(error)}
        except ConvertProError as error:
            return {"error": {"code": error.code, "detail": error.detail, "cause": _cause(error.__cause__)}}
        except Exception as error:  # noqa: BLE001 - whatever escapes ends here, in the log and as a problem
            detail = "The document could not be converted: it holds something LibreOffice can't handle."
            return {"error": {"code": ConversionFailed.code, "detail": detail, "cause": _cause(error)}}

    def tidy(self) -> None:
        """Between two jobs: replace a soffice that is dead, has done enough, or holds too much memory."""
        if self._jobs >= self._recycle_after or self._strained or self._is_dead or not self._listener.alive():
            self._listener.close()
            self._listener = self._started()

    def warm(self) -> None:
        """While nobody waits: load what the first document will need, unless there was one already."""
        if self._jobs == 0 and not self._is_warm:
            try:
                warm_up(self._listener, ACTIONS)
            except ListenerDied:
                self._is_dead = True
                self.tidy()
            # Whatever came of it: a soffice that dies of this every time is not started for ever.
            self._is_warm = True

    def close(self) -> None:
        """Kill soffice."""
        self._listener.close()

    def _started(self) -> Listener:
        self._jobs = 0
        self._strained = self._is_warm = self._is_dead = False
        return self._start()

    def _convert(self, job: Job) -> Outcome:
        self._jobs += 1
        check_container(job.inputs[0], job.limits)
        check_extent(job.inputs[0])
        with exchanged(job, self._listener.exchange) as inside:
            outcome = self._work(inside)
        about = {"engine": "libreoffice", "engine_version": self._listener.version}
        return Outcome(outcome.warnings, about | outcome.report)

    def _work(self, job: Job) -> Outcome:
        """Convert within the job's limits; what fails because of one is ``LimitExceeded``."""
        ceilings = Ceilings(self._listener, job.limits)
        try:
            outcome = self._listener.call(partial(ACTIONS[job.action], self._listener, job))
        except (ListenerDied, LibreOfficeError, CorruptDocument, ConversionFailed) as error:
            met = ceilings.met()
            if met is None:
                raise
            raise met from error
        finally:
            self._strained = ceilings.near_memory()
        if job.output.stat().st_size > job.limits.output_bytes:
            raise ceilings.too_large()
        return Outcome((*outcome.warnings, *_STRAIN_WARNING), outcome.report) if self._strained else outcome


def _cause(error: BaseException | None) -> str | None:
    """For the log: type, message and the innermost lines of code."""
    if error is None:
        return None
    lines = "".join(traceback.format_tb(error.__traceback__)).splitlines()[-_CAUSE_LINES:]
    return "\n".join([f"{type(error).__name__}: {error}"[:_CAUSE_CHARACTERS], *lines])


def _private_streams() -> tuple[BinaryIO, int]:
    """Keep stdin and stdout for the protocol alone: whatever a library prints goes to stderr."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, replies


def _write(replies: int, message: Message) -> None:
    data = memoryview(json.dumps(message).encode() + b"\n")
    while data:
        data = data[os.write(replies, data) :]


def _jobs(requests: BinaryIO, when_idle: Callable[[], None]) -> Iterator[Message]:
    """Each job as it comes; ``when_idle`` is called before one that does not come at once."""
    while True:
        if not select.select([requests], [], [], _AT_ONCE_S)[0]:
            when_idle()
        line = requests.readline()
        if not line:
            return
        yield json.loads(line)["job"]


def main(arguments: list[str]) -> None:
    """Serve jobs until the input ends."""
    parser = argparse.ArgumentParser(description="Serves conversions by LibreOffice")
    parser.add_argument("--soffice", type=Path, required=True)
    parser.add_argument("--recycle-after", type=int, default=_RECYCLE_AFTER)
    parser.add_argument("--patience-s", type=float, default=PATIENCE_S)
    parser.add_argument("--fonts", type=Path)
    parser.add_argument("--profile", type=Path)
    settings = parser.parse_args(arguments)
    jail.protect_this_process()
    requests, replies = _private_streams()
    start = partial(Listener, settings.soffice, settings.patience_s, settings.fonts, settings.profile)
    server = Server(start, settings.recycle_after)
    _write(replies, {"ready": True, "versions": {"libreoffice": server.version}})
    try:
        for data in _jobs(requests, server.warm):
            _write(replies, server.answer(data))
            server.tidy()
    finally:
        server.close()


if __name__ == "__main__":
    main(sys.argv[1:])

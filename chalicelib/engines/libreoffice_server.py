"""Serves conversions by a warm LibreOffice: JSON lines on stdin and stdout, as ``host.py`` describes them.

``python3 -m chalicelib.engines.libreoffice_server --soffice /usr/bin/soffice``, run by the Python that has
``uno``. soffice is a child in the same process group and dies with this process.
"""

import argparse
import json
import os
import resource
import sys
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from chalicelib.domain.errors import ConversionFailed, ConvertProError, LimitExceeded
from chalicelib.engines import jail
from chalicelib.engines.job import Job, Limits, Outcome
from chalicelib.engines.libreoffice_calc import excel_to_pdf
from chalicelib.engines.libreoffice_exchange import exchanged
from chalicelib.engines.libreoffice_listener import Listener, ListenerDied
from chalicelib.engines.libreoffice_warmup import warm_up
from chalicelib.engines.libreoffice_writer import docx_to_pdf
from chalicelib.engines.office_files import check_container

Message = dict[str, Any]

ACTIONS: dict[str, Callable[[Listener, Job], Outcome]] = {
    "docx_to_pdf": docx_to_pdf,
    "excel_to_pdf": excel_to_pdf,
}

_RECYCLE_AFTER = 50
_CAUSE_LINES = 12
_CAUSE_CHARACTERS = 500
_NEAR_LIMIT = 0.8
"""soffice that died with this share of its memory in use died of it: it aborts where an allocation fails."""


class Server:
    """One soffice at a time, replaced after ``recycle_after`` jobs and after its death."""

    def __init__(self, soffice: Path, recycle_after: int) -> None:
        self._soffice = soffice
        self._recycle_after = recycle_after
        self._jobs = 0
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
            return _death(error, Limits(**data["limits"]))
        except ConvertProError as error:
            return {"error": {"code": error.code, "detail": error.detail, "cause": _cause(error.__cause__)}}
        except Exception as error:  # noqa: BLE001 - whatever escapes ends here, in the log and as a problem
            detail = "The document could not be converted: it holds something LibreOffice can't handle."
            return {"error": {"code": ConversionFailed.code, "detail": detail, "cause": _cause(error)}}

    def tidy(self) -> None:
        """Between two jobs: replace a soffice that is dead or has done enough."""
        if self._jobs >= self._recycle_after or not self._listener.alive():
            self._listener.close()
            self._listener = self._started()

    def close(self) -> None:
        """Kill soffice."""
        self._listener.close()

    def _started(self) -> Listener:
        self._jobs = 0
        listener = Listener(self._soffice)
        try:
            warm_up(listener, ACTIONS)
        except BaseException:
            listener.close()
            raise
        return listener

    def _convert(self, job: Job) -> Outcome:
        self._jobs += 1
        check_container(job.inputs[0], job.limits)
        _limit(self._listener.pid, job.limits)
        with exchanged(job, self._listener.exchange) as inside:
            outcome = self._work(inside)
        about = {"engine": "libreoffice", "engine_version": self._listener.version}
        return Outcome(outcome.warnings, about | outcome.report)

    def _work(self, job: Job) -> Outcome:
        try:
            return self._listener.call(partial(ACTIONS[job.action], self._listener, job))
        except ListenerDied as error:
            limit = job.limits.output_bytes
            if _largest_file(self._listener.home) < limit:
                raise
            raise LimitExceeded(f"The result would be larger than {limit:,} bytes (output_bytes).") from error


def _largest_file(directory: Path) -> int:
    """In bytes: soffice aborts where a file would pass the limit set for it, and leaves the file behind."""
    return max((path.lstat().st_size for path in directory.rglob("*")), default=0)


def _limit(pid: int, limits: Limits) -> None:
    """Memory on top of what the warm process holds, and the size of any file that it writes."""
    try:
        held = int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * resource.getpagesize()
        for kind, value in (
            (resource.RLIMIT_AS, held + limits.memory_bytes),
            (resource.RLIMIT_FSIZE, limits.output_bytes),
        ):
            resource.prlimit(pid, kind, (value, resource.prlimit(pid, kind)[1]))
    except (FileNotFoundError, ProcessLookupError) as error:
        raise ListenerDied("ended between two jobs") from error


def _death(error: ListenerDied, limits: Limits) -> Message:
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    if used < limits.memory_bytes * _NEAR_LIMIT:
        return {"crashed": str(error)}
    detail = "Converting this document needs more memory than a conversion may use (memory_bytes)."
    return {"error": {"code": LimitExceeded.code, "detail": detail, "cause": f"soffice died: {error}"}}


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


def _jobs(requests: BinaryIO) -> Iterator[Message]:
    for line in requests:
        yield json.loads(line)["job"]


def main(arguments: list[str]) -> None:
    """Serve jobs until the input ends."""
    parser = argparse.ArgumentParser(description="Serves conversions by LibreOffice")
    parser.add_argument("--soffice", type=Path, required=True)
    parser.add_argument("--recycle-after", type=int, default=_RECYCLE_AFTER)
    settings = parser.parse_args(arguments)
    jail.protect_this_process()
    requests, replies = _private_streams()
    server = Server(settings.soffice, settings.recycle_after)
    _write(replies, {"ready": True, "versions": {"libreoffice": server.version}})
    try:
        for data in _jobs(requests):
            _write(replies, server.answer(data))
            server.tidy()
    finally:
        server.close()


if __name__ == "__main__":
    main(sys.argv[1:])

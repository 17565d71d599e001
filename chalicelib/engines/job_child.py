"""One job inside its own process: resource limits, the engine's call, and its end as one message."""

import errno
import math
import os
import resource
import signal
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chalicelib.domain.errors import ConversionFailed, ConvertProError, EngineCrashed, LimitExceeded
from chalicelib.domain.sizes import readable_size
from chalicelib.engines.job import Job, Limits, Outcome, Progress

Message = dict[str, Any]
Send = Callable[[Message], None]

LAST_KEYS = frozenset({"outcome", "error", "crashed"})
"""A message with one of these is a job's last."""

_OPEN_FILES = 512
_PROGRESS_EVERY_S = 0.2
_TRACEBACK_LINES = 12
_CAUSE_CHARACTERS = 500


def run_job(convert: Callable[[Job, Progress], Outcome], data: dict[str, Any], send: Send) -> None:
    """Confine this process to ``job.limits`` and its work directory, convert, and send how it ended."""
    job = Job.from_json(data)
    no_memory_left = _no_memory_left(job.limits)
    _move_into(job.workdir)
    _limit(job.limits)
    try:
        last = {"outcome": convert(job, _progress(send)).to_json()}
    except MemoryError:
        last = {"error": no_memory_left}
    except BaseException as error:  # noqa: BLE001 - whatever escapes an engine ends here, in the log and as a problem
        last = {"error": _describe(error, job.limits)}
    send(last)


def _move_into(workdir: Path) -> None:
    os.chdir(workdir)
    os.environ["TMPDIR"] = os.environ["HOME"] = str(workdir)
    tempfile.tempdir = None


def _limit(limits: Limits) -> None:
    """Memory counts on top of what the warm engine holds; processor time is what all cores give in the time.

    SIGXCPU keeps its default, death, which the host reports: a handler would wait for a C library to return.
    """
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    cpu_s = math.ceil(limits.timeout_s * (os.cpu_count() or 1)) + 1
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    for kind, value in (
        (resource.RLIMIT_AS, size + limits.memory_bytes),
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_FSIZE, limits.output_bytes),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        ceiling = resource.getrlimit(kind)[1]
        allowed = value if ceiling == resource.RLIM_INFINITY else min(value, ceiling)
        resource.setrlimit(kind, (allowed, allowed))


def _progress(send: Send) -> Progress:
    """Report at most five times a second, and always the last of a count."""
    sent_at = 0.0

    def report(done: int, total: int, unit: str) -> None:
        nonlocal sent_at
        now = time.monotonic()
        if done >= total or now - sent_at >= _PROGRESS_EVERY_S:
            sent_at = now
            send({"progress": [done, total, unit]})

    return report


def _no_memory_left(limits: Limits) -> Message:
    """Made before the engine runs: afterwards there may be no memory to make it."""
    return {"code": LimitExceeded.code, "detail": out_of_memory(limits), "cause": "MemoryError"}


def _describe(error: BaseException, limits: Limits) -> Message:
    if isinstance(error, ConvertProError):
        cause = error.__cause__
        return {"code": error.code, "detail": error.detail, "cause": _cause(cause) if cause else None}
    if isinstance(error, OSError) and error.errno == errno.EFBIG:
        code, detail = LimitExceeded.code, file_too_large(limits)
    elif isinstance(error, OSError) and error.errno == errno.ENOSPC:
        code, detail = (
            EngineCrashed.code,
            "The server ran out of disk space during the conversion; try again later.",
        )
    else:
        code, detail = (
            ConversionFailed.code,
            "The document could not be converted: it holds something the engine can't handle.",
        )
    return {"code": code, "detail": detail, "cause": _cause(error)}


def out_of_memory(limits: Limits) -> str:
    """The public sentence of a run that met ``limits.memory_bytes``."""
    return f"Converting this document needs more memory than the {readable_size(limits.memory_bytes)} it may use."


def file_too_large(limits: Limits) -> str:
    """The public sentence of a run that met ``limits.output_bytes``."""
    return f"The result would be larger than the {readable_size(limits.output_bytes)} a conversion may write."


def _cause(error: BaseException) -> str:
    """For the log: type, message and the innermost lines of code, not the documents that they handled."""
    lines = "".join(traceback.format_tb(error.__traceback__)).splitlines()[-_TRACEBACK_LINES:]
    return "\n".join([f"{type(error).__name__}: {error}"[:_CAUSE_CHARACTERS], *lines])

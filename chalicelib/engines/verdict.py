"""What an engine's last message on a job means: an outcome that is checked, or the error it stands for."""

import signal
import stat

from chalicelib.domain.errors import (
    ConversionFailed,
    ConvertProError,
    EngineCrashed,
    LimitExceeded,
    document_error,
)
from chalicelib.engines.channel import Message
from chalicelib.engines.job import Job, Limits, Outcome
from chalicelib.engines.job_child import file_too_large

CRASHED = "The conversion engine stopped unexpectedly while it worked on this document."


class EngineCause(Exception):
    """What went wrong inside an engine, for the log; a client never sees it."""


def outcome_of(last: Message, job: Job) -> Outcome:
    """The engine's outcome, once its output proves to be a file; otherwise raises what the message means."""
    if "error" in last:
        raise _refusal(last["error"])
    if "crashed" in last:
        raise _death(str(last["crashed"]), job.limits)
    try:
        outcome = Outcome.from_json(last["outcome"])
    except (TypeError, KeyError) as error:
        raise EngineCrashed(CRASHED) from error
    _check_output(job)
    return outcome


def _refusal(error: Message) -> ConvertProError:
    raised = document_error(str(error.get("code")), str(error.get("detail")))
    if error.get("cause"):
        raised.__cause__ = EngineCause(error["cause"])
    return raised


def _death(how: str, limits: Limits) -> ConvertProError:
    """A crash, except by the two signals that say which limit was met."""
    raised: ConvertProError = EngineCrashed(CRASHED)
    if how == f"signal {signal.SIGXCPU:d}":
        raised = LimitExceeded(f"Converting this document takes more processor time than {limits.timeout_s:g} s allow.")
    elif how == f"signal {signal.SIGXFSZ:d}":
        raised = LimitExceeded(file_too_large(limits))
    raised.__cause__ = EngineCause(how)
    return raised


def _check_output(job: Job) -> None:
    """A link instead of a file could lead the worker, which opens the result, to its own secrets."""
    try:
        found = job.output.lstat()
    except OSError as error:
        raise ConversionFailed("The conversion produced no file.") from error
    if not stat.S_ISREG(found.st_mode) or found.st_size == 0:
        raise ConversionFailed("The conversion produced no file.")
    if found.st_size > job.limits.output_bytes:
        raise LimitExceeded(file_too_large(job.limits))

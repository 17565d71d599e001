"""Ties the local processes together: none of them outlives the supervisor, whatever ends it."""

import ctypes
import os
import signal
import sys
from types import FrameType

from chalicelib.engines.jail import adopt_orphans, kill_descendants

PARENT = "LOCAL_PARENT_PID"
"""Variable in which a process is told whose death it must not outlive."""

READY = "LOCAL_READY_FD"
"""Variable that names the descriptor on which a child says that it is ready."""

_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Have the kernel send SIGTERM when the parent dies, of whatever cause.

    Call in the main thread, before anything is started. Without ``LOCAL_PARENT_PID`` it does nothing.
    """
    parent = os.environ.pop(PARENT, None)
    if parent is None:
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):
        sys.exit(1)


def become_child() -> None:
    """A child's first call: it ends with its parent, and all that it started ends with it."""
    adopt_orphans()
    signal.signal(signal.SIGTERM, _end)
    end_with_parent()


def report_ready() -> None:
    """Tell the supervisor, once, that this process does its work now."""
    descriptor = os.environ.pop(READY, None)
    if descriptor is not None:
        os.write(int(descriptor), b".")
        os.close(int(descriptor))


def _end(signum: int, _frame: FrameType | None) -> None:
    kill_descendants(os.getpid())
    os._exit(128 + signum)

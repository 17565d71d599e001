"""Budgets of processor time for child processes, watched from outside: the clock on the wall is nobody's fault.

A reader that hangs in a C library hears no signal, and on a busy machine a sound document takes any time. So a parent
asks now and then what its child *used*, and kills it when that is too much::

    allowance = Allowance(child.pid, cpu_s=10)
    while not wait([connection], timeout=LOOK_S):
        if (exceeded := allowance.exceeded()):
            child.kill()  # SPENT: the page's doing; STALLED: as a crash
"""

import os
import time
from enum import StrEnum
from pathlib import Path

from chalicelib.domain.errors import ConversionTimeout, ConvertProError, Overloaded

LOOK_S = 0.2
"""How often to look: what a look costs (about 0.1 ms a process) stays far below 1 %."""

FAIR_SHARE = 0.5
"""Of a processor: work that got less of one over all its time was held up by others, and is worth another try."""

PATIENCE_S = 20.0
"""After so long without computing, or waiting for a processor, a child waits for something that never comes."""

_IDLE_SHARE = 0.02
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


class Exceeded(StrEnum):
    """Why a child is to be killed."""

    SPENT = "processor time"
    """It used what it may: its input's doing."""
    STALLED = "standstill"
    """It neither computes nor waits for a processor: treat it as a crash."""


class Meter:
    """What a process and its descendants use, from now on. Readable for every process of the same user."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._started = time.monotonic()
        self._used_before_s = processor_s(pid)
        self._most_s = 0.0

    @property
    def elapsed_s(self) -> float:
        """Seconds on the clock."""
        return time.monotonic() - self._started

    def used_s(self) -> float:
        """Seconds of processor time, over all cores; what it was when the process has ended since."""
        self._most_s = max(self._most_s, processor_s(self._pid) - self._used_before_s)
        return self._most_s

    def got_its_share(self) -> bool:
        """Whether the processor was there for it: if not, that it is late is not its doing."""
        return self.used_s() >= FAIR_SHARE * self.elapsed_s


class Allowance:
    """What a child may use for one piece of work that it begins now."""

    def __init__(self, pid: int, cpu_s: float, patience_s: float = PATIENCE_S) -> None:
        self._pid, self._cpu_s, self._patience_s = pid, cpu_s, patience_s
        self.meter = Meter(pid)
        self._looked = (time.monotonic(), processor_s(pid), waiting_s(pid))

    def exceeded(self) -> Exceeded | None:
        """Why it is to be killed now; None: let it go on."""
        if self.meter.used_s() >= self._cpu_s:
            return Exceeded.SPENT
        return Exceeded.STALLED if self._stands_still() else None

    def _stands_still(self) -> bool:
        since, used_then_s, waited_then_s = self._looked
        now = time.monotonic()
        if now - since < self._patience_s:
            return False
        used_s, waited_s = processor_s(self._pid), waiting_s(self._pid)
        self._looked = (now, used_s, waited_s)
        return used_s - used_then_s + waited_s - waited_then_s < _IDLE_SHARE * (now - since)


def late(meter: Meter, detail: str) -> ConvertProError:
    """What a run that is not done in its time ends with: its document's doing, told by ``detail``, or ours."""
    if meter.got_its_share():
        return ConversionTimeout(detail)
    return Overloaded("The service was too busy to convert this document in time; nothing was charged. Try again.")


def processor_s(root: int) -> float:
    """Processor time of ``root`` and its descendants so far, with that of those which have ended."""
    return sum(_used_s(pid) for pid in family(root))


def waiting_s(root: int) -> float:
    """How long ``root`` and its descendants were ready to compute while others did; 0 where none tells."""
    return sum(_waited_s(thread) for pid in family(root) for thread in _threads(pid))


def family(root: int) -> list[int]:
    """``root`` and its descendants that are alive."""
    found = [root]
    for pid in found:
        for thread in _threads(pid):
            found += map(int, _read(thread / "children").split())
    return found


def _threads(pid: int) -> list[Path]:
    try:
        return list(Path(f"/proc/{pid}/task").iterdir())
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return []  # the last where it ends just now, and in a confined engine, which sees of no process but its own


def _used_s(pid: int) -> float:
    """With the children that it has waited for; the name, which may hold anything, is skipped."""
    fields = _read(Path(f"/proc/{pid}/stat")).rpartition(b")")[2].split()
    return sum(map(int, fields[11:15])) / _TICKS_PER_S if fields else _clock_s(pid)


def _clock_s(pid: int) -> float:
    """By the process's own clock (``clock_getcpuclockid``), which needs no file."""
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0


def _waited_s(thread: Path) -> float:
    fields = _read(thread / "schedstat").split()
    return int(fields[1]) / 1e9 if len(fields) > 1 else 0.0


def _read(path: Path) -> bytes:
    """Nothing of a process that has ended, and of what this kernel does not tell."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return b""

"""Tells a conversion that goes on from one that never will: one in which nobody computes any more."""

import time
from collections import deque
from pathlib import Path

PATIENCE_S = 20.0
"""An allocation that fails in one of soffice's threads can leave the others waiting for it for ever."""

_IDLE_SHARE = 0.02
"""Of a processor; what looking at it and soffice's own timers use is far below."""

_TICKS_PER_S = 100
"""Of the times in /proc/<pid>/stat (USER_HZ)."""


class Standstill:
    """Watches soffice and this process, which works for it, from now on."""

    def __init__(self, soffice_pid: int, patience_s: float) -> None:
        self._pid = soffice_pid
        self._patience_s = patience_s
        self._seen: deque[tuple[float, float]] = deque()

    def reached(self) -> bool:
        """Whether neither computed for as long as the patience lasts; to be asked about once a second."""
        now, used_s = time.monotonic(), self._processor_s()
        self._seen.append((now, used_s))
        since, used_then_s = self._seen[0]
        if now - since < self._patience_s:
            return False
        self._seen.popleft()
        return used_s - used_then_s < _IDLE_SHARE * (now - since)

    def _processor_s(self) -> float:
        try:
            fields = Path(f"/proc/{self._pid}/stat").read_bytes().rpartition(b")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return time.process_time()
        return time.process_time() + (int(fields[11]) + int(fields[12])) / _TICKS_PER_S

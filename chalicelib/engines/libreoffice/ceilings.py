"""The limits of one job on a warm soffice, and whether it met one."""

import resource
from pathlib import Path

from chalicelib.domain.errors import LimitExceeded
from chalicelib.engines.job import Limits
from chalicelib.engines.job_child import file_too_large, out_of_memory
from chalicelib.engines.libreoffice.listener import Listener, ListenerDied

_NEAR = 0.9
"""An allocation that fails is larger than what is left: soffice came only near its limit then."""

_FILE_ROOM = 2
"""A file that meets its limit is cut, and not always is that an error: none that is kept may come near it."""


class Ceilings:
    """Sets the limits when made: memory on top of what soffice holds, and the size of any file that it writes."""

    def __init__(self, soffice: Listener, limits: Limits) -> None:
        """Raises ``ListenerDied`` when there is no soffice any more."""
        self._soffice = soffice
        self._limits = limits
        try:
            self._memory = _address_space(soffice.pid)["VmSize"] + limits.memory_bytes
            _set(soffice.pid, resource.RLIMIT_AS, self._memory)
            _set(soffice.pid, resource.RLIMIT_FSIZE, _FILE_ROOM * limits.output_bytes)
        except (KeyError, FileNotFoundError, ProcessLookupError) as error:
            raise ListenerDied("ended between two jobs") from error

    def near_memory(self) -> bool:
        """Whether soffice came near its limit: what it could not get it may have left out without a word."""
        try:
            return _address_space(self._soffice.pid)["VmPeak"] > _NEAR * self._memory
        except (KeyError, FileNotFoundError, ProcessLookupError):
            used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
            return used > _NEAR * self._limits.memory_bytes

    def met(self) -> LimitExceeded | None:
        """The limit that a failure was due to, if it was."""
        if _largest_file(self._soffice.home) > self._limits.output_bytes:
            return self.too_large()
        if self.near_memory():
            return LimitExceeded(out_of_memory(self._limits))
        return None

    def too_large(self) -> LimitExceeded:
        """The refusal of a result beyond ``output_bytes``."""
        return LimitExceeded(file_too_large(self._limits))


def _address_space(pid: int) -> dict[str, int]:
    """``VmSize`` and ``VmPeak`` in bytes; neither of a process that ended."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    rows = (line.split() for line in lines if line.startswith("Vm"))
    return {name.rstrip(":"): int(kilobytes) * 1024 for name, kilobytes, _ in rows}


def _set(pid: int, kind: int, value: int) -> None:
    resource.prlimit(pid, kind, (value, resource.prlimit(pid, kind)[1]))


def _largest_file(directory: Path) -> int:
    """In bytes, what soffice left behind when it aborted where a file met its limit."""
    return max((path.lstat().st_size for path in directory.rglob("*")), default=0)

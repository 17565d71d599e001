"""A hard limit on memory, and what was used: Linux's control groups, of the first version or the second."""

import os
import time
from contextlib import suppress
from pathlib import Path

_FIRST, _SECOND = Path("/sys/fs/cgroup/memory"), Path("/sys/fs/cgroup")
_CPU = Path("/sys/fs/cgroup/cpuacct")


class Group:
    """The processes of one sandbox."""

    def __init__(self, name: str, memory_bytes: int) -> None:
        self._is_first = _FIRST.is_dir()
        self._memory = (_FIRST if self._is_first else _SECOND) / f"rehearsal-{os.getpid()}-{name}"
        self._folders = [self._memory, *([_CPU / self._memory.name] if self._is_first and _CPU.is_dir() else [])]
        for folder in self._folders:
            folder.mkdir()
        limit = "memory.limit_in_bytes" if self._is_first else "memory.max"
        (self._memory / limit).write_text(str(memory_bytes))

    @property
    def folder(self) -> Path:
        """Where the kernel tells of it."""
        return self._memory

    @property
    def folders(self) -> list[Path]:
        """All that a process of it is to be told to."""
        return self._folders

    def held(self) -> int:
        """Bytes that no file stands behind; what Lambda counts as used is little more."""
        name = "total_rss" if self._is_first else "anon"
        lines = (self._memory / "memory.stat").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(f"{name} "))

    def processor_s(self) -> float:
        """Seconds of processor time."""
        if self._is_first:
            return int((self._folders[-1] / "cpuacct.usage").read_text()) / 1e9
        lines = (self._memory / "cpu.stat").read_text().splitlines()
        return int(lines[0].split()[1]) / 1e6

    def remove(self) -> None:
        """Once its processes are gone."""
        for folder in self._folders:
            for _ in range(50):
                with suppress(OSError):
                    folder.rmdir()
                    break
                time.sleep(0.1)

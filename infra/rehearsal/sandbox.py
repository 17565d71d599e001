"""One execution environment of a function, as far from this machine as Lambda's is from its own.

A root that can't be written to, a /tmp of the configured size, no /dev/shm, an unprivileged user without a home, a hard
limit on memory, the calls that Lambda refuses refused, and the environment that is given, no other. Inside, AWS's
runtime interface emulator starts the function and passes events to it.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.rehearsal.cgroup import Group
from infra.rehearsal.images import HOME
from infra.template import ROOT

_SAMPLE_S = 0.1


@dataclass(frozen=True)
class Place:
    """What a sandbox is made of: layers (the lowest first), sizes in bytes, the command and its environment."""

    layers: Sequence[Path]
    memory_bytes: int
    tmp_bytes: int
    command: Sequence[str]
    environment: Mapping[str, str]
    workdir: str = "/var/task"


@dataclass
class Peak:
    """The most that was used, in bytes."""

    memory: int = 0
    tmp: int = 0


@dataclass
class Sandbox:
    """A running one; ``kill`` ends all of it at once, as Lambda does."""

    name: str
    place: Place
    log: Path
    peak: Peak = field(default_factory=Peak)

    def __post_init__(self) -> None:
        self._home = HOME / "sandboxes" / f"{os.getpid()}-{self.name}"
        shutil.rmtree(self._home, ignore_errors=True)
        (self._home / "root").mkdir(parents=True)
        self._group = Group(self.name, self.place.memory_bytes)
        _make_disk(self._home / "tmp.img", self.place.tmp_bytes)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "infra.rehearsal.inside", self._orders()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=ROOT,
            )
        threading.Thread(target=self._watch, daemon=True).start()

    @property
    def pid(self) -> int:
        """Of the process that waits for the sandbox's first one."""
        return self._process.pid

    def processor_s(self) -> float:
        """Seconds of processor time so far."""
        return self._group.processor_s()

    def wait(self) -> int:
        """The exit status of its command."""
        return self._process.wait()

    def kill(self) -> None:
        """End every process in it, and remove what it was made of."""
        for pid in _tasks(self._group):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        self._group.remove()
        shutil.rmtree(self._home, ignore_errors=True)

    def _orders(self) -> str:
        """What the process needs to know that becomes the sandbox."""
        place: dict[str, Any] = {"layers": [str(one) for one in self.place.layers]}
        place |= {"command": list(self.place.command)}
        place |= {"environment": dict(self.place.environment), "workdir": self.place.workdir}
        groups = [str(one) for one in self._group.folders]
        return json.dumps({"home": str(self._home), "parent": os.getpid(), "groups": groups, **place})

    def _watch(self) -> None:
        while self._process.poll() is None:
            with suppress(OSError, StopIteration):
                self.peak.memory = max(self.peak.memory, self._group.held())
                for pid in _tasks(self._group)[:1]:
                    disk = os.statvfs(f"/proc/{pid}/root/tmp")
                    # Before it is in its root, this machine's own is seen.
                    if disk.f_blocks * disk.f_frsize <= self.place.tmp_bytes:
                        self.peak.tmp = max(self.peak.tmp, (disk.f_blocks - disk.f_bfree) * disk.f_frsize)
            time.sleep(_SAMPLE_S)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _tasks(group: Group) -> list[int]:
    with suppress(OSError):
        return [int(one) for one in (group.folder / "cgroup.procs").read_text().split()]
    return []


def _make_disk(path: Path, size: int) -> None:
    """A file system of its own, as Lambda's /tmp is: what lies in it is no memory."""
    with path.open("wb") as file:
        file.truncate(size)
    subprocess.run(["mkfs.ext4", "-q", "-O", "^has_journal", "-m", "0", path], check=True)

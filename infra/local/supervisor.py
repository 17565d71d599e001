"""Starts processes, watches them, starts the replaceable ones again, and ends all of them with itself."""

import os
import select
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from chalicelib.engines.jail import adopt_orphans, kill_descendants
from infra.local.lifeline import PARENT, READY

GRACE_S = 3.0
"""How long a process may take to end by itself before it is killed."""

STEADY_S = 30.0
"""A process that lived this long starts again at once; others after a pause that grows with each failure."""

LONGEST_PAUSE_S = 30.0
TRIES_AT_START = 3
TAIL_LINES = 12
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Ended(Exception):
    """The service is over: the message says why, ``code`` is the exit status."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Program:
    """A command to keep running. When an ``essential`` one ends, all end; others are started again."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    essential: bool = False


@dataclass
class _Child:
    program: Program
    ready: int
    """The pipe on which the child says that it is ready; -1 once it has spoken or gone."""
    started: float = field(default_factory=time.monotonic)


class Supervisor:
    """Call it from the main thread only: a child dies with the *thread* that started it."""

    def __init__(self, logs: Path, say: Callable[[str], None]) -> None:
        self._logs, self._say = logs, say
        self._children: dict[int, _Child] = {}
        self._due: list[tuple[float, Program]] = []
        self._ready: set[str] = set()
        self._failures: Counter[str] = Counter()
        self._ended_by: signal.Signals | None = None
        self._woken, wake = os.pipe()
        for descriptor in (self._woken, wake):
            os.set_blocking(descriptor, False)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        for number in (*ENDING, signal.SIGCHLD):
            signal.signal(number, self._on_signal)
        adopt_orphans()

    def start(self, program: Program) -> None:
        """Start a process; what it prints goes to ``<logs>/<name>.log``."""
        reader, writer = os.pipe()
        told = {PARENT: str(os.getpid()), READY: str(writer)}
        with (self._logs / f"{program.name}.log").open("ab") as log:
            process = subprocess.Popen(
                program.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**program.environment, **told},
                pass_fds=(writer,),
                start_new_session=True,
            )
        os.close(writer)
        process.returncode = 0  # reaped by _reap, like every orphan, and not by Popen
        self._children[process.pid] = _Child(program, reader)

    def wait_until_ready(self, names: Iterable[str], timeout_s: float) -> None:
        """Return when all of ``names`` do their work. Raises ``Ended``."""
        deadline = time.monotonic() + timeout_s
        while missing := set(names) - self._ready:
            if time.monotonic() > deadline:
                raise Ended(f"Not ready after {timeout_s:.0f} s: {', '.join(sorted(missing))}.", 1)
            for name in missing:
                if self._failures[name] >= TRIES_AT_START:
                    raise Ended(f"{name} does not start.\n{self._tail(name)}", 1)
            self._step(1.0)

    def watch(self) -> None:
        """Keep everything running until it ends. Raises ``Ended``, always."""
        while True:
            self._step(None)

    def end(self) -> None:
        """End every process and all that any of them started."""
        for pid in self._children:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_S
        while self._children and time.monotonic() < deadline:
            self._sleep(0.05)
            for pid, _ in _reaped():
                self._children.pop(pid, None)
        kill_descendants(os.getpid())

    def _step(self, timeout_s: float | None) -> None:
        """Sleep until something happens, then deal with it."""
        due = [when for when, _ in self._due]
        pause = max(0.0, min(due) - time.monotonic()) if due else None
        self._sleep(min((one for one in (timeout_s, pause) if one is not None), default=None))
        if self._ended_by is not None:
            raise Ended(f"{self._ended_by.name}: stopping.", 0)
        for pid, status in _reaped():
            child = self._children.pop(pid, None)
            if child is not None:
                self._bury(child, status)
        self._restart_what_is_due()

    def _sleep(self, timeout_s: float | None) -> None:
        speaking = {child.ready: child for child in self._children.values() if child.ready >= 0}
        readable, _, _ = select.select([self._woken, *speaking], [], [], timeout_s)
        for descriptor in readable:
            if descriptor == self._woken:
                with suppress(BlockingIOError):
                    os.read(self._woken, 4096)
                continue
            child = speaking[descriptor]
            if os.read(descriptor, 1):
                self._ready.add(child.program.name)
            os.close(descriptor)
            child.ready = -1

    def _bury(self, child: _Child, status: int) -> None:
        name = child.program.name
        if child.ready >= 0:
            os.close(child.ready)
        self._ready.discard(name)
        _kill_adopted(self._children)
        if child.program.essential:
            raise Ended(f"{name} ended ({_cause(status)}).\n{self._tail(name)}", 1)
        steady = time.monotonic() - child.started >= STEADY_S
        self._failures[name] = 0 if steady else self._failures[name] + 1
        pause = 0.0 if steady else min(LONGEST_PAUSE_S, 2.0 ** (self._failures[name] - 1) - 1)
        self._say(f"{name} ended ({_cause(status)}), starting it again; see {self._logs / name}.log")
        self._due.append((time.monotonic() + pause, child.program))

    def _restart_what_is_due(self) -> None:
        now = time.monotonic()
        due = [program for when, program in self._due if when <= now]
        self._due = [one for one in self._due if one[0] > now]
        for program in due:
            self.start(program)

    def _tail(self, name: str) -> str:
        path = self._logs / f"{name}.log"
        lines = path.read_text(errors="replace").splitlines()[-TAIL_LINES:]
        return "\n".join([f"The end of {path}:", *(f"  {line}" for line in lines)])

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if number != signal.SIGCHLD:
            self._ended_by = signal.Signals(number)


def _reaped() -> list[tuple[int, int]]:
    """(pid, wait status) of every child that has ended, adopted ones included."""
    ended = []
    with suppress(ChildProcessError):
        while (one := os.waitpid(-1, os.WNOHANG))[0]:
            ended.append(one)
    return ended


def _kill_adopted(known: Iterable[int]) -> None:
    """Kill what a dead child left behind: the processes that this one inherited from it."""
    pid = os.getpid()
    children = Path(f"/proc/{pid}/task/{pid}/children")
    orphans = {int(one) for one in children.read_text().split()} - set(known) if children.exists() else set()
    for orphan in orphans:
        kill_descendants(orphan)
        with suppress(ProcessLookupError):
            os.kill(orphan, signal.SIGKILL)


def _cause(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"killed by {signal.Signals(os.WTERMSIG(status)).name}"
    return f"exit status {os.waitstatus_to_exitcode(status)}"

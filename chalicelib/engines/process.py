"""Runs engines in warm, confined child processes; the only module that starts one.

An engine is a command that speaks JSON lines on its stdin and stdout (``host.py`` describes them). It starts
through ``jail.py`` with an environment and a session of its own, and is killed whole when a limit is met.
"""

import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import IO, cast

from chalicelib.domain.errors import EngineCrashed, Unavailable
from chalicelib.engines import jail
from chalicelib.engines.budget import LOOK_S, Allowance
from chalicelib.engines.channel import Channel, ChannelClosed, Message
from chalicelib.engines.environment import scrubbed_environment
from chalicelib.engines.job import Job, Outcome, Progress
from chalicelib.engines.job_child import LAST_KEYS
from chalicelib.engines.run_watch import RunWatch
from chalicelib.engines.verdict import CRASHED, EngineCause, outcome_of

_LOG = logging.getLogger(__name__)
_NO_EXTRAS: Mapping[str, str] = MappingProxyType({})
RECYCLE_AFTER = 1_000
"""Jobs of one host, which works in children that end with their job: this is for what leaks all the same."""

_POLL_S = 0.1
_LOG_LINE = 500
_LOG_PER_JOB = 16_384

_SPAWNER = ThreadPoolExecutor(1, thread_name_prefix="engine-spawner")
"""An engine dies with the *thread* that started it (PR_SET_PDEATHSIG), so that must be one which lasts."""


class Cancelled(Exception):
    """The run was given up because the caller's event was set."""


class EngineProcess:
    """One warm engine: started when first needed, one job at a time, replaced after any crash or time-out.

    ``command`` must answer ``{"ready": true}`` within ``start_timeout_s`` in which it can compute, and then one last
    message per job. ``extra_environment`` is all that it inherits beyond the fixed few variables.
    """

    def __init__(  # noqa: PLR0913 - keyword-only settings with defaults
        self,
        name: str,
        command: Sequence[str],
        project_root: Path,
        *,
        extra_environment: Mapping[str, str] = _NO_EXTRAS,
        recycle_after: int = RECYCLE_AFTER,
        start_timeout_s: float = 120,
    ) -> None:
        self._start = partial(_Running, name, tuple(command), project_root, dict(extra_environment))
        self._recycle_after = recycle_after
        self._start_timeout_s = start_timeout_s
        self._lock = threading.Lock()
        self._running: _Running | None = None

    def warm(self) -> None:
        """Start now and return when the engine is ready; raises ``Unavailable``."""
        with self._lock:
            self._ready(threading.Event())

    def run(self, job: Job, on_progress: Progress, cancelled: threading.Event) -> Outcome:
        """Convert, waiting for the jobs before this one.

        Raises what the engine found (``DocumentRefused``), ``ConversionTimeout`` and ``Overloaded`` as
        ``RunWatch`` finds, ``EngineCrashed``, ``Unavailable`` if it does not start, ``Cancelled`` once the event
        is set.
        """
        with self._turn(cancelled):
            running = self._ready(cancelled)
            job.output.unlink(missing_ok=True)
            try:
                last = running.converse(job, on_progress, cancelled)
            except BaseException:
                self._stop()
                raise
            if running.jobs >= self._recycle_after or "crashed" in last:
                self._stop()
            return outcome_of(last, job)

    def close(self) -> None:
        """Kill the engine, after the job that it may be working on."""
        with self._lock:
            self._stop()

    @contextmanager
    def _turn(self, cancelled: threading.Event) -> Iterator[None]:
        while not self._lock.acquire(timeout=_POLL_S):
            if cancelled.is_set():
                raise Cancelled
        try:
            yield
        finally:
            self._lock.release()

    def _ready(self, cancelled: threading.Event) -> "_Running":
        if self._running is not None and not self._running.alive():
            self._stop()
        if self._running is None:
            self._running = self._start()
            try:
                self._running.wait_until_ready(self._start_timeout_s, cancelled)
            except BaseException:
                self._stop()
                raise
        return self._running

    def _stop(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            running.kill()


class _Running:
    """A started engine's process with everything that ends with it."""

    def __init__(self, name: str, command: Sequence[str], project_root: Path, extra: dict[str, str]) -> None:
        self.jobs = 0
        self._name = name
        self._home = Path(tempfile.mkdtemp(prefix=f"engine-{name}-"))
        environment = scrubbed_environment(self._home, project_root) | extra
        self._process = _SPAWNER.submit(_spawn, command, project_root, environment).result()
        stdin, stdout, self._stderr = _streams(self._process)
        self._channel = Channel(stdout.fileno(), stdin.fileno())
        self._log_left = _LOG_PER_JOB
        self._logger = threading.Thread(target=self._log_stderr, name=f"{name}-log", daemon=True)
        self._logger.start()

    def alive(self) -> bool:
        """Without reaping, as ``poll`` does: its id, and its group's, must stay its own until the kill."""
        return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def wait_until_ready(self, timeout_s: float, cancelled: threading.Event) -> None:
        """Time in which others had the processor does not count: ended and begun anew, it would take theirs too."""
        allowance = Allowance(self._process.pid, timeout_s, patience_s=timeout_s)
        message = None
        try:
            while message is None and not (exceeded := allowance.exceeded()):
                message = self._await(time.monotonic() + LOOK_S, cancelled)
        except ChannelClosed as error:
            raise Unavailable("The conversion engine could not be started; try again later.") from error
        if message is None:
            cause = EngineCause(f"{self._name} was not ready after {timeout_s:g} s ({exceeded})")
            raise Unavailable("The conversion engine did not start in time; try again later.") from cause
        _LOG.info("engine %s is ready: %s", self._name, message.get("versions", {}))

    def converse(self, job: Job, on_progress: Progress, cancelled: threading.Event) -> Message:
        """Hand over ``job`` and return the engine's last message on it."""
        self.jobs += 1
        self._log_left = _LOG_PER_JOB
        watch = RunWatch(self._process.pid, job.limits)
        try:
            self._channel.send({"job": job.to_json()})
            while True:
                message = self._await(time.monotonic() + LOOK_S, cancelled) or {}
                if LAST_KEYS & message.keys():
                    return watch.judged(message)
                watch.follow(message, on_progress)
        except ChannelClosed as error:
            raise EngineCrashed(CRASHED) from error

    def _await(self, deadline: float, cancelled: threading.Event) -> Message | None:
        """The next message, or ``None`` at the deadline."""
        while (left_s := deadline - time.monotonic()) > 0:
            if cancelled.is_set():
                raise Cancelled
            message = self._channel.receive(min(_POLL_S, left_s))
            if message is not None:
                return message
        return None

    def kill(self) -> None:
        """Kill the whole tree, also what left the process group, and remove the engine's private directory.

        The engine is stopped first: it adopts orphans, so its descendants stay in sight until all are dead.
        """
        for step in (signal.SIGSTOP, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, step)
            jail.kill_descendants(self._process.pid)
        self._process.wait()
        self._logger.join(1)
        for stream in _streams(self._process)[:2]:
            stream.close()
        shutil.rmtree(self._home, ignore_errors=True)

    def _log_stderr(self) -> None:
        """Into the worker's log, bounded per job: a library may print a line for every broken object."""
        with self._stderr:
            while line := self._stderr.readline(4096):
                text = line.decode(errors="replace").strip()[: min(_LOG_LINE, self._log_left)]
                self._log_left -= len(text)
                if text:
                    _LOG.warning("engine %s: %s", self._name, text)


def _spawn(command: Sequence[str], cwd: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    launcher = [sys.executable, "-I", "-S", jail.__file__, "--parent", str(os.getpid()), "--"]
    return subprocess.Popen(
        [*launcher, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=cwd,
        env=environment,
        process_group=0,
    )


def _streams(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes], IO[bytes]]:
    return cast(tuple[IO[bytes], IO[bytes], IO[bytes]], (process.stdin, process.stdout, process.stderr))


ENVIRONMENTS = {
    "chalicelib.engines.word.engine": "tables",
    "chalicelib.engines.tables.engine": "tables",
    "chalicelib.engines.pages.engine": "light",
    "chalicelib.engines.images.engine": "light",
    "chalicelib.engines.preview.engine": "light",
    "chalicelib.engines.preview.rows": "tables",
    "chalicelib.engines.background.engine": "background",
    "chalicelib.engines.ocr.engine": "ocr",
}
"""The environment under ``Engines.home`` whose interpreter runs each Python engine."""

LIBREOFFICE = "chalicelib.engines.libreoffice.server"


class Engines:
    """The engines of one worker by dotted module name, each started when first needed.

    ``home`` holds the environments (``home/word/bin/python``); ``None``: this interpreter has all.
    ``extra_environment`` is by dotted name, for what an engine must be told (``U2NET_HOME``).
    """

    def __init__(  # noqa: PLR0913 - keyword-only settings with defaults
        self,
        home: Path | None,
        project_root: Path,
        *,
        soffice: str = "soffice",
        uno_python: str = "python3",
        extra_environment: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
        recycle_after: int = RECYCLE_AFTER,
    ) -> None:
        self._home = home
        self._project_root = project_root
        made = [name for name in ("fonts", "profile") if home and (home / name).is_dir()]
        prepared = [word for name in made for word in (f"--{name}", f"{home}/{name}")]
        self._libreoffice = (uno_python, "-m", LIBREOFFICE, "--soffice", soffice, *prepared)
        self._extra_environment = extra_environment
        self._recycle_after = recycle_after
        self._lock = threading.Lock()
        self._processes: dict[str, EngineProcess] = {}

    def run(self, engine: str, job: Job, on_progress: Progress, cancelled: threading.Event) -> Outcome:
        """:meth:`EngineProcess.run` of the engine with this dotted name."""
        return self._process_of(engine).run(job, on_progress, cancelled)

    def warm(self, engine: str) -> None:
        """Start ``engine`` ahead of its first job."""
        self._process_of(engine).warm()

    def close(self) -> None:
        """Kill every engine, each after the job that it may be working on."""
        with self._lock:
            processes, self._processes = self._processes, {}
        for process in processes.values():
            process.close()

    def _process_of(self, engine: str) -> EngineProcess:
        with self._lock:
            if engine not in self._processes:
                self._processes[engine] = EngineProcess(
                    engine.split(".")[-2],
                    self._command(engine),
                    self._project_root,
                    extra_environment=self._extra_environment.get(engine, _NO_EXTRAS),
                    recycle_after=self._recycle_after,
                )
            return self._processes[engine]

    def _command(self, engine: str) -> Sequence[str]:
        if engine == LIBREOFFICE:
            return self._libreoffice
        environment = ENVIRONMENTS[engine]
        python = sys.executable if self._home is None else str(self._home / environment / "bin" / "python")
        return (python, "-m", "chalicelib.engines.host", engine)

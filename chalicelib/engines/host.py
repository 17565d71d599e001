"""A warm engine: imports one engine module once and forks a confined child for every job.

``python -m chalicelib.engines.host chalicelib.engines.word.engine``, run by the engine's own interpreter. It reads
one JSON line for each job, ``{"job": …}``, and writes JSON lines: ``{"ready": true, "versions": {…}}`` at its
start, then for each job any number of ``{"progress": [done, total, unit]}`` and one of ``{"outcome": {…}}``,
``{"error": {"code", "detail", "cause"}}`` or ``{"crashed": "signal 11"}``. The engine's module may have
``prepare()``, to load what every child shall find, and ``versions()``.
"""

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from chalicelib.engines import confinement, jail
from chalicelib.engines.job import Job
from chalicelib.engines.job_child import LAST_KEYS, run_job

_LONGEST_REQUEST = 1024 * 1024
_LONGEST_ANSWER = 4 * 1024 * 1024


def main(arguments: list[str]) -> None:
    """Serve jobs for the module named by the first argument until the input ends."""
    jail.protect_this_process()
    requests, replies = _private_streams()
    module = importlib.import_module(arguments[0])
    getattr(module, "prepare", lambda: None)()
    _write(replies, {"ready": True, "versions": getattr(module, "versions", dict)()})
    gc.collect()
    gc.freeze()
    request = bytearray(_LONGEST_REQUEST)
    while length := _read_line(requests, request):
        _serve(module.convert, memoryview(request)[:length], requests, replies)
        request[:length] = bytes(length)


def _private_streams() -> tuple[int, int]:
    """Keep stdin and stdout for the protocol alone: whatever a library prints goes to stderr."""
    requests, replies = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    return requests, replies


def _read_line(source: int, buffer: bytearray) -> int:
    """Read one request in place and return its length, 0 at the end of input.

    It may hold a password: the buffer is wiped after each job, so that the next child inherits nothing of it.
    """
    length = 0
    while length < len(buffer):
        got = os.readv(source, [memoryview(buffer)[length:]])
        length += got
        if got == 0 or buffer[length - 1] == ord("\n"):
            return length if got else 0
    raise ValueError("a request is longer than 1 MiB")


def _serve(convert: Callable[..., Any], request: memoryview, requests: int, replies: int) -> None:
    reader, writer = os.pipe()
    host, child = os.getpid(), os.fork()
    if child == 0:
        for descriptor in (reader, requests, replies):
            os.close(descriptor)
        _become_child(convert, request, writer, host)
    os.close(writer)
    try:
        last = _relay(child, reader, replies)
    finally:
        os.close(reader)
        _end(child)
    _write(replies, last)


def _become_child(convert: Callable[..., Any], request: memoryview, writer: int, host: int) -> NoReturn:
    """The child's whole life; it stays in the host's process group, so that a worker kills both at once."""
    status = 1
    try:
        jail.die_with_parent(host)
        data = json.loads(bytes(request))["job"]
        _keep_to_its_files(Job.from_json(data))
        run_job(convert, data, lambda message: _write(writer, message))
        status = 0
    finally:
        os._exit(status)


def _keep_to_its_files(job: Job) -> None:
    folders = {job.workdir, job.output.parent}
    confinement.of_job(sys.executable, os.environ, folders, [one.path for one in job.inputs])


def _relay(child: int, reader: int, replies: int) -> dict[str, Any]:
    """Pass the child's progress on and return its last line, or how it died without one.

    The pipe's end does not tell: a grandchild may hold it open. The death is looked up before the pipe, so
    that what the child wrote just before it ended is read.
    """
    buffer = b""
    while len(buffer) < _LONGEST_ANSWER:
        death = _death_of(child)
        if not select.select([reader], [], [], 0 if death else 0.1)[0]:
            if death:
                return {"crashed": death}
            continue
        chunk = os.read(reader, 65536)
        if not chunk:
            return {"crashed": _death_of(child, wait=True)}
        *lines, buffer = (buffer + chunk).split(b"\n")
        for message in map(_parse, lines):
            if LAST_KEYS & message.keys():
                return message
            _write(replies, message)
    return {"crashed": "an answer without an end"}


def _death_of(child: int, *, wait: bool = False) -> str | None:
    """ "signal 11" or "exit 1" when ``child`` has ended (it stays a zombie), else ``None``."""
    options = os.WEXITED | os.WNOWAIT | (0 if wait else os.WNOHANG)
    info = os.waitid(os.P_PID, child, options)
    if info is None:
        return None
    return f"{'exit' if info.si_code == os.CLD_EXITED else 'signal'} {info.si_status}"


def _end(child: int) -> None:
    """Leave nothing of a job alive: neither the child nor what it started, which a later job could meet."""
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue
        jail.kill_descendants(os.getpid())
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue


def _parse(line: bytes) -> dict[str, Any]:
    """A child's line; anything but a JSON object counts as the end of a child that is no longer itself."""
    try:
        message = json.loads(line)
    except ValueError:
        message = None
    return message if isinstance(message, dict) else {"crashed": "an unreadable answer"}


def _write(target: int, message: dict[str, Any]) -> None:
    data = memoryview(json.dumps(message).encode() + b"\n")
    while data:
        data = data[os.write(target, data) :]


if __name__ == "__main__":
    main(sys.argv[1:])

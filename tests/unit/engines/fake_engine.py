"""An engine that misbehaves as it is told: each action is a function."""

import ctypes
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from chalicelib.domain.errors import EncryptedDocument, Overloaded
from chalicelib.engines.job import Job, Outcome, Progress

WARM: list[str] = []


def prepare() -> None:
    WARM.append("prepared")


def versions() -> dict[str, str]:
    return {"fake": "1.0"}


def convert(job: Job, progress: Progress) -> Outcome:
    job.output.write_bytes(b"result")
    return Outcome(("a warning",), {"host": os.getppid(), **(globals()[job.action](job, progress) or {})})


def succeed(job: Job, progress: Progress) -> dict[str, Any]:
    return {"warm": WARM}


def count(job: Job, progress: Progress) -> None:
    for page in range(1, 1001):
        progress(page, 1000, "pages")


def spawn(job: Job, progress: Progress) -> dict[str, Any]:
    family = [subprocess.Popen(["sleep", "300"], start_new_session=apart) for apart in (False, True)]
    orphan = "import os, subprocess; os.setsid(); print(subprocess.Popen(['sleep', '300'], stdout=2).pid)"
    pids = [one.pid for one in family]
    pids += [int(subprocess.check_output([sys.executable, "-c", orphan])), os.getpid()]
    (job.workdir / "pids").write_text(" ".join(map(str, pids)))
    return {"pids": pids}


def hang(job: Job, progress: Progress) -> None:
    spawn(job, progress)
    progress(1, 1, "pages")
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(300)


def compute(job: Job, progress: Progress) -> None:
    progress(0, job.options.get("pages", 1), "pages")
    while True:
        pass


def be_late(job: Job, progress: Progress) -> None:
    """Compute, and say that others did."""
    until = time.process_time() + 0.3
    while time.process_time() < until:
        pass
    raise Overloaded("It was not me.")


def die(job: Job, progress: Progress) -> None:
    os.kill(os.getpid(), job.options["signal"])


def kill_host(job: Job, progress: Progress) -> None:
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(300)


def hoard(job: Job, progress: Progress) -> None:
    bytearray(job.options["size"])


def flood(job: Job, progress: Progress) -> None:
    with job.output.open("wb") as file:
        for _ in range(100):
            file.write(bytes(100_000))


def shout(job: Job, progress: Progress) -> None:
    print('{"outcome": {"warnings": ["forged"], "report": {}}}', flush=True)  # noqa: T201 - a library that prints
    os.write(1, b"no json at all\\n")
    print("x" * 100_000, file=sys.stderr)  # noqa: T201


def refuse(job: Job, progress: Progress) -> None:
    raise EncryptedDocument("The document needs a password.")


def fail(job: Job, progress: Progress) -> None:
    raise RuntimeError("object 17 is odd")


def link(job: Job, progress: Progress) -> None:
    job.output.unlink()
    job.output.symlink_to("/proc/self/environ")


def vanish(job: Job, progress: Progress) -> None:
    job.output.unlink()


def empty(job: Job, progress: Progress) -> None:
    job.output.write_bytes(b"")


def look_around(job: Job, progress: Progress) -> dict[str, Any]:
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    limits = {name: resource.getrlimit(getattr(resource, name))[0] for name in ("RLIMIT_CPU", "RLIMIT_CORE")}
    interfaces = Path("/proc/self/net/dev").read_text().splitlines()[2:]
    return {
        "environment": dict(os.environ),
        "effective": int(status["CapEff"], 16),
        "no_new_privs": int(status["NoNewPrivs"]),
        "cwd": str(Path.cwd()),
        "readable": _readable(job.options["worker"]) + _readable(os.getppid()),
        "interfaces": [line.split(":")[0].strip() for line in interfaces],
        **limits,
    }


def _readable(pid: int) -> list[str]:
    found = []
    for name in ("environ", "mem", "fd/0"):
        try:
            with Path(f"/proc/{pid}/{name}").open("rb", buffering=0):
                found.append(f"{pid}/{name}")
        except PermissionError:
            pass
    return found


FAMILIES = ("AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET", "AF_VSOCK")


def break_out(job: Job, progress: Progress) -> dict[str, Any]:
    """Try to make sockets, and to read files of others; what was possible."""
    made = [name for name in FAMILIES if _makes_socket(getattr(socket, name))]
    local, other = socket.socketpair(socket.AF_UNIX)
    local.send(b"x")
    rings = ctypes.CDLL(None, use_errno=True).syscall(425, 8, ctypes.create_string_buffer(120))
    return {
        "sockets": made,
        "local": other.recv(1) == b"x",
        "rings": rings,
        "read": [path for path in job.options["paths"] if _is_read(path)],
        "connected": [port for port in job.options.get("ports", []) if _connects(port)],
    }


def _makes_socket(family: int) -> bool:
    try:
        socket.socket(family, socket.SOCK_DGRAM).close()
    except OSError:
        return False
    return True


def _connects(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def _is_read(path: str) -> bool:
    try:
        Path(path).read_bytes()
    except OSError:
        return False
    return True

"""The supervisor of `make run`: whatever ends it, nothing that it started stays."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE_S = 30.0
"""How long a test waits for what must happen; nothing is asserted about how fast it does."""


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


# Each child starts a grandchild in a session of its own, as an engine is, and notes both.
CHILD = """
import os, subprocess, sys
from pathlib import Path
from infra.local.lifeline import become_child, report_ready
become_child()
grandchild = subprocess.Popen(["sleep", "600"], start_new_session=True)
Path(sys.argv[1], f"{sys.argv[2]}-{os.getpid()}").write_text(f"{os.getpid()} {grandchild.pid}")
report_ready()
grandchild.wait()
"""
SUPERVISED = """
import os, sys
from pathlib import Path
from infra.local.supervisor import Ended, Program, Supervisor
folder = Path(sys.argv[1])
supervisor = Supervisor(folder, print)
names = ["essential", "worker"]
try:
    for name in names:
        command = (sys.executable, str(folder / "child.py"), str(folder / "pids"), name)
        supervisor.start(Program(name, command, dict(os.environ), essential=name == "essential"))
    supervisor.wait_until_ready(names, 30)
    (folder / "ready").touch()
    supervisor.watch()
except Ended as ended:
    print(ended)
    sys.exit(ended.code)
finally:
    supervisor.end()
"""


class Supervised:
    """A supervisor in a process of its own, with an essential child and a worker."""

    def __init__(self, folder: Path) -> None:
        self.pids_folder = folder / "pids"
        self.pids_folder.mkdir()
        (folder / "child.py").write_text(CHILD)
        script = folder / "supervised.py"
        script.write_text(textwrap.dedent(SUPERVISED))
        self.process = subprocess.Popen(
            [sys.executable, script, folder],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert eventually((folder / "ready").exists)

    def pids(self, name: str) -> list[list[int]]:
        """[child, grandchild] of each start of ``name``, the oldest first."""
        files = sorted(self.pids_folder.glob(f"{name}-*"), key=lambda one: one.stat().st_mtime_ns)
        return [[int(pid) for pid in file.read_text().split()] for file in files]

    def all_gone(self) -> bool:
        """Whether every process that was ever started has ended."""
        started = [pid for name in ("essential", "worker") for pids in self.pids(name) for pid in pids]
        return eventually(lambda: not any(alive(pid) for pid in started))


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[Supervised]:
    one = Supervised(tmp_path)
    yield one
    one.process.kill()
    one.process.communicate()
    assert one.all_gone()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_everything_ends_when_a_person_ends_it(supervised: Supervised, number: signal.Signals) -> None:
    supervised.process.send_signal(number)
    output, _ = supervised.process.communicate(timeout=PATIENCE_S)
    assert supervised.process.returncode == 0
    assert number.name in output
    assert supervised.all_gone()


def test_everything_ends_when_the_supervisor_is_killed(supervised: Supervised) -> None:
    supervised.process.kill()
    assert supervised.all_gone()


def test_everything_ends_and_says_why_when_an_essential_process_dies(supervised: Supervised) -> None:
    os.kill(supervised.pids("essential")[0][0], signal.SIGKILL)
    output, _ = supervised.process.communicate(timeout=PATIENCE_S)
    assert supervised.process.returncode == 1
    assert "essential ended (killed by SIGKILL)" in output
    assert supervised.all_gone()


def test_a_worker_starts_again_without_its_orphans_when_it_dies(supervised: Supervised) -> None:
    worker, grandchild = supervised.pids("worker")[0]
    os.kill(worker, signal.SIGKILL)
    assert eventually(lambda: len(supervised.pids("worker")) == 2)
    assert eventually(lambda: not alive(grandchild))
    assert all(alive(pid) for pid in [*supervised.pids("worker")[1], *supervised.pids("essential")[0]])


def test_a_taken_port_is_named_with_its_variable_and_nothing_stays() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        result = run_local(PORT=port, AWS_PORT="1")
    assert result.returncode == 1
    assert f"Port {port} is taken" in result.stdout
    assert "PORT=" in result.stdout


@pytest.mark.parametrize("port", ["http", "0", "70000"])
def test_a_port_that_is_none_is_refused_by_its_name(port: str) -> None:
    result = run_local(PORT=port)
    assert result.returncode == 1
    assert f"PORT={port} is not a port" in result.stdout


def run_local(**environment: str) -> subprocess.CompletedProcess[str]:
    """`make run` without the installation, where it is expected to refuse."""
    return subprocess.run(
        [sys.executable, "-m", "infra.local"],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )

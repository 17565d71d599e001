"""What an engine can't do to its worker, to its neighbours and to the jobs after it."""

import ctypes
import errno
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from chalicelib.domain.errors import ConversionFailed, Overloaded
from chalicelib.engines import jail, seccomp
from chalicelib.engines.job import Job, Limits, Outcome
from chalicelib.engines.process import Cancelled, EngineProcess

ROOT = Path(__file__).parents[3]

MakeJob = Callable[..., Job]
Run = Callable[[Job], Outcome]


def is_alive(pid: int) -> bool:
    """Running or stopped; a zombie is dead."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def becomes_true(condition: Callable[[], bool]) -> bool:
    """Ask again for up to ten seconds."""
    for _ in range(500):
        if condition():
            return True
        time.sleep(0.02)
    return False


def _family(tmp_path: Path) -> list[int]:
    return [int(pid) for pid in (tmp_path / "pids").read_text().split()]


def test_whole_process_tree_is_killed_when_the_time_is_up(run: Run, make_job: MakeJob, tmp_path: Path) -> None:
    with pytest.raises(Overloaded, match="in time"):
        run(make_job("hang", Limits(timeout_s=2)))

    family = _family(tmp_path)
    assert len(family) == 4
    assert not any(map(is_alive, family))
    assert run(make_job("succeed")).warnings == ("a warning",)


def test_nothing_survives_when_a_job_leaves_processes_behind(run: Run, make_job: MakeJob) -> None:
    first = run(make_job("spawn")).report

    assert not any(map(is_alive, first["pids"]))
    assert run(make_job("succeed")).report["host"] == first["host"]


def test_engine_sees_nothing_of_the_worker_when_it_looks_around(
    run: Run, make_job: MakeJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    jail.protect_this_process()
    try:
        report = run(make_job("look_around", worker=os.getpid())).report
    finally:
        _be_dumpable()

    known = {"PATH", "LANG", "LC_ALL", "HOME", "TMPDIR", "PYTHONPATH", "LD_LIBRARY_PATH"}
    assert set(report["environment"]) <= known
    assert report["environment"]["TMPDIR"] == report["environment"]["HOME"] == report["cwd"] == str(tmp_path)
    assert report["readable"] == []
    assert (report["effective"], report["no_new_privs"]) == (0, 1)
    assert (report["RLIMIT_CPU"], report["RLIMIT_CORE"]) == (30 * (os.cpu_count() or 1) + 1, 0)


def test_engine_has_no_network_when_the_kernel_permits_namespaces(run: Run, make_job: MakeJob) -> None:
    trial = os.fork()
    if trial == 0:
        os._exit(0 if jail.leave_the_network() else 1)
    if os.waitstatus_to_exitcode(os.waitpid(trial, 0)[1]) != 0:
        pytest.skip("this kernel permits no network namespace here")

    assert run(make_job("look_around", worker=os.getpid())).report["interfaces"] == ["lo"]


def test_engine_makes_no_socket_but_local_ones(run: Run, make_job: MakeJob) -> None:
    """On any kernel, with or without namespaces: on Lambda the Runtime API listens on loopback."""
    report = run(make_job("break_out", paths=[])).report
    assert (report["sockets"], report["local"], report["rings"]) == ([], True, -1)


def test_engine_can_read_no_file_of_others_when_the_kernel_has_landlock(
    run: Run, make_job: MakeJob, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if not _has_landlock():
        pytest.skip("this kernel has no Landlock")
    others = tmp_path_factory.mktemp("job-of-another") / "invoice.pdf"
    own, secret = tmp_path / "input.pdf", ROOT / ".local" / "jwt-secret"
    secret.parent.mkdir(exist_ok=True)
    made = not secret.exists()
    for path in (others, own, *([secret] if made else [])):
        path.write_text("a secret of the tests, long enough to sign with")
    try:
        paths = [str(one) for one in (own, others, secret, ROOT / "Makefile", f"/proc/{os.getpid()}/environ")]
        assert run(make_job("break_out", paths=paths)).report["read"] == [str(own)]
    finally:
        if made:
            secret.unlink()


def test_engine_can_read_no_file_of_others_before_its_first_job_when_the_kernel_has_landlock(tmp_path: Path) -> None:
    """What an engine loads to be warm, and what it is outside of any job."""
    if not _has_landlock():
        pytest.skip("this kernel has no Landlock")
    others, home = tmp_path / "others" / "invoice.pdf", tmp_path / "worker" / "home"
    for folder in (others.parent, home):
        folder.mkdir(parents=True)
    others.write_text("of another")
    look = f"from pathlib import Path; Path({str(others)!r}).read_text()"
    command = [sys.executable, "-I", str(jail.__file__), "--parent", str(os.getpid()), "--", sys.executable, "-c", look]
    environment = {"PATH": os.environ["PATH"], "HOME": str(home)}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "PermissionError" in ran.stderr


def _has_landlock() -> bool:
    return bool(ctypes.CDLL(None).syscall(444, None, ctypes.c_size_t(0), 1) > 0)


def test_a_filter_of_system_calls_needs_no_privilege() -> None:
    """As on Lambda: another user, no capability, no namespace."""
    child = os.fork()
    if child == 0:
        os._exit(_unprivileged_filter())
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _unprivileged_filter() -> int:
    """In a fork: 0 when the filter holds afterwards."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(65534, 65534, 65534)
        os.setresuid(65534, 65534, 65534)
    jail.forbid_new_privileges()
    seccomp.allow_local_sockets_only()
    try:
        socket.socket(socket.AF_INET).close()
    except OSError as error:
        return 0 if error.errno == errno.EAFNOSUPPORT else 2
    return 1


@pytest.mark.parametrize("protected", [False, True])
def test_environment_is_closed_to_the_same_user_only_when_protected(protected: bool) -> None:
    worker = os.fork()
    if worker == 0:
        os._exit(_unprivileged_worker(protected))

    assert os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]) == (1 if protected else 0)


def _unprivileged_worker(protected: bool) -> int:
    """In a fork without privileges: 0 if a child of this process can read its environment, else 1."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(65534, 65534, 65534)
        os.setresuid(65534, 65534, 65534)
    _be_dumpable()
    if protected:
        jail.protect_this_process()
    child = os.fork()
    if child == 0:
        try:
            Path(f"/proc/{os.getppid()}/environ").read_bytes()
        except PermissionError:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _be_dumpable() -> None:
    assert ctypes.CDLL(None).prctl(4, 1, 0, 0, 0) == 0


def test_outcome_is_the_engines_own_when_a_library_prints(
    run: Run, make_job: MakeJob, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        outcome = run(make_job("shout"))
        assert becomes_true(lambda: "x" in caplog.text)

    assert outcome.warnings == ("a warning",)
    assert sum(len(record.getMessage()) for record in caplog.records) < 40_000


def test_engine_is_killed_when_the_run_is_cancelled(engine: EngineProcess, make_job: MakeJob, tmp_path: Path) -> None:
    cancelled = threading.Event()

    with pytest.raises(Cancelled):
        engine.run(make_job("hang"), lambda *_: cancelled.set(), cancelled)

    assert not any(map(is_alive, _family(tmp_path)))


def test_warm_engine_lives_on_when_the_thread_that_started_it_ends(run: Run, make_job: MakeJob) -> None:
    hosts = []
    for _ in range(2):
        starter = threading.Thread(target=lambda: hosts.append(run(make_job("succeed")).report["host"]))
        starter.start()
        starter.join()

    assert hosts[0] == hosts[1]


WORKER = """
import sys, threading
from pathlib import Path
from chalicelib.engines.job import Job
from chalicelib.engines.process import EngineProcess

root, engines, workdir = sys.argv[1:]
command = [sys.executable, "-m", "chalicelib.engines.host", "fake_engine"]
engine = EngineProcess("fake", command, Path(root), extra_environment={"PYTHONPATH": f"{root}:{engines}"})
job = Job("succeed", (), Path(workdir, "output"), Path(workdir))
print(engine.run(job, print, threading.Event()).report["host"], flush=True)
threading.Event().wait()
"""


def test_engine_dies_when_its_worker_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WORKER, str(ROOT), str(Path(__file__).parent), str(tmp_path)]
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    worker = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, env=environment, text=True)
    assert worker.stdout is not None
    with worker.stdout as stdout:
        host = int(stdout.readline())
    assert is_alive(host)

    worker.kill()
    worker.wait()

    assert becomes_true(lambda: not is_alive(host))


@pytest.mark.parametrize("action", ["link", "vanish", "empty"])
def test_result_is_refused_when_it_is_not_a_file_with_content(run: Run, make_job: MakeJob, action: str) -> None:
    with pytest.raises(ConversionFailed, match="produced no file"):
        run(make_job(action))

"""The server's protocol, its soffice's life, and its limits."""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.errors import ConversionTimeout, LimitExceeded, Overloaded
from chalicelib.engines.job import InputFile, Job, Limits
from chalicelib.engines.process import EngineProcess
from tests.integration.engines.libreoffice import samples
from tests.integration.engines.libreoffice.office_bench import ROOT, OfficeBench, server_command

Message = dict[str, Any]


class Server:
    """One server without the worker's side."""

    def __init__(self, home: Path, *more: str) -> None:
        home.mkdir()
        self.home = home
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(home), "TMPDIR": str(home), "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            server_command(*more),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            start_new_session=True,
        )
        self.ready = self.read()

    def read(self) -> Message:
        assert self.process.stdout
        assert select.select([self.process.stdout], [], [], 90)[0], "the server does not answer"
        message: Message = json.loads(self.process.stdout.readline())
        return message

    def ask(self, job: Job) -> Message:
        self.send(job)
        return self.read()

    def send(self, job: Job) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"job": job.to_json()}).encode() + b"\n")
        self.process.stdin.flush()

    @property
    def soffice(self) -> int:
        """soffice's process id."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        (pid,) = (int(child) for child in children)
        return pid

    def end(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for all tests that leave it at work; its soffice is given up when it stands still for two seconds."""
    server = Server(tmp_path_factory.mktemp("server") / "home", "--patience-s", "2")
    yield server
    server.end()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """For one test; its soffice is replaced after each two jobs."""
    server = Server(tmp_path / "home", "--recycle-after", "2")
    yield server
    server.end()


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """A document of one page."""
    path = tmp_path / "one.docx"
    samples.report(path, pages=1)
    return Job("docx_to_pdf", (InputFile(path, path.name, "docx"),), tmp_path / "out.pdf", tmp_path)


def gone(pid: int) -> bool:
    """Whether the process ended, within some seconds."""
    for _ in range(200):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state in "ZX":
            return True
        time.sleep(0.05)
    return False


def soon(holds: Callable[[], bool]) -> bool:
    """Whether ``holds`` comes true within some seconds: another soffice that starts just now has sockets too."""
    for _ in range(200):
        if holds():
            return True
        time.sleep(0.05)
    return False


def test_jobs_are_answered_one_line_each_when_the_server_is_ready(server: Server, job: Job) -> None:
    assert server.ready["ready"] is True

    answer = server.ask(job)

    assert answer["outcome"]["report"]["engine_version"] == server.ready["versions"]["libreoffice"]
    assert answer["outcome"]["report"]["pages_out"] == 1
    assert job.output.read_bytes().startswith(b"%PDF-")


def test_soffice_is_replaced_when_it_has_done_its_jobs(own_server: Server, job: Job) -> None:
    first = own_server.soffice
    assert "outcome" in own_server.ask(job)
    assert own_server.soffice == first
    own_server.ask(job)
    assert "outcome" in own_server.ask(job)

    assert own_server.soffice != first
    assert gone(first)


def test_job_is_answered_as_crashed_and_the_next_converted_when_soffice_dies(
    server: Server, job: Job, tmp_path: Path
) -> None:
    heavy = tmp_path / "heavy.csv"
    write_table(heavy)
    server.send(replace(job, action="excel_to_pdf", inputs=(InputFile(heavy, heavy.name, "csv"),)))
    for _ in range(1000):
        if list(server.home.glob("soffice-*/exchange/*/in/*")):
            break
        time.sleep(0.002)
    os.kill(server.soffice, signal.SIGKILL)

    assert server.read() == {"crashed": "signal 9"}
    assert "outcome" in server.ask(job)


def test_job_is_answered_as_crashed_and_the_next_converted_when_soffice_stands_still(server: Server, job: Job) -> None:
    assert "outcome" in server.ask(job)
    os.kill(server.soffice, signal.SIGSTOP)

    assert server.ask(job) == {"crashed": "a standstill of 2 s"}
    assert "outcome" in server.ask(job)


def test_documents_are_converted_when_soffice_died_while_nobody_waited(own_server: Server, job: Job) -> None:
    os.kill(own_server.soffice, signal.SIGKILL)

    answers = [own_server.ask(job), own_server.ask(job)]

    # The first one may have come before the death was seen.
    assert "outcome" in answers[1]


def test_soffice_dies_when_the_server_is_killed(own_server: Server) -> None:
    pid = own_server.soffice

    own_server.process.kill()

    assert gone(pid)


def test_soffice_is_in_the_server_s_process_group_when_the_worker_kills_it(server: Server) -> None:
    assert os.getpgid(server.soffice) == server.process.pid


def test_nothing_is_left_behind_when_jobs_are_done(own_server: Server, job: Job) -> None:
    pipes = set(Path("/tmp").glob(f"OSL_PIPE_{os.getuid()}_*"))
    own_server.ask(job)

    assert [path for path in own_server.home.glob("soffice-*/exchange/*") if path.is_dir()] == []
    own_server.end()

    assert list(own_server.home.glob("soffice-*")) == []
    assert soon(lambda: not set(Path("/tmp").glob(f"OSL_PIPE_{os.getuid()}_convertpro*")) - pipes)


def test_refusal_carries_code_and_sentence_when_a_document_can_t_be_read(server: Server, job: Job) -> None:
    job.inputs[0].path.write_bytes(b"PK\x03\x04 no zip")

    error = server.ask(job)["error"]

    assert error["code"] == "corrupt-document"
    assert "'one.docx' can't be read" in error["detail"]


def test_secrets_of_the_environment_are_not_soffice_s_when_it_starts(server: Server) -> None:
    names = {line.partition("=")[0] for line in Path(f"/proc/{server.soffice}/environ").read_text().split("\0")} - {""}

    assert names - {"FONTCONFIG_FILE"} == {"PATH", "LC_ALL", "HOME", "TMPDIR", "PYTHONPATH", "SAL_USE_VCLPLUGIN"}


@pytest.mark.skipif(sys.platform != "linux", reason="Landlock is Linux's")
def test_other_files_are_out_of_sight_when_the_kernel_has_landlock(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s")
    program = (
        "import sys; from pathlib import Path; from chalicelib.engines import jail;"
        "from chalicelib.engines.landlock import ALL, READ, restrict_files; jail.forbid_new_privileges();"
        "on = restrict_files({Path('/usr'): READ, Path(sys.argv[1]): ALL});"
        "(Path(sys.argv[1]) / 'own').write_text('x');"
        "Path(sys.argv[2]).read_text() if on else sys.exit('no landlock')"
    )
    own = tmp_path / "own"
    own.mkdir()
    command = [sys.executable, "-c", program, str(own), str(secret)]
    ran = subprocess.run(command, capture_output=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, check=False)
    if b"no landlock" in ran.stderr:
        pytest.skip("no Landlock in this kernel")

    assert b"PermissionError" in ran.stderr
    assert (own / "own").read_text() == "x"


def write_table(path: Path, columns: int = 60, rows: int = 3_000) -> None:
    """By default one that takes LibreOffice seconds, and more than a few megabytes."""
    path.write_text("\n".join(",".join(row) for row in samples.grid(columns, rows)))


def test_document_is_refused_when_its_result_passes_the_size_limit(office: OfficeBench) -> None:
    path = office.folder / "many.csv"
    write_table(path, columns=5, rows=1_000)
    size = office.convert(path).path.stat().st_size

    with pytest.raises(LimitExceeded, match=r"larger than the [\d.]+ [KM]B a conversion may write"):
        office.convert(path, limits=Limits(output_bytes=size - 1))
    assert office.convert(path, limits=Limits(output_bytes=size)).pages > 10


def test_document_is_refused_when_it_needs_too_much_memory(server: Server, job: Job, tmp_path: Path) -> None:
    heavy = tmp_path / "heavy.csv"
    write_table(heavy)
    limits = Limits(memory_bytes=4 * 1024**2)

    answer = server.ask(
        replace(job, action="excel_to_pdf", inputs=(InputFile(heavy, heavy.name, "csv"),), limits=limits)
    )

    assert answer["error"]["code"] == "limit-exceeded"
    assert "more memory than the 4 MB" in answer["error"]["detail"]
    assert "outcome" in server.ask(job)


def test_engine_goes_on_when_a_conversion_took_too_long(
    office: OfficeBench, libreoffice: EngineProcess, tmp_path: Path
) -> None:
    heavy, light = tmp_path / "heavy.csv", tmp_path / "light.csv"
    write_table(heavy)
    light.write_text("x")
    libreoffice.warm()

    for _ in range(20):  # where the machine is busy, that is said instead
        with pytest.raises((ConversionTimeout, Overloaded)) as told:
            office.convert(heavy, limits=Limits(timeout_s=0.2))
        if told.type is ConversionTimeout:
            break
    assert "longer than 0.2 s" in str(told.value)
    assert office.convert(light).text == "x"

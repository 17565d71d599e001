"""What a worker may rely on from a warm engine: its results, its limits, and the job after a failure."""

import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from chalicelib.domain.errors import (
    ConversionFailed,
    ConversionTimeout,
    EncryptedDocument,
    EngineCrashed,
    LimitExceeded,
    Overloaded,
    Unavailable,
)
from chalicelib.engines import budget
from chalicelib.engines.job import Job, Limits, Outcome
from chalicelib.engines.process import Cancelled, EngineProcess, Engines

ROOT = Path(__file__).parents[3]

MakeJob = Callable[..., Job]
MakeEngine = Callable[..., EngineProcess]
Run = Callable[[Job], Outcome]


def _run(engine: EngineProcess, job: Job) -> Outcome:
    return engine.run(job, lambda *_: None, threading.Event())


def test_outcome_and_file_arrive_when_the_engine_succeeds(run: Run, make_job: MakeJob) -> None:
    job = make_job("succeed")

    outcome = run(job)

    assert outcome.warnings == ("a warning",)
    assert outcome.report["warm"] == ["prepared"]
    assert job.output.read_bytes() == b"result"


@pytest.mark.parametrize("how", [signal.SIGSEGV, signal.SIGKILL, signal.SIGABRT])
def test_next_job_works_when_the_engine_crashed(run: Run, make_job: MakeJob, how: signal.Signals) -> None:
    with pytest.raises(EngineCrashed) as caught:
        run(make_job("die", signal=how))

    assert str(caught.value.__cause__) == f"signal {how:d}"
    assert run(make_job("succeed")).warnings == ("a warning",)


def test_next_job_works_when_the_warm_host_was_killed(run: Run, make_job: MakeJob) -> None:
    with pytest.raises(EngineCrashed):
        run(make_job("kill_host"))

    assert run(make_job("succeed")).warnings == ("a warning",)


def test_limit_is_named_when_memory_runs_out(run: Run, make_job: MakeJob) -> None:
    limits = Limits(timeout_s=30, memory_bytes=256 * 1024**2)

    assert run(make_job("hoard", limits, size=128 * 1024**2)).warnings
    with pytest.raises(LimitExceeded, match="more memory than the 256 MB"):
        run(make_job("hoard", limits, size=512 * 1024**2))


def test_limit_is_named_when_the_output_grows_too_large(run: Run, make_job: MakeJob) -> None:
    with pytest.raises(LimitExceeded, match="larger than the 1 MB"):
        run(make_job("flood", Limits(timeout_s=30, output_bytes=1024**2)))


def test_limit_is_named_when_the_processor_time_is_used_up(run: Run, make_job: MakeJob) -> None:
    with pytest.raises(LimitExceeded, match="processor time"):
        run(make_job("die", signal=signal.SIGXCPU))


def test_a_run_is_ended_when_its_processor_time_is_used_up(run: Run, make_job: MakeJob) -> None:
    with pytest.raises(ConversionTimeout, match=r"used up the 0\.3 s"):
        run(make_job("compute", Limits(timeout_s=60, cpu_s=0.2, page_cpu_s=0.1)))
    assert run(make_job("succeed")).warnings == ("a warning",)


def test_a_run_is_ours_to_repeat_when_it_did_not_get_the_processor(run: Run, make_job: MakeJob) -> None:
    with pytest.raises(Overloaded, match="too busy"):
        run(make_job("hang", Limits(timeout_s=0.5)))


def test_an_engine_is_not_believed_when_it_blames_others_for_what_it_used(
    run: Run, make_job: MakeJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "FAIR_SHARE", 0.01)  # whatever else runs on this machine
    with pytest.raises(ConversionTimeout):
        run(make_job("be_late"))


def test_waiting_for_a_turn_ends_when_the_run_is_cancelled(engine: EngineProcess, make_job: MakeJob) -> None:
    working, stop_first, stop_second = threading.Event(), threading.Event(), threading.Event()

    def occupy() -> None:
        with pytest.raises(Cancelled):
            engine.run(make_job("hang"), lambda *_: working.set(), stop_first)

    first = threading.Thread(target=occupy)
    first.start()
    working.wait(30)
    stop_second.set()
    with pytest.raises(Cancelled):
        engine.run(make_job("succeed"), lambda *_: None, stop_second)
    stop_first.set()
    first.join()


def test_progress_is_thinned_but_complete_when_an_engine_counts(engine: EngineProcess, make_job: MakeJob) -> None:
    seen: list[tuple[int, int, str]] = []

    engine.run(make_job("count"), lambda *step: seen.append(step), threading.Event())

    assert seen[-1] == (1000, 1000, "pages")
    assert 1 < len(seen) < 100


def test_host_is_replaced_when_it_has_done_its_jobs(make_engine: MakeEngine, make_job: MakeJob) -> None:
    engine = make_engine(recycle_after=2)

    hosts = [_run(engine, make_job("succeed")).report["host"] for _ in range(4)]

    assert hosts[0] == hosts[1] != hosts[2] == hosts[3]


def test_refusal_keeps_its_sentence_when_the_engine_names_it(run: Run, make_job: MakeJob) -> None:
    with pytest.raises(EncryptedDocument) as caught:
        run(make_job("refuse"))

    assert caught.value.detail == "The document needs a password."


def test_cause_stays_out_of_the_sentence_when_an_engine_fails(run: Run, make_job: MakeJob) -> None:
    with pytest.raises(ConversionFailed) as caught:
        run(make_job("fail"))

    assert "odd" not in caught.value.detail
    assert "RuntimeError: object 17 is odd" in str(caught.value.__cause__)


def test_service_is_unavailable_when_the_engine_does_not_start(make_engine: MakeEngine, make_job: MakeJob) -> None:
    engine = make_engine(["/nonexistent/python"])

    with pytest.raises(Unavailable):
        engine.warm()
    with pytest.raises(Unavailable):
        _run(engine, make_job("succeed"))


@pytest.mark.parametrize("command", [["sleep", "300"], [sys.executable, "-c", "while True: pass"]])
def test_service_is_unavailable_when_the_engine_is_never_ready(
    make_engine: MakeEngine, make_job: MakeJob, command: list[str]
) -> None:
    engine = make_engine(command, start_timeout_s=0.5)

    with pytest.raises(Unavailable, match="in time"):
        _run(engine, make_job("succeed"))


def test_server_program_is_driven_when_it_speaks_the_protocol_itself(
    make_engine: MakeEngine, make_job: MakeJob
) -> None:
    job = make_job("any")
    server = f"""
        echo '{{"ready": true}}'
        read -r line
        printf done > '{job.output}'
        echo '{{"outcome": {{"warnings": [], "report": {{"by": "shell"}}}}}}'
    """

    assert _run(make_engine(["sh", "-c", server]), job).report == {"by": "shell"}


def test_missing_environment_is_unavailable_when_home_holds_no_such_engine(tmp_path: Path, make_job: MakeJob) -> None:
    engines = Engines(tmp_path / "nowhere", ROOT)

    with pytest.raises(Unavailable):
        engines.run("chalicelib.engines.word.engine", make_job("any"), lambda *_: None, threading.Event())
    engines.close()

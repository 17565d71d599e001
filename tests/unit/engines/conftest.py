"""A warm process around ``fake_engine`` and jobs for it."""

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.engines.job import Job, Limits, Outcome
from chalicelib.engines.process import EngineProcess

ROOT = Path(__file__).parents[3]
FAKE_PATH = f"{ROOT}:{Path(__file__).parent}"
FAKE_COMMAND = [sys.executable, "-m", "chalicelib.engines.host", "fake_engine"]

MakeJob = Callable[..., Job]
MakeEngine = Callable[..., EngineProcess]
Run = Callable[[Job], Outcome]


@pytest.fixture
def make_job(tmp_path: Path) -> MakeJob:
    def make(action: str, limits: Limits | None = None, **options: Any) -> Job:
        return Job(action, (), tmp_path / "output.bin", tmp_path, options, None, limits or Limits(timeout_s=30))

    return make


@pytest.fixture
def make_engine() -> Iterator[MakeEngine]:
    made = []

    def make(command: list[str] | None = None, **settings: Any) -> EngineProcess:
        environment = {"PYTHONPATH": FAKE_PATH}
        engine = EngineProcess("fake", command or FAKE_COMMAND, ROOT, extra_environment=environment, **settings)
        made.append(engine)
        return engine

    yield make
    for engine in made:
        engine.close()


@pytest.fixture
def engine(make_engine: MakeEngine) -> EngineProcess:
    return make_engine()


@pytest.fixture
def run(engine: EngineProcess) -> Run:
    return lambda job: engine.run(job, lambda *_: None, threading.Event())

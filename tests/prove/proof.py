"""The whole proof: many episodes of chaos and many examples of the model, and the first history that went wrong."""

import contextlib
import io
import logging
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from multiprocessing import get_context
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.prove.breaks import broken
from tests.prove.episode import Step, Verdict, plan, play
from tests.prove.machine import Machine
from tests.prove.machine_base import BookKeeper
from tests.prove.shrink import shrink
from tests.prove.violations import Kind, Violation
from tests.prove.world import world

EPISODE_STEPS = 100
EXAMPLE_STEPS = 25
EXAMPLES_A_TASK = 50


@dataclass(frozen=True)
class Task:
    """A part of the proof that a process does alone: an episode, or ``examples`` of the model."""

    endpoint_url: str
    seed: int
    without: str | None = None
    examples: int = 0


@dataclass
class Finding:
    """What a task, or all of them together, found. ``failed``: the first episode that went wrong."""

    operations: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    model: Counter[str] = field(default_factory=Counter)
    calls: int = 0
    left: int = 0
    violations: list[Violation] = field(default_factory=list)
    failed: Task | None = None
    history: str = ""

    def add(self, other: "Finding") -> None:
        """Add what another one found."""
        self.operations += other.operations
        self.met += other.met
        self.model += other.model
        self.calls += other.calls
        self.left += other.left
        self.violations += other.violations
        self.failed = self.failed or other.failed
        self.history = self.history or other.history

    @property
    def kinds(self) -> Counter[Kind]:
        """How many violations of each kind."""
        return Counter(one.kind for one in self.violations)


def do(task: Task) -> Finding:
    """Do one task, in this process."""
    logging.disable(logging.CRITICAL)
    return _compare_with_model(task) if task.examples else _play(task)


def prove(tasks: list[Task], processes: int) -> Iterator[Finding]:
    """What all tasks find together, as it grows; the first violation ends it."""
    found = Finding()
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for done in as_completed([pool.submit(do, task) for task in tasks]):
            found.add(done.result())
            yield found
            if found.violations:
                pool.shutdown(cancel_futures=True)
                break


def tasks(endpoint_url: str, first_seed: int, operations: int, examples: int, without: str | None) -> list[Task]:
    """Episodes enough for ``operations``, and ``examples`` of the model between them; each has a seed of its own."""
    # One step in ten finds nothing to do, and is not counted.
    episodes = [Task(endpoint_url, first_seed + at, without) for at in range(_parts(operations, EPISODE_STEPS * 0.85))]
    models = [
        Task(endpoint_url, first_seed + at, without, EXAMPLES_A_TASK) for at in range(_parts(examples, EXAMPLES_A_TASK))
    ]
    return [
        one for at in range(max(len(episodes), len(models))) for one in (*episodes[at : at + 1], *models[at : at + 1])
    ]


def shortest(task: Task) -> tuple[list[Step], Verdict]:
    """The shortest run found that still violates what an episode violated, and what it tells."""
    steps = plan(Random(task.seed), EPISODE_STEPS)
    first = _run(task, steps)
    kinds = {one.kind for one in first.violations}
    best = first

    def fails(candidate: list[Step]) -> bool:
        nonlocal best
        verdict = _run(task, candidate)
        is_same = any(one.kind in kinds for one in verdict.violations)
        best = verdict if is_same else best
        return is_same

    return shrink(steps, fails), best


def _run(task: Task, steps: list[Step]) -> Verdict:
    with broken(task.without):
        return play(task.endpoint_url, task.seed, steps)


def _play(task: Task) -> Finding:
    verdict = _run(task, plan(Random(task.seed), EPISODE_STEPS))
    failed = task if verdict.violations else None
    return Finding(verdict.operations, verdict.met, Counter(), verdict.calls, verdict.left, verdict.violations, failed)


def _compare_with_model(task: Task) -> Finding:
    profile = settings(
        max_examples=task.examples,
        stateful_step_count=EXAMPLE_STEPS,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    finding, told = Finding(), io.StringIO()
    BookKeeper.done.clear()
    machine: Any = seed(task.seed)(Machine)
    with broken(task.without), world(task.endpoint_url, Random(task.seed)) as stage, contextlib.redirect_stdout(told):
        Machine.stage = stage
        try:
            run_state_machine_as_test(machine, settings=profile)
        except Exception as error:  # noqa: BLE001 - the finding
            finding.violations.append(Violation(Kind.MODEL, f"seed {task.seed}: {error}"))
            finding.history = "\n".join((*getattr(error, "__notes__", ()), told.getvalue()))
        finding.model = Counter(BookKeeper.done)
    return finding


def _parts(whole: int, size: float) -> int:
    return int(-(-whole // size))

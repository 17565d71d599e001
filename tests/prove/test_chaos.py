"""A short run of the chaos: everything goes wrong, several at once, and in the end all is well."""

import logging
from collections.abc import Iterator
from random import Random

import pytest

from tests.prove.episode import Step, plan, play
from tests.prove.faults import Trouble
from tests.prove.shrink import shrink

EPISODES, STEPS = 2, 70


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Thousands of faults are told otherwise."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_points_and_files_are_exact_when_everything_goes_wrong(dynamodb_local: str) -> None:
    verdicts = [play(dynamodb_local, seed, plan(Random(seed), STEPS)) for seed in range(EPISODES)]
    for verdict in verdicts:
        assert verdict.violations == [], "\n".join(verdict.story)
    met = {kind for verdict in verdicts for kind in verdict.met}
    assert met >= {*Trouble, "killed before a call", "killed after a call", "message delivered again"}


def test_the_story_is_the_same_when_the_seed_is(dynamodb_local: str) -> None:
    first, second = (play(dynamodb_local, 7, plan(Random(7), 25)) for _ in range(2))
    assert first.story
    assert first.story == second.story


def test_a_failing_run_becomes_short_when_most_operations_do_not_matter() -> None:
    steps = [Step("convert", number, 0) for number in range(50)]

    def fails(candidate: list[Step]) -> bool:
        return {3, 30} <= {step.seed for step in candidate}

    assert [step.seed for step in shrink(steps, fails)] == [3, 30]

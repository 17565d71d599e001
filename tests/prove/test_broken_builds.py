"""The proof finds what it is for: without one protection it fails."""

import logging
from collections.abc import Iterator
from random import Random

import pytest

from tests.prove.breaks import broken
from tests.prove.episode import plan, play
from tests.prove.violations import Kind

EPISODES, STEPS = 20, 40
KINDS = ("convert", "deliver", "sweep")
FOLDERS = ("drop into folder", "put again", "deliver", "tell the tally")
RETRIES = (*["drop into folder"] * 3, *["retry batch"] * 12, "put again", "deliver")
FOUND_BY = {
    "charge-condition": Kind.UNBALANCED,
    "refund-cause": Kind.WITHOUT_CAUSE,
    "refund-twice": Kind.WRONG_REFUND,
    "settle-lease": Kind.WITHOUT_LEASE,
    "folder-newest": Kind.STALE_RESULT,
    "folder-repeat": Kind.LOST_FILE,
    "folder-retry": Kind.STUCK,
    "row-size": Kind.TOO_BIG,
}
FOUND_SOON_FROM = {"charge-condition": 4, "refund-twice": 7, "folder-retry": 1}
"""The first seed to try, where 0 would need many."""


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("name", FOUND_BY)
def test_a_build_is_caught_when_it_lacks_a_protection(dynamodb_local: str, name: str) -> None:
    first = FOUND_SOON_FROM.get(name, 0)
    kinds: tuple[str, ...] = FOLDERS if name.startswith("folder") else KINDS
    steps = STEPS
    if name == "folder-retry":
        kinds, steps = RETRIES, 2 * STEPS
    for seed in range(first, first + EPISODES):
        with broken(name):
            found = play(dynamodb_local, seed, plan(Random(seed), steps, kinds)).violations
        if FOUND_BY[name] in {one.kind for one in found}:
            return
    pytest.fail(f"not found in {EPISODES} episodes")

"""The proof finds what it is for: without one protection it fails."""

import pytest

from tests.prove import proof
from tests.prove.violations import Kind

EPISODES = 12
FOUND_BY = {
    "charge-condition": {Kind.UNBALANCED, Kind.NEGATIVE_BALANCE},
    "refund-cause": {Kind.WITHOUT_CAUSE},
    "refund-twice": {Kind.WRONG_REFUND},
    "settle-lease": {Kind.WITHOUT_LEASE},
}


@pytest.mark.parametrize("name", FOUND_BY)
def test_a_build_is_caught_when_it_lacks_a_protection(dynamodb_local: str, name: str) -> None:
    found = proof.Finding()
    for seed in range(EPISODES):
        found.add(proof.do(proof.Task(dynamodb_local, seed, without=name)))
        if FOUND_BY[name] & set(found.kinds):
            return
    pytest.fail(f"{found.kinds} in {EPISODES} episodes")

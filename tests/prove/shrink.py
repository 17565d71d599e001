"""Makes a failing run short: leaves operations out as long as it still fails."""

from collections.abc import Callable, Sequence

from tests.prove.episode import Step

TRIES = 60


def shrink(steps: Sequence[Step], fails: Callable[[list[Step]], bool], tries: int = TRIES) -> list[Step]:
    """The fewest of ``steps`` found with which ``fails`` still says so, after at most ``tries`` runs."""
    left, size = list(steps), max(1, len(steps) // 2)
    while tries > 0:
        start = 0
        while start < len(left) and tries > 0:
            candidate = left[:start] + left[start + size :]
            tries -= 1
            if fails(candidate):
                left = candidate
            else:
                start += size
        if size == 1:
            break
        size //= 2
    return left

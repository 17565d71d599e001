"""The structure metric of the ICDAR 2013 competition: which cell stands next to which, to the right and below."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

from benchmarks.fidelity.tables import Cells

Slot = tuple[int, int]

_WAYS: dict[str, Callable[[Slot], Slot]] = {"right": lambda slot: slot, "below": lambda slot: (slot[1], slot[0])}
"""Along rows, and along columns."""

Relations = Counter[tuple[str, str, str]]


def relations(tables: Sequence[Cells]) -> Relations:
    """Each filled cell's nearest filled neighbours to the right and below, in every row and column that it covers."""
    found: Relations = Counter()
    for cells in tables:
        slots: dict[Slot, int] = {}
        for at, (r0, c0, r1, c1, text) in enumerate(cells):
            if _plain(text):
                slots |= {(row, column): at for row in range(r0, r1 + 1) for column in range(c0, c1 + 1)}
        for way, key in _WAYS.items():
            pairs = {
                (slots[one], slots[other])
                for one, other in pairwise(sorted(slots, key=key))
                if key(one)[0] == key(other)[0] and slots[one] != slots[other]
            }
            found.update((way, _plain(cells[one][4]), _plain(cells[other][4])) for one, other in pairs)
    return found


def f1(truth: Sequence[Cells], answer: Sequence[Cells]) -> float:
    """The harmonic mean of precision and recall; for a page without tables 1 if none was found, else 0."""
    expected, given = relations(truth), relations(answer)
    if not expected:
        return float(not given)
    right = (expected & given).total()
    return 2 * right / (expected.total() + given.total())


def _plain(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalnum())

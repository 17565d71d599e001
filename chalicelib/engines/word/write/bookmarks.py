"""Names of bookmarks as Word takes them."""

import re

_LONGEST = 40
_UNFIT = re.compile(r"[^\w]")


class Bookmarks:
    """The bookmarks of a document: each of the names given has a name in Word, and an identifier once it is placed."""

    def __init__(self, names: list[str]) -> None:
        self._names: dict[str, str] = {}
        taken: set[str] = set()
        for name in names:
            if name not in self._names:
                self._names[name] = _free(name, taken)
        self._placed: dict[str, int] = {}

    def name(self, given: str) -> str | None:
        """What Word calls the bookmark; None when no paragraph has it."""
        return self._names.get(given)

    def place(self, given: str) -> tuple[int, str] | None:
        """Identifier and name of the bookmark here; None when it is placed already."""
        name = self._names.get(given)
        if name is None or name in self._placed:
            return None
        self._placed[name] = len(self._placed)
        return self._placed[name], name


def _free(given: str, taken: set[str]) -> str:
    """At most 40 letters, digits and underscores, not beginning with a digit; no two differ by case only."""
    name = _UNFIT.sub("_", given)[: _LONGEST - 1]
    if not name or not (name[0].isalpha() or name[0] == "_"):
        name = "_" + name
    candidate, number = name, 1
    while candidate.lower() in taken:
        number += 1
        ending = f"_{number}"
        candidate = name[: _LONGEST - len(ending)] + ending
    taken.add(candidate.lower())
    return candidate

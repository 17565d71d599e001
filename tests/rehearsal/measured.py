"""What one conversion takes of AWS: calls and seconds of each function, the API's waiting included."""

import time
from collections.abc import Callable
from typing import Any

from infra.rehearsal.cloud import Cloud

_NOT_ITS = ("Sweeper", "SweeperRole", "local")
_COUNTED_S = 3.0
"""Until the stream has told the tally."""


class Conversions:
    """Collects what each conversion took."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self.rows: list[dict[str, Any]] = []

    def __call__(self, slug: str, convert: Callable[[], None]) -> None:
        """Convert, and note what was called meanwhile."""
        calls, functions = self._cloud.calls(), self._cloud.seconds()
        convert()
        time.sleep(_COUNTED_S)
        called = {name: one for name, one in (self._cloud.calls() - calls).items() if name.split()[0] not in _NOT_ITS}
        worked = {}
        for name, (count, seconds) in self._cloud.seconds().items():
            before = functions[name]
            if count > before[0] and name not in _NOT_ITS:
                worked[name] = {"calls": count - before[0], "seconds": round(seconds - before[1], 3)}
        memory = {name: self._cloud.functions[name].memory_mb for name in worked}
        self.rows.append({"slug": slug, "aws": called, "functions": worked, "memory_mb": memory})

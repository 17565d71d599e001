"""Time that passes only when somebody waits: the same for every retry, pause and lease of a run."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from unittest import mock

from botocore import endpoint

from chalicelib.services import charge, points, settle
from chalicelib.store import conditional, transactions

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_READERS = (transactions, conditional, charge, points, settle, endpoint)


class Timeline:
    """Stands in for the module ``time`` where production code waits or looks at a deadline."""

    def __init__(self) -> None:
        self.elapsed_s = 0.0

    def monotonic(self) -> float:
        """Seconds since the start."""
        return self.elapsed_s

    def sleep(self, seconds: float) -> None:
        """Let ``seconds`` pass at once."""
        self.elapsed_s += seconds

    def clock(self, skew_s: float = 0) -> Callable[[], datetime]:
        """The clock of a machine that is ``skew_s`` ahead."""
        return lambda: START + timedelta(seconds=self.elapsed_s + skew_s)

    @contextmanager
    def in_charge(self) -> Iterator[None]:
        """Let production code and botocore's retries live on this time."""
        with ExitStack() as patches:
            for module in _READERS:
                patches.enter_context(mock.patch.object(module, "time", self))
            yield

"""How long one page may take, so that one bad page costs itself and not the document."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

_FLOWING, _BUILDING = 0.7, 0.9
"""Shares of the run's time after which no page is rebuilt by pdf2docx, and none drawn, any more: saving takes its time too."""

_PICTURE_S = 10.0

_LONGEST_S, _SHORTEST_S = 45.0, 4.0
_PATIENCE = 4.0
"""A page may take this many times its even share, within the limits above: pages differ."""

_RESERVE_S = 0.05
"""Kept for each page to come, enough for its bare text."""

_AGAIN_S = 0.5
"""The alarm rings again until it is heard: pdf2docx has a bare ``except`` or two."""


class PageTookTooLong(BaseException):
    """One page used up its time. Not an ``Exception``, which pdf2docx would take for a broken font or the like."""


class Budget:
    """The time of one run of ``timeout_s`` seconds, from now on."""

    def __init__(self, timeout_s: float) -> None:
        self._flow_ends = time.monotonic() + _FLOWING * timeout_s
        self._ends = time.monotonic() + _BUILDING * timeout_s

    def for_page(self, following: int) -> float:
        """Seconds for the next page when ``following`` more come after it; 0 or less when there is none to spare."""
        left = self._flow_ends - time.monotonic()
        fair = _PATIENCE * left / (following + 1)
        return min(max(_SHORTEST_S, min(fair, _LONGEST_S)), left - _RESERVE_S * following)

    def for_picture(self, following: int) -> float:
        """Seconds for a page that is not to flow, likewise."""
        left = self._ends - time.monotonic()
        return min(_PICTURE_S, left - _RESERVE_S * following)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise ``PageTookTooLong`` in the block after ``seconds``. Main thread only: an engine has its process for itself."""

    def ring(_signal: int, _frame: Any) -> NoReturn:
        raise PageTookTooLong

    if seconds <= 0:
        raise PageTookTooLong
    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

"""Watches one run of an engine from its worker: the processor time that it uses, and the time on the clock."""

import time

from chalicelib.domain.errors import ConversionTimeout, Overloaded
from chalicelib.engines.budget import LOOK_S, Meter, late
from chalicelib.engines.channel import Message
from chalicelib.engines.job import Limits, Progress


class RunWatch:
    """What the engine's process ``pid``, with all that it started, may use from now on for one job."""

    def __init__(self, pid: int, limits: Limits) -> None:
        self._limits = limits
        self._meter = Meter(pid)
        self._cpu_s = limits.cpu_s
        self._looks_at = 0.0

    def follow(self, message: Message, on_progress: Progress) -> None:
        """Pass an engine's progress on, and look whether it may go on.

        Raises ``ConversionTimeout`` when the run used up its time, ``Overloaded`` when it did not get it.
        """
        progress = message.get("progress")
        if isinstance(progress, list) and list(map(type, progress)) == [int, int, str]:
            done, total, unit = progress
            if unit == "pages":
                self._give_time(total)
            on_progress(done, total, unit)
        if time.monotonic() >= self._looks_at:
            self._looks_at = time.monotonic() + LOOK_S
            self._look()

    def _give_time(self, pages: int) -> None:
        """Long documents are no attack: there is more time with each page."""
        self._cpu_s = self._limits.cpu_s + self._limits.page_cpu_s * min(max(0, pages), self._limits.pdf_pages)

    def _look(self) -> None:
        if self._meter.used_s() >= self._cpu_s:
            raise ConversionTimeout(f"This document used up the {self._cpu_s:g} s of processor time that it may take.")
        if self._meter.elapsed_s >= self._limits.timeout_s:
            raise late(self._meter, self._too_long)

    def judged(self, last: Message) -> Message:
        """An engine's last message; that others held it up is believed only if they did."""
        error = last.get("error")
        if not isinstance(error, dict) or error.get("code") != Overloaded.code or not self._meter.got_its_share():
            return last
        return {"error": error | {"code": ConversionTimeout.code, "detail": self._too_long}}

    @property
    def _too_long(self) -> str:
        return f"The conversion took longer than {self._limits.timeout_s:g} s and was ended."

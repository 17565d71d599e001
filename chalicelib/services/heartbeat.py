"""Keeps a worker's lease alive while its engine runs, and writes the progress with it."""

import logging
import threading
import time
from types import TracebackType
from typing import Any, Self

from chalicelib.domain.conversion import Lease
from chalicelib.services import Service

TICK_S = 1.0
"""Progress is written at most once a second."""

_log = logging.getLogger(__name__)


class Heartbeat:
    """A thread that renews one lease. ``lost`` is set when the row went to someone else: stop the engine then."""

    def __init__(self, service: Service, conversion_id: str, owner: str) -> None:
        self.lost = threading.Event()
        self._service = service
        self._conversion_id = conversion_id
        self._owner = owner
        self._progress: dict[str, Any] | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def report(self, done: int, total: int, unit: str) -> None:
        """Take note of an engine's progress; the next beat writes it."""
        self._progress = {"done": done, "total": total, "unit": unit}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._thread.join()

    def _beat(self) -> None:
        written: dict[str, Any] | None = None
        renewed = time.monotonic()
        while not self._stopped.wait(TICK_S):
            progress = self._progress
            stale = time.monotonic() - renewed >= self._service.settings.lease_renewal_s
            if not stale and progress == written:
                continue
            if not self._renew(progress):
                return
            written, renewed = progress, time.monotonic()

    def _renew(self, progress: dict[str, Any] | None) -> bool:
        lease = Lease(self._owner, self._service.now_s() + self._service.settings.lease_s)
        try:
            held = self._service.store.conversions.renew(self._conversion_id, lease, progress)
        except Exception:  # noqa: BLE001 - logged; the next beat tries again
            # One missed renewal is harmless: three fit into a lease.
            _log.warning("renewing a lease failed", exc_info=True)
            return True
        if not held:
            self.lost.set()
        return held

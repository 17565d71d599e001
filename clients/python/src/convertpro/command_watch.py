"""A folder that is watched: what has come to rest in it is converted, and tried again where that can help."""

import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from convertpro import folders
from convertpro.drivers import Blocking
from convertpro.errors import ConnectionFailed, InsufficientPoints, Problem
from convertpro.folders import Item, Run, files_of
from convertpro.formats import extension_of, slug_of, takes
from convertpro.models import Outcome
from convertpro.requests import REPEATABLE, Session

SETTLE_S, INTERVAL_S = 2.0, 1.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 5.0, 300.0
"""Between tries of a file for which the service could not be reached, or the points did not suffice."""


class Stamp(NamedTuple):
    """What tells a version of a file from another without reading it."""

    size: int
    changed_ns: int


@dataclass
class Sight:
    """A version of a file, and what has become of it."""

    stamp: Stamp
    since: float
    is_begun: bool = False
    tries: int = 0
    next_at: float = 0.0


@dataclass
class Watched:
    """A folder's files, as often as one looks; those that are due are handed out once for each version.

    Results keep their places below ``output`` and their sources' whole names, since another file with the same stem may
    come later.
    """

    folder: Path
    output: Path
    to: str
    options: Mapping[str, Any]
    settle_s: float = SETTLE_S
    _sights: dict[Path, Sight] = field(default_factory=dict)

    def due(self, now: float, busy: Collection[Path] = ()) -> list[Item]:
        """What has not changed for ``settle_s`` seconds, and was not handed out since it did.

        ``busy`` files wait: of two versions the newer one's result must come last.
        """
        inside = self.output.absolute()
        found = [one for one in files_of(self.folder) if inside not in one.absolute().parents]
        seen = {path: stamp for path in found if takes(path, self.to, self.options) and (stamp := _stamp(path))}
        self._sights = {path: self._sight(path, stamp, now) for path, stamp in seen.items()}
        ready = [path for path, sight in self._sights.items() if self._is_due(sight, now) and path not in busy]
        for path in ready:
            self._sights[path].is_begun = True
        return [self._item(path) for path in ready]

    def ended(self, outcome: Outcome, now: float) -> bool:
        """Take note of what a file has come to; whether it will be tried again."""
        sight = self._sights.get(outcome.source)
        if sight is None or not _may_pass(outcome.error):
            return False
        sight.tries += 1
        sight.is_begun = False
        sight.next_at = now + min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** (sight.tries - 1))
        return True

    def _sight(self, path: Path, stamp: Stamp, now: float) -> Sight:
        known = self._sights.get(path)
        return known if known is not None and known.stamp == stamp else Sight(stamp, now)

    def _is_due(self, sight: Sight, now: float) -> bool:
        return not sight.is_begun and now >= max(sight.since + self.settle_s, sight.next_at)

    def _item(self, path: Path) -> Item:
        slug = slug_of(path, self.to, self.options)
        below = path.relative_to(self.folder)
        name = f"{path.name}.{extension_of(slug, self.options)}"
        return Item(path, self.output / below.with_name(name), slug, self.options)


def _stamp(path: Path) -> Stamp | None:
    try:
        status = path.stat()
    except OSError:
        # Gone since the folder was read.
        return None
    return Stamp(status.st_size, status.st_mtime_ns)


def _may_pass(error: Exception | None) -> bool:
    """Whether a failure is none of the file's own."""
    if isinstance(error, Problem) and error.status in REPEATABLE:
        return True
    return isinstance(error, (ConnectionFailed, InsufficientPoints))


@dataclass
class Watch:
    """Converts what ``watched`` hands out, ``run.jobs`` files at a time; ``tell`` hears of each that has ended.

    A file that is under way keeps no other waiting.
    """

    watched: Watched
    driver: Blocking
    session: Session
    run: Run
    tell: Callable[[Outcome, bool], None]
    pause: Callable[[float], None] = time.sleep
    _under_way: dict[Future[list[Outcome]], Item] = field(default_factory=dict)

    def forever(self) -> None:
        """Watch until interrupted; what is under way then is waited for. Raises ``Unauthenticated``."""
        one = replace(self.run, jobs=1)
        pool = ThreadPoolExecutor(self.run.jobs)
        try:
            while True:
                busy = {item.source for item in self._under_way.values()}
                for item in self.watched.due(time.monotonic(), busy):
                    flow = folders.convert_items(self.session, [item], one)
                    self._under_way[pool.submit(self.driver.run, flow)] = item
                self._gather()
                self.pause(INTERVAL_S)
        finally:
            pool.shutdown(cancel_futures=True)
            self._gather()

    def _gather(self) -> None:
        for future in [one for one in self._under_way if one.done()]:
            del self._under_way[future]
            if not future.cancelled():
                (outcome,) = future.result()
                self.tell(outcome, self.watched.ended(outcome, time.monotonic()))

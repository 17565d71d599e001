"""Races of a folder's key: objects follow each other while two pollers tell of them and four workers end them."""

import hashlib
import itertools
import queue
import random
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.domain.errors import CorruptDocument, Unavailable
from chalicelib.domain.users import User
from chalicelib.engines.job import Job
from chalicelib.services import Service, intake, line, results
from chalicelib.store.files import ObjectStat
from tests.races.conftest import MakeUser
from tests.races.test_points_races import assert_exact
from tests.support.batches import image
from tests.support.conversions import SLUG, work
from tests.support.fakes import PDF, MemoryFiles

DAMAGED, SLOW = b"damaged", b"slow"
SLOW_S = 0.5
PUTS = 8
MOST_S = 120


class DatedFiles(MemoryFiles):
    """A bucket in memory that knows when each object was put, as S3 does: no two puts look alike."""

    def __init__(self) -> None:
        super().__init__()
        self._moments = itertools.count(1)
        self._put_at: dict[str, float] = {}
        self._lock = threading.RLock()

    def put(self, key: str, body: bytes, secret: bool = False) -> None:
        """Store ``body``."""
        with self._lock:
            super().put(key, body, secret)
            self._put_at[key] = next(self._moments)

    def copy(self, stat: ObjectStat, key: str) -> None:
        """Copy the object, if it is still this one."""
        with self._lock:
            super().copy(stat, key)
            self._put_at[key] = next(self._moments)

    def delete_version(self, stat: ObjectStat) -> None:
        """Delete the object, if it is still this one."""
        with self._lock:
            super().delete_version(stat)

    def stat(self, key: str) -> ObjectStat | None:
        """What is under ``key``."""
        with self._lock:
            found = super().stat(key)
            return found and replace(found, modified=self._put_at.get(key, 0.0))


def tell_of_itself(job: Job) -> None:
    """What an engine does whose result says which object it was made of; some are damaged, some take long."""
    body = job.inputs[0].path.read_bytes()
    if SLOW in body:
        time.sleep(SLOW_S)
    if DAMAGED in body:
        raise CorruptDocument("It is damaged.")
    job.output.write_bytes(PDF + b"%" + hashlib.sha256(body).hexdigest().encode())


class Traffic:
    """What happens to a folder at the same time: puts, two pollers of their events, four workers and the stream."""

    def __init__(self, service: Service, key: str, seed: int) -> None:
        self._service, self._key = service, key
        self._chance = random.Random(seed)
        self._events: queue.Queue[str] = queue.Queue()
        self._done = threading.Event()
        self._taken: set[str] = set()
        self._lock = threading.Lock()
        self.failures: list[BaseException] = []

    def run(self, bodies: list[bytes]) -> None:
        """Put the bodies one after the other; return when all that followed has ended."""
        threads = [threading.Thread(target=self._guard, args=(act,)) for act in [self._poll] * 2 + [self._work] * 4]
        for one in threads:
            one.start()
        for body in bodies:
            self._service.store.files.put(self._key, body)
            for _ in range(2):  # at least once
                self._events.put(self._key)
            self._done.wait(self._chance.random() / 20)
        self._events.join()
        self._done.set()
        for one in threads:
            one.join(MOST_S)
        assert not any(one.is_alive() for one in threads)

    def _guard(self, act: Callable[[], None]) -> None:
        try:
            act()
        except BaseException as error:  # noqa: BLE001 - the test shows it
            self.failures.append(error)

    def _poll(self) -> None:
        while not self._done.is_set():
            try:
                key = self._events.get(timeout=0.05)
            except queue.Empty:
                continue
            try:
                intake.arrived(self._service, key)
            except Unavailable:
                self._events.put(key)  # delivered again
            finally:
                self._events.task_done()

    def _work(self) -> None:
        while (conversion_id := self._next()) or not self._done.is_set():
            if not conversion_id:
                self._done.wait(0.01)
                continue
            work(self._service, conversion_id, tell_of_itself)
            for use in (line.leave, results.gather):
                while use(self._service, [image(conversion_id)]) is not None:
                    pass  # the stream tells it again

    def _next(self) -> str | None:
        with self._lock:
            sent = [one[-1] for one in self._service.store.queues.sent if len(one) == 3]  # type: ignore[attr-defined]
            left = [one for one in sent if one not in self._taken]
            if not left:
                return None
            chosen = self._chance.choice(left)
            self._taken.add(chosen)
            return str(chosen)


@pytest.fixture
def user(make_user: MakeUser) -> User:
    """A general user."""
    return make_user()


@pytest.mark.parametrize("seed", range(4))
def test_the_newest_object_is_shown_when_objects_are_told_of_and_ended_at_the_same_time(
    service: Service, user: User, seed: int
) -> None:
    files = DatedFiles()
    service.store.__dict__["files"] = files
    folder = f"inbox/{user.user_id}/{SLUG}/"
    files.put(f"{folder}_options.json", b'{"pages": "1"}')
    chance = random.Random(seed)
    kinds = [chance.choice([b"", DAMAGED]) + chance.choice([b"", SLOW]) for _ in range(PUTS - 1)]
    bodies = [
        PDF + f"% {number} ".encode() + kind for number, kind in enumerate([*kinds, chance.choice([b"", DAMAGED])])
    ]
    traffic = Traffic(service, f"{folder}x.pdf", seed)
    traffic.run(bodies)
    assert not traffic.failures

    shown = {key: body for key, body in files.objects.items() if key.startswith("results/")}
    (key,) = shown
    newest = bodies[-1]
    assert key.endswith("x.pdf.error.json" if DAMAGED in newest else "x.pdf.pdf")
    if DAMAGED not in newest:
        assert shown[key].endswith(hashlib.sha256(newest).hexdigest().encode())
    assert_exact(service, user)

"""Races on the line: whatever comes at the same moment, never more are at work than may be, and all get their turn."""

import queue
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any

import pytest

from chalicelib.domain.conversion import Lane, LineKey
from chalicelib.domain.errors import CorruptDocument
from chalicelib.domain.users import Role, User
from chalicelib.engines.job import Job
from chalicelib.services import Service, accept, line, run, sweep
from tests.races.conftest import MakeUser
from tests.support.conversions import submission
from tests.support.dynamodb_local import client
from tests.support.fakes import ScriptedEngines

ACTIVE, ACCEPTED, WORKERS, PATIENCE_S = 3, 8, 8, 60


class Works:
    """Workers on one queue, more than a line admits, and the stream that tells of what they ended."""

    def __init__(self, service: Service, dynamodb: Any, told: float) -> None:
        self._service, self._dynamodb, self._told = service, dynamodb, told
        self._messages: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._dice = random.Random(7)
        self._sent: dict[str, set[str]] = {}
        self.most_at_work = 0
        self.ended: set[str] = set()

    def send(self, _worker: str, _lane: Lane, conversion_id: str) -> None:
        """Queue a message, some of them twice; note how many of the same user are at work with it."""
        row = self._service.store.conversions.get(conversion_id)
        assert row
        with self._lock:
            sent = self._sent.setdefault(row.owner_id, set())
            sent.add(conversion_id)
            self.most_at_work = max(self.most_at_work, len(self._service.store.lines.waiting_by_id(sent)))
            times = self._dice.choice((1, 2))
        for _ in range(times):
            self._messages.put(conversion_id)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Workers for as long as the context lasts; then what is queued is done, and they go."""
        with ThreadPoolExecutor(WORKERS) as pool:
            done = [pool.submit(self._work) for _ in range(WORKERS)]
            try:
                yield
            finally:
                for _ in done:
                    self._messages.put(None)
        for one in done:
            one.result()

    def _work(self) -> None:
        while (conversion_id := self._messages.get()) is not None:
            run.run(self._service, ScriptedEngines(self._act), conversion_id)
            self._tell(conversion_id)

    def _act(self, _job: Job) -> None:
        with self._lock:
            is_bad = self._dice.random() < 0.2
        if is_bad:
            raise CorruptDocument("Damaged.")

    def _tell(self, conversion_id: str) -> None:
        table = self._service.settings.tables.conversions
        key = {"conversion_id": {"S": conversion_id}}
        image = self._dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True)["Item"]
        if "ended_at" not in image:
            return
        with self._lock:
            self.ended.add(conversion_id)
            is_told = self._dice.random() < self._told
        if is_told:
            assert line.leave(self._service, [image]) is None


def until(is_so: Callable[[], bool], meanwhile: Callable[[], object] = lambda: None) -> None:
    """Return when ``is_so``; fail when that takes too long."""
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline, "somebody was forgotten"
        meanwhile()
        time.sleep(0.02)


def limited(service: Service) -> Service:
    """The service, whose users may have few at work."""
    return replace(service, settings=replace(service.settings, max_active_per_user=ACTIVE))


def works_on(service: Service, dynamodb_local: str, told: float = 1) -> Works:
    """Workers for ``service``, of whose ends the stream tells a share of ``told``."""
    works = Works(service, client(dynamodb_local), told)
    service.store.__dict__["queues"] = works
    return works


def hand_in(service: Service, user: User) -> str:
    """Hand a document in; its id."""
    return accept.accept(service, user, submission()).conversion.conversion_id


def hand_in_at_once(service: Service, users: list[User]) -> set[str]:
    """Hand many documents of every user in, at the same moment."""
    with ThreadPoolExecutor(ACCEPTED) as pool:
        made = [pool.submit(hand_in, service, user) for _ in range(ACCEPTED) for user in users]
        return {one.result() for one in made}


def test_never_more_are_at_work_than_may_be_and_all_end_when_many_are_accepted_at_once(
    service: Service, dynamodb_local: str, make_user: MakeUser
) -> None:
    service = limited(service)
    works = works_on(service, dynamodb_local)
    users = [make_user(Role.SUPER), make_user(Role.SUPER)]
    with works.running():
        ids = hand_in_at_once(service, users)
        until(lambda: works.ended == ids)
    assert works.ended == ids
    assert works.most_at_work == ACTIVE
    for user in users:
        assert service.store.lines.get(LineKey(user.user_id, Lane.INTERACTIVE)).admitted == frozenset()


def test_all_end_when_most_ends_are_never_told(service: Service, dynamodb_local: str, make_user: MakeUser) -> None:
    """The sweeper, and whoever comes next, find out by themselves."""
    service = limited(service)
    works = works_on(service, dynamodb_local, told=0.2)
    now = service.clock()
    later = (now + timedelta(seconds=seconds) for seconds in count(1_000, 10))
    with works.running():
        ids = hand_in_at_once(service, [make_user(Role.SUPER)])
        until(lambda: works.ended == ids, lambda: sweep.sweep(replace(service, clock=partial(next, later))))
    assert works.ended == ids
    assert works.most_at_work == ACTIVE


def test_who_comes_as_the_last_one_leaves_is_not_forgotten(
    service: Service, dynamodb_local: str, make_user: MakeUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end is told between the refusal and whatever else the newcomer does."""
    service = limited(service)
    works = works_on(service, dynamodb_local)
    user = make_user(Role.SUPER)
    key = LineKey(user.user_id, Lane.INTERACTIVE)
    for one in [hand_in(service, user) for _ in range(ACTIVE)]:
        with monkeypatch.context() as patch:
            patch.setattr(line, "advance", lambda *_: None)
            newcomer = hand_in(service, user)
        assert newcomer not in service.store.lines.get(key).admitted
        with monkeypatch.context() as patch:
            patch.setattr(service.store.lines, "next_in", lambda *_: [])  # the index is behind
            run.run(service, ScriptedEngines(), one)
            works._tell(one)
        assert newcomer in service.store.lines.get(key).admitted

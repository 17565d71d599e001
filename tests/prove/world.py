"""A whole service whose parts run in turns on DynamoDB Local, and what its clients asked and were told."""

import os
import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any
from unittest import mock

import ulid
from argon2 import PasswordHasher

from chalicelib.domain.users import Role, User
from chalicelib.services import Service, accounts, passwords, run
from chalicelib.store import Store
from chalicelib.workers import archiving, conversions, intake, sweeping, tallying
from tests.prove.engine import Engines, SteppedHeartbeat
from tests.prove.faults import Passage
from tests.prove.stand_ins import Archives, Bucket, Crossing, Queues
from tests.prove.timeline import Timeline
from tests.prove.turns import Turns
from tests.prove.wire import tap
from tests.support import dynamodb_local as local

PASSWORD = "correct horse battery"
ROLES = (Role.SUPER, Role.SUPER, Role.ADMIN, Role.GENERAL, Role.GENERAL, Role.GENERAL, Role.DEMO)
WIDTH = 4
"""Parts that run at once."""


@dataclass
class Wish:
    """Something that a client wants once, and what it was told each time it asked. ``made``: ids of what it got."""

    number: int
    user_id: str
    key: str | None
    asked: dict[str, Any]
    made: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    silences: int = 0


@dataclass
class Drop:
    """What was put last under a key, how often anything was, and the revision beyond which it must be taken.

    ``cancelled``: how often anything had been put when the day's batch was cancelled last.
    """

    body: bytes
    puts: int = 0
    after: int = 0
    cancelled: int = -1


@dataclass
class World:
    """Everything of one run."""

    dynamodb: Any
    store: Store
    base: Service
    timeline: Timeline
    turns: Turns
    bucket: Bucket
    queues: Queues
    engines: Engines
    own: threading.local
    too_big: list[str]
    """Calls that would have written a row larger than DynamoDB takes."""
    met: Counter[str] = field(default_factory=Counter)
    user_ids: list[str] = field(default_factory=list)
    conversions: list[Wish] = field(default_factory=list)
    gifts: list[Wish] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    """Keys at which a batch waits for a file."""
    dropped: dict[str, "Drop"] = field(default_factory=dict)
    """What was last put under which key of an inbox."""
    deleted: set[str] = field(default_factory=set)
    """Ids of conversions whose deletion was asked for, answered or not."""
    told: set[str] = field(default_factory=set)
    """Ids of ended rows that the tally has confirmed."""

    def service(self, skew_s: float = 0) -> Service:
        """The service on a machine whose clock is ``skew_s`` ahead."""
        return Service(self.base.settings, self.store, self.timeline.clock(skew_s))

    @contextmanager
    def acting(self, service: Service, passage: Passage | None) -> Iterator[None]:
        """Let this thread's calls go through ``passage``, and its handlers work on ``service``."""
        self.own.service, self.own.passage = service, passage
        try:
            yield
        finally:
            self.own.service, self.own.passage = self.service(), None

    def add_user(self, user: User) -> None:
        """Note a user whom operations may choose."""
        self.user_ids.append(user.user_id)


@contextmanager
def world(endpoint_url: str, dice: Random, most_active: int = 1_000) -> Iterator[World]:
    """A world on fresh tables, in which the same dice throw the same story.

    So many conversions of a user are at work at a time, and half as many of batches.
    """
    dynamodb = local.client(endpoint_url)
    physical = local.fresh_tables(dynamodb)
    lines = {"MAX_ACTIVE_PER_USER": str(most_active), "MAX_ACTIVE_BATCH_PER_USER": str(most_active // 2)}
    settings = local.settings_on(endpoint_url, physical, **lines)
    with mock.patch.dict(os.environ, AWS_ACCESS_KEY_ID="local", AWS_SECRET_ACCESS_KEY="local"):
        store = Store(settings)
    own, timeline = threading.local(), Timeline()
    crossing = Crossing(lambda: getattr(own, "passage", None))
    bucket, queues = Bucket(crossing, timeline), Queues(crossing, timeline)
    store.__dict__.update(files=bucket, queues=queues, archives=Archives(crossing, bucket))
    too_big: list[str] = []
    tap(store, lambda: getattr(own, "passage", None), too_big)
    turns = Turns(dice, WIDTH)
    base = Service(settings, store, timeline.clock())
    made = World(dynamodb, store, base, timeline, turns, bucket, queues, Engines(timeline, crossing), own, too_big)
    store.transactor._sleep = timeline.sleep
    with timeline.in_charge(), _staged(made, dice):
        for number, role in enumerate(ROLES):
            new = accounts.NewUser(f"person-{number}@example.com", PASSWORD, f"person-{number}", role)
            made.add_user(accounts.bootstrap(base, new))
        yield made
    for name in physical.values():
        dynamodb.delete_table(TableName=name)


@contextmanager
def _staged(made: World, dice: Random) -> Iterator[None]:
    """Let handlers find this world's service and engines, and let everything random come from its dice."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    ids = ulid.ULIDGenerator(lambda: int(made.base.now_s() * 1000), lambda _: dice.randbytes(10))

    def service() -> Service:
        found: Service = getattr(made.own, "service", made.base)
        return found

    random.seed(dice.getrandbits(64))  # the jitter of retries
    with ExitStack() as patches:
        for module, name, stand_in in (
            (conversions, "_service", service),
            (conversions, "_engines", lambda: made.engines),
            (intake, "_service", service),
            (archiving, "_service", service),
            (sweeping, "_service", service),
            (tallying, "_service", service),
            (passwords, "_hasher", lambda: quick),
            (run, "Heartbeat", SteppedHeartbeat),
            (ulid, "default_generator", ids),
        ):
            patches.enter_context(mock.patch.object(module, name, stand_in))
        yield

"""A service on DynamoDB Local, on tables of its own for each test."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from chalicelib.domain.users import Role, User
from chalicelib.services import Service, accounts, points
from chalicelib.store import Store
from tests.support import dynamodb_local as local
from tests.support.fakes import MemoryFiles, MemoryQueues


@pytest.fixture
def service(dynamodb_local: str, monkeypatch: pytest.MonkeyPatch) -> Service:
    """A service on fresh tables, with bucket and queues in memory."""
    # Callers queue up for one user: on a machine that is busy they need longer than anybody should wait for points.
    monkeypatch.setattr(points, "CONTENTION_BUDGET_S", 120)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    settings = local.settings_on(dynamodb_local, local.fresh_tables(local.client(dynamodb_local)))
    service = Service(settings, Store(settings))
    service.store.__dict__.update(files=MemoryFiles(), queues=MemoryQueues())
    return service


MakeUser = Callable[..., User]


@pytest.fixture
def make_user(service: Service) -> MakeUser:
    """Creates users; ``balance`` tops a general user up or spends nothing of its opening 30 points."""

    def make(role: Role = Role.GENERAL, **more: Any) -> User:
        name = more.get("username", f"user-{uuid4().hex[:8]}")
        email = more.get("email", f"{name}@example.com")
        return accounts.bootstrap(service, accounts.NewUser(email, "password123", name, role))

    return make

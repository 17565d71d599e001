"""The service on moto, people on it, the application behind a gateway; and DynamoDB Local."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from chalicelib.api import application
from chalicelib.api.openapi import document
from chalicelib.services import Service, passwords
from tests.support import dynamodb_local as local
from tests.support.gateway import Gateway, Shape
from tests.support.openapi import Description
from tests.support.people import People
from tests.support.stack import Stack, SteppedClock, moto_stack

TESTS = Path(__file__).parent
SHARING = ("e2e", "races", "prove")
"""Folders whose tests share a service that is dear to start."""
ID_BYTES = 40
"""What a parameter may have to be part of a test's name."""


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups in this very hook
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With several processes (pytest-xdist): what shares fixtures stays in one, and what takes longest begins."""
    if not hasattr(config, "workerinput"):
        return
    for item in items:
        group = next((one for one in SHARING if TESTS / one in item.path.parents), str(item.path))
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: TESTS / "e2e" not in item.path.parents)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Files are called after their parameter: some hold the second in which they were made."""
    return argname if isinstance(val, bytes) and len(val) > ID_BYTES else None


@pytest.fixture(scope="session")
def _shared_stack() -> Iterator[Stack]:
    with moto_stack() as stack:
        yield stack


@pytest.fixture(scope="session")
def _shared_people(_shared_stack: Stack) -> People:
    return People(_shared_stack.service)


@pytest.fixture(scope="session")
def dynamodb_local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a DynamoDB Local that lives as long as the tests."""
    with local.running(tmp_path_factory.mktemp("dynamodb-local")) as url:
        yield url


@pytest.fixture
def stack(_shared_stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Stack:
    """Tables, bucket, queues and the service on them; passwords cost next to nothing here."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: quick)
    _shared_stack.begin()
    return _shared_stack


@pytest.fixture
def service(stack: Stack) -> Service:
    """The service, whose clock tests step."""
    return stack.service


@pytest.fixture
def clock(stack: Stack) -> SteppedClock:
    """The service's clock."""
    return stack.clock


@pytest.fixture
def people(stack: Stack, _shared_people: People) -> People:
    """Accounts on the service."""
    return _shared_people


@pytest.fixture
def empty_stack(stack: Stack, people: People) -> Iterator[Stack]:
    """The stack without any row: for tests that look at everything, or change what all depend on."""
    stack.empty()
    people.forget()
    yield stack
    stack.empty()
    people.forget()


@pytest.fixture(scope="session")
def _description() -> Iterator[Description]:
    description = Description(document())
    yield description
    assert not description.undocumented_headers, "docs/openapi.json is silent about headers that were sent"


@pytest.fixture
def gateway(stack: Stack, _description: Description, monkeypatch: pytest.MonkeyPatch) -> Gateway:
    """The application as API Gateway calls it."""
    from app import app

    monkeypatch.setattr(application, "service", lambda: stack.service)
    return Gateway(app, _description)


@pytest.fixture(params=list(Shape))
def any_gateway(gateway: Gateway, request: pytest.FixtureRequest) -> Gateway:
    """The application as API Gateway calls it, and as ``chalice local`` does."""
    gateway.shape = request.param
    return gateway

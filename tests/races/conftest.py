"""DynamoDB Local, with real transactions, and a service on tables of its own for each test."""

import os
import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest

from chalicelib.domain.users import Role, User
from chalicelib.services import Service, accounts
from chalicelib.settings import Settings
from chalicelib.store import Store
from tests.support.fakes import MemoryFiles, MemoryQueues
from tests.support.template import environment as template_environment
from tests.support.template import tables

HOME = Path(os.environ.get("DYNAMODB_LOCAL_HOME", Path(__file__).parents[2] / ".tools" / "dynamodb-local"))
START_TIMEOUT_S = 60


@pytest.fixture(scope="session")
def dynamodb_local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a DynamoDB Local that lives as long as the tests."""
    if not list(HOME.glob("lib/DynamoDBLocal-*.jar")):
        pytest.fail(f"DynamoDB Local is not in {HOME}; run the tests by 'make test', which installs it.")
    port = _free_port()
    command = ["java", f"-Djava.library.path={HOME}/lib", "-cp", f"{HOME}/lib/*"]
    command += ["software.amazon.dynamodb.services.local.main.ServerRunner", "-inMemory", "-port", str(port)]
    command += ["-disableTelemetry"]
    folder = tmp_path_factory.mktemp("dynamodb-local")
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await_port(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await_port(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("DynamoDB Local did not start; is Java 17 installed?")


@pytest.fixture
def service(dynamodb_local: str, monkeypatch: pytest.MonkeyPatch) -> Service:
    """A service on fresh tables, with bucket and queues in memory."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    client = dynamodb_client(dynamodb_local)
    names = {}
    for logical_name, definition in tables().items():
        names[logical_name] = f"{logical_name}-{uuid4().hex[:8]}"
        client.create_table(**definition | {"TableName": names[logical_name]})
    service = Service(_settings(dynamodb_local, names), Store(_settings(dynamodb_local, names)))
    service.store.__dict__.update(files=MemoryFiles(), queues=MemoryQueues())
    return service


def dynamodb_client(endpoint_url: str) -> Any:
    """A client with the service's own access key, whatever other tests left in boto3's default session."""
    return boto3.client(
        "dynamodb",
        region_name="us-east-1",
        endpoint_url=endpoint_url,
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )


def _settings(endpoint_url: str, names: dict[str, str]) -> Settings:
    environment = {re.sub(r"(?<!^)(?=[A-Z])", "_", logical).upper(): name for logical, name in names.items()}
    queues = (variable for variable in template_environment() if variable.endswith("_QUEUE_URL"))
    environment |= dict.fromkeys(queues, "http://127.0.0.1/queue")
    environment |= {"AWS_ENDPOINT_URL": endpoint_url, "AWS_REGION": "us-east-1", "FILES_BUCKET": "files"}
    return Settings.from_env(environment | {"STAGE": "local", "JWT_SECRET": "a secret for the tests " * 2})


MakeUser = Callable[..., User]


@pytest.fixture
def make_user(service: Service) -> MakeUser:
    """Creates users; ``balance`` tops a general user up or spends nothing of its opening 30 points."""

    def make(role: Role = Role.GENERAL, **more: Any) -> User:
        name = more.get("username", f"user-{uuid4().hex[:8]}")
        email = more.get("email", f"{name}@example.com")
        return accounts.bootstrap(service, accounts.NewUser(email, "password123", name, role))

    return make

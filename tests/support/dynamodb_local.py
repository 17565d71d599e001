"""DynamoDB Local, with real transactions: its process, and services on fresh tables of it."""

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3

from chalicelib.settings import Settings
from tests.support import template

HOME = Path(os.environ.get("DYNAMODB_LOCAL_HOME", Path(__file__).parents[2] / ".tools" / "dynamodb-local"))
START_TIMEOUT_S = 60


class NotStarted(Exception):
    """DynamoDB Local is not there, or does not start; the message says what to do."""


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The URL of a DynamoDB Local that lives as long as the context, in ``folder``. Raises ``NotStarted``."""
    if not list(HOME.glob("lib/DynamoDBLocal-*.jar")):
        raise NotStarted(f"DynamoDB Local is not in {HOME}; 'make test' and 'make prove' install it.")
    port = _free_port()
    command = ["java", f"-Djava.library.path={HOME}/lib", "-cp", f"{HOME}/lib/*"]
    command += ["software.amazon.dynamodb.services.local.main.ServerRunner", "-inMemory", "-port", str(port)]
    command += ["-disableTelemetry"]
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await_port(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


def client(endpoint_url: str) -> Any:
    """A client with the services' own access key, whatever other tests left in boto3's default session."""
    return boto3.client(
        "dynamodb",
        region_name="us-east-1",
        endpoint_url=endpoint_url,
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )


def fresh_tables(dynamodb: Any) -> dict[str, str]:
    """Create every table of the template under a new name; physical names by logical ones."""
    physical = {}
    for logical_name, definition in template.tables().items():
        physical[logical_name] = f"{logical_name}-{uuid4().hex[:8]}"
        dynamodb.create_table(**definition | {"TableName": physical[logical_name]})
    return physical


def settings_on(endpoint_url: str, physical: dict[str, str], **more: str) -> Settings:
    """Settings of a service on these tables, with nothing behind its queues and bucket; ``more`` variables go first."""
    environment = {_variable(logical): name for logical, name in physical.items()}
    queues = (variable for variable in template.environment() if variable.endswith("_QUEUE_URL"))
    environment |= dict.fromkeys(queues, "http://127.0.0.1/queue")
    environment |= {"AWS_ENDPOINT_URL": endpoint_url, "AWS_REGION": "us-east-1", "FILES_BUCKET": "files"}
    environment |= {"STAGE": "local", "JWT_SECRET": "a secret for the tests " * 2}
    return Settings.from_env(environment | more)


def _variable(logical_name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", logical_name).upper()


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
    raise NotStarted("DynamoDB Local did not start; is Java 17 installed?")

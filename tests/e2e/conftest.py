"""The service as ``make run`` starts it, on ports of its own, and a client that speaks HTTP to it."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

ROOT = Path(__file__).parents[2]
START_TIMEOUT_S = 180
PASSWORD = "password123"


@dataclass(frozen=True)
class Running:
    """A running service."""

    base_url: str
    process: subprocess.Popen[bytes]
    tokens: dict[str, str] = field(default_factory=dict)
    """Access tokens of who logged in before: a log-in costs a password's hash each time."""

    @contextlib.contextmanager
    def client(self, email: str, password: str = PASSWORD) -> Iterator[httpx.Client]:
        """A client that is logged in as ``email``."""
        with httpx.Client(base_url=self.base_url, timeout=60) as client:
            if email not in self.tokens:
                answer = client.post("/api/v2/auth/login", json={"email": email, "password": password})
                assert answer.status_code == 200, answer.text
                self.tokens[email] = answer.json()["access_token"]
            client.headers["Authorization"] = f"Bearer {self.tokens[email]}"
            yield client

    @contextlib.contextmanager
    def new_user(self, role: str = "general_user") -> Iterator[httpx.Client]:
        """A client logged in as a user nobody else uses."""
        email = f"{uuid4().hex}@example.com"
        with self.client("super@example.com") as boss:
            answer = boss.post("/api/v2/users", json={"email": email, "password": PASSWORD, "role": role})
            assert answer.status_code == 201, answer.text
        with self.client(email) as client:
            yield client


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(log: Path) -> Running:
    """Start the service by its one command and wait until it answers."""
    port = free_port()
    environment = os.environ | {"PORT": str(port), "AWS_PORT": str(free_port())}
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["make", "run"], cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    running = Running(f"http://127.0.0.1:{port}", process)
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        if b"curl" in log.read_bytes():
            return running
        time.sleep(0.2)
    stop(running)
    pytest.fail(f"make run did not come up:\n{log.read_text()[-4000:]}")


def stop(running: Running) -> None:
    """Press Ctrl-C and wait for the end."""
    if running.process.poll() is None:
        os.killpg(running.process.pid, signal.SIGINT)
    running.process.wait(timeout=30)


def descendants(root: int) -> list[int]:
    """All processes below ``root``, sessions of their own or not."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, todo = [], [root]
    while todo:
        todo += (below := children.get(todo.pop(), []))
        found += below
    return found


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One service for all end-to-end tests."""
    running = start(tmp_path_factory.mktemp("service") / "run.log")
    yield running
    stop(running)


@pytest.fixture
def user(running: Running) -> Iterator[httpx.Client]:
    """A general user with 30 points."""
    with running.new_user() as client:
        yield client


@pytest.fixture(scope="session")
def refused(running: Running) -> Iterator[httpx.Client]:
    """A general user with 30 points, for tests that spend none."""
    with running.new_user() as client:
        yield client


def convert(client: httpx.Client, slug: str, name: str, body: bytes, **more: Any) -> httpx.Response:
    """Convert one file; ``options`` are form fields, ``headers`` request headers."""
    files = {"file": (name, body)}
    return client.post(
        f"/api/v3/conversions/{slug}", files=files, data=more.get("options"), headers=more.get("headers")
    )


def download(client: httpx.Client, conversion: dict[str, Any]) -> bytes:
    """Follow ``download_url`` as curl -L does: the token stays with the API."""
    answer = client.get(conversion["download_url"])
    assert answer.status_code == 307, answer.text
    file = httpx.get(answer.headers["Location"])
    assert file.status_code == 200
    return file.content

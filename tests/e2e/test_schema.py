"""Whatever the description allows, and what it does not, the service answers as described."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.e2e.conftest import ROOT, Running, start, stop
from tests.e2e.schemathesis_hooks import CALLER

CONFIGURATION = Path(__file__).parent / "schemathesis.toml"
PASSWORD = "none of the description's examples"
TIMEOUT_S = 480
OTHERS = (
    "^/api/v[12]/conversions/(?!remove-pages-from-pdf)|^/api/v3/conversions/(pdf-to|docx-to|pptx-to|remove-pages)"
    "|^/api/v3/conversions/(?!image-to)[a-z-]+/by-upload"
)
"""Converters are one code, which reads their declarations: those that are left have every kind of option."""


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service of its own: accounts and rules do not stay as they are, and no rate keeps requests out."""
    running = start(tmp_path_factory.mktemp("apart") / "run.log", RATE_LIMIT_PER_MINUTE="100000")
    yield running
    stop(running)


@pytest.fixture
def boss(apart: Running) -> Iterator[httpx.Client]:
    """A super user whose password the examples do not change."""
    account = {"email": "schema@example.com", "password": PASSWORD, "role": "super_user"}
    with apart.client("super@example.com") as maker:
        assert maker.post("/api/v2/users", json=account).status_code == 201
    with apart.client("schema@example.com", PASSWORD) as client:
        yield client


def test_every_answer_is_as_described_when_requests_are_generated(
    apart: Running, boss: httpx.Client, tmp_path: Path
) -> None:
    caller = boss.get("/api/v2/auth/me").json()["id"]
    hooks = {"SCHEMATHESIS_HOOKS": "tests.e2e.schemathesis_hooks", "PYTHONPATH": str(ROOT), CALLER: caller}
    program = [sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()"]
    token = f"Authorization: {boss.headers['Authorization']}"
    options = ["--seed", "1", "--continue-on-failure", "--exclude-path-regex", OTHERS, "--header", token]
    command = [*program, "--config-file", str(CONFIGURATION), "run", f"{apart.base_url}/openapi.json", *options]
    result = subprocess.run(
        command,
        cwd=tmp_path,
        env=os.environ | hooks,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-20_000:] + result.stderr[-2_000:]
    assert boss.get("/api/v2/auth/me").status_code == 200, "the token died under way: not all was tried with it"

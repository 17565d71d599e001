"""The Python client against the running service: a folder, killed in the middle, and begun again."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from convertpro import ConvertPro
from tests.e2e.conftest import PASSWORD, ROOT, Running
from tests.support.documents import picture

FILES = 30
PROGRAM = """
import sys
from convertpro import ConvertPro
url, key, source, destination = sys.argv[1:]
ConvertPro(url, api_key=key).convert_folder(source, destination, to="pdf", jobs=3)
"""


COMMAND_PROGRAM = """
import os, sys
from convertpro.command import main
url, key, source, destination = sys.argv[1:]
os.environ |= {"CONVERTPRO_URL": url, "CONVERTPRO_API_KEY": key}
sys.argv[1:] = ["convert", source, "--to", "pdf", "-o", destination, "--jobs", "3"]
main()
"""


@pytest.fixture
def rich_key(running: Running) -> str:
    """The API key of a user with a hundred points."""
    email = f"{uuid4().hex}@example.com"
    with running.client("super@example.com") as boss:
        body = {"email": email, "password": PASSWORD, "role": "admin_user"}
        assert boss.post("/api/v2/users", json=body).status_code == 201
    with ConvertPro(running.base_url, email=email, password=PASSWORD) as client:
        return client.create_api_key("folder")


@contextlib.contextmanager
def begun(command: list[str], **more: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with the block, whatever comes."""
    with subprocess.Popen(command, **more) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("program", [PROGRAM, COMMAND_PROGRAM], ids=["client", "command"])
def test_each_file_is_there_and_charged_once_when_a_folder_is_killed_in_the_middle(
    running: Running, rich_key: str, tmp_path: Path, program: str
) -> None:
    source, destination = tmp_path / "in", tmp_path / "out"
    (source / "below").mkdir(parents=True)
    for number in range(FILES):
        (source / ("below" if number % 2 else "") / f"{number}.png").write_bytes(picture(number))
    command = [sys.executable, "-c", program, running.base_url, rich_key, str(source), str(destination)]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "clients" / "python" / "src")}
    with begun(command, env=environment) as first:
        deadline = time.monotonic() + 60
        while len(list(destination.rglob("*.pdf"))) < 5 and time.monotonic() < deadline:
            time.sleep(0.02)
        first.send_signal(signal.SIGKILL)
    assert 5 <= len(list(destination.rglob("*.pdf"))) < FILES
    subprocess.run(command, env=environment, check=True, timeout=120)
    assert len(list(destination.rglob("*.pdf"))) == FILES
    with ConvertPro(running.base_url, api_key=rich_key) as client:
        spent = [one for one in client.ledger(limit=200).items if one.status == "spent"]
        assert len({one.conversion_id for one in spent}) == len(spent) == FILES
        assert client.balance() == 100 - 3 * FILES


def test_each_file_that_comes_is_converted_once_when_the_watch_is_killed_and_begun_again(
    running: Running, rich_key: str, tmp_path: Path
) -> None:
    source, destination = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    program = COMMAND_PROGRAM.replace('"convert"', '"watch"').replace('"3"', '"2", "--settle", "0.1"')
    command = [sys.executable, "-c", program, running.base_url, rich_key, str(source), str(destination)]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "clients" / "python" / "src")}

    def until_there(count: int) -> None:
        deadline = time.monotonic() + 60
        while len(list(destination.glob("*.pdf"))) < count:
            assert time.monotonic() < deadline
            time.sleep(0.02)

    with begun(command, env=environment) as first:
        for number in range(8):
            (source / f"{number}.png").write_bytes(picture(number))
        until_there(2)
        first.send_signal(signal.SIGKILL)
    with begun(command, env=environment, stderr=subprocess.PIPE) as second:
        until_there(8)
        second.send_signal(signal.SIGTERM)
        assert (second.wait(timeout=30), second.communicate()[1].count(b"Traceback")) == (130, 0)
    with ConvertPro(running.base_url, api_key=rich_key) as client:
        assert client.balance() == 100 - 3 * 8


def test_a_file_goes_by_upload_when_it_is_too_large_for_one_request(
    running: Running, user: httpx.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("convertpro.conversions.MULTIPART_BYTES", 10)
    (tmp_path / "a.png").write_bytes(picture(1))
    key = user.post("/api/v2/auth/api-keys", json={"name": "upload"}).json()["key"]
    with ConvertPro(running.base_url, api_key=key) as client:
        saved = client.convert(tmp_path / "a.png", to="pdf", margin=10).save(tmp_path)
    assert saved.read_bytes().startswith(b"%PDF")

"""The Python client against the running service: a folder, killed in the middle, and begun again."""

import io
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from PIL import Image

from convertpro import ConvertPro
from tests.e2e.conftest import PASSWORD, ROOT, Running
from tests.support import documents

FILES = 30
PROGRAM = """
import sys
from convertpro import ConvertPro
url, key, source, destination = sys.argv[1:]
ConvertPro(url, api_key=key).convert_folder(source, destination, to="pdf", jobs=3)
"""


COMMAND = "from convertpro.command import main; main()"
COMMAND_PROGRAM = """
import os, sys
from convertpro.command import main
url, key, source, destination = sys.argv[1:]
os.environ |= {"CONVERTPRO_URL": url, "CONVERTPRO_API_KEY": key}
sys.argv[1:] = ["convert", source, "--to", "pdf", "-o", destination, "--jobs", "3"]
main()
"""


def picture(number: int) -> bytes:
    """A small PNG unlike all others."""
    body = io.BytesIO()
    Image.new("RGB", (20 + number, 20)).save(body, "PNG")
    return body.getvalue()


@pytest.fixture
def rich_key(running: Running) -> str:
    """The API key of a user with a hundred points."""
    email = f"{uuid4().hex}@example.com"
    with running.client("super@example.com") as boss:
        body = {"email": email, "password": PASSWORD, "role": "admin_user"}
        assert boss.post("/api/v2/users", json=body).status_code == 201
    with ConvertPro(running.base_url, email=email, password=PASSWORD) as client:
        return client.create_api_key("folder")


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
    with subprocess.Popen(command, env=environment) as first:
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


def test_the_readme_s_lines_run_as_they_are_written(running: Running, user: httpx.Client, tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "one.png").write_bytes(picture(1))
    (tmp_path / "document.pdf").write_bytes(documents.pdf("first page", "second page"))
    (block,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    email = user.get("/api/v2/auth/me").json()["email"]
    program = block.replace("http://127.0.0.1:8000", running.base_url).replace("user@example.com", email)
    environment = os.environ | {"PYTHONPATH": str(ROOT / "clients" / "python" / "src")}
    command = [sys.executable, "-c", program]
    told = subprocess.run(
        command, env=environment, cwd=tmp_path, check=True, capture_output=True, text=True, timeout=90
    )
    assert told.stdout.endswith("1 files, 0 failed; 24 points left\n")
    assert (tmp_path / "document.docx").is_file()
    assert (tmp_path / "pdfs" / "one.pdf").is_file()


def test_the_readme_s_commands_run_as_they_are_written(running: Running, user: httpx.Client, tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "one.png").write_bytes(picture(1))
    (tmp_path / "document.pdf").write_bytes(documents.pdf("first page", "second page"))
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    (block,) = re.findall(r"```sh\n(convertpro .*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    email = user.get("/api/v2/auth/me").json()["email"]
    lines = block.replace("http://127.0.0.1:8000", running.base_url).replace("user@example.com", email).splitlines()
    environment = os.environ | {"PYTHONPATH": str(ROOT / "clients" / "python" / "src"), "HOME": str(tmp_path / "home")}
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        environment.pop(name, None)

    def run(line: str) -> tuple[int, str]:
        command = [sys.executable, "-c", COMMAND, *shlex.split(line)[1:]]
        told = subprocess.run(
            command, env=environment, cwd=tmp_path, check=False, stdout=subprocess.PIPE, text=True, timeout=90
        )
        return told.returncode, told.stdout

    assert run("convertpro balance")[0] == 3
    told = [run(line) for line in lines]
    assert [code for code, _ in told] == [0] * 5, told
    _, file, folder, left, history = (text for _, text in told)
    assert file.startswith("document.pdf → document.docx (3 points)")
    (one,) = json.loads(folder)["files"]
    assert (one["status"], one["points_charged"], one["error"]) == ("converted", 3, None)
    assert (tmp_path / one["destination"]).read_bytes().startswith(b"%PDF")
    assert (left, history.count("success")) == ("24\n", 2)
    code, text = run("convertpro convert broken.pdf document.pdf --to word --option pages=1 --json")
    statuses = [(one["status"], (one["error"] or {}).get("name")) for one in json.loads(text)["files"]]
    assert (code, statuses) == (1, [("failed", "corrupt-document"), ("unchanged", None)])
    assert run("convertpro balance") == (0, "24\n")


def test_a_file_goes_by_upload_when_it_is_too_large_for_one_request(
    running: Running, user: httpx.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("convertpro.conversions.MULTIPART_BYTES", 10)
    (tmp_path / "a.png").write_bytes(picture(1))
    key = user.post("/api/v2/auth/api-keys", json={"name": "upload"}).json()["key"]
    with ConvertPro(running.base_url, api_key=key) as client:
        saved = client.convert(tmp_path / "a.png", to="pdf", margin=10).save(tmp_path)
    assert saved.read_bytes().startswith(b"%PDF")

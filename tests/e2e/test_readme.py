"""What the README says to type does what it says: curl's lines, the Python client's and the command's."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import docx
import pytest

from tests.e2e.conftest import PASSWORD, ROOT, Running, free_port
from tests.support import documents
from tests.support.documents import picture
from tests.support.receiver import answering, receiving

README = (ROOT / "README.md").read_text()
COMMAND = "from convertpro.command import main; main()"
LISTENS = "until curl -s -o listing http://127.0.0.1:9000/; do sleep 0.1; done"
S3 = Path(__file__).parent / "s3_client.py"


@pytest.fixture
def email(running: Running) -> str:
    """A new user with a hundred points."""
    email = f"{uuid4().hex}@example.com"
    with running.client("super@example.com") as boss:
        body = {"email": email, "password": PASSWORD, "role": "admin_user"}
        assert boss.post("/api/v2/users", json=body).status_code == 201
    return email


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the files that the README names."""
    for folder in ("pictures", "invoices"):
        (tmp_path / folder).mkdir()
    (tmp_path / "pictures" / "one.png").write_bytes(picture(1))
    (tmp_path / "one.png").write_bytes(picture(2))
    (tmp_path / "two.png").write_bytes(picture(3))
    (tmp_path / "document.pdf").write_bytes(documents.pdf("first page", "second page"))
    (tmp_path / "invoices" / "a.pdf").write_bytes(documents.pdf("no table"))
    return tmp_path


def blocks(language: str) -> list[str]:
    """The README's blocks of a language, without ``make`` and the command."""
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    return [one for one in found if not one.startswith(("make", "convertpro"))]


def of(running: Running, email: str, text: str, port: int = 0) -> str:
    """The README's text with this service's address, and a user and a server of our own."""
    named = text.replace("http://127.0.0.1:8000", running.base_url).replace("user@example.com", email)
    return named.replace("9000", str(port))


def environment(home: Path) -> dict[str, str]:
    """Ours, with the client and without this machine's settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "AWS_", "CONVERTPRO_"))}
    return kept | {"PYTHONPATH": str(ROOT / "clients" / "python" / "src"), "HOME": str(home)}


def test_curl_s_lines_do_what_they_say(running: Running, email: str, place: Path) -> None:
    tools = place / "tools"
    tools.mkdir()
    (tools / "aws").write_text(f'#!/bin/sh\nexec {sys.executable} {S3} "$@"\n')
    (tools / "aws").chmod(0o755)
    own = environment(place)
    own["PATH"] = f"{tools}:{own['PATH']}"
    script = "set -euo pipefail\ntrap 'kill $(jobs -p)' EXIT\n" + "".join(blocks("sh"))
    # A server that is started in the background may not listen yet when the next line names it.
    script = script.replace(
        "9000 &\n", "9000 &\nuntil curl -s -o /dev/null http://127.0.0.1:9000/; do sleep 0.1; done\n"
    )
    done = subprocess.run(
        ["bash", "-c", of(running, email, script, free_port())],
        cwd=place, env=own, capture_output=True, text=True, check=False, timeout=400,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-4_000:]
    text = "\n".join(one.text for one in docx.Document(str(place / "document.docx")).paragraphs)
    assert ("first page" in text, "second page" in text) == (True, True)
    assert json.loads((place / "conversion.json").read_text())["status"] == "success"
    assert [one.name for one in (place / "results" / "pdf-to-excel" / "invoices").iterdir()] == ["a.pdf.error.json"]


def test_the_client_s_lines_do_what_they_say(running: Running, email: str, place: Path) -> None:
    page = (place / "document.pdf").read_bytes()
    with receiving(answering(200, page)) as server:
        program = of(running, email, "\n".join(blocks("python")), server.port)
        told = subprocess.run(
            [sys.executable, "-c", program],
            cwd=place, env=environment(place), capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert [line for line in told.stdout.splitlines() if line.endswith("left")] == ["97 points left"]
    assert "1 files, 0 failed" in told.stdout
    made = ["document.docx", "fetched.docx", "pdfs/one.pdf"]
    assert [one for one in made if not (place / one).is_file()] == []
    assert len(list(place.glob("*.zip"))) == 1


def test_the_command_s_lines_do_what_they_say(running: Running, email: str, place: Path) -> None:
    (place / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    lines: list[str] = re.findall(r"^convertpro .*$", README, re.MULTILINE)

    def run(line: str) -> tuple[int, str]:
        words = [sys.executable, "-c", COMMAND, *shlex.split(line)[1:]]
        told = subprocess.run(
            words, cwd=place, env=environment(place), check=False, stdout=subprocess.PIPE, text=True, timeout=90
        )
        return told.returncode, told.stdout

    assert run("convertpro balance")[0] == 3
    told = [run(of(running, email, line)) for line in lines]
    assert [code for code, _ in told] == [0] * len(lines), told
    _, file, left, history, folder, again = (text for _, text in told)
    assert file.startswith("document.pdf → document.docx (3 points)")
    assert (left, history.count("success")) == ("97\n", 1)
    assert folder.startswith("pictures/one.png → pdfs/one.pdf (3 points)")
    (one,) = json.loads(again)["files"]
    assert (one["status"], one["points_charged"], one["error"]) == ("unchanged", 0, None)
    assert (place / one["destination"]).read_bytes().startswith(b"%PDF")
    code, text = run("convertpro convert broken.pdf document.pdf --to word --option pages=1 --json")
    statuses = [(one["status"], (one["error"] or {}).get("name")) for one in json.loads(text)["files"]]
    assert (code, statuses) == (1, [("failed", "corrupt-document"), ("unchanged", None)])
    assert run("convertpro balance") == (0, "94\n")

"""Prints what a new user sees: ``python -m tests.e2e.fresh_install``.

The client is installed by pip into an empty environment; its command converts a file, and a folder of thirty with bars
on a terminal, is killed in the middle and begun again; the ledger is compared.
"""

import os
import pty
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import httpx

from tests.e2e.conftest import PASSWORD, ROOT, Running, start, stop
from tests.support import documents

FILES = 30


def say(text: str) -> None:
    """A line, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def installed(place: Path) -> Path:
    """The command, from an environment that held nothing but pip."""
    began = time.monotonic()
    subprocess.run([sys.executable, "-m", "venv", place / "venv"], check=True)
    python = place / "venv" / "bin" / "python"
    pip: list[str | Path] = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, f"{ROOT / 'clients' / 'python'}[cli]"], check=True)
    say(f"pip install './clients/python[cli]': {time.monotonic() - began:.0f} s")
    return place / "venv" / "bin" / "convertpro"


def on_terminal(command: Sequence[str | Path], place: Path, kill_at: int | None = None) -> str:
    """What a command shows on a terminal; killed once ``kill_at`` results are there."""
    ours, theirs = pty.openpty()
    shown = bytearray()
    with subprocess.Popen(command, cwd=place, env=environment(place), stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        while True:
            try:
                shown += os.read(ours, 65_536)
            except OSError:
                break
            if kill_at is not None and len(list((place / "pdfs").glob("*.pdf"))) >= kill_at:
                process.send_signal(signal.SIGKILL)
    os.close(ours)
    return shown.decode(errors="replace")


def environment(home: Path) -> dict[str, str]:
    """A terminal, and a home without settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "CONVERTPRO_", "PYTHON"))}
    return kept | {"HOME": str(home), "TERM": "xterm-256color", "COLUMNS": "100"}


def account(running: Running) -> str:
    """A new user with a hundred points."""
    email = f"{uuid4().hex}@example.com"
    with running.client("super@example.com") as boss:
        body = {"email": email, "password": PASSWORD, "role": "admin_user"}
        boss.post("/api/v2/users", json=body).raise_for_status()
    return email


def spent(client: httpx.Client) -> list[str]:
    """The conversions that the ledger names as paid for."""
    items = client.get("/api/v3/points/ledger?limit=200").json()["items"]
    return [one["conversion_id"] for one in items if one["status"] == "spent"]


def story(running: Running, place: Path) -> None:
    """All of it."""
    email, command = account(running), installed(place)
    (place / "document.pdf").write_bytes(documents.pdf("one", "two"))
    (place / "pictures").mkdir()
    for number in range(FILES):
        (place / "pictures" / f"{number}.png").write_bytes(documents.picture(number))
    login = ["login", "--base-url", running.base_url, "--email", email, "--password", PASSWORD]
    for words in (login, ["convert", "document.pdf", "--to", "word"]):
        said = on_terminal([command, *words], place)
        ends = re.findall(r"Logged in|\S+ → \S+ \(.*?\)", said)
        say(f"convertpro {words[0]}: {' '.join(ends)}")
    folder: list[str | Path] = [command, "convert", "pictures", "--to", "pdf", "-o", "pdfs"]
    first = on_terminal(folder, place, kill_at=8)
    bars = re.findall(rf"(\d+)/{FILES}", first)
    say(f"bars: {len(bars)} drawings of the whole run's, up to {max(map(int, bars), default=0)}/{FILES}")
    before = len(list((place / "pdfs").glob("*.pdf")))
    second = on_terminal(folder, place)
    alone, converted = second.count("done before"), second.count("points)")
    say(f"killed with {before} results; then {alone} left alone, {converted} converted")
    with running.client(email) as client:
        paid, left = spent(client), client.get("/api/v3/points/balance").json()["balance"]
    results = len(list((place / "pdfs").glob("*.pdf")))
    say(f"{results} results of {FILES}; charges {len(paid)}, conversions {len(set(paid))}; points {left} of 100")
    if (results, len(paid), len(set(paid)), left) != (FILES, FILES + 1, FILES + 1, 100 - 3 * (FILES + 1)):
        sys.exit("A file is missing, or was charged twice.")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        service = start(Path(scratch) / "run.log")
        try:
            (Path(scratch) / "home").mkdir()
            story(service, Path(scratch) / "home")
        finally:
            stop(service)

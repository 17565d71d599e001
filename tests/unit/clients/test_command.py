"""The command says what happened by its exit code, replaces nobody's files, and keeps its key to itself."""

import hashlib
import json
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from convertpro import command, credentials
from convertpro.command_app import EXIT_CODES, app
from convertpro.credentials import Credentials
from convertpro.folders import is_foreign
from convertpro.journal import Journal

ROOT = Path(__file__).parents[3]
RESULT = b"the result"
DONE = {
    "conversion_id": "c1",
    "action": "image_to_pdf",
    "status": "success",
    "input_filename": "a.png",
    "output_sha256": hashlib.sha256(RESULT).hexdigest(),
    "download_url": "/file/c1",
    "points_charged": 3,
    "created_at": "2026-06-01T09:30:00Z",
    "updated_at": "2026-06-01T09:30:00Z",
    "warnings": ["A picture was [bold] left out."],
    "report": {},
}
Handler = Callable[[httpx.Request], httpx.Response]


class Service:
    """A service that converts everything, unless ``refusal`` says otherwise; ``asked`` holds the conversions' keys."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.refusal: tuple[int, str] | None = None
        self.down = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """The answer to a request."""
        path = request.url.path
        if self.down:
            raise httpx.ConnectError("nobody there")
        if self.refusal:
            status, name = self.refusal
            return httpx.Response(status, json={"type": f"/problems/{name}", "status": status, "detail": "No."})
        if path.startswith("/api/v3/conversions/") and request.method == "POST":
            self.asked.append(request.headers["Idempotency-Key"])
        answers: dict[str, Any] = {
            "/api/v2/auth/login": {"access_token": "t", "refresh_token": "r", "expires_in": 600},
            "/api/v2/auth/api-keys": {"key": "made-key"},
            "/api/v3/points/balance": {"balance": 27},
            "/api/v3/conversions/history": {"items": [DONE], "next_cursor": None},
        }
        if path.startswith("/file/"):
            return httpx.Response(302, headers={"location": "https://bucket.example.com/c1"})
        if path == "/c1":
            return httpx.Response(200, content=RESULT)
        return httpx.Response(200, json=answers.get(path, DONE))


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    """The service that the command talks to."""
    service = Service()
    monkeypatch.setattr(
        "convertpro.command_app.http_client", lambda: httpx.Client(transport=httpx.MockTransport(service))
    )
    monkeypatch.setattr("convertpro.drivers.time.sleep", lambda _: None)
    return service


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, and none of this machine's settings."""
    for name, folder in (("XDG_CONFIG_HOME", "config"), ("XDG_STATE_HOME", "state")):
        monkeypatch.setenv(name, str(tmp_path / folder))
    for name in (credentials.URL, credentials.KEY, "CONVERTPRO_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path


@pytest.fixture
def logged_in() -> None:
    """A key is kept already."""
    credentials.save(Credentials("https://convert.example.com", "k"))


@pytest.fixture
def picture() -> Path:
    """A file to convert, in the working directory."""
    path = Path("a.png")
    path.write_bytes(b"\x89PNG")
    return path


def run(*words: str, typed: str | None = None) -> Result:
    """The command with these words."""
    return CliRunner().invoke(app, list(words), input=typed)


@pytest.mark.usefixtures("service")
def test_a_key_is_made_and_only_its_owner_reads_it_when_one_logs_in_by_password() -> None:
    told = run("login", "--base-url", "https://convert.example.com", typed="a@example.com\npassword123\n")
    assert told.exit_code == 0, told.output
    assert "password123" not in told.output
    assert credentials.load() == Credentials("https://convert.example.com", "made-key")
    assert credentials.path().stat().st_mode & 0o777 == 0o600
    assert "password123" not in credentials.path().read_text()


def test_nothing_is_kept_when_the_key_is_refused(service: Service) -> None:
    service.refusal = (401, "unauthenticated")
    assert run("login", "--base-url", "https://convert.example.com", "--api-key", "bad").exit_code == 3
    assert credentials.load() is None


def test_the_kept_key_is_not_sent_to_another_address_when_only_the_environment_s_is_set(
    logged_in: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(credentials.URL, "https://other.example.com")
    assert credentials.load() is None


@pytest.mark.parametrize("words", [("balance",), ("history",), ("convert", "a.png", "--to", "pdf")])
def test_it_says_so_when_nobody_is_logged_in(words: tuple[str, ...], picture: Path) -> None:
    told = run(*words)
    assert told.exit_code == 3
    assert "convertpro login" in told.stderr


def test_a_file_is_converted_once_when_the_command_is_repeated(
    service: Service, logged_in: None, picture: Path
) -> None:
    first = run("convert", "a.png", "--to", "pdf", "--json")
    assert first.exit_code == 0, first.output
    (file,) = json.loads(first.stdout)["files"]
    assert (file["status"], file["points_charged"], file["warnings"]) == ("converted", 3, DONE["warnings"])
    assert Path("a.pdf").read_bytes() == RESULT
    second = run("convert", "a.png", "--to", "pdf")
    assert (second.exit_code, len(service.asked)) == (0, 1)
    assert "done before" in second.stdout
    assert run("convert", "a.png", "--to", "pdf", "--again").exit_code == 0
    assert len(set(service.asked)) == 2


def test_a_name_or_warning_is_shown_as_it_is_when_it_looks_like_markup(service: Service, logged_in: None) -> None:
    Path("[red]a.png").write_bytes(b"\x89PNG")
    told = run("convert", "[red]a.png", "--to", "pdf")
    assert "[red]a.png → [red]a.pdf (3 points)\n  A picture was [bold] left out.\n" in told.stdout


def test_a_file_stays_when_no_run_has_made_it(service: Service, logged_in: None, picture: Path) -> None:
    Path("a.pdf").write_bytes(b"mine")
    refused = run("convert", ".", "--to", "pdf")
    assert (refused.exit_code, service.asked) == (2, [])
    assert Path("a.pdf").read_bytes() == b"mine"
    assert run("convert", ".", "--to", "pdf", "--overwrite").exit_code == 0
    Path("a.pdf").write_bytes(b"changed since")
    assert run("convert", ".", "--to", "pdf").exit_code == 2
    assert Path("a.pdf").read_bytes() == b"changed since"


def test_a_file_stays_when_it_came_where_a_result_was_under_way(
    service: Service, logged_in: None, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = service.__call__

    def meanwhile(request: httpx.Request) -> httpx.Response:
        Path("a.pdf").write_bytes(b"mine")
        return answer(request)

    monkeypatch.setattr(
        "convertpro.command_app.http_client", lambda: httpx.Client(transport=httpx.MockTransport(meanwhile))
    )
    assert run("convert", "a.png", "--to", "pdf").exit_code == 1
    assert (Path("a.pdf").read_bytes(), len(service.asked)) == (b"mine", 1)
    # The result is still to be had, and nobody's file is taken for it.
    assert run("convert", "a.png", "--to", "pdf").exit_code == 2


def test_a_result_is_ours_when_the_run_was_killed_as_it_was_put_in_its_place(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "state")
    entry = journal.entry("k", tmp_path / "a.pdf")
    journal.write(entry)
    (tmp_path / "a.pdf").write_bytes(b"somebody's")
    assert is_foreign(tmp_path / "a.pdf", journal)
    journal.write(replace(entry, saved_sha256=hashlib.sha256(RESULT).hexdigest()))
    assert is_foreign(tmp_path / "a.pdf", Journal(tmp_path / "state"))
    (tmp_path / "a.pdf").write_bytes(RESULT)
    assert not is_foreign(tmp_path / "a.pdf", Journal(tmp_path / "state"))


@pytest.mark.parametrize(
    ("refusal", "down", "code"),
    [
        ((402, "insufficient-points"), False, 4),
        ((422, "corrupt-document"), False, 1),
        ((401, "unauthenticated"), False, 3),
        (None, True, 5),
    ],
)
def test_the_exit_code_says_why_when_a_file_fails(
    service: Service, logged_in: None, picture: Path, refusal: tuple[int, str] | None, down: bool, code: int
) -> None:
    service.refusal, service.down = refusal, down
    assert run("convert", "a.png", "--to", "pdf").exit_code == code
    assert not Path("a.pdf").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("a.png", "--to", "gold"),
        ("empty", "--to", "gold"),
        ("a.png", "--to", "pdf", "--option", "margin"),
        ("a.png", "--to", "pdf", "--option", "margin=1", "--option", "margin=2"),
        ("missing.png", "--to", "pdf"),
        ("text.txt", "--to", "pdf"),
        ("a.png", "empty/../below/a.png", "--to", "pdf", "-o", "out"),
    ],
)
def test_nothing_is_begun_when_the_usage_is_wrong(
    service: Service, logged_in: None, picture: Path, words: tuple[str, ...]
) -> None:
    Path("empty").mkdir()
    Path("below").mkdir()
    Path("below/a.png").write_bytes(b"\x89PNG2")
    Path("text.txt").write_text("text")
    assert run("convert", *words).exit_code == 2
    assert service.asked == []


def test_an_interruption_has_a_code_of_its_own(
    service: Service, logged_in: None, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(service: Service, request: httpx.Request) -> httpx.Response:
        raise KeyboardInterrupt

    monkeypatch.setattr(Service, "__call__", interrupted)
    assert run("convert", "a.png", "--to", "pdf").exit_code == 130
    assert run("balance").exit_code == 130


def test_points_and_history_are_told(service: Service, logged_in: None) -> None:
    assert run("balance").stdout == "27\n"
    assert json.loads(run("balance", "--json").stdout) == {"balance": 27}
    assert json.loads(run("history", "--json").stdout)[0]["conversion_id"] == "c1"
    assert "a.png" in run("history").stdout


def test_the_extra_is_named_when_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "convertpro.command_app")
    monkeypatch.setitem(sys.modules, "typer", None)
    with pytest.raises(SystemExit, match=r"convertpro\[cli\]"):
        command.main()


def test_the_exit_codes_are_those_of_the_readme() -> None:
    table = re.findall(r"^\| (\d+) \| (.*) \|$", (ROOT / "clients/python/README.md").read_text(), re.MULTILINE)
    assert table == re.findall(r"^  (\d+) +(.*)$", EXIT_CODES, re.MULTILINE)
    assert "out of points" in run("convert", "--help").stdout

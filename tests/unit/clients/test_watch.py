"""A watched folder: files are handed out once they rest, once for each version, and again where that can help."""

import json
import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from convertpro.command_watch import Watch, Watched
from convertpro.errors import ConnectionFailed, ConvertProError, InsufficientPoints, problem_of
from convertpro.models import Outcome
from tests.unit.clients.test_command import RESULT, Service, home, logged_in, run, service

__all__ = ["home", "logged_in", "service"]


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    """An empty folder, with the folder of its results inside."""
    (tmp_path / "in" / "out").mkdir(parents=True)
    return Watched(tmp_path / "in", tmp_path / "in" / "out", "pdf", {}, settle_s=2)


def names(watched: Watched, now: float) -> list[str]:
    """The files that are due."""
    return [item.source.name for item in watched.due(now)]


def change(path: Path, text: str) -> None:
    """Write a version of a file whose time differs from the one before, however coarse the clock."""
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(text)
    if before:
        os.utime(path, ns=(before + 10**9, before + 10**9))


def test_a_file_is_due_once_for_each_version_when_it_has_come_to_rest(watched: Watched) -> None:
    file = watched.folder / "a.docx"
    (watched.output / "b.docx").write_text("a result")
    (watched.folder / "c.txt").write_text("what can't become a PDF")
    change(file, "begun")
    assert names(watched, 0) == []
    change(file, "whole")
    assert names(watched, 2) == []
    (item,) = watched.due(4)
    assert item.destination == watched.output / "a.docx.pdf"
    assert names(watched, 100) == []
    change(file, "anew")
    assert [names(watched, now) for now in (101, 103)] == [[], ["a.docx"]]


def test_a_version_waits_when_the_one_before_is_under_way(watched: Watched) -> None:
    file = watched.folder / "a.docx"
    change(file, "one")
    assert [names(watched, now) for now in (0, 2)] == [[], ["a.docx"]]
    change(file, "two")
    assert [watched.due(now, {file}) for now in (3, 6)] == [[], []]
    assert names(watched, 7) == ["a.docx"]


@pytest.mark.parametrize(
    ("error", "is_tried_again"),
    [
        (ConnectionFailed("nobody there"), True),
        (InsufficientPoints({"status": 402}), True),
        (problem_of({"status": 503, "type": "/overloaded"}), True),
        (problem_of({"status": 422, "type": "/corrupt-document"}), False),
        (None, False),
    ],
)
def test_a_file_is_tried_again_when_its_failure_may_pass(
    watched: Watched, error: ConvertProError | None, is_tried_again: bool
) -> None:
    change(watched.folder / "a.docx", "text")
    names(watched, 0)
    (item,) = watched.due(2)
    assert watched.ended(Outcome(item.source, item.destination, error=error), 3) == is_tried_again
    assert names(watched, 7) == []
    assert names(watched, 8) == (["a.docx"] if is_tried_again else [])
    watched.ended(Outcome(item.source, item.destination, error=error), 8)
    assert names(watched, 17) == []
    assert names(watched, 18) == (["a.docx"] if is_tried_again else [])


def steps(monkeypatch: pytest.MonkeyPatch, *acts: Callable[[], bool | None]) -> None:
    """Watch, and between two looks do what is next, anew while it is False; Ctrl-C when all is done."""
    todo = list(acts)
    deadline = time.monotonic() + 10

    def pause(_: float) -> None:
        if not todo:
            raise KeyboardInterrupt
        if todo[0]() is False:
            assert time.monotonic() < deadline
            time.sleep(0.005)
        else:
            del todo[0]

    monkeypatch.setattr("convertpro.command_app.Watch", partial(Watch, pause=pause))


WATCH = ("watch", "in", "--to", "pdf", "-o", "out", "--settle", "0", "--json")


def test_a_folder_is_converted_as_it_changes_and_nothing_twice_when_it_is_watched_again(
    service: Service, logged_in: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("in").mkdir()
    source, result = Path("in/a.png"), Path("out/a.png.pdf")
    change(source, "one")
    steps(
        monkeypatch,
        result.exists,
        lambda: change(source, "two"),
        lambda: len(service.asked) == 2,
    )
    told = run(*WATCH)
    assert told.exit_code == 130, told.output
    lines = [json.loads(line) for line in told.stdout.splitlines()]
    assert [(one["source"], one["status"]) for one in lines] == [("in/a.png", "converted")] * 2
    assert (result.read_bytes(), len(set(service.asked))) == (RESULT, 2)
    steps(monkeypatch, lambda: None, lambda: time.sleep(0.1))
    again = run(*WATCH)
    assert (again.exit_code, again.stdout, len(service.asked)) == (130, "", 2)


def test_what_is_not_ours_stays_when_a_result_would_go_there(
    service: Service, logged_in: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("in").mkdir()
    Path("out").mkdir()
    change(Path("in/a.png"), "one")
    Path("out/a.png.pdf").write_text("mine")
    steps(monkeypatch, lambda: time.sleep(0.2))
    (line,) = run(*WATCH).stdout.splitlines()
    assert json.loads(line)["error"]["name"] == "AlreadyThere"
    assert (Path("out/a.png.pdf").read_text(), service.asked) == ("mine", [])


@pytest.mark.parametrize("words", [("in", "--to", "pdf", "-o", "in"), ("in", "--to", "gold", "-o", "out"), ("in",)])
def test_nothing_is_watched_when_the_usage_is_wrong(logged_in: None, words: tuple[str, ...]) -> None:
    Path("in").mkdir()
    assert run("watch", *words).exit_code == 2


def test_the_watch_ends_when_the_key_is_no_longer_good(
    service: Service, logged_in: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("in").mkdir()
    change(Path("in/a.png"), "one")
    service.refusal = (401, "unauthenticated")
    steps(monkeypatch, *[lambda: time.sleep(0.05)] * 100)
    assert run(*WATCH).exit_code == 3

"""Reads pages in forked processes, two at a time, so that a page that hangs or crashes the reader costs that page alone."""

import io
import logging
import os
import pickle
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, NoReturn

from chalicelib.engines.budget import LOOK_S, Allowance, Exceeded
from chalicelib.engines.page_cost import TooMuch
from chalicelib.engines.word.pages.page import Page, UnreadPage

_LOG = logging.getLogger(__name__)
_FORK = get_context("fork")
_MOST_LANES = 2
_OURS = "chalicelib.engines.word.pages."

Read = Callable[[int], Page]


@dataclass(frozen=True, slots=True)
class Source:
    """The PDF to read."""

    path: Path
    password: str | None
    tagged: bool


class _Pages(pickle.Unpickler):
    """Takes nothing from a reading process but values of the page model."""

    def find_class(self, module: str, name: str) -> Any:
        if module.startswith(_OURS):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a page")


def read_pages(
    open_reader: Callable[[], Read],
    numbers: Sequence[int],
    page_cpu_s: float,
    deadline: float,
    on_page: Callable[[int], None],
) -> dict[int, Page | UnreadPage]:
    """Read the pages ``numbers`` (from 1), each for ``page_cpu_s`` of processor time at most.

    ``open_reader`` is called in every reading process. ``on_page`` is told how many are done. Pages that are not read
    at ``deadline`` (of ``time.monotonic``) are unread.
    """
    results: dict[int, Page | UnreadPage] = {}
    waiting = list(reversed(numbers))
    lanes = [_Lane(open_reader) for _ in range(min(_MOST_LANES, os.cpu_count() or 1, len(numbers)))]
    try:
        while len(results) < len(numbers) and time.monotonic() < deadline:
            for lane in lanes:
                if lane.page is None and waiting:
                    lane.start(waiting.pop(), page_cpu_s)
            for number, page in _next_results(lanes):
                results[number] = page
                on_page(len(results))
    finally:
        for lane in lanes:
            lane.stop()
    return results | {one: UnreadPage(one, "time") for one in numbers if one not in results}


def _next_results(lanes: "Sequence[_Lane]") -> "Iterator[tuple[int, Page | UnreadPage]]":
    busy = [lane for lane in lanes if lane.page is not None]
    ready = wait([lane.connection for lane in busy], timeout=LOOK_S)
    for lane in busy:
        if lane.connection in ready:
            yield lane.finish()
        elif (exceeded := lane.exceeded()) is not None:
            yield lane.give_up("time" if exceeded is Exceeded.SPENT else "crash")


class _Lane:
    """A reading process and the page at hand."""

    def __init__(self, open_reader: Callable[[], Read]) -> None:
        self._open_reader = open_reader
        self.page: int | None = None
        self._allowance: Allowance | None = None
        self._launch()

    def start(self, page: int, cpu_s: float) -> None:
        """Ask for a page."""
        self.page = page
        self._allowance = Allowance(self._process.pid or 0, cpu_s)
        self.connection.send_bytes(str(page).encode())

    def exceeded(self) -> Exceeded | None:
        """Why the page at hand is to be given up now."""
        return self._allowance.exceeded() if self._allowance else None

    def finish(self) -> tuple[int, Page | UnreadPage]:
        """The result at hand; the end of the process is a crash of its page."""
        try:
            answer = _Pages(io.BytesIO(self.connection.recv_bytes())).load()
        except (EOFError, OSError, pickle.UnpicklingError):
            return self.give_up("crash")
        if isinstance(answer, str):
            _LOG.warning("page %s can't be read: %s", self.page, answer)
            return self._done(UnreadPage(self.page or 0, "damaged"))
        return self._done(answer)

    def give_up(self, cause: str) -> tuple[int, Page | UnreadPage]:
        """End the process; its page is unread."""
        self.stop()
        self._launch()
        _LOG.warning("page %s was given up: %s", self.page, cause)
        return self._done(UnreadPage(self.page or 0, cause))

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
        self.connection.close()

    def _done(self, result: Page | UnreadPage) -> tuple[int, Page | UnreadPage]:
        page, self.page, self._allowance = self.page, None, None
        return page or 0, result

    def _launch(self) -> None:
        self.connection, theirs = _FORK.Pipe()
        self._process = _FORK.Process(
            target=_read_forever, args=(theirs, self.connection, self._open_reader), daemon=True
        )
        self._process.start()
        theirs.close()


def _read_forever(connection: Connection, theirs: Connection, open_reader: Callable[[], Read]) -> NoReturn:
    """A reading process's whole life: page numbers in, pages out, until the other end is closed."""
    theirs.close()
    try:
        read = open_reader()
        while True:
            number = int(connection.recv_bytes())
            connection.send_bytes(pickle.dumps(_answer(read, number), protocol=5))
    except (EOFError, OSError):
        os._exit(0)


def _answer(read: Read, number: int) -> Page | UnreadPage | str:
    try:
        return read(number)
    except TooMuch:
        return UnreadPage(number, "time")
    except Exception as error:  # noqa: BLE001 - a damaged page must not cost the others; the page is named
        return f"{type(error).__name__}: {error}"[:300]

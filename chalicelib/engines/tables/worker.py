"""Reads pages in forked processes, so that a page which hangs or crashes the reader costs that page alone."""

import json
import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, NoReturn

from chalicelib.engines.budget import LOOK_S, Allowance, Exceeded
from chalicelib.engines.page_cost import MOST_CONTENT_BYTES, content_bytes
from chalicelib.engines.tables.found import PageReading, found_table
from chalicelib.engines.tables.page import read_page
from chalicelib.engines.tables.source import open_source
from chalicelib.engines.tables.table_tags import TableTags

_LOG = logging.getLogger(__name__)
_FORK = get_context("fork")
_MOST_LANES = 2


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a page could not be read: "time", "crash" or "error"; ``cause`` is for the log."""

    kind: str
    cause: str


class OutOfTime(Exception):
    """The whole document's time is up; ``args[0]`` is the number of pages that were read."""


@dataclass(frozen=True, slots=True)
class Source:
    """The PDF to read."""

    path: Path
    password: str | None


@dataclass(frozen=True, slots=True)
class Budget:
    """Processor seconds that a page may use, and the ``time.monotonic`` moment at which all must be read."""

    page_cpu_s: float
    deadline: float


def read_pages(
    source: Source, pages: Sequence[int], budget: Budget, on_page: Callable[[int], None]
) -> dict[int, PageReading | Failure]:
    """Read ``pages`` (1-based); ``on_page`` is told how many are done. Raises ``OutOfTime`` at the deadline."""
    results: dict[int, PageReading | Failure] = {}
    waiting = list(reversed(pages))
    lanes = [_Lane(source) for _ in range(min(_MOST_LANES, os.cpu_count() or 1, len(pages)))]
    try:
        while len(results) < len(pages):
            for lane in lanes:
                if lane.page is None and waiting:
                    lane.start(waiting.pop(), budget.page_cpu_s)
            for page, result in _next_results(lanes):
                results[page] = result
                on_page(len(results))
            if time.monotonic() > budget.deadline and len(results) < len(pages):
                raise OutOfTime(len(results))
    finally:
        for lane in lanes:
            lane.stop()
    return results


def _next_results(lanes: "Sequence[_Lane]") -> "Iterator[tuple[int, PageReading | Failure]]":
    busy = [lane for lane in lanes if lane.page is not None]
    ready = wait([lane.connection for lane in busy], timeout=LOOK_S)
    for lane in busy:
        if lane.connection in ready:
            result = lane.finish()
            if result is not None:
                yield result
        elif (exceeded := lane.exceeded()) is not None:
            yield lane.give_up(exceeded)


class _Lane:
    """One reading process and the page that it is at."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.page: int | None = None
        self._cpu_s = 0.0
        self._plain = False
        self._launch()

    def start(self, page: int, cpu_s: float) -> None:
        self.page, self._cpu_s, self._plain = page, cpu_s, False
        self._ask()

    def exceeded(self) -> Exceeded | None:
        """Why the page is to be given up."""
        return self._allowance.exceeded()

    def finish(self) -> tuple[int, PageReading | Failure] | None:
        """The result at hand; the end of the process is a crash of its page, which is read once more, more plainly."""
        try:
            return self._done(_decoded(self.connection.recv_bytes()))
        except (EOFError, OSError):
            self._process.join()
            code = self._process.exitcode
            self._relaunch()
            if self._plain:
                return self._done(Failure("crash", f"the reading process ended with exit code {code}"))
            _LOG.warning("page %s is read without tags and model: exit code %s", self.page, code)
            self._plain = True
            self._ask()
            return None

    def _ask(self) -> None:
        self._allowance = Allowance(self._process.pid or 0, self._cpu_s)
        self.connection.send_bytes(json.dumps({"page": self.page, "plain": self._plain}).encode())

    def give_up(self, exceeded: Exceeded) -> tuple[int, PageReading | Failure]:
        self._relaunch()
        kind = "time" if exceeded is Exceeded.SPENT else "crash"
        return self._done(Failure(kind, f"the page's reader was ended for its {exceeded}"))

    def stop(self) -> None:
        self._process.kill()
        self._process.join()
        self.connection.close()

    def _done(self, result: PageReading | Failure) -> tuple[int, PageReading | Failure]:
        page, self.page = self.page, None
        if page is None:
            raise AssertionError("a lane answers for the page that it was given")
        if isinstance(result, Failure):
            _LOG.warning("page %d was given up: %s", page, result.cause)
        return page, result

    def _relaunch(self) -> None:
        self.stop()
        self._launch()

    def _launch(self) -> None:
        self.connection, theirs = _FORK.Pipe()
        self._process = _FORK.Process(target=_read_forever, args=(theirs, self.connection, self._source), daemon=True)
        self._process.start()
        theirs.close()


def _read_forever(connection: Connection, theirs: Connection, source: Source) -> NoReturn:
    """A reading process's whole life: page numbers in, readings out, until the other end is closed."""
    theirs.close()
    try:
        document = open_source(source.path, source.password)
        tags = TableTags(document)
        while True:
            asked = json.loads(connection.recv_bytes())
            answer = _answer(document, tags, asked["page"], plain=asked["plain"])
            connection.send_bytes(json.dumps(answer).encode())
    except (EOFError, OSError):
        os._exit(0)


def _answer(document: Any, tags: TableTags, page: int, *, plain: bool) -> dict[str, Any]:
    try:
        if content_bytes(document, page - 1) > MOST_CONTENT_BYTES:
            return {"too_much": "forms that are drawn a billion times over"}
        return {"reading": asdict(read_page(document, page - 1, tags, plain=plain))}
    except Exception as error:  # noqa: BLE001 - a damaged page must not cost the others; the page is named
        return {"failure": f"{type(error).__name__}: {error}"[:300]}


def _decoded(message: bytes) -> PageReading | Failure:
    answer = json.loads(message)
    if "too_much" in answer:
        return Failure("time", answer["too_much"])
    if "failure" in answer:
        return Failure("error", answer["failure"])
    reading = answer["reading"]
    tables = [found_table(table) for table in reading.pop("tables")]
    return PageReading(tables=tables, **reading)

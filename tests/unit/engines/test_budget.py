"""Processor time is measured from outside: what a child used counts, what it waited for does not."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import NoReturn

import pytest

from chalicelib.domain.errors import ConversionTimeout, Overloaded
from chalicelib.engines import budget
from chalicelib.engines.budget import Allowance, Exceeded, Meter, late


def _compute() -> NoReturn:
    for _ in count():
        pass
    raise AssertionError


def _sleep() -> NoReturn:
    time.sleep(60)
    os._exit(0)


def _compute_below() -> NoReturn:
    """In a grandchild that has left the session."""
    if os.fork() == 0:
        os.setsid()
        _compute()
    _sleep()


@contextmanager
def _child(work: Callable[[], NoReturn]) -> Iterator[int]:
    pid = os.fork()
    if pid == 0:
        signal.alarm(60)
        work()
    try:
        yield pid
    finally:
        for one in reversed(budget.family(pid)):
            os.kill(one, signal.SIGKILL)
        os.waitpid(pid, 0)


@pytest.mark.parametrize("work", [_compute, _compute_below])
def test_a_child_is_over_when_it_or_what_it_started_used_its_time(work: Callable[[], NoReturn]) -> None:
    with _child(work) as pid:
        allowance = Allowance(pid, 0.2)
        assert allowance.exceeded() is None
        while (exceeded := allowance.exceeded()) is None:
            time.sleep(0.02)
        assert exceeded is Exceeded.SPENT


def test_what_a_child_used_before_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "processor_s", lambda _pid: 100.0)
    assert Allowance(os.getpid(), 1).exceeded() is None


def test_a_child_stands_still_when_it_neither_computes_nor_waits_for_the_processor() -> None:
    with _child(_sleep) as pid:
        allowance = Allowance(pid, 10, patience_s=0.2)
        while (exceeded := allowance.exceeded()) is None:
            time.sleep(0.05)
        assert exceeded is Exceeded.STALLED


def test_a_child_does_not_stand_still_when_others_have_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    waited = count(step=10)
    monkeypatch.setattr(budget, "waiting_s", lambda _pid: float(next(waited)))
    with _child(_sleep) as pid:
        allowance = Allowance(pid, 10, patience_s=0.05)
        time.sleep(0.1)
        assert allowance.exceeded() is None


@pytest.mark.parametrize(("used_s", "error"), [(60.0, ConversionTimeout), (40.0, Overloaded)])
def test_being_late_is_ours_when_the_processor_was_not_there(
    monkeypatch: pytest.MonkeyPatch, used_s: float, error: type[Exception]
) -> None:
    clock, used = iter([0.0, 100.0]), iter([0.0, used_s])
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(budget, "processor_s", lambda _pid: next(used))
    assert isinstance(late(Meter(1), "It took too long."), error)

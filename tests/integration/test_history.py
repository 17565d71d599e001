"""The history of conversions: filters, sight and paging."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.conversion import Conversion, Status
from chalicelib.domain.errors import CorruptDocument
from chalicelib.domain.row_size import size_bytes
from chalicelib.domain.users import Role, User
from chalicelib.engines.job import Job, Outcome
from chalicelib.services import Service, conversions
from chalicelib.services.conversions import HistoryFilter
from chalicelib.store import pages
from tests.support.conversions import hand_in, raising, row, work, write_sample
from tests.support.people import People
from tests.support.stack import START, SteppedClock


@pytest.fixture
def user(people: People) -> User:
    """A general user of its own."""
    return people.new()


@pytest.fixture
def past(service: Service, people: People, user: User, clock: SteppedClock) -> list[Conversion]:
    """Six conversions, an hour apart: every third is to Word, one failed, one still runs."""
    made = []
    for number in range(6):
        clock.now = START + timedelta(hours=number)
        slug = "pdf-to-word" if number % 3 == 0 else "remove-pages-from-pdf"
        conversion_id = hand_in(service, people.fresh(user), slug=slug).conversion.conversion_id
        if number != 5:
            work(service, conversion_id, raising(CorruptDocument("Damaged.")) if number == 2 else write_sample)
        made.append(row(service, conversion_id))
    return made


def listed(service: Service, actor: User, past: list[Conversion], limit: int = 50, **filters: Any) -> list[int]:
    """Which of the past ones a history shows, over all its pages."""
    numbers = {one.conversion_id: number for number, one in enumerate(past)}
    found, start = list[int](), None
    while True:
        page = conversions.history(service, actor, HistoryFilter(**filters), start, limit)
        found += [numbers[one.conversion_id] for one in page.rows]
        start = page.next
        if start is None:
            return found
        assert len(page.rows) == limit


def at(hours: float) -> datetime:
    """A moment by the hours since the first conversion."""
    return START + timedelta(hours=hours)


def test_history_is_newest_first_over_pages_of_any_size(service: Service, user: User, past: list[Conversion]) -> None:
    shown = {limit: listed(service, user, past, limit) for limit in (1, 2, 5, 6, 7)}
    assert all(numbers == [5, 4, 3, 2, 1, 0] for numbers in shown.values()), shown


FILTERED: list[tuple[dict[str, Any], list[int]]] = [
    ({"action": "pdf_to_docs"}, [3, 0]),
    ({"action": "nothing"}, []),
    ({"status": Status.SUCCESS}, [4, 3, 1, 0]),
    ({"status": Status.FAILED}, [2]),
    ({"status": Status.PROCESSING}, [5]),
    ({"action": "pdf_page_remove", "status": Status.SUCCESS}, [4, 1]),
    ({"since": at(3)}, [5, 4, 3]),
    ({"until": at(3)}, [2, 1, 0]),
    ({"since": at(1), "until": at(4)}, [3, 2, 1]),
    ({"since": at(0.5), "until": at(1.5), "action": "pdf_page_remove"}, [1]),
    ({"since": at(9)}, []),
    ({"since": at(2), "until": at(2)}, []),
]


@pytest.mark.parametrize("limit", [1, 50])
def test_history_is_filtered(service: Service, user: User, past: list[Conversion], limit: int) -> None:
    shown = [listed(service, user, past, limit, **filters) for filters, _ in FILTERED]
    assert shown == [expected for _, expected in FILTERED]


def test_history_is_ones_own_or_of_a_user_in_sight(
    service: Service, people: People, user: User, past: list[Conversion]
) -> None:
    assert conversions.history(service, people.new(), HistoryFilter(), None, 50).rows == ()
    for role in (Role.ADMIN, Role.SUPER):
        assert listed(service, people.shared(role), past, user_id=user.user_id) == [5, 4, 3, 2, 1, 0]


def test_history_keeps_what_was_deleted(service: Service, user: User, past: list[Conversion]) -> None:
    conversions.delete(service, user, past[0].conversion_id)
    page = conversions.history(service, user, HistoryFilter(), None, 50)
    assert [one.deleted for one in page.rows] == [False] * 5 + [True]


def test_waiting_ends_when_the_conversion_does(service: Service, user: User) -> None:
    conversion = hand_in(service, user).conversion
    naps: list[float] = []

    def sleep(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 3:
            work(service, conversion.conversion_id)

    assert conversions.wait(service, conversion, 60, sleep).status is Status.SUCCESS
    assert len(naps) == 3
    assert naps == sorted(naps)


def test_waiting_does_not_begin_when_the_conversion_has_ended(service: Service, user: User) -> None:
    ended = work(service, hand_in(service, user).conversion.conversion_id)
    assert conversions.wait(service, ended, 60, lambda _: pytest.fail("waited")) == ended


def test_a_page_of_big_rows_stays_below_what_an_answer_carries(
    service: Service, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = people.new()
    for _ in range(5):
        work(service, hand_in(service, people.fresh(user)).conversion.conversion_id, _write_wordy)
    monkeypatch.setattr(pages, "PAGE_BYTES", 300_000)
    seen: list[Conversion] = []
    position = None
    while True:
        page = conversions.history(service, user, HistoryFilter(), position, 200)
        assert 0 < sum(size_bytes(asdict(one.result)) for one in page.rows if one.result) < 300_000
        seen += page.rows
        position = page.next
        if position is None:
            break
    assert len({one.conversion_id for one in seen}) == len(seen) == 5
    assert all(one.result for one in seen), "none failed for its size"


def _write_wordy(job: Job) -> Outcome:
    sheets = [f"{number}" + "表" * 100 for number in range(500)]
    write_sample(job)
    return Outcome(tuple(sheets), {"engine": "scripted", "engine_version": "1", "hidden_sheets": sheets, "s": sheets})

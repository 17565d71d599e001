"""Races on counters: batches of the stream come twice, in any order and at the same moment; each row counts once."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.domain.users import Role
from chalicelib.services import Service
from chalicelib.workers import tallying
from infra import recount
from tests.races.test_faults import conflict, inject, lost_answer, throttled
from tests.support.dynamodb_local import client
from tests.support.ended import Image, anybody, by_hand, event, random_rows, stored, write

ROWS, DAYS, BATCH, SHARDS = 1_000, 2, 100, 4
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
OWNERS = [anybody(f"user-{number}", role) for number in range(2) for role in (Role.GENERAL, Role.ADMIN)]


@pytest.fixture
def dynamodb(dynamodb_local: str, service: Service, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A client beside the service's own; the stream's handler works on the service."""
    monkeypatch.setattr(tallying, "_service", lambda: service)
    return client(dynamodb_local)


def batches(images: list[Image]) -> Iterator[list[Image]]:
    """Every record twice, in any order."""
    told = images * 2
    random.Random(2).shuffle(told)
    return (told[start : start + BATCH] for start in range(0, len(told), BATCH))


def tell(images: list[Image]) -> None:
    """Tell a batch until all of it is counted."""
    records = event(images)["Records"]
    while failures := tallying.handler({"Records": records}, None)["batchItemFailures"]:
        numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
        records = records[numbers.index(failures[0]["itemIdentifier"]) :]


def test_counters_equal_a_count_of_all_rows_when_batches_come_twice_shuffled_and_at_once(
    service: Service, dynamodb: Any
) -> None:
    rows = random_rows(OWNERS, NOW, ROWS, DAYS)
    images = write(rows)
    with ThreadPoolExecutor(SHARDS) as pool:
        list(pool.map(tell, batches(images)))
    assert stored(dynamodb, service.settings) == by_hand(rows)
    assert recount.compare(service, dynamodb) == []


@pytest.mark.parametrize("fault", [conflict, throttled, lost_answer])
def test_a_row_counts_once_when_the_transaction_meets_a_fault(service: Service, dynamodb: Any, fault: Any) -> None:
    rows = random_rows(OWNERS, NOW, 30, 1)
    images = write(rows)
    inject(service, *[fault] * 2)
    tell(images)
    assert stored(dynamodb, service.settings) == by_hand(rows)


def test_missed_rows_count_once_when_recounting_meets_the_tally(service: Service, dynamodb: Any) -> None:
    rows = random_rows(OWNERS, NOW, 100, 1)
    images = write(rows)
    with ThreadPoolExecutor(2) as pool:
        telling = pool.submit(tell, images)
        pool.submit(recount.count_missed, service, dynamodb).result()
        telling.result()
    assert stored(dynamodb, service.settings) == by_hand(rows)

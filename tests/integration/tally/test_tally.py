"""Counters are exact, however often and in whatever order the stream tells of a conversion."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.users import Role
from chalicelib.services import Service, tally
from chalicelib.workers import tallying
from infra import recount
from tests.support.ended import Image, anybody, by_hand, ended_row, event, random_rows, stored, write
from tests.support.stack import START, Stack

OWNERS = [anybody(f"user-{number}", role) for number in range(2) for role in (Role.GENERAL, Role.ADMIN)]


@pytest.fixture
def told(empty_stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The handler of the stream, on the service under test."""
    monkeypatch.setattr(tallying, "_service", lambda: empty_stack.service)

    def tell(images: list[Image]) -> list[str]:
        failures = tallying.handler(event(images), None)["batchItemFailures"]
        return [one["itemIdentifier"] for one in failures]

    return tell


def test_a_conversion_counts_once_when_a_batch_is_told_again_with_new_ones(empty_stack: Stack, told: Any) -> None:
    rows = random_rows(OWNERS, START, 60, 1)
    images = write(rows)
    told(images[:40])
    told(images)
    told([*images, *images])
    assert stored(empty_stack.dynamodb, empty_stack.settings) == by_hand(rows)


def test_the_stream_is_read_again_from_where_counting_failed_when_the_store_does_not_answer(
    empty_stack: Stack, told: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = random_rows(OWNERS, START, 100, 1)
    images = write(rows)
    told_event = event(images)
    count, calls = tally.count, iter([True, False])

    def failing(service: Service, group: Any) -> int:
        if next(calls, True):
            return count(service, group)
        raise TimeoutError

    monkeypatch.setattr(tally, "count", failing)
    (failure,) = tallying.handler(told_event, None)["batchItemFailures"]
    numbers = [record["dynamodb"]["SequenceNumber"] for record in told_event["Records"]]
    at = numbers.index(failure["itemIdentifier"])
    assert 0 < at < 100
    assert stored(empty_stack.dynamodb, empty_stack.settings) == by_hand(rows[:at])
    assert told(images[at:]) == []
    assert stored(empty_stack.dynamodb, empty_stack.settings) == by_hand(rows)


def test_others_are_counted_when_one_record_can_not_be_read(empty_stack: Stack, told: Any) -> None:
    rows = random_rows(OWNERS, START, 5, 1)
    images = write(rows)
    broken: Image = {"conversion_id": {"S": "x"}, "status": {"S": "success"}}
    (failed,) = told([*images[:3], broken, *images[3:]])
    assert failed
    assert stored(empty_stack.dynamodb, empty_stack.settings) == by_hand(rows[:3])
    told(images[3:])
    assert stored(empty_stack.dynamodb, empty_stack.settings) == by_hand(rows)


def test_nothing_is_counted_when_the_row_is_gone_or_has_not_ended(empty_stack: Stack, told: Any) -> None:
    row = ended_row(OWNERS[0], START)
    image = dict(row.serialize())
    assert told([image]) == []
    row.status, row.ended_at = "processing", None
    row.save()
    assert told([image]) == []
    assert all(figures == [0] * 5 for figures in stored(empty_stack.dynamodb, empty_stack.settings).values())


def test_the_last_use_is_the_latest_when_records_come_in_another_order(empty_stack: Stack, told: Any) -> None:
    owner = OWNERS[0]
    images = write([ended_row(owner, START - timedelta(hours=hours)) for hours in (2, 0, 1)])
    for image in images:
        told([image])
    (total,) = empty_stack.service.store.stats.totals(owner.user_id)
    latest = empty_stack.service.store.activity.of([owner.user_id])[owner.user_id]
    assert total.last_used_at == latest.last_conversion_at == "2026-03-02T09:00:00.000Z"


def test_recounting_finds_and_mends_what_is_wrong(empty_stack: Stack, told: Any) -> None:
    service, dynamodb = empty_stack.service, empty_stack.dynamodb
    rows = random_rows(OWNERS, START, 40, 1)
    images = write(rows)
    told(images[:30])
    key = {"scope": {"S": rows[0].owner_id}, "bucket": {"S": f"total#{rows[0].action}"}}
    values = {":x": {"N": "700"}}
    table = empty_stack.settings.tables.stats
    dynamodb.update_item(TableName=table, Key=key, UpdateExpression="SET points = :x", ExpressionAttributeValues=values)
    assert recount.count_missed(service, dynamodb) == 10
    (difference,) = recount.compare(service, dynamodb)
    assert "points 700 instead of" in str(difference)
    assert recount.correct(service.settings, dynamodb, difference)
    assert stored(empty_stack.dynamodb, empty_stack.settings) == by_hand(rows)
    assert recount.compare(service, dynamodb) == []


def test_a_counter_is_left_alone_when_it_changes_while_it_is_recounted(empty_stack: Stack, told: Any) -> None:
    service, dynamodb = empty_stack.service, empty_stack.dynamodb
    owner = OWNERS[0]
    told(write([ended_row(owner, START)]))
    key = {"scope": {"S": owner.user_id}, "bucket": {"S": "total#pdf_to_docs"}}
    dynamodb.update_item(
        TableName=empty_stack.settings.tables.stats,
        Key=key,
        UpdateExpression="SET points = :x",
        ExpressionAttributeValues={":x": {"N": "7"}},
    )
    (difference,) = recount.compare(service, dynamodb)
    told(write([ended_row(owner, START)]))
    assert not recount.correct(service.settings, dynamodb, difference)
    (total,) = service.store.stats.totals(owner.user_id)
    assert (total.counts.requests, total.counts.points) == (2, 10)

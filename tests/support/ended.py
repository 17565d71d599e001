"""Conversions that ended, written as rows without being run, and the stream events that tell of them."""

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID as ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from pynamodb.models import Model

from chalicelib.conversions import CATALOGUE
from chalicelib.domain.clock import rfc3339
from chalicelib.domain.ids import new_id
from chalicelib.domain.tally import sums
from chalicelib.domain.users import Role, User
from chalicelib.services import Service, tally
from chalicelib.settings import Settings
from chalicelib.store.conversions import ended_of
from chalicelib.store.tables import ConversionItem
from chalicelib.store.tables_reporting import StatItem
from tests.support.stack import REGION

Image = dict[str, Any]
_sequence = count(10**20)
_MILLISECOND = timedelta(milliseconds=1)


def ended_row(
    owner: User,
    at: datetime,
    action: str = "pdf_to_docs",
    succeeded: bool = True,
    points: int = 3,
    latency_ms: int = 9,
) -> ConversionItem:
    """A row of a conversion that ``owner`` asked for ``at`` that moment."""
    return ConversionItem(
        conversion_id=new_id(at),
        owner_id=owner.user_id,
        owner_role=owner.role.value,
        action=action,
        status="success" if succeeded else "failed",
        inputs=[{"key": "k", "name": "document.pdf", "kind": "pdf", "size": 1}],
        options={},
        created_at=rfc3339(at),
        updated_at=rfc3339(at + timedelta(milliseconds=latency_ms)),
        ended_at=rfc3339(at + timedelta(milliseconds=latency_ms)),
        points_charged=points if succeeded else 0,
    )


def random_rows(owners: Sequence[User], until: datetime, number: int, days: int, seed: int = 1) -> list[ConversionItem]:
    """Rows of all actions and outcomes over the ``days`` before ``until``."""
    dice = random.Random(seed)
    return [
        ended_row(
            dice.choice(owners),
            until - timedelta(seconds=dice.randrange(days * 86_400)),
            dice.choice(CATALOGUE).action,
            dice.random() < 0.8,
            dice.choice([0, 3, 5]),
            dice.randrange(30_000),
        )
        for _ in range(number)
    ]


def write(rows: Iterable[ConversionItem]) -> list[Image]:
    """Put the rows into the table; what the stream tells of them."""
    images = []
    with ConversionItem.batch_write() as batch:
        for row in rows:
            batch.save(row)
            images.append(dict(row.serialize()))
    return images


def event(images: Iterable[Image]) -> dict[str, Any]:
    """The event that Lambda makes of the stream's records."""
    return {"Records": [_record(image) for image in images]}


def settle(service: Service, rows: Iterable[ConversionItem]) -> None:
    """Write the rows and count them."""
    assert tally.tally(service, write(rows)) is None


def settle_for(service: Service, owner: User, number: int, **row: Any) -> None:
    """Write and count ``number`` conversions of ``owner``, a second apart and the last of them now."""
    now = service.clock()
    settle(service, [ended_row(owner, now - timedelta(seconds=at), **row) for at in range(number)])


def put_counted(rows: Sequence[ConversionItem]) -> None:
    """Put into moto the rows and what they add to counters that nothing else adds to: quicker than the tally."""
    for row in rows:
        row.counted = row.owner_role
    images = _put(ConversionItem, rows)
    _put(
        StatItem,
        [StatItem(key.scope, key.bucket, **asdict(counts)) for key, counts in sums(map(ended_of, images)).items()],
    )


def _put(model: type[Model], items: Iterable[Model]) -> list[Image]:
    """Not by requests, of which thousands take half a minute."""
    table = dynamodb_backends[ACCOUNT_ID][REGION].get_table(model.Meta.table_name)
    images = [dict(item.serialize()) for item in items]
    for image in images:
        table.put_item(image, overwrite=True)
    return images


def anybody(user_id: str, role: Role = Role.GENERAL) -> User:
    """A user as far as rows name it."""
    return User(user_id, "", "", role, is_active=True, created_at="")


def by_hand(rows: Iterable[ConversionItem]) -> dict[tuple[str, str], list[int]]:
    """What a person would count: requests, successes, failures, points, milliseconds."""
    counters: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * 5)
    for row in rows:
        took = datetime.fromisoformat(row.ended_at) - datetime.fromisoformat(row.created_at)
        good = int(row.status == "success")
        for scope in (row.owner_id, f"all#{row.owner_role}"):
            for when in (row.created_at[:10], "total"):
                figures = counters[scope, f"{when}#{row.action}"]
                for at, value in enumerate((1, good, 1 - good, int(row.points_charged), round(took / _MILLISECOND))):
                    figures[at] += value
    return dict(counters)


def stored(dynamodb: Any, settings: Settings) -> dict[tuple[str, str], list[int]]:
    """The counters as DynamoDB has them, in the same form."""
    names = ("requests", "succeeded", "failed", "points", "latency_ms")
    pages = dynamodb.get_paginator("scan").paginate(TableName=settings.tables.stats)
    return {
        (item["scope"]["S"], item["bucket"]["S"]): [int(item.get(name, {"N": 0})["N"]) for name in names]
        for page in pages
        for item in page["Items"]
    }


def _record(image: Image) -> dict[str, Any]:
    number = str(next(_sequence))
    old = image | {"status": {"S": "processing"}}
    change = {"Keys": {"conversion_id": image["conversion_id"]}, "OldImage": old, "NewImage": image}
    told = {"ApproximateCreationDateTime": 1_772_442_000.0, "SequenceNumber": number, "SizeBytes": 900}
    return {
        "eventID": number,
        "eventName": "MODIFY",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "us-east-1",
        "dynamodb": change | told | {"StreamViewType": "NEW_AND_OLD_IMAGES"},
        "eventSourceARN": "arn:aws:dynamodb:us-east-1:123456789012:table/conversions/stream/1",
    }

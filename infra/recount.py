"""Counts conversions that the tally missed, and compares its counters with a count of every row: `make recount`.

Works on a service in use. What `--write` puts right stays right: a counter is written only when it did not change
while the rows were counted, and still holds what it held then.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import asdict, astuple, dataclass
from typing import Any

import boto3
from botocore.exceptions import ClientError

from chalicelib.domain.tally import CounterKey, Counts, Ended, sums
from chalicelib.services import Service, tally
from chalicelib.settings import Settings
from chalicelib.store.conversions import ended_of
from infra import deployed

_FIGURES = tuple(asdict(Counts()))
_NEEDED = ("conversion_id", "owner_id", "owner_role", "action", "status", "points_charged", "created_at", "ended_at")


@dataclass(frozen=True)
class Difference:
    """A counter that is not what the rows say. ``steady``: it did not change while they were counted."""

    key: CounterKey
    stored: Counts
    counted: Counts
    steady: bool

    def __str__(self) -> str:
        figures = zip(_FIGURES, astuple(self.stored), astuple(self.counted), strict=True)
        told = ", ".join(f"{name} {was} instead of {right}" for name, was, right in figures if was != right)
        return f"{self.key.scope} {self.key.bucket}: {told}{'' if self.steady else ' (changing now)'}"


def count_missed(service: Service, dynamodb: Any) -> int:
    """Hand every row that ended and was never counted to the tally; how many there were."""
    rows = [row for row, counted in ended_rows(service.settings, dynamodb) if not counted]
    return sum(tally.count(service, group) for _, group in tally.groups(rows))


def compare(service: Service, dynamodb: Any) -> list[Difference]:
    """Every counter that differs from the count of the rows."""
    before = _counters(service.settings, dynamodb)
    counted = sums(row for row, is_counted in ended_rows(service.settings, dynamodb) if is_counted)
    after = _counters(service.settings, dynamodb)
    nothing = Counts()
    return [
        Difference(key, after.get(key, nothing), counted.get(key, nothing), before.get(key) == after.get(key))
        for key in sorted(after.keys() | counted.keys())
        if after.get(key, nothing) != counted.get(key, nothing)
    ]


def correct(settings: Settings, dynamodb: Any, difference: Difference) -> bool:
    """Write what was counted; False when the counter is changing or has changed since."""
    if not difference.steady:
        return False
    values = {f":{name}": {"N": str(value)} for name, value in asdict(difference.counted).items()}
    seen = {":seen": {"N": str(difference.stored.requests)}}
    unchanged = "#requests = :seen" + ("" if difference.stored.requests else " OR attribute_not_exists(#requests)")
    try:
        dynamodb.update_item(
            TableName=settings.tables.stats,
            Key={"scope": {"S": difference.key.scope}, "bucket": {"S": difference.key.bucket}},
            UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in _FIGURES),
            ConditionExpression=unchanged,
            ExpressionAttributeNames={f"#{name}": name for name in _FIGURES},
            ExpressionAttributeValues=values | seen,
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return False
    return True


def ended_rows(settings: Settings, dynamodb: Any) -> Iterator[tuple[Ended, bool]]:
    """Every conversion that ended, and whether it is counted."""
    names = {f"#{name}": name for name in (*_NEEDED, "counted")}
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=settings.tables.conversions,
        ConsistentRead=True,
        FilterExpression="attribute_exists(#ended_at)",
        ProjectionExpression=", ".join(names),
        ExpressionAttributeNames=names,
    )
    for page in pages:
        for item in page["Items"]:
            yield ended_of(item), "counted" in item


def _counters(settings: Settings, dynamodb: Any) -> dict[CounterKey, Counts]:
    pages = dynamodb.get_paginator("scan").paginate(TableName=settings.tables.stats, ConsistentRead=True)
    return {
        CounterKey(item["scope"]["S"], item["bucket"]["S"]): Counts(
            *(int(item.get(name, {"N": "0"})["N"]) for name in _FIGURES)
        )
        for page in pages
        for item in page["Items"]
    }


def main() -> int:
    """The exit code: 1 when differences stay, 2 when there is no such service."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stack", help="CloudFormation stack; without it, the service that runs on this machine")
    parser.add_argument("--write", action="store_true", help="put the counters right")
    arguments = parser.parse_args()
    try:
        service = deployed.opened(arguments.stack)
    except deployed.NoStack as error:
        print(error, file=sys.stderr)
        return 2
    settings = service.settings
    dynamodb = boto3.client("dynamodb", region_name=settings.region, endpoint_url=settings.endpoint_url)
    print(f"{count_missed(service, dynamodb)} conversions had not been counted; now they are.")
    differences = compare(service, dynamodb)
    left = 0
    for difference in differences:
        is_right = arguments.write and correct(service.settings, dynamodb, difference)
        left += not is_right
        print(f"{difference}{': put right' if is_right else ''}")
    print(f"{len(differences)} counters differed, {left} still do.")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())

"""The service on moto, in this process: tables, bucket and queues as the template has them, and a clock to step."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import boto3
from moto import mock_aws

from chalicelib.services import Service
from chalicelib.settings import Settings
from chalicelib.store import Store, connection
from chalicelib.store.tables import UserItem
from infra.local import moto_transactions
from infra.local.resources import role_arn
from tests.support import template
from tests.support.strictness import as_strict_as_dynamodb

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REGION: Final = "eu-central-1"
"""moto's state is its process's: a region that no other test uses keeps this stack apart."""
SIGNING_SECRET = "a secret that signs the tokens of the tests, long enough for HS512 too"


class SteppedClock:
    """Stands still until it is stepped."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        """The moment it stands at."""
        return self.now

    def step(self, seconds: float) -> None:
        """Go ``seconds`` on."""
        self.now += timedelta(seconds=seconds)


class Stack:
    """What a test works with. Data of other tests are there too: a test makes its own users, or asks for a reset."""

    def __init__(self) -> None:
        self.clock = SteppedClock()
        # Not boto3's default session, which would keep moto's credentials for tests that have their own.
        session = boto3.Session(region_name=REGION)
        self.sqs = session.client("sqs")
        self.dynamodb = session.client("dynamodb")
        self.s3 = session.client("s3")
        self.settings = Settings.from_env(self._create())
        self.service = Service(self.settings, Store(self.settings), self.clock)

    def begin(self) -> None:
        """Set the clock back, and point the models at these tables again if another service took them."""
        self.clock.now = START
        if UserItem.Meta.table_name != self.settings.tables.users:
            connection.bind_tables(self.settings, connection.client(self.settings, "dynamodb"))

    def empty(self) -> None:
        """Forget every row: for tests that look at everything."""
        for name, definition in template.tables().items():
            self.dynamodb.delete_table(TableName=name)
            self.dynamodb.create_table(TableName=name, **definition)

    def objects(self, prefix: str = "") -> list[str]:
        """The keys in the bucket."""
        found = self.s3.list_objects_v2(Bucket=self.settings.bucket, Prefix=prefix)
        return [one["Key"] for one in found.get("Contents", [])]

    def items(self, table: str) -> list[dict[str, Any]]:
        """Every row of a table, as DynamoDB keeps it."""
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=table)
        return [item for page in pages for item in page["Items"]]

    def messages(self, queue_url: str) -> list[str]:
        """Take the bodies of all messages out of a queue."""
        bodies: list[str] = []
        while found := self.sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10).get("Messages"):
            bodies += [one["Body"] for one in found]
            for one in found:
                self.sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=one["ReceiptHandle"])
        return bodies

    def _create(self) -> dict[str, str]:
        """Create what the template declares; the environment that it gives the functions, on one's own machine."""
        for name, definition in template.tables().items():
            self.dynamodb.create_table(TableName=name, **definition)
        buckets = {name: name.lower() for name in template.names("AWS::S3::Bucket")}
        for bucket in buckets.values():
            self.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        queues = {name: self.sqs.create_queue(QueueName=name)["QueueUrl"] for name in template.names("AWS::SQS::Queue")}
        physical = buckets | queues
        environment = {
            variable: physical.get(str(name), str(name)) for variable, name in template.environment().items()
        }
        return environment | {
            "AWS_REGION": REGION,
            "STAGE": "local",
            "JWT_SECRET": SIGNING_SECRET,
            "PUBLIC_BASE_URL": "",
            "CORS_ORIGINS": "",
            "INBOX_ROLE_ARN": role_arn("InboxRole"),
            "LOG_LEVEL": "DEBUG",
            "DEFAULT_WAIT_S": "0.01",
            "LONGEST_WAIT_S": "25",
            # Tests share accounts while the clock stands and no stream tells of ends: limits are set where they matter.
            "MAX_ACTIVE_PER_USER": "100000",
            "MAX_ACTIVE_BATCH_PER_USER": "100000",
            "RATE_LIMIT_PER_MINUTE": "100000",
        }


@contextmanager
def moto_stack() -> Iterator[Stack]:
    """A stack for as long as the context lasts."""
    moto_transactions.roll_back_items_only()
    with mock_aws(), as_strict_as_dynamodb():
        yield Stack()

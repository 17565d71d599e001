"""The parts of `make run`: AWS in one process, the pollers, what is installed and made once."""

import http.client
import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from infra import first_user
from infra.local.environment import signing_secret
from infra.local.install import CannotInstall, Step, call
from infra.local.poller import poll_once
from tests.support.local_aws import Aws, running_aws


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    with running_aws("t") as running:
        yield running


@pytest.fixture
def queue(aws: Aws) -> str:
    """An empty queue."""
    url: str = aws.client("sqs").create_queue(QueueName=f"q-{uuid4().hex}")["QueueUrl"]
    return url


def test_the_environment_names_what_was_created_when_the_template_is_brought_up(aws: Aws) -> None:
    # moto's state is its process's: tables of other tests may stand beside these.
    tables = {name for name in aws.client("dynamodb").list_tables()["TableNames"] if name.startswith("t-")}
    assert {name for key, name in aws.environment.items() if key.endswith("_TABLE")} == tables
    assert aws.environment["FILES_BUCKET"] in {one["Name"] for one in aws.client("s3").list_buckets()["Buckets"]}
    assert aws.environment["LOG_LEVEL"] == "INFO"
    assert "JWT_SECRET_ARN" not in aws.environment, "there is no Secrets Manager here"


def test_queues_keep_their_time_outs_and_dead_letter_queues_when_created(aws: Aws) -> None:
    answer = aws.client("sqs").get_queue_attributes(
        QueueUrl=aws.environment["DOCUMENTS_QUEUE_URL"], AttributeNames=["All"]
    )
    assert answer["Attributes"]["VisibilityTimeout"] == "1800"
    redrive = json.loads(answer["Attributes"]["RedrivePolicy"])
    assert redrive["deadLetterTargetArn"].endswith(":t-documents-dead-letters")


def test_other_calls_are_answered_when_a_receiver_waits(aws: Aws, queue: str) -> None:
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(aws.client("sqs").receive_message, QueueUrl=queue, WaitTimeSeconds=20)
        time.sleep(0.3)
        assert aws.client("dynamodb").list_tables()["TableNames"]
        assert not waiting.done()
        aws.client("sqs").send_message(QueueUrl=queue, MessageBody="hello")
        assert waiting.result(timeout=10)["Messages"][0]["Body"] == "hello", "the receiver must wake before its 20 s"


def test_a_released_message_wakes_a_waiting_receiver(aws: Aws, queue: str) -> None:
    sqs = aws.client("sqs")
    sqs.send_message(QueueUrl=queue, MessageBody="again")
    (taken,) = sqs.receive_message(QueueUrl=queue)["Messages"]
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(aws.client("sqs").receive_message, QueueUrl=queue, WaitTimeSeconds=20)
        time.sleep(0.3)
        sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=taken["ReceiptHandle"], VisibilityTimeout=0)
        assert waiting.result(timeout=10)["Messages"][0]["Body"] == "again"


def test_an_empty_queue_answers_with_nothing_when_the_wait_is_over(aws: Aws, queue: str) -> None:
    assert "Messages" not in aws.client("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=1)


def spend(table: str, amount: int) -> dict[str, Any]:
    return {
        "Update": {
            "TableName": table,
            "Key": {"name": {"S": "purse"}},
            "UpdateExpression": "SET points = points - :a",
            "ConditionExpression": "points >= :a",
            "ExpressionAttributeValues": {":a": {"N": str(amount)}},
        }
    }


def receipt(table: str, key: str) -> dict[str, Any]:
    return {
        "Put": {
            "TableName": table,
            "Item": {"conversion_id": {"S": key}},
            "ConditionExpression": "attribute_not_exists(conversion_id)",
        }
    }


def points(aws: Aws) -> int:
    item = aws.client("dynamodb").get_item(TableName=aws.environment["RULES_TABLE"], Key={"name": {"S": "purse"}})
    return int(item["Item"]["points"]["N"])


def test_nothing_of_a_transaction_stays_when_one_part_fails(aws: Aws) -> None:
    dynamodb, rules, rows = aws.client("dynamodb"), aws.environment["RULES_TABLE"], aws.environment["CONVERSIONS_TABLE"]
    dynamodb.put_item(TableName=rules, Item={"name": {"S": "purse"}, "points": {"N": "10"}})
    dynamodb.put_item(TableName=rows, Item={"conversion_id": {"S": "taken"}, "kept": {"S": "yes"}})
    with pytest.raises(ClientError, match="TransactionCanceled"):
        dynamodb.transact_write_items(TransactItems=[spend(rules, 3), receipt(rows, "new"), receipt(rows, "taken")])
    assert points(aws) == 10
    assert "Item" not in dynamodb.get_item(TableName=rows, Key={"conversion_id": {"S": "new"}})
    kept = dynamodb.get_item(TableName=rows, Key={"conversion_id": {"S": "taken"}})
    assert kept["Item"]["kept"] == {"S": "yes"}


def test_transactions_are_exact_when_many_run_at_once(aws: Aws) -> None:
    rules, rows = aws.environment["RULES_TABLE"], aws.environment["CONVERSIONS_TABLE"]
    aws.client("dynamodb").put_item(TableName=rules, Item={"name": {"S": "purse"}, "points": {"N": "50"}})

    def buy(number: int) -> bool:
        try:
            local.dynamodb.transact_write_items(TransactItems=[spend(rules, 1), receipt(rows, f"bought-{number}")])
        except ClientError:
            return False
        return True

    local = threading.local()
    with ThreadPoolExecutor(8, initializer=lambda: setattr(local, "dynamodb", aws.client("dynamodb"))) as pool:
        bought = sum(pool.map(buy, range(80)))
    assert bought == 50
    assert points(aws) == 0


def test_a_presigned_url_serves_the_object_under_its_own_name(aws: Aws) -> None:
    s3, bucket = aws.client("s3"), aws.environment["FILES_BUCKET"]
    body = os.urandom(2_000_000)
    s3.put_object(Bucket=bucket, Key="a/b c.pdf", Body=body)
    url = s3.generate_presigned_url(
        "get_object",
        Params={"Bucket": bucket, "Key": "a/b c.pdf", "ResponseContentDisposition": 'attachment; filename="x.pdf"'},
    )
    connection = http.client.HTTPConnection(aws.endpoint.removeprefix("http://"))
    connection.request("GET", url.removeprefix(aws.endpoint))
    answer = connection.getresponse()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="x.pdf"'
    assert answer.read() == body
    connection.close()


def test_a_role_is_refused_locally_what_it_may_not_do_on_aws(aws: Aws) -> None:
    """Else the first to notice would be the one who deploys."""
    sessions, rows = aws.environment["SESSIONS_TABLE"], aws.environment["CONVERSIONS_TABLE"]
    worker = aws.client("dynamodb", "LightRole")
    with pytest.raises(ClientError, match="LightRole is not authorized to perform: dynamodb:GetItem on resource: Sess"):
        worker.get_item(TableName=sessions, Key={"family_id": {"S": "1"}})
    with pytest.raises(ClientError, match="dynamodb:DeleteItem"):
        worker.transact_write_items(
            TransactItems=[{"Delete": {"TableName": rows, "Key": {"conversion_id": {"S": "1"}}}}]
        )
    with pytest.raises(ClientError, match="dynamodb:Query on resource: ConversionsTable/index/by_due"):
        worker.query(
            TableName=rows,
            IndexName="by_due",
            KeyConditionExpression="due_shard = :s",
            ExpressionAttributeValues={":s": {"S": "1"}},
        )
    with pytest.raises(ClientError, match="AccessDenied"):
        aws.client("s3", "LightRole").put_object(Bucket=aws.environment["FILES_BUCKET"], Key="elsewhere/1", Body=b"")
    with pytest.raises(ClientError, match="sqs:SendMessage"):
        aws.client("sqs", "LightRole").send_message(QueueUrl=aws.physical["LightQueue"], MessageBody="{}")


def test_a_role_may_do_locally_what_it_may_do_on_aws(aws: Aws) -> None:
    row = {"conversion_id": {"S": "mine"}, "due_shard": {"S": "1"}, "due_at": {"N": "1"}}
    aws.client("dynamodb", "LightRole").put_item(TableName=aws.environment["CONVERSIONS_TABLE"], Item=row)
    found = aws.client("dynamodb", "SweeperRole").query(
        TableName=aws.environment["CONVERSIONS_TABLE"],
        IndexName="by_due",
        KeyConditionExpression="due_shard = :s",
        ExpressionAttributeValues={":s": {"S": "1"}},
    )
    assert found["Count"] == 1
    s3, place = aws.client("s3", "LightRole"), {"Bucket": aws.environment["FILES_BUCKET"], "Key": "conversions/1/out"}
    s3.put_object(**place, Body=b"result")
    s3.delete_objects(Bucket=place["Bucket"], Delete={"Objects": [{"Key": place["Key"]}]})
    with pytest.raises(ClientError, match="NoSuchKey"):
        s3.get_object(**place)


def test_a_handler_gets_lambdas_event_and_the_message_is_gone_when_it_succeeds(aws: Aws, queue: str) -> None:
    sqs, events = aws.client("sqs"), []

    def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        assert context.aws_request_id
        events.append(event)
        return {"batchItemFailures": []}

    sqs.send_message(QueueUrl=queue, MessageBody='{"conversion_id": "1"}')
    assert poll_once(sqs, queue, "arn:aws:sqs:us-east-1:123456789012:light", handler)
    (record,) = events[0]["Records"]
    assert record["body"] == '{"conversion_id": "1"}'
    assert record["eventSource"] == "aws:sqs"
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert waiting(sqs, queue) == (0, 0)


@pytest.mark.parametrize("way", ["reports it", "raises"])
def test_a_message_stays_in_the_queue_when_its_handler_fails(aws: Aws, queue: str, way: str) -> None:
    sqs = aws.client("sqs")

    def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
        if way == "raises":
            raise RuntimeError("broken")
        return {"batchItemFailures": [{"itemIdentifier": event["Records"][0]["messageId"]}]}

    sqs.send_message(QueueUrl=queue, MessageBody="{}")
    assert poll_once(sqs, queue, "arn:aws:sqs:us-east-1:123456789012:light", handler)
    assert waiting(sqs, queue) == (0, 1)


def waiting(sqs: Any, queue: str) -> tuple[int, int]:
    """How many messages are visible, and how many are taken but not deleted."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    attributes = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
    return int(attributes[names[0]]), int(attributes[names[1]])


def test_only_the_failed_of_several_messages_stay_in_the_queue(aws: Aws, queue: str) -> None:
    sqs = aws.client("sqs")

    def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
        failed = [one for one in event["Records"] if one["body"] == "broken"]
        return {"batchItemFailures": [{"itemIdentifier": one["messageId"]} for one in failed]}

    for body in ("good", "broken", "good"):
        sqs.send_message(QueueUrl=queue, MessageBody=body)
    assert poll_once(sqs, queue, "arn:aws:sqs:us-east-1:123456789012:intake", handler, batch=10)
    assert waiting(sqs, queue) == (0, 1)


def test_the_first_super_user_is_created_when_a_stage_has_none(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "operator")
    deployed = {"AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": aws.endpoint}
    user = first_user.create(aws.environment | deployed, "boss@example.com", "password123")
    answer = aws.client("dynamodb").get_item(
        TableName=aws.environment["USERS_TABLE"], Key={"user_id": {"S": user.user_id}}
    )
    assert answer["Item"]["role"] == {"S": "super_user"}


def test_the_signing_secret_stays_the_same_and_private(tmp_path: Path) -> None:
    secret = signing_secret(tmp_path / "secret")
    assert len(secret) >= 32
    assert signing_secret(tmp_path / "secret") == secret
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_an_installation_is_skipped_until_its_sources_change(tmp_path: Path) -> None:
    source, target = tmp_path / "requirements.txt", tmp_path / "environment"
    source.write_text("one==1\n")
    target.mkdir()
    step = Step("engine", target, [source], lambda folder: (folder / "installed").touch())
    assert not step.is_done()
    step.install()
    assert step.is_done()
    source.write_text("one==2\n")
    assert not step.is_done()


def test_a_failed_installation_shows_what_was_said() -> None:
    with pytest.raises(CannotInstall, match="no such wheel"):
        call([sys.executable, "-c", "print('no such wheel'); raise SystemExit(1)"])

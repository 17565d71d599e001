"""Locally as on AWS: the bucket tells of what arrives, and temporary keys reach their user's folders only."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest
from botocore.exceptions import ClientError

from chalicelib.store.archives import PART_BYTES, Archives, Member
from chalicelib.store.credentials import Credentials, InboxKeys
from chalicelib.store.queues import arrived_keys
from tests.support.local_aws import Aws, running_aws


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    with running_aws("f") as running:
        first = running.client("sqs").receive_message(QueueUrl=running.environment["INTAKE_QUEUE_URL"])["Messages"]
        assert [json.loads(one["Body"])["Event"] for one in first] == ["s3:TestEvent"]
        yield running


@pytest.fixture
def bucket(aws: Aws) -> str:
    return aws.environment["FILES_BUCKET"]


def told(aws: Aws) -> list[str]:
    """Keys of the objects that the intake queue tells of, until it is empty."""
    sqs, queue = aws.client("sqs"), aws.environment["INTAKE_QUEUE_URL"]
    found: list[str] = []
    while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        for one in messages:
            found += arrived_keys(json.loads(one["Body"]))
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=one["ReceiptHandle"])
    return found


def test_the_queue_tells_of_an_object_when_it_arrives_in_a_folder(aws: Aws, bucket: str) -> None:
    s3 = aws.client("s3")
    key = "inbox/1/docx-to-pdf/März 1 + 2/a%20b.docx"
    for one in (key, "batch/2/file", "results/1/x.pdf", "conversions/3/in/0", "archives/4.zip", "uploads/5/6"):
        s3.put_object(Bucket=bucket, Key=one, Body=b"x")
    assert told(aws) == [key, "batch/2/file"]


def test_the_queue_tells_of_an_object_when_it_comes_by_a_presigned_form(aws: Aws, bucket: str) -> None:
    form = aws.client("s3").generate_presigned_post(bucket, "batch/2/posted")
    answer = httpx.post(form["url"], data=form["fields"], files={"file": b"x"})
    assert answer.status_code == 204
    assert told(aws) == ["batch/2/posted"]


def test_the_queue_tells_of_an_object_when_it_came_in_parts(aws: Aws, bucket: str) -> None:
    s3, place = aws.client("s3"), {"Bucket": bucket, "Key": "inbox/1/docx-to-pdf/large.docx"}
    upload = place | {"UploadId": s3.create_multipart_upload(**place)["UploadId"]}
    part = s3.upload_part(**upload, PartNumber=1, Body=b"x")
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})
    assert set(told(aws)) == {place["Key"]}, "at least once"


def test_a_waiting_receiver_wakes_when_an_object_arrives(aws: Aws, bucket: str) -> None:
    queue = aws.environment["INTAKE_QUEUE_URL"]
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(aws.client("sqs", "IntakeRole").receive_message, QueueUrl=queue, WaitTimeSeconds=20)
        time.sleep(0.3)
        assert not waiting.done()
        aws.client("s3").put_object(Bucket=bucket, Key="inbox/1/x", Body=b"x")
        # Less than the five seconds after which a receiver looks again by itself.
        (message,) = waiting.result(timeout=4)["Messages"]
    assert arrived_keys(json.loads(message["Body"])) == ["inbox/1/x"]
    aws.client("sqs").delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])


def issue(aws: Aws, user_id: str, *slugs: str, role: str = "ApiRole") -> Credentials:
    issuing = InboxKeys(aws.client("sts", role), aws.environment["INBOX_ROLE_ARN"], aws.environment["FILES_BUCKET"])
    return issuing.issue(user_id, slugs or None)


def s3_of(aws: Aws, held: Credentials) -> Any:
    return aws.client(
        "s3",
        aws_access_key_id=held.access_key_id,
        aws_secret_access_key=held.secret_access_key,
        aws_session_token=held.session_token,
    )


Call = Callable[[Any, str, str], Any]

ALLOWED: dict[str, Call] = {
    "put": lambda s3, bucket, user: s3.put_object(Bucket=bucket, Key=f"inbox/{user}/docx-to-pdf/a", Body=b"x"),
    "collect": lambda s3, bucket, user: s3.get_object(Bucket=bucket, Key=f"results/{user}/a"),
    "list inbox": lambda s3, bucket, user: s3.list_objects_v2(Bucket=bucket, Prefix=f"inbox/{user}/"),
    "list results": lambda s3, bucket, user: s3.list_objects_v2(Bucket=bucket, Prefix=f"results/{user}/sub/"),
}
REFUSED: dict[str, Call] = {
    "put elsewhere": lambda s3, bucket, _: s3.put_object(Bucket=bucket, Key="inbox/another/docx-to-pdf/a", Body=b"x"),
    "put a result": lambda s3, bucket, user: s3.put_object(Bucket=bucket, Key=f"results/{user}/a", Body=b"x"),
    "put a conversion": lambda s3, bucket, _: s3.put_object(Bucket=bucket, Key="conversions/1/in/0", Body=b"x"),
    "collect another's": lambda s3, bucket, _: s3.get_object(Bucket=bucket, Key="results/another/a"),
    "read the inbox": lambda s3, bucket, user: s3.get_object(Bucket=bucket, Key=f"inbox/{user}/docx-to-pdf/a"),
    "delete": lambda s3, bucket, user: s3.delete_object(Bucket=bucket, Key=f"inbox/{user}/docx-to-pdf/a"),
    "list all": lambda s3, bucket, _: s3.list_objects_v2(Bucket=bucket),
    "list another's": lambda s3, bucket, _: s3.list_objects_v2(Bucket=bucket, Prefix="results/another/"),
    "list by a shorter prefix": lambda s3, bucket, user: s3.list_objects_v2(Bucket=bucket, Prefix=f"results/{user}"),
    "copy another's": lambda s3, bucket, user: s3.copy_object(
        Bucket=bucket, Key=f"inbox/{user}/docx-to-pdf/b", CopySource={"Bucket": bucket, "Key": "results/another/a"}
    ),
}


@pytest.fixture
def user_id(aws: Aws, bucket: str) -> str:
    """A user with a result; another has one too."""
    user_id = uuid4().hex
    for owner in (user_id, "another"):
        aws.client("s3").put_object(Bucket=bucket, Key=f"results/{owner}/a", Body=b"result")
    return user_id


@pytest.mark.parametrize("call", ALLOWED.values(), ids=ALLOWED)
def test_temporary_keys_open_their_users_folders(aws: Aws, bucket: str, user_id: str, call: Call) -> None:
    assert call(s3_of(aws, issue(aws, user_id)), bucket, user_id)


@pytest.mark.parametrize("call", REFUSED.values(), ids=REFUSED)
def test_temporary_keys_open_nothing_else(aws: Aws, bucket: str, user_id: str, call: Call) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        call(s3_of(aws, issue(aws, user_id)), bucket, user_id)


def test_temporary_keys_reach_no_table_and_no_queue(aws: Aws, user_id: str) -> None:
    held, users = issue(aws, user_id), aws.environment["USERS_TABLE"]
    keys = {"aws_access_key_id": held.access_key_id, "aws_secret_access_key": "x", "aws_session_token": "x"}
    with pytest.raises(ClientError, match="dynamodb:GetItem"):
        aws.client("dynamodb", **keys).get_item(TableName=users, Key={"user_id": {"S": user_id}})
    with pytest.raises(ClientError, match="sqs:SendMessage"):
        aws.client("sqs", **keys).send_message(QueueUrl=aws.environment["INTAKE_QUEUE_URL"], MessageBody="{}")


def test_temporary_keys_put_into_the_permitted_conversions_alone_when_narrowed(
    aws: Aws, bucket: str, user_id: str
) -> None:
    s3 = s3_of(aws, issue(aws, user_id, "pdf-to-word", "docx-to-pdf"))
    ALLOWED["put"](s3, bucket, user_id)
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.put_object(Bucket=bucket, Key=f"inbox/{user_id}/excel-to-pdf/a", Body=b"x")


def test_only_the_api_makes_temporary_keys(aws: Aws) -> None:
    with pytest.raises(ClientError, match="IntakeRole is not authorized to perform: sts:AssumeRole"):
        issue(aws, "user", role="IntakeRole")
    with pytest.raises(ClientError, match="sts:AssumeRole on resource: LightRole"):
        aws.client("sts", "ApiRole").assume_role(
            RoleArn=aws.environment["INBOX_ROLE_ARN"].replace("InboxRole", "LightRole"), RoleSessionName="user"
        )


def test_the_archiver_writes_archives_and_may_drop_them_half_written(aws: Aws, bucket: str) -> None:
    operator, archives = aws.client("s3"), Archives(aws.client("s3", "ArchiverRole"), bucket)
    operator.put_object(Bucket=bucket, Key="conversions/1/out", Body=bytes(PART_BYTES))
    archives.write("archives/1.zip", [Member("a", "conversions/1/out")] * 2)
    assert operator.head_object(Bucket=bucket, Key="archives/1.zip")["ContentLength"] > 2 * PART_BYTES
    with pytest.raises(ClientError, match="s3:GetObject on resource: FilesBucket/inbox/1/x"):
        archives.write("archives/2.zip", [Member("a", "conversions/1/out"), Member("b", "inbox/1/x")])
    assert "Uploads" not in operator.list_multipart_uploads(Bucket=bucket)

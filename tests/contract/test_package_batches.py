"""What `make package` would deploy for batches and folders."""

import json
from typing import Any

import pytest

from infra.local import stack
from tests.support.packaged import listed, statements

# What looks after batches, and talks to strangers: the time-out (seconds), the queue, and messages at a time.
BATCH_WORKERS = {
    "Intake": (30, "IntakeQueue", 10),
    "Archiver": (900, "ArchivesQueue", 1),
    "Courier": (180, "CourierQueue", 1),
}


@pytest.mark.parametrize("function", BATCH_WORKERS)
def test_a_function_of_batches_reads_its_queue_and_reports_single_failures(
    resources: dict[str, dict[str, Any]], function: str
) -> None:
    timeout_s, queue, batch_size = BATCH_WORKERS[function]
    assert resources[function]["Properties"]["Timeout"] == timeout_s
    assert resources[queue]["Properties"]["VisibilityTimeout"] == 6 * timeout_s
    (event,) = resources[function]["Properties"]["Events"].values()
    assert event["Properties"]["Queue"] == {"Fn::Sub": f"${{{queue}.Arn}}"}
    assert event["Properties"]["BatchSize"] == batch_size
    assert event["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert "MaximumConcurrency" in event["Properties"]["ScalingConfig"]


def test_as_many_messages_are_handed_over_locally_as_on_aws() -> None:
    pollers = {program.name: list(program.command) for program in stack.service({}, 8000)}
    for function, (_, _, batch_size) in BATCH_WORKERS.items():
        command = pollers[function.lower()]
        given = command[command.index("--batch") + 1] if "--batch" in command else "1"
        assert int(given) == batch_size


FETCHED = [{"Name": "prefix", "Value": "fetched/"}]


def test_the_bucket_tells_of_what_arrives_in_batches_and_folders_and_by_url_alone(
    resources: dict[str, dict[str, Any]],
) -> None:
    """Of ``results/`` it must not: what the service writes there would come back to it."""
    told = resources["FilesBucket"]["Properties"]["NotificationConfiguration"]["QueueConfigurations"]
    prefixes = [one["Filter"]["S3Key"]["Rules"] for one in told]
    assert prefixes == [[{"Name": "prefix", "Value": "inbox/"}], [{"Name": "prefix", "Value": "batch/"}], FETCHED]
    assert all(one["Event"] == "s3:ObjectCreated:*" for one in told)
    assert all(one["Queue"] == {"Fn::GetAtt": ["IntakeQueue", "Arn"]} for one in told)


def test_the_bucket_may_tell_its_queue_before_it_is_made(resources: dict[str, dict[str, Any]]) -> None:
    """S3 tries the queue while the bucket is made; a policy that named the bucket would wait for it for ever."""
    assert "IntakeQueuePolicy" in listed(resources["FilesBucket"]["DependsOn"])
    policy = resources["IntakeQueuePolicy"]["Properties"]
    assert "FilesBucket" not in json.dumps(policy)
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "s3.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_temporary_keys_are_worth_folders_at_most_and_only_the_api_makes_them(
    resources: dict[str, dict[str, Any]],
) -> None:
    role = resources["InboxRole"]["Properties"]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"AWS": {"Fn::GetAtt": ["ApiRole", "Arn"]}}
    actions = {
        f"{action} {json.dumps(one['Resource'])}"
        for one in statements(resources, "InboxRole")
        for action in listed(one["Action"])
    }
    assert actions == {
        's3:PutObject {"Fn::Sub": "${FilesBucket.Arn}/inbox/*"}',
        's3:AbortMultipartUpload {"Fn::Sub": "${FilesBucket.Arn}/inbox/*"}',
        's3:GetObject {"Fn::Sub": "${FilesBucket.Arn}/results/*"}',
        's3:ListBucket {"Fn::GetAtt": ["FilesBucket", "Arn"]}',
    }

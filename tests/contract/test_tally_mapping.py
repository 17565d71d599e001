"""What the template says of the tally: what it hears of, and who may write what dashboards read."""

import json
from typing import Any

import pytest

from infra.template import load
from tests.support.packaged import allowed, roles


@pytest.fixture
def resources() -> dict[str, dict[str, Any]]:
    """The template's resources; those without a type complete functions of Chalice, but for the gateway."""
    found: dict[str, dict[str, Any]] = load()["Resources"]
    found.pop("RestAPI")
    return {name: {"Type": "AWS::Serverless::Function", **resource} for name, resource in found.items()}


def test_counters_are_written_by_the_tally_only_and_the_audit_is_append_only(
    resources: dict[str, dict[str, Any]],
) -> None:
    reach = {
        role: (allowed(resources, role, "StatsTable"), allowed(resources, role, "AuditTable"))
        for role in roles(resources)
    }
    assert {role: one for role, one in reach.items() if any(one)} == {
        "TallyRole": ({"dynamodb:UpdateItem"}, set()),
        "ApiRole": ({"dynamodb:Query"}, {"dynamodb:Query", "dynamodb:PutItem"}),
    }


def test_the_tally_hears_of_ends_only_and_what_it_can_not_count_is_kept(
    resources: dict[str, dict[str, Any]],
) -> None:
    mapping = resources["Tally"]["Properties"]["Events"]["TallyDynamodbEventSource"]["Properties"]
    assert mapping["Stream"] == {"Fn::GetAtt": ["ConversionsTable", "StreamArn"]}
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["DestinationConfig"]["OnFailure"]["Destination"] == {"Fn::GetAtt": ["TallyDeadLetters", "Arn"]}
    (pattern,) = [json.loads(one["Pattern"]) for one in mapping["FilterCriteria"]["Filters"]]
    assert pattern["dynamodb"] == {
        "OldImage": {"status": {"S": ["processing"]}},
        "NewImage": {"status": {"S": ["success", "failed"]}},
    }
    assert resources["ConversionsTable"]["Properties"]["StreamSpecification"] == {
        "StreamViewType": "NEW_AND_OLD_IMAGES"
    }

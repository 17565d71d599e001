"""Creates the template's tables, buckets and queues on an endpoint that speaks AWS: moto, or DynamoDB Local."""

import json
import re
from collections.abc import Mapping
from typing import Any

from infra.template import resources

_TABLE_PROPERTIES = (
    "AttributeDefinitions",
    "KeySchema",
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
    "BillingMode",
)
ACCOUNT_ID = "123456789012"
"""The account that moto plays."""

_CORS_NAMES = {"ExposedHeaders": "ExposeHeaders", "MaxAge": "MaxAgeSeconds", "Id": "ID"}


def physical_name(prefix: str, logical_id: str) -> str:
    """``prefix-users-table`` of ``UsersTable``."""
    return f"{prefix}-{re.sub(r'(?<!^)(?=[A-Z])', '-', logical_id).lower()}"


def role_arn(logical_id: str) -> str:
    """The ARN under which a role of the template can be assumed here; none is created."""
    return f"arn:aws:iam::{ACCOUNT_ID}:role/{logical_id}"


def role_arns(template: Mapping[str, Any]) -> dict[str, str]:
    """The ARN of each role by ``InboxRole.Arn``."""
    return {f"{name}.Arn": role_arn(name) for name in resources(template, "AWS::IAM::Role")}


def create_tables(template: Mapping[str, Any], dynamodb: Any, prefix: str) -> dict[str, str]:
    """Create every table as ``prefix`` + its logical id and return the names by logical id."""
    names = {}
    for logical_id, properties in resources(template, "AWS::DynamoDB::Table").items():
        names[logical_id] = name = physical_name(prefix, logical_id)
        dynamodb.create_table(TableName=name, **_table(properties))
        ttl = properties.get("TimeToLiveSpecification")
        if ttl:
            dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=ttl)
    return names


def create_buckets(template: Mapping[str, Any], s3: Any, prefix: str) -> dict[str, str]:
    """Create every bucket with its CORS rules and return the names by logical id."""
    names = {}
    for logical_id, properties in resources(template, "AWS::S3::Bucket").items():
        names[logical_id] = name = physical_name(prefix, logical_id)
        s3.create_bucket(Bucket=name)
        rules = properties.get("CorsConfiguration", {}).get("CorsRules", [])
        cors = [{_CORS_NAMES.get(key, key): value for key, value in rule.items()} for rule in rules]
        if cors:
            s3.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": cors})
    return names


def create_queues(template: Mapping[str, Any], sqs: Any, prefix: str) -> dict[str, str]:
    """Create every queue, dead-letter queues first, and return the URLs by logical id."""
    urls: dict[str, str] = {}
    arns: dict[str, str] = {}
    queues = resources(template, "AWS::SQS::Queue").items()
    for logical_id, properties in sorted(queues, key=lambda one: "RedrivePolicy" in one[1]):
        attributes = {key: _attribute(value, arns) for key, value in properties.items()}
        url = sqs.create_queue(QueueName=physical_name(prefix, logical_id), Attributes=attributes)["QueueUrl"]
        answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        urls[logical_id], arns[logical_id] = url, answer["Attributes"]["QueueArn"]
    return urls


def notified_queues(template: Mapping[str, Any]) -> set[str]:
    """Logical ids of the queues that a bucket tells of its objects."""
    return {
        one["Queue"]["Fn::GetAtt"][0]
        for properties in resources(template, "AWS::S3::Bucket").values()
        for one in _notifications(properties)
    }


def notify_queues(template: Mapping[str, Any], s3: Any, sqs: Any, physical: Mapping[str, str]) -> None:
    """Have each bucket tell its queues of its objects, as the template says; both must exist, as ``physical``."""
    for logical_id, properties in resources(template, "AWS::S3::Bucket").items():
        told = [_notification(one, sqs, physical) for one in _notifications(properties)]
        if told:
            s3.put_bucket_notification_configuration(
                Bucket=physical[logical_id], NotificationConfiguration={"QueueConfigurations": told}
            )


def _notifications(bucket: Mapping[str, Any]) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = bucket.get("NotificationConfiguration", {}).get("QueueConfigurations", [])
    return told


def _notification(declared: Mapping[str, Any], sqs: Any, physical: Mapping[str, str]) -> dict[str, Any]:
    url = physical[declared["Queue"]["Fn::GetAtt"][0]]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    rules = declared["Filter"]["S3Key"]["Rules"]
    return {
        "QueueArn": attributes["QueueArn"],
        "Events": [declared["Event"]],
        "Filter": {"Key": {"FilterRules": rules}},
    }


def _table(properties: Mapping[str, Any]) -> dict[str, Any]:
    table = {name: properties[name] for name in _TABLE_PROPERTIES if name in properties}
    stream = properties.get("StreamSpecification")
    return table | ({"StreamSpecification": {"StreamEnabled": True} | stream} if stream else {})


def _attribute(value: Any, arns: Mapping[str, str]) -> str:
    if isinstance(value, dict):  # a redrive policy, whose target is {"Fn::GetAtt": [logical id, "Arn"]}
        target = arns[value["deadLetterTargetArn"]["Fn::GetAtt"][0]]
        return json.dumps(value | {"deadLetterTargetArn": target})
    return str(value).lower() if isinstance(value, bool) else str(value)

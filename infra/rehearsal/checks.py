"""What must hold of the expanded template before it is worth a try on AWS; each check names what it finds."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from infra.rehearsal import released
from infra.template import Resolver

TEMPLATE_LIMIT = 1_000_000
RESOURCES_LIMIT = 500
ENVIRONMENT_LIMIT = 4_096
"""CloudFormation's and Lambda's quotas: bytes of a template in S3, resources, bytes of a function's variables."""

LONGEST_STACK_NAME = "a-stack-name-of-thirty-two-chars"
_PSEUDO = ("AWS::Region", "AWS::AccountId", "AWS::StackName", "AWS::Partition", "AWS::NoValue", "AWS::URLSuffix")
_SUB = re.compile(r"\$\{([^!}][^}]*)\}")


@dataclass(frozen=True)
class Deployment:
    """A template as AWS would take it, the values of its parameters, and what was released last."""

    expansion: Mapping[str, Any]
    parameters: Mapping[str, str]
    released: Mapping[str, Any]

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """Properties of the resources of a type, by logical id."""
        return {
            name: one.get("Properties", {}) for name, one in self.expansion["Resources"].items() if one["Type"] == kind
        }


def references_resolve(deployment: Deployment) -> Iterator[str]:
    """Nothing refers to what is not there."""
    resources, conditions = deployment.expansion["Resources"], deployment.expansion.get("Conditions", {})
    known = {*resources, *deployment.expansion["Parameters"], *_PSEUDO}
    for kind, name in _referred(deployment.expansion):
        if name not in (conditions if kind == "Condition" else known):
            yield f"{kind} {name}: there is none"


def sizes_fit(deployment: Deployment) -> Iterator[str]:
    """The template and its environments are within AWS's quotas."""
    size, count = len(json.dumps(deployment.expansion)), len(deployment.expansion["Resources"])
    if size > TEMPLATE_LIMIT:
        yield f"the template has {size} bytes"
    if count > RESOURCES_LIMIT:
        yield f"the template has {count} resources"
    for name, function in deployment.of_type("AWS::Lambda::Function").items():
        used = _environment_size(deployment, function)
        if used > ENVIRONMENT_LIMIT:
            yield f"{name}: its variables have {used} bytes under the longest names"


def one_stage_is_public(deployment: Deployment) -> Iterator[str]:
    """What limits and logs the stage holds for all requests."""
    names = [one.get("StageName") for one in deployment.of_type("AWS::ApiGateway::Stage").values()]
    names += [
        one["StageName"] for one in deployment.of_type("AWS::ApiGateway::Deployment").values() if "StageName" in one
    ]
    if names != ["api"]:
        yield f"public stages: {names}"
    for one in deployment.of_type("AWS::ApiGateway::Stage").values():
        if not any("ThrottlingRateLimit" in setting for setting in one.get("MethodSettings", [])):
            yield "no rate is set"


def a_failed_creation_leaves_nothing(deployment: Deployment) -> Iterator[str]:
    """What keeps data outlives the stack; what was just made and is empty goes with a failed creation."""
    for name, one in deployment.expansion["Resources"].items():
        if one.get("DeletionPolicy") == "Retain":
            yield f"{name} would be left behind by a deployment that failed: RetainExceptOnCreate"
        if one.get("Properties", {}).get("DeletionProtectionEnabled") in (True, "true"):
            yield f"{name} could not be deleted after a deployment that failed"


def nothing_stateful_is_replaced(deployment: Deployment) -> Iterator[str]:
    """An update from the last release keeps every table, bucket and secret."""
    yield from released.differences(deployment.released, deployment.expansion)


def queues_and_workers_are_watched(deployment: Deployment) -> Iterator[str]:
    """Work that waits, fails or is throttled is noticed, also that of batches."""
    watched = {
        (alarm["MetricName"], json.dumps(dimension["Value"]))
        for alarm in deployment.of_type("AWS::CloudWatch::Alarm").values()
        for dimension in alarm.get("Dimensions", [])
    }
    for name, queue in deployment.of_type("AWS::SQS::Queue").items():
        metric = "ApproximateAgeOfOldestMessage" if "RedrivePolicy" in queue else "ApproximateNumberOfMessagesVisible"
        if (metric, json.dumps({"Fn::GetAtt": [name, "QueueName"]})) not in watched:
            yield f"{name}: no alarm on {metric}"
    for worker in ("Light", "DocumentsFunction", "BackgroundFunction"):
        if ("Errors", json.dumps({"Ref": worker})) not in watched:
            yield f"{worker}: no alarm on Errors"
    # The account's, whichever function meets its limit: without dimensions.
    alarms = deployment.of_type("AWS::CloudWatch::Alarm").values()
    if not any(alarm["MetricName"] == "Throttles" and "Dimensions" not in alarm for alarm in alarms):
        yield "no alarm on Throttles of the account"


def requests_are_logged_without_secrets(deployment: Deployment) -> Iterator[str]:
    """The gateway writes a line for each request, without addresses that are keys."""
    for name, stage in deployment.of_type("AWS::ApiGateway::Stage").items():
        text = json.dumps(stage.get("AccessLogSetting", {}))
        if "$context.requestId" not in text:
            yield f"{name}: no access log"
        for secret in ("$context.path", "$context.authorizer", "querystring", "$context.customDomain"):
            if secret in text:
                yield f"{name}: its log would hold {secret}"


def waiting_requests_leave_room_for_workers(deployment: Deployment) -> Iterator[str]:
    """The API's share of the account's concurrency is bounded, or its requests hardly wait."""
    api = deployment.of_type("AWS::Lambda::Function")["APIHandler"]
    bounded = "ReservedConcurrentExecutions" in api and deployment.parameters["ApiConcurrency"] != "0"
    if not bounded and float(deployment.parameters["LongestWaitSeconds"]) > 1:
        yield "requests that wait may take every worker's place: set ApiConcurrency, or LongestWaitSeconds to 1 at most"


def batches_leave_room_for_others(deployment: Deployment) -> Iterator[str]:
    """Where batches go over the queues of what somebody waits for, no user's batch takes every worker."""
    if deployment.parameters["BatchesApart"] == "true":
        return
    most = int(deployment.parameters["MaxActiveBatchPerUser"])
    for worker in ("Light", "Documents", "Background"):
        if most >= int(deployment.parameters[f"{worker}Concurrency"]):
            yield f"{worker}Concurrency is no more than what one user's batch may have at work, {most}"


CHECKS: tuple[Callable[[Deployment], Iterator[str]], ...] = (
    references_resolve,
    sizes_fit,
    one_stage_is_public,
    a_failed_creation_leaves_nothing,
    nothing_stateful_is_replaced,
    queues_and_workers_are_watched,
    requests_are_logged_without_secrets,
    waiting_requests_leave_room_for_workers,
    batches_leave_room_for_others,
)


def concurrency(deployment: Deployment) -> int:
    """Functions that can run at a time: the API, each source of events at its limit, the sweeper, and the tally."""
    resolver = Resolver(deployment.expansion.get("Conditions", {}), deployment.parameters)
    mappings = deployment.of_type("AWS::Lambda::EventSourceMapping").values()
    sources = [one for one in mappings if is_enabled(one, resolver)]
    limits = [one["ScalingConfig"]["MaximumConcurrency"] for one in sources if "ScalingConfig" in one]
    streams_and_schedule = len(sources) - len(limits) + 1
    return (
        int(deployment.parameters["ApiConcurrency"])
        + streams_and_schedule
        + sum(int(resolver.value(limit) or 0) for limit in limits)
    )


def is_enabled(mapping: Mapping[str, Any], resolver: Resolver) -> bool:
    """Whether anything is polled for this source of events."""
    return resolver.value(mapping.get("Enabled", True)) == "True"


def _referred(node: Any) -> Iterator[tuple[str, str]]:
    """Every (kind, name) that a template refers to, at any depth."""
    if isinstance(node, list):
        for one in node:
            yield from _referred(one)
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _named(key, value)
            yield from _referred(value)


def _named(key: str, value: Any) -> Iterator[tuple[str, str]]:
    if key == "Ref" and isinstance(value, str):
        yield key, value
    elif key == "Fn::GetAtt":
        yield key, value[0] if isinstance(value, list) else value.partition(".")[0]
    elif key == "Condition" and isinstance(value, str):
        yield key, value
    elif key == "DependsOn":
        yield from ((key, one) for one in (value if isinstance(value, list) else [value]))
    elif key == "Fn::Sub":
        text, own = (value, {}) if isinstance(value, str) else value
        yield from ((key, one.partition(".")[0]) for one in _SUB.findall(text) if one not in own)


def _environment_size(deployment: Deployment, function: Mapping[str, Any]) -> int:
    """Bytes of a function's variables when CloudFormation's names of resources are as long as they get."""
    suffix = "-XXXXXXXXXXXXX"
    known = dict(deployment.parameters)
    for name, one in deployment.expansion["Resources"].items():
        physical = f"{LONGEST_STACK_NAME}-{name}{suffix}"
        if one["Type"] == "AWS::SQS::Queue":
            physical = f"https://sqs.ap-southeast-1.amazonaws.com/123456789012/{physical}"
        known[name] = physical if one["Type"] != "AWS::SecretsManager::Secret" else f"arn:{'x' * 60}{physical}"
        known[f"{name}.Arn"] = f"arn:aws:iam::123456789012:role/{physical}"
    resolver = Resolver(deployment.expansion.get("Conditions", {}), known)
    variables = function.get("Environment", {}).get("Variables", {})
    return sum(len(name) + len(resolver.value(value) or "") for name, value in variables.items())

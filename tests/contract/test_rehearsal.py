"""What a rehearsal finds before anything runs: each defect, put back into a copy of the template, is named."""

import copy
import re
from collections.abc import Callable
from typing import Any

import pytest

from infra.rehearsal import checks, expansion, released, sources, static
from infra.template import ROOT, Resolver

Template = dict[str, Any]
Break = Callable[[dict[str, dict[str, Any]]], Any]
WORKERS = ("Light", "DocumentsFunction", "BackgroundFunction")


def _properties(resources: dict[str, dict[str, Any]], name: str) -> dict[str, Any]:
    found: dict[str, Any] = resources[name]["Properties"]
    return found


def _hash_key(resources: dict[str, dict[str, Any]]) -> None:
    _properties(resources, "UsersTable")["KeySchema"][0]["AttributeName"] = "role"


def _two_indexes(resources: dict[str, dict[str, Any]]) -> None:
    indexes = _properties(resources, "AuditTable").setdefault("GlobalSecondaryIndexes", [])
    for name in ("by_one", "by_other"):
        key = [{"AttributeName": "log", "KeyType": "HASH"}]
        indexes.append({"IndexName": name, "KeySchema": key, "Projection": {"ProjectionType": "ALL"}})


def _one_index_less(resources: dict[str, dict[str, Any]]) -> None:
    _properties(resources, "UsersTable")["GlobalSecondaryIndexes"].pop()


def _other_projection(resources: dict[str, dict[str, Any]]) -> None:
    _properties(resources, "UsersTable")["GlobalSecondaryIndexes"][0]["Projection"] = {"ProjectionType": "ALL"}


def _other_type(resources: dict[str, dict[str, Any]]) -> None:
    _properties(resources, "UsersTable")["AttributeDefinitions"][0]["AttributeType"] = "N"


def _second_local_index(resources: dict[str, dict[str, Any]]) -> None:
    _properties(resources, "LedgerTable")["LocalSecondaryIndexes"] *= 2


def _large_environment(resources: dict[str, dict[str, Any]]) -> None:
    _properties(resources, "DocumentsFunction")["Environment"] = {"Variables": {"MORE": "x" * 2_000}}


BREAKS: dict[str, tuple[str, Break]] = {
    "a typo": ("references_resolve", lambda all_: _properties(all_, "Light").update(Role={"Ref": "LigthRole"})),
    "variables beyond 4 KB": ("sizes_fit", _large_environment),
    "a table kept by a failed creation": (
        "a_failed_creation_leaves_nothing",
        lambda all_: all_["UsersTable"].update(DeletionPolicy="Retain"),
    ),
    "a table protected at its creation": (
        "a_failed_creation_leaves_nothing",
        lambda all_: _properties(all_, "UsersTable").update(DeletionProtectionEnabled=True),
    ),
    "another key": ("nothing_stateful_is_replaced", _hash_key),
    "two new indexes": ("nothing_stateful_is_replaced", _two_indexes),
    "an index less": ("nothing_stateful_is_replaced", _one_index_less),
    "an index changed": ("nothing_stateful_is_replaced", _other_projection),
    "an attribute's type": ("nothing_stateful_is_replaced", _other_type),
    "a new local index": ("nothing_stateful_is_replaced", _second_local_index),
    "a named bucket": (
        "nothing_stateful_is_replaced",
        lambda all_: _properties(all_, "FilesBucket").update(BucketName="files"),
    ),
    "a table gone": ("nothing_stateful_is_replaced", lambda all_: all_["AuditTable"].pop("DeletionPolicy")),
    "batches unwatched": (
        "queues_and_workers_are_watched",
        lambda all_: all_.pop("DocumentsBatchAgeAlarm"),
    ),
    "errors unwatched": ("queues_and_workers_are_watched", lambda all_: all_.pop("LightErrorsAlarm")),
    "throttles unwatched": ("queues_and_workers_are_watched", lambda all_: all_.pop("ThrottlesAlarm")),
    "no access log": (
        "requests_are_logged_without_secrets",
        lambda all_: _properties(all_, "RestAPI").pop("AccessLogSetting"),
    ),
    "addresses in the log": (
        "requests_are_logged_without_secrets",
        lambda all_: _properties(all_, "RestAPI").update(
            AccessLogSetting={"DestinationArn": "x", "Format": "$context.requestId $context.path"}
        ),
    ),
    "an API without bounds": (
        "waiting_requests_leave_room_for_workers",
        lambda all_: _properties(all_, "APIHandler").pop("ReservedConcurrentExecutions"),
    ),
    "no rate": ("one_stage_is_public", lambda all_: _properties(all_, "RestAPI").pop("MethodSettings")),
}


@pytest.fixture
def copied(template: Template) -> Template:
    return copy.deepcopy(template)


@pytest.mark.parametrize("size", ["small", "normal"])
def test_the_template_holds_for_accounts_of_either_size(template: Template, size: str) -> None:
    one = static.deployment(template, static.account(size))
    assert static.findings(one) == []


@pytest.mark.parametrize("name", BREAKS)
def test_a_defect_is_found_when_it_is_put_back(copied: Template, name: str) -> None:
    check, break_it = BREAKS[name]
    break_it(copied["Resources"])
    found = static.findings(static.deployment(copied, static.account("normal")))
    assert [one for one in found if one.startswith(f"{check}: ")]


def test_batches_that_take_every_worker_are_found_when_they_have_no_queues_of_their_own(template: Template) -> None:
    one = static.deployment(template, {**static.account("small"), "MaxActiveBatchPerUser": "3"})
    assert [found.partition(":")[0] for found in static.findings(one)] == ["batches_leave_room_for_others"] * 3


def test_batches_go_over_polled_queues_in_accounts_of_either_size(template: Template) -> None:
    """A queue that nobody polls gets nothing."""
    polled = {}
    for size in ("small", "normal"):
        parameters = expansion.parameters(template, static.account(size))
        resolver = Resolver(template["Conditions"], parameters | {name: name for name in template["Resources"]})
        events = [event for name in WORKERS for event in template["Resources"][name]["Properties"]["Events"].values()]
        enabled = [one["Properties"] for one in events if checks.is_enabled(one["Properties"], resolver)]
        polled[size] = {sources.queue_of(one["Queue"]) for one in enabled}
        variables = template["Globals"]["Function"]["Environment"]["Variables"]
        sent = {resolver.value(variables[name]) for name in variables if name.endswith("_BATCH_QUEUE_URL")}
        assert len(sent) == 3
        assert sent <= polled[size]
    assert (len(polled["small"]), len(polled["normal"])) == (3, 6)


def test_an_event_that_takes_a_queues_name_is_refused_by_the_translator(copied: Template) -> None:
    events = copied["Resources"]["Light"]["Properties"]["Events"]
    events["BatchQueue"] = events.pop("Batches")
    with pytest.raises(expansion.Refused, match="LightBatchQueue"):
        static.deployment(copied, static.account("normal"))


def test_sams_own_public_stage_is_found_when_the_version_is_left_out(copied: Template) -> None:
    del copied["Globals"]["Api"]
    found = static.findings(static.deployment(copied, static.account("normal")))
    assert [one for one in found if one.startswith("one_stage_is_public: ")]


def test_one_new_index_and_a_new_table_are_an_update(copied: Template) -> None:
    _two_indexes(copied["Resources"])
    _properties(copied["Resources"], "AuditTable")["GlobalSecondaryIndexes"].pop()
    copied["Resources"]["MoreTable"] = copy.deepcopy(copied["Resources"]["AuditTable"])
    one = static.deployment(copied, static.account("normal"))
    assert list(released.differences(released.read(), one.expansion)) == []


def test_local_is_no_name_of_a_stage(template: Template) -> None:
    """The code takes a stage of that name for one's own machine."""
    pattern = template["Parameters"]["Stage"]["AllowedPattern"]
    assert re.fullmatch(pattern, "prod")
    assert re.fullmatch(pattern, "localtest")
    assert not re.fullmatch(pattern, "local")


def test_every_alarm_and_parameter_is_in_the_guide(template: Template) -> None:
    guide = (ROOT / "docs" / "operator.md").read_text()
    alarms = [name for name, one in template["Resources"].items() if one["Type"] == "AWS::CloudWatch::Alarm"]
    assert [name for name in [*alarms, *template["Parameters"]] if f"`{name}`" not in guide] == []


def test_outputs_that_the_guide_asks_for_are_the_stacks(template: Template) -> None:
    guide = (ROOT / "docs" / "operator.md").read_text()
    asked = set(re.findall(r"output ([A-Z]\w+)", guide))
    assert asked >= {"EndpointURL", "JwtSecretArn", "APIHandlerName", "FilesBucketName", "DomainTarget"}
    assert asked <= template["Outputs"].keys()


def test_the_guide_says_how_many_functions_run_at_a_time(template: Template) -> None:
    """AWS leaves a hundred of an account's to functions for which none are kept."""
    guide = " ".join((ROOT / "docs" / "operator.md").read_text().split())
    one = static.deployment(template, static.account("normal"))
    kept = int(one.parameters["ApiConcurrency"])
    others = checks.concurrency(one) - kept
    assert f"{kept} of its own and can't take more, and all others need at most {others}." in guide
    (asked,) = re.findall(r"Ask for (\d+) or more", guide)
    assert int(asked) - kept >= max(others, 100)


def test_a_domain_leads_to_the_stage_and_is_told_where_to_point(template: Template) -> None:
    parameters = {**static.account("small"), "DomainName": "api.example.com", "CertificateArn": "arn:aws:acm:x"}
    one = static.deployment(template, parameters)
    assert static.findings(one) == []
    (mapping,) = one.of_type("AWS::ApiGateway::BasePathMapping").values()
    (stage,) = (name for name, it in one.expansion["Resources"].items() if it["Type"] == "AWS::ApiGateway::Stage")
    assert mapping["Stage"] == {"Ref": stage}
    assert "BasePath" not in mapping, "paths begin at /"
    assert one.expansion["Outputs"]["DomainTarget"]["Value"] == {"Fn::GetAtt": ["Domain", "RegionalDomainName"]}
    assert template["Rules"]["DomainHasCertificate"]

"""What `make package` would deploy: Chalice's template with infra/template.yaml merged into it."""

import json
import re
from dataclasses import fields
from typing import Any

import pytest
from pynamodb.models import Model

from chalicelib.settings import Queues, Settings, Tables
from chalicelib.store import tables, tables_lines
from chalicelib.store.connection import SERVICES
from chalicelib.store.tables_errands import ErrandItem
from infra import wheels
from infra.template import ROOT
from tests.support.packaged import FUNCTION, allowed, listed, of_type, roles, statements

# The engine's limit, the function's time-out (seconds) and the queues of each worker: the design's table.
WORKERS = {
    "Light": ("light_timeout_s", 90, ("LightQueue", "LightBatchQueue")),
    "DocumentsFunction": ("documents_timeout_s", 300, ("DocumentsQueue", "DocumentsBatchQueue")),
    "BackgroundFunction": ("background_timeout_s", 180, ("BackgroundQueue", "BackgroundBatchQueue")),
}
QUEUES = [
    *(queue for *_, queues in WORKERS.values() for queue in queues),
    "IntakeQueue",
    "ArchivesQueue",
    "CourierQueue",
]
MODELS = [
    one
    for module in (tables, tables_lines)
    for one in vars(module).values()
    if isinstance(one, type) and issubclass(one, Model) and one is not Model
]
MODELS.append(ErrandItem)


def test_every_resource_is_complete_when_merged(resources: dict[str, dict[str, Any]]) -> None:
    """A mistyped logical id in infra/template.yaml would add a fragment without a type."""
    assert [name for name, one in resources.items() if "Type" not in one] == []
    assert "000000000000" not in json.dumps(resources), "what Chalice was given to be replaced is still there"


def test_all_functions_of_the_application_are_packaged(resources: dict[str, dict[str, Any]]) -> None:
    handlers = {name: one.get("Handler") for name, one in of_type(resources, FUNCTION).items()}
    assert handlers == {
        "APIHandler": "app.app",
        "Light": "app.light",
        "Intake": "app.intake",
        "Archiver": "app.archiver",
        "Courier": "app.courier",
        "Sweeper": "app.sweeper",
        "Tally": "app.tally",
        "DocumentsFunction": None,
        "BackgroundFunction": None,
    }
    for name in ("DocumentsFunction", "BackgroundFunction"):
        assert resources[name]["Properties"]["ImageConfig"] == {"Command": ["chalicelib.workers.conversions.handler"]}


def test_the_environment_has_every_variable_that_settings_require(template: dict[str, Any]) -> None:
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    required = {
        one.metadata["variable"]
        for cls in (Tables, Queues, Settings)
        for one in fields(cls)
        if "variable" in one.metadata and one.default is one.default_factory
    }
    assert required - {"AWS_REGION"} <= variables.keys(), "AWS_REGION comes from Lambda itself"
    known = {one.metadata.get("variable") for cls in (Tables, Queues, Settings) for one in fields(cls)}
    assert variables.keys() <= known, "a variable that nothing reads"


def test_no_function_has_an_environment_of_its_own(resources: dict[str, dict[str, Any]]) -> None:
    """It is declared once, in Globals."""
    assert [name for name, one in of_type(resources, FUNCTION).items() if "Environment" in one] == []


def test_each_function_has_its_own_role_and_log_group(resources: dict[str, dict[str, Any]]) -> None:
    functions = of_type(resources, FUNCTION)
    assert len(roles(resources)) == len(functions)
    groups = [one["LoggingConfig"]["LogGroup"]["Ref"] for one in functions.values()]
    assert len(set(groups)) == len(functions)
    assert all("RetentionInDays" in resources[group]["Properties"] for group in groups)


@pytest.mark.parametrize("function", WORKERS)
def test_a_worker_outlives_its_engine_and_its_queue_outlives_it(
    resources: dict[str, dict[str, Any]], function: str
) -> None:
    setting, timeout_s, queues = WORKERS[function]
    properties = resources[function]["Properties"]
    engine_limit_s = float(next(str(one.default) for one in fields(Settings) if one.name == setting))
    assert properties["Timeout"] == timeout_s > engine_limit_s
    assert all(resources[queue]["Properties"]["VisibilityTimeout"] >= 6 * timeout_s for queue in queues)


@pytest.mark.parametrize("function", WORKERS)
def test_a_worker_reads_its_queues_one_message_at_a_time(resources: dict[str, dict[str, Any]], function: str) -> None:
    sources = [event["Properties"] for event in resources[function]["Properties"]["Events"].values()]
    written = [source["Queue"].get("Fn::Sub", "{}").strip("${}") or source["Queue"]["Fn::GetAtt"] for source in sources]
    read = {one.partition(".")[0] if isinstance(one, str) else one[0] for one in written}
    assert read == set(WORKERS[function][2])
    for source in sources:
        assert source["BatchSize"] == 1
        assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_batches_can_not_take_the_place_of_what_somebody_waits_for(template: dict[str, Any]) -> None:
    """Each queue has a concurrency of its own, a parameter."""
    limits = [
        event["Properties"]["ScalingConfig"]["MaximumConcurrency"]["Ref"]
        for function in WORKERS
        for event in template["Resources"][function]["Properties"]["Events"].values()
    ]
    assert len(set(limits)) == len(limits) == 6
    assert all(template["Parameters"][limit]["MinValue"] >= 2 for limit in limits), "SQS takes no less"


@pytest.mark.parametrize("queue", QUEUES)
def test_a_message_that_nobody_can_handle_ends_in_a_watched_queue(
    resources: dict[str, dict[str, Any]], queue: str
) -> None:
    redrive = resources[queue]["Properties"]["RedrivePolicy"]
    dead_letters = redrive["deadLetterTargetArn"]["Fn::GetAtt"][0]
    assert redrive["maxReceiveCount"] >= 3
    kept_s = resources[dead_letters]["Properties"]["MessageRetentionPeriod"]
    assert kept_s > resources[queue]["Properties"]["MessageRetentionPeriod"]
    alarms = of_type(resources, "AWS::CloudWatch::Alarm").values()
    watched = [dimension["Value"] for one in alarms for dimension in one.get("Dimensions", [])]
    assert {"Fn::GetAtt": [dead_letters, "QueueName"]} in watched


def test_the_sweeper_runs_every_minute_and_ends_before_the_next(resources: dict[str, dict[str, Any]]) -> None:
    (event,) = resources["Sweeper"]["Properties"]["Events"].values()
    assert event["Properties"]["Schedule"] == "rate(1 minute)"
    assert resources["Sweeper"]["Properties"]["Timeout"] < 60


@pytest.mark.parametrize("image", ["documents", "background"])
def test_images_keep_the_descriptions_of_the_services_that_are_called(image: str) -> None:
    """Botocore's of all others cost each cold start the time to list them."""
    written = (ROOT / "infra" / "images" / image / "Dockerfile").read_text()
    assert set(re.findall(r"! -name (\w+)", written)) == set(SERVICES)


def test_tables_survive_the_stack_and_can_be_restored(resources: dict[str, dict[str, Any]]) -> None:
    found = {name: one for name, one in resources.items() if one["Type"] == "AWS::DynamoDB::Table"}
    assert len(found) == len(fields(Tables))
    for one in found.values():
        assert (one["DeletionPolicy"], one["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")
        properties = one["Properties"]
        assert properties["BillingMode"] == "PAY_PER_REQUEST"
        assert properties["DeletionProtectionEnabled"] == {"Ref": "TablesProtected"}
        assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert properties["SSESpecification"] == {"SSEEnabled": True}
        assert "TableName" not in properties, "two stages could not live in one account"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_table_has_the_keys_and_indexes_that_the_store_uses(
    resources: dict[str, dict[str, Any]], model: type[Model]
) -> None:
    def by_kind(key_schema: list[dict[str, str]]) -> dict[str, str]:
        return {key["KeyType"]: key["AttributeName"] for key in key_schema}

    name = f"{model.__name__.removesuffix('Item')}Table"
    plural = next(one for one in of_type(resources, "AWS::DynamoDB::Table") if one in (name, name[:-5] + "sTable"))
    table = resources[plural]["Properties"]
    own_key = {"HASH": model._hash_keyname, "RANGE": model._range_keyname}
    assert by_kind(table["KeySchema"]) == {kind: name for kind, name in own_key.items() if name}
    indexes = table.get("GlobalSecondaryIndexes", []) + table.get("LocalSecondaryIndexes", [])
    by_name = {one["IndexName"]: one for one in indexes}
    for index in model._indexes.values():
        assert by_kind(by_name[index.Meta.index_name]["KeySchema"]) == by_kind(index._get_schema()["key_schema"])
        assert by_name[index.Meta.index_name]["Projection"]["ProjectionType"] == index.Meta.projection.projection_type
    expires = {"AttributeName": "ttl", "Enabled": True} if "ttl" in model.get_attributes() else None
    assert table.get("TimeToLiveSpecification") == expires


def test_the_stream_of_conversions_carries_both_images(resources: dict[str, dict[str, Any]]) -> None:
    stream = resources["ConversionsTable"]["Properties"]["StreamSpecification"]
    assert stream == {"StreamViewType": "NEW_AND_OLD_IMAGES"}


def test_files_are_private_encrypted_and_gone_within_days(
    template: dict[str, Any], resources: dict[str, dict[str, Any]]
) -> None:
    assert template["Parameters"]["ResultFolderDays"]["Default"] == 7, "dropped on Friday, collected on Monday"
    bucket = resources["FilesBucket"]["Properties"]
    assert all(bucket["PublicAccessBlockConfiguration"].values())
    assert bucket["BucketEncryption"]
    assert "VersioningConfiguration" not in bucket, "a deleted input would stay as an old version"
    rules = bucket["LifecycleConfiguration"]["Rules"]
    assert {one["Prefix"]: one["ExpirationInDays"] for one in rules if "Prefix" in one} == {
        "conversions/": 2,
        "uploads/": 1,
        "inbox/": 2,
        "batch/": 2,
        "batches/": 2,
        "archives/": 2,
        "errands/": 2,
        "fetched/": 1,
        "results/": {"Ref": "ResultFolderDays"},
    }
    assert any(one.get("AbortIncompleteMultipartUpload") == {"DaysAfterInitiation": 1} for one in rules)
    assert any("POST" in rule["AllowedMethods"] for rule in bucket["CorsConfiguration"]["CorsRules"])


def test_no_role_may_do_everything_or_anything_anywhere(resources: dict[str, dict[str, Any]]) -> None:
    for role in roles(resources):
        for one in statements(resources, role):
            assert not any(action.endswith("*") for action in listed(one["Action"])), (role, one)
            if "*" in listed(one["Resource"]):  # network interfaces have no name beforehand, a list of streams never
                nameless = {action for action in listed(one["Action"]) if action.startswith("ec2:")}
                assert set(listed(one["Action"])) <= nameless | {"dynamodb:ListStreams"}, (role, one)


def test_only_the_api_reads_the_signing_secret(resources: dict[str, dict[str, Any]]) -> None:
    readers = {role for role in roles(resources) if allowed(resources, role, "JwtSecret")}
    assert readers == {"ApiRole"}


def test_nobody_may_change_or_delete_a_ledger_entry(resources: dict[str, dict[str, Any]]) -> None:
    for role in roles(resources):
        actions = allowed(resources, role, "LedgerTable")
        assert "dynamodb:PutItem" in actions or role in ("TallyRole", "ArchiverRole", "CourierRole")
        assert not actions & {"dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"}


def test_the_courier_reaches_nothing_but_errands_and_secrets_of_webhooks(resources: dict[str, dict[str, Any]]) -> None:
    """It alone talks to strangers' servers: whoever takes it over has nothing of anybody's in hand."""
    reached = {
        name: allowed(resources, "CourierRole", name)
        for name in resources
        if name not in ("Courier", "CourierLogGroup") and allowed(resources, "CourierRole", name)
    }
    assert reached.keys() == {"ErrandsTable", "CourierQueue", "FilesBucket"}
    assert reached["ErrandsTable"] == {"dynamodb:GetItem", "dynamodb:UpdateItem"}
    assert reached["FilesBucket"] == {"s3:GetObject"}
    assert "VpcConfig" not in resources["Courier"]["Properties"]


@pytest.mark.parametrize("role", ["LightRole", "DocumentsRole", "BackgroundRole"])
def test_a_worker_reaches_only_what_a_conversion_needs(resources: dict[str, dict[str, Any]], role: str) -> None:
    """Hostile files run beside this role: no sessions, no rules, no other queue, no messages."""
    for table in ("SessionsTable", "RulesTable", "ThrottleTable", "IdempotencyTable"):
        assert not allowed(resources, role, table)
    queues = {name for name in of_type(resources, "AWS::SQS::Queue") if allowed(resources, role, name)}
    assert queues == {role.replace("Role", "Queue"), role.replace("Role", "BatchQueue")}
    assert not any("sqs:SendMessage" in allowed(resources, role, queue) for queue in queues)
    files = allowed(resources, role, "FilesBucket")
    assert files == {"s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"}


def test_image_functions_have_no_way_out_but_to_files_and_tables(resources: dict[str, dict[str, Any]]) -> None:
    kinds = {one["Type"] for one in resources.values()}
    assert not kinds & {"AWS::EC2::InternetGateway", "AWS::EC2::NatGateway", "AWS::EC2::Route", "AWS::EC2::EIP"}
    endpoints = of_type(resources, "AWS::EC2::VPCEndpoint")
    services = {one["ServiceName"]["Fn::Sub"].rpartition(".")[2] for one in endpoints.values()}
    assert services == {"s3", "dynamodb"}
    assert all("VpcEndpointType" not in one for one in endpoints.values()), "an interface endpoint costs by the hour"
    for one in endpoints.values():
        targets = [listed(statement["Resource"]) for statement in one["PolicyDocument"]["Statement"]]
        assert "*" not in [target for some in targets for target in some]
    for name in ("DocumentsFunction", "BackgroundFunction"):
        assert resources[name]["Properties"]["VpcConfig"]["SubnetIds"]


def test_the_gateway_answers_with_problems_and_passes_any_bytes(resources: dict[str, dict[str, Any]]) -> None:
    body = resources["RestAPI"]["Properties"]["DefinitionBody"]
    assert body["x-amazon-apigateway-binary-media-types"] == ["*/*"]
    responses = body["x-amazon-apigateway-gateway-responses"]
    assert responses.keys() >= {"DEFAULT_4XX", "DEFAULT_5XX", "MISSING_AUTHENTICATION_TOKEN", "REQUEST_TOO_LARGE"}
    for one in responses.values():
        text, named = one["responseTemplates"]["application/json"]["Fn::Sub"]
        problem = json.loads(text)
        assert problem["type"].startswith("${Base}/problems/"), "a domain has no stage in its paths"
        assert named["Base"]["Fn::If"][0] == "HasPublicBaseUrl"
        assert problem.keys() == {"type", "title", "status", "detail", "instance"}
        assert problem["status"] == one["statusCode"]
        content_type = one["responseParameters"]["gatewayresponse.header.Content-Type"]
        assert content_type == "'application/problem+json'"


def test_every_route_takes_any_content_type(resources: dict[str, dict[str, Any]]) -> None:
    """Else the gateway's 415 would come before our 401."""
    paths = resources["RestAPI"]["Properties"]["DefinitionBody"]["paths"]
    assert "/api/v3/conversions/docx-to-pdf" in paths
    for path, methods in paths.items():
        for method, operation in methods.items():
            assert operation.get("consumes", ["*/*"]) == ["*/*"], (method, path)


def test_alarms_notify_when_there_is_a_topic(resources: dict[str, dict[str, Any]]) -> None:
    alarms = of_type(resources, "AWS::CloudWatch::Alarm")
    notify = {"Fn::If": ["HasAlarmTopic", [{"Ref": "AlarmTopicArn"}], {"Ref": "AWS::NoValue"}]}
    assert all(one["AlarmActions"] == notify for one in alarms.values())
    assert {"SweeperErrorsAlarm", "SweeperSilentAlarm", "ApiErrorsAlarm"} <= alarms.keys()


def test_zip_functions_and_layer_are_of_one_python(resources: dict[str, dict[str, Any]]) -> None:
    runtime = f"python{wheels.RUNTIME}"
    functions = of_type(resources, FUNCTION).values()
    assert {one["Runtime"] for one in functions if "Handler" in one} == {runtime}
    assert resources["LightLayer"]["Properties"]["CompatibleRuntimes"] == [runtime]

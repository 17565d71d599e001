"""What an operator's commands learn of a deployed stack."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra import deployed, first_user, recount
from infra.doctor import __main__ as doctor


class _CloudFormation:
    """A stack with one queue, deployed with a parameter of its own."""

    def get_paginator(self, _name: str) -> Any:
        return self

    def paginate(self, **_more: str) -> list[dict[str, Any]]:
        found = [{"LogicalResourceId": "LightQueue", "PhysicalResourceId": "https://sqs/light"}]
        return [{"StackResourceSummaries": found}]

    def describe_stacks(self, **_more: str) -> dict[str, Any]:
        given = {"Stage": "test", "LogLevel": "DEBUG", "DomainName": "api.example.com"}
        return {"Stacks": [{"Parameters": [{"ParameterKey": k, "ParameterValue": v} for k, v in given.items()]}]}


class _Session:
    region_name = "eu-west-1"

    def client(self, _name: str) -> _CloudFormation:
        return _CloudFormation()


def test_the_stacks_own_parameters_hold_and_not_the_templates_defaults() -> None:
    environment = deployed.stack_environment("convertpro", _Session())  # type: ignore[arg-type]
    assert environment["STAGE"] == "test"
    assert environment["LOG_LEVEL"] == "DEBUG"
    assert environment["PUBLIC_BASE_URL"] == "https://api.example.com"
    assert environment["LIGHT_QUEUE_URL"] == "https://sqs/light"
    assert environment["AWS_REGION"] == environment["AWS_DEFAULT_REGION"] == "eu-west-1"


def test_the_region_is_taken_from_the_variable_that_the_cli_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    assert deployed.session().region_name == "eu-central-1"


def test_a_missing_region_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(deployed.NoRegion, match="AWS_REGION"):
        deployed.session()


@pytest.mark.parametrize(
    ("program", "arguments", "status"),
    [
        (doctor.main, ["--stack", "nope"], 2),
        (recount.main, ["--stack", "nope"], 2),
        (first_user.main, ["nope", "x"], 1),
    ],
    ids=["doctor", "recount", "first user"],
)
def test_a_stack_that_is_not_there_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    program: Callable[[], int],
    arguments: list[str],
    status: int,
) -> None:
    def none(*_arguments: Any) -> Any:
        error = {"Code": "ValidationError", "Message": "Stack with id nope does not exist"}
        raise ClientError({"Error": error}, "DescribeStacks")  # type: ignore[typeddict-item]

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setattr(deployed, "physical_ids", none)
    monkeypatch.setattr("sys.argv", ["program", *arguments])
    assert program() == status
    assert "nope in eu-west-1" in capsys.readouterr().err

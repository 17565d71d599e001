"""`make deploy`: what it calls, in which order, and that it may be repeated."""

import re
import sys
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import NoCredentialsError
from moto import mock_aws

from infra import package
from infra.deploy import __main__ as program
from infra.deploy import account as accounts
from infra.deploy import release
from infra.deploy.account import Account
from infra.deploy.caller import Caller, Stopped
from infra.rehearsal import static

MANIFEST = '{"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json"}'
ACCOUNT = Account("123456789012", "eu-central-1")


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[boto3.Session]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with mock_aws():
        yield boto3.Session(region_name=ACCOUNT.region)


def said(session: boto3.Session | None, work: Any, *arguments: Any, **more: Any) -> list[str]:
    """What was called."""
    lines: list[str] = []
    work(Caller(session, release.ASSUMED, lines.append), *arguments, **more)
    return lines


def test_an_account_is_prepared_again_without_harm(session: boto3.Session) -> None:
    for _ in range(2):
        said(session, accounts.prepare, ACCOUNT, log_role=False)
    repositories = session.client("ecr").describe_repositories()["repositories"]
    assert {one["repositoryName"] for one in repositories} == {"convertpro-documents", "convertpro-background"}
    assert {one["imageTagMutability"] for one in repositories} == {"IMMUTABLE"}
    s3 = session.client("s3")
    assert all(s3.get_public_access_block(Bucket=ACCOUNT.bucket)["PublicAccessBlockConfiguration"].values())
    assert s3.get_bucket_lifecycle_configuration(Bucket=ACCOUNT.bucket)["Rules"][0]["Expiration"] == {"Days": 90}
    assert session.client("ecr").get_lifecycle_policy(repositoryName="convertpro-documents")["lifecyclePolicyText"]


def test_a_dry_run_says_every_call_and_makes_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subprocess.run", lambda *_, **__: pytest.fail("something was run"))
    lines = said(None, accounts.prepare, ACCOUNT, log_role=True)
    lines += said(None, release.build_images, ACCOUNT, "abc-20270101")
    lines += said(None, release.apply, "convertpro-test", "https://template", {"Stage": "test"})
    calls = [" ".join(line.split()[:3]) for line in lines]
    wanted = ["aws ecr create-repository", "aws apigateway update-account", "docker build --platform"]
    wanted += ["aws cloudformation create-change-set", "aws cloudformation execute-change-set"]
    places = [calls.index(one) for one in wanted]
    assert places == sorted(places)
    builds = [line for line in lines if line.startswith("docker build")]
    assert all("--pull --no-cache" in line and "--provenance=false" in line for line in builds)
    assert not any("QVdTOng" in line for line in lines), "the registry's password is said"


def test_tables_are_protected_once_a_first_deployment_stands() -> None:
    lines = said(None, release.apply, "convertpro-test", "https://template", {"Stage": "test"})
    changes = [line for line in lines if "create-change-set" in line]
    assert ["ChangeSetType=CREATE" in changes[0], "ChangeSetType=UPDATE" in changes[1]] == [True, True]


class _Failed:
    """A session whose stack is what a failed creation left."""

    def client(self, _name: str) -> Any:
        return self

    def describe_stacks(self, **_more: Any) -> dict[str, Any]:
        return {"Stacks": [{"StackStatus": "ROLLBACK_COMPLETE"}]}


def test_what_a_failed_creation_left_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Stopped, match="ROLLBACK_COMPLETE"):
        said(_Failed(), release.apply, "convertpro-test", "https://template", {})  # type: ignore[arg-type]


def test_an_image_that_was_pushed_is_not_built_again(session: boto3.Session) -> None:
    said(session, accounts.prepare, ACCOUNT, log_role=False)
    ecr = session.client("ecr")
    for name in accounts.IMAGES:
        ecr.put_image(repositoryName=f"convertpro-{name}", imageManifest=MANIFEST, imageTag="abc")
    caller = Caller(session, {}, lambda _text: None)
    caller.run = lambda *command, **_: None if command[1] == "login" else pytest.fail(" ".join(command))  # type: ignore[method-assign]
    named = release.build_images(caller, ACCOUNT, "abc")
    assert named["DocumentsImageUri"] == f"{ACCOUNT.registry}/convertpro-documents:abc"


class _Standing:
    """A session whose stack stands, with parameters of its own."""

    def __init__(self) -> None:
        self.given: list[dict[str, Any]] = []

    def client(self, _name: str) -> Any:
        return self

    def get_waiter(self, _name: str) -> Any:
        return self

    def wait(self, **_more: Any) -> None:
        """At once."""

    def describe_stacks(self, **_more: Any) -> dict[str, Any]:
        held = {"DomainName": "api.example.com", "ApiConcurrency": "60", "TablesProtected": "true", "Gone": "x"}
        given = [{"ParameterKey": key, "ParameterValue": value} for key, value in held.items()]
        return {"Stacks": [{"StackStatus": "UPDATE_COMPLETE", "Parameters": given}]}

    def create_change_set(self, **more: Any) -> None:
        self.given.append({one.pop("ParameterKey"): one for one in more["Parameters"]})

    def execute_change_set(self, **_more: Any) -> None:
        """Done."""


def test_an_update_leaves_what_it_is_not_given_when_a_parameter_is_forgotten() -> None:
    session, kept = _Standing(), {"UsePreviousValue": True}
    said(session, release.apply, "convertpro-test", "https://template", {"Stage": "test"})  # type: ignore[arg-type]
    (given,) = session.given
    assert given == {
        "Stage": {"ParameterValue": "test"},
        "TablesProtected": {"ParameterValue": "true"},
        "DomainName": kept,
        "ApiConcurrency": kept,
    }


def deploy(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """What `make deploy` calls, without packaging; its exit status."""
    monkeypatch.setattr(package, "main", lambda: sys.stdout.write("packaged\n"))
    monkeypatch.setattr(static, "rehearse", lambda: 0)
    monkeypatch.setattr(release, "upload", lambda *_: "https://template")
    monkeypatch.setattr("sys.argv", ["deploy", *arguments])
    return program.main()


def test_a_dry_run_goes_from_the_account_to_the_first_user(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("--stage", "test", "--email", "you@example.com", "--parameter", "LogLevel=DEBUG", "--dry-run")
    assert deploy(monkeypatch, *given) == 0
    text = capsys.readouterr().out
    steps = ["1 The account", "2 The package", "packaged", "3 The images", "4 The stack", "5 The first super user"]
    assert [text.index(one) for one in steps] == sorted(text.index(one) for one in steps)
    assert "infra.first_user convertpro-test you@example.com" in text


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("--stage", ""), "STAGE="),
        (("--stage", "local"), "reserved for make run"),
        (("--stage", "test", "--parameter", "CorsOrigin=https://a"), "no parameter CorsOrigin"),
        (("--stage", "test", "--parameter", "LogLevel"), "no parameter LogLevel"),
    ],
)
def test_a_wrong_word_is_told_before_anything_is_made(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], given: tuple[str, ...], told: str
) -> None:
    assert deploy(monkeypatch, *given, "--dry-run") == 1
    said = capsys.readouterr()
    assert told in said.err
    assert "packaged" not in said.out
    assert "create-repository" not in said.out


def test_missing_credentials_are_told_in_a_sentence(
    session: boto3.Session, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_arguments: Any, **_more: Any) -> None:
        raise NoCredentialsError

    monkeypatch.setenv("AWS_REGION", ACCOUNT.region)
    monkeypatch.setattr("botocore.client.BaseClient._make_api_call", refuse)
    assert deploy(monkeypatch, "--stage", "test") == 1
    assert "Unable to locate credentials" in capsys.readouterr().err


def test_a_tag_is_the_commit_and_the_day() -> None:
    """Another day is another tag: a rebuild for security fixes alone is possible where tags are immutable."""
    assert re.fullmatch(r"([0-9a-f]{7,}|unversioned)-20\d{6}", program.new_tag())
